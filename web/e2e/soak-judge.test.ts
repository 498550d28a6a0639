import { describe, expect, it } from 'vitest';
import { judgeSoak, type SoakSample } from './soak-judge.ts';

const steady: SoakSample = {
  minute: 0,
  heapMegabytes: 9,
  nodes: 1_300,
  listeners: 260,
  rssMegabytes: 500,
  frameP95: 16.8,
  mainThread: 0.14,
  lateMs: 1,
  longTasks: 0,
};

function soak(minutes: number, at: (minute: number) => Partial<SoakSample>): SoakSample[] {
  return Array.from({ length: minutes }, (_, minute) => ({ ...steady, minute, ...at(minute) }));
}

describe('the judge of a soak', () => {
  it('has nothing to say against a page that stays as it is, whatever it did at first', () => {
    const samples = soak(30, (minute) => ({
      heapMegabytes: minute < 3 ? 5 + minute : 9 + (minute % 2) * 0.3,
    }));
    expect(judgeSoak(samples).problems).toEqual([]);
  });

  it.each([
    ['heap of the page', { heapMegabytes: 9 }, { heapMegabytes: 0.2 }],
    ['DOM nodes', { nodes: 1_300 }, { nodes: 11 }],
    ['listeners', { listeners: 260 }, { listeners: 4 }],
    ['memory of the engine', { rssMegabytes: 500 }, { rssMegabytes: 11 }],
  ])('sees that the %s grows', (name, base, perMinute) => {
    const [[key, from] = ['', 0]] = Object.entries(base);
    const [more = 0] = Object.values(perMinute);
    const samples = soak(15, (minute) => ({ [key]: from + more * minute }));
    const { problems } = judgeSoak(samples);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
  });

  it('sees late frames and a busy page', () => {
    expect(judgeSoak(soak(20, () => ({ frameP95: 50, mainThread: 0.4 }))).problems).toEqual([
      'main thread 40.0 %',
      'frames p95 50.0 ms',
    ]);
  });

  it('judges no frames of moments in which others worked', () => {
    const { figures, problems } = judgeSoak(soak(20, () => ({ frameP95: 80, lateMs: 20 })));
    expect(problems).toEqual([]);
    expect(figures.at(-1)).toContain('not judged');
  });

  it('refuses to judge what was too short', () => {
    expect(judgeSoak(soak(6, () => ({}))).problems).toEqual(['too short to judge: 3 samples of 5']);
  });
});
