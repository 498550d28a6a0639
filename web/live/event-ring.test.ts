import { describe, expect, it } from 'vitest';
import { EventRing } from './event-ring.ts';

const event = { type: 'notice' as const, ts: 0, node: '', port: null, seq: null, payload: {} };

function ringOf(most: number, events: number): EventRing {
  const ring = new EventRing(most);
  for (let i = 0; i < events; i += 1) ring.add(event);
  return ring;
}

describe('the ring of events', () => {
  it('numbers events from 1 and hands out those after a number', () => {
    const ring = ringOf(10, 5);
    expect(ring.lastSeq).toBe(5);
    expect(ring.after(3)?.map(({ s }) => s)).toEqual([4, 5]);
    expect(ring.after(5)).toEqual([]);
    expect(ring.after(0)?.length).toBe(5);
  });

  it('says that events are gone instead of leaving some out', () => {
    const ring = ringOf(10, 25);
    expect(ring.after(15)?.map(({ s }) => s)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(ring.after(14)).toBeNull();
  });

  it('knows nothing of numbers that are still to come', () => {
    expect(ringOf(10, 5).after(6)).toBeNull();
  });

  it('hands out the newest ones', () => {
    expect(
      ringOf(10, 25)
        .latest(2)
        .map(({ s }) => s),
    ).toEqual([24, 25]);
    expect(ringOf(10, 0).latest(3)).toEqual([]);
  });
});
