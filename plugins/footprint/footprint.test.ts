import { describe, expect, it } from 'vitest';
import { Footprint } from '#engine';
import { isFailedBreak, leastOf, medianRow, type Zone, zonesAfter } from './footprint.ts';

function rows(...volumes: readonly (readonly [tick: number, bid: number, ask: number])[]) {
  const footprint = new Footprint();
  for (const [tick, bid, ask] of volumes) {
    if (bid > 0) footprint.add(tick, bid, -1);
    if (ask > 0) footprint.add(tick, ask, 1);
  }
  return footprint;
}

describe('rows of a bar', () => {
  it('have a median among those that traded', () => {
    expect(medianRow(rows([1, 2, 3], [2, 0, 7], [4, 1, 0]))).toBe(5);
    expect(medianRow(rows([1, 2, 3], [2, 0, 8]))).toBe(6.5);
    expect(medianRow(new Footprint())).toBe(0);
  });

  it('hold a stack as strong as its weakest imbalance', () => {
    const bar = rows([1, 9, 30], [2, 8, 12], [3, 7, 50]);
    expect(leastOf(bar, 'buy', { low: 1, high: 3, rows: 3 })).toBe(12);
    expect(leastOf(bar, 'sell', { low: 1, high: 3, rows: 3 })).toBe(7);
  });
});

describe('a break that failed', () => {
  const none = new Float64Array(2).fill(Number.NaN);
  const at = (level: number) => Float64Array.of(Number.NaN, level);

  it('went beyond the bar before and closed back on it or inside', () => {
    const extreme = { way: 1, price: 105, prior: 104 } as const;
    expect(isFailedBreak({ ...extreme, close: 104 }, none)).toBe(true);
    expect(isFailedBreak({ ...extreme, close: 105 }, none)).toBe(false);
    expect(isFailedBreak({ ...extreme, prior: 105, close: 100 }, none)).toBe(false);
    expect(isFailedBreak({ ...extreme, prior: Number.NaN, close: 100 }, none)).toBe(false);
  });

  it('went through a level and closed on the other side of it', () => {
    const low = { way: -1, price: 95, prior: 90 } as const;
    expect(isFailedBreak({ ...low, close: 99 }, at(98))).toBe(true);
    expect(isFailedBreak({ ...low, close: 98 }, at(98))).toBe(false);
    expect(isFailedBreak({ ...low, close: 99 }, at(95))).toBe(false);
    expect(isFailedBreak({ ...low, close: 99 }, none)).toBe(false);
  });
});

describe('stacks that price has not closed through', () => {
  const zone = (side: Zone['side'], low: number, high: number): Zone => ({
    side,
    low,
    high,
    rows: high - low + 1,
    since: 1,
    tested: false,
  });
  const bar = (low: number, high: number, close: number, stacks: readonly object[] = []) =>
    ({ low, high, close, end: 2, stacks }) as unknown as Parameters<typeof zonesAfter>[1];

  it('are tested by a touch and end by a close beyond the far edge', () => {
    const buy = zone('buy', 100, 103);
    expect(zonesAfter([buy], bar(104, 110, 108))).toEqual([buy]);
    expect(zonesAfter([buy], bar(103, 110, 108))).toEqual([{ ...buy, tested: true }]);
    expect(zonesAfter([buy], bar(98, 110, 100))).toEqual([{ ...buy, tested: true }]);
    expect(zonesAfter([buy], bar(98, 110, 99))).toEqual([]);
    const sell = zone('sell', 100, 103);
    expect(zonesAfter([sell], bar(90, 110, 103))).toEqual([{ ...sell, tested: true }]);
    expect(zonesAfter([sell], bar(90, 110, 104))).toEqual([]);
  });

  it('grow by those of the bar itself, which did not test them, and are not kept without end', () => {
    const stack = { side: 'buy', low: 100, high: 102, rows: 3 } as const;
    expect(zonesAfter([], bar(99, 110, 105, [stack]))).toEqual([
      { ...stack, since: 2, tested: false },
    ]);
    const many = Array.from({ length: 40 }, (_, i) => zone('buy', i, i + 2));
    const left = zonesAfter(many, bar(99, 110, 105, [stack]));
    expect([left.length, left.at(-1)?.low, left[0]?.low]).toEqual([32, 100, 9]);
  });
});
