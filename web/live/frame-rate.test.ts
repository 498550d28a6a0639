import { describe, expect, it } from 'vitest';
import { type FrameRate, RateJudge } from './frame-rate.ts';

const ok = 16.7;

/** Paints at a rate for so long; returns the moments at which another rate was asked for. */
function paint(judge: RateJudge, from: number, seconds: number, ms: (i: number) => number) {
  const changes: number[] = [];
  let i = 0;
  for (let now = from; now < from + seconds * 1_000; now += 1_000 / judge.state.hz) {
    if (judge.note(now, ms(i))) changes.push(now);
    i += 1;
  }
  return changes;
}

describe('the rate of a window', () => {
  it('stays while frames are in time, whatever a single one does', () => {
    const judge = new RateJudge();
    expect(paint(judge, 0, 60, (i) => (i % 50 === 0 ? 200 : ok))).toEqual([]);
    expect(judge.state).toEqual({ hz: 20, chosen: 20, isReduced: false });
  });

  it('is reduced once frames were late for two seconds, not sooner', () => {
    const judge = new RateJudge();
    const [first] = paint(judge, 0, 5, () => 50);
    expect(first).toBeGreaterThanOrEqual(2_000);
    expect(first).toBeLessThan(2_200);
    expect(judge.state).toEqual({ hz: 10, chosen: 20, isReduced: true });
  });

  it('comes back when it can', () => {
    const judge = new RateJudge();
    paint(judge, 0, 3, () => 50);
    const [back] = paint(judge, 3_000, 20, () => ok);
    expect(back).toBeGreaterThan(10_000);
    expect(back).toBeLessThan(14_000);
    expect(judge.state).toEqual({ hz: 20, chosen: 20, isReduced: false });
  });

  it('does not come back while frames are late at the reduced rate', () => {
    const judge = new RateJudge();
    paint(judge, 0, 60, () => 50);
    expect(judge.state.isReduced).toBe(true);
  });

  it('tries ever less often when each trial is in vain', () => {
    const judge = new RateJudge();
    const changes: number[] = [];
    for (let now = 0; now < 300_000; now += 1_000 / judge.state.hz)
      if (judge.note(now, judge.state.hz === 20 ? 50 : ok)) changes.push(now);
    const trials = changes.filter((_, i) => i % 2 === 1);
    const gaps = trials.slice(1).map((at, i) => at - (trials[i] ?? 0));
    expect(trials.length).toBeLessThan(6);
    expect(gaps.every((gap, i) => i === 0 || gap > (gaps[i - 1] ?? 0) * 1.7)).toBe(true);
  });

  it.each([10, 5] as FrameRate[])('leaves a choice of %i as it is', (hz) => {
    const judge = new RateJudge(hz);
    expect(paint(judge, 0, 10, () => 80)).toEqual([]);
    expect(judge.state).toEqual({ hz, chosen: hz, isReduced: false });
  });

  it('gives a new choice a fair trial', () => {
    const judge = new RateJudge();
    paint(judge, 0, 3, () => 50);
    judge.choose(20);
    expect(judge.state.isReduced).toBe(false);
    expect(judge.note(3_050, 50)).toBe(false);
  });
});
