import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findInstrument } from './instrument.ts';
import { toDecimal, toTicks } from './price.ts';
import {
  addBar,
  addTrade,
  bands,
  emptyVwapSums,
  type Vwap,
  type VwapSums,
  vwapOf,
  vwapSince,
  vwapSlope,
} from './vwap.ts';

const es = findInstrument('ES');
const anchor = toTicks(es, 5000);
const points = (ticks: number): number => toDecimal(es, ticks);
const of = (sums: VwapSums): Vwap | null => vwapOf(anchor, sums.v, sums.s1, sums.s2);

describe('the volume-weighted average price', () => {
  test('and its bands are exact on trades (V10)', () => {
    const sums = emptyVwapSums();
    for (const [price, size] of [
      [5000, 10],
      [5000.25, 20],
      [5000.5, 30],
      [5000.25, 20],
      [4999.75, 20],
    ] as const) {
      addTrade(sums, anchor, toTicks(es, price), size);
    }
    const vwap = of(sums)!;
    expect(sums.v).toBe(100);
    expect(points(vwap.vwapTicks)).toBe(5000.2);
    expect(points(vwap.sd)).toBeCloseTo(0.2692582404, 10);
    expect(points(vwap.sd) ** 2).toBeCloseTo(0.0725, 14);
    const [one, two] = bands(vwap);
    expect(points(one!.upper)).toBeCloseTo(5000.4692582, 7);
    expect(points(one!.lower)).toBeCloseTo(4999.9307418, 7);
    expect(points(two!.upper)).toBeCloseTo(5000.7385165, 7);
    expect(points(two!.lower)).toBeCloseTo(4999.6614835, 7);
    expect([one!.k, two!.k]).toEqual([1, 2]);
  });

  test('of bars takes the mean of high, low and close (V10)', () => {
    const sums = emptyVwapSums();
    const bar = (high: number, low: number, close: number) => ({
      high: toTicks(es, high),
      low: toTicks(es, low),
      close: toTicks(es, close),
    });
    addBar(sums, anchor, bar(5001, 4999, 5000.5), 100);
    addBar(sums, anchor, bar(5002, 5000, 5001.5), 50);
    const vwap = of(sums)!;
    expect(points(vwap.vwapTicks)).toBeCloseTo(5000.5, 12);
    expect(points(vwap.sd)).toBeCloseTo(0.4714045208, 10);
  });

  test('is unknown before the first trade and has no spread before two prices', () => {
    const sums = emptyVwapSums();
    expect(of(sums)).toBeNull();
    addTrade(sums, anchor, anchor + 3, 1);
    addTrade(sums, anchor, anchor + 3, 8);
    expect(of(sums)).toEqual({ vwapTicks: anchor + 3, sd: 0 });
  });

  test('does not depend on the anchor', () => {
    const trades = fc.array(
      fc.tuple(fc.integer({ min: 19_900, max: 20_100 }), fc.integer({ min: 1, max: 900 })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(trades, fc.integer({ min: -500, max: 500 }), (list, shift) => {
        const a = emptyVwapSums();
        const b = emptyVwapSums();
        for (const [tick, size] of list) {
          addTrade(a, 20_000, tick, size);
          addTrade(b, 20_000 + shift, tick, size);
        }
        const x = vwapOf(20_000, a.v, a.s1, a.s2)!;
        const y = vwapOf(20_000 + shift, b.v, b.s1, b.s2)!;
        expect(y.vwapTicks).toBeCloseTo(x.vwapTicks, 8);
        expect(y.sd).toBeCloseTo(x.sd, 5);
        const prices = list.map(([tick]) => tick);
        expect(x.vwapTicks).toBeGreaterThanOrEqual(Math.min(...prices) - 1e-9);
        expect(x.vwapTicks).toBeLessThanOrEqual(Math.max(...prices) + 1e-9);
      }),
    );
  });

  test('keeps its digits over a long session far from the anchor', () => {
    const sums = emptyVwapSums();
    for (let i = 0; i < 200_000; i += 1) addTrade(sums, anchor, anchor + 800 + (i % 2), 50);
    expect(of(sums)).toEqual({ vwapTicks: anchor + 800.5, sd: 0.5 });
  });
});

describe('the slope between two states', () => {
  const earlier = { v: 20, s1: 40, s2: 160 };

  test('is how far the newer volume lies from the earlier average, in earlier standard deviations', () => {
    // 10 contracts at +8 ticks were added: their own average lies 6 ticks, 3 standard deviations, above 2.
    const now = { v: 30, s1: 120, s2: 800 };
    expect(vwapSlope(now, earlier)).toBeCloseTo(3, 12);
  });

  test('does not shrink because the average grew heavy', () => {
    const heavy = { v: 20_000, s1: 40_000, s2: 160_000 };
    const now = { v: 20_010, s1: 40_080, s2: 160_640 };
    expect(vwapSlope(now, heavy)).toBeCloseTo(3, 9);
  });

  test('is unknown without earlier volume, without earlier spread, and when nothing traded since', () => {
    expect(vwapSlope(earlier, emptyVwapSums())).toBeNaN();
    expect(vwapSlope({ v: 20, s1: 60, s2: 200 }, { v: 10, s1: 20, s2: 40 })).toBeNaN();
    expect(vwapSlope(earlier, earlier)).toBeNaN();
  });

  test('is measured from an anchor by taking off what traded before it', () => {
    expect(vwapSince({ v: 5, s1: 7, s2: 9 }, { v: 2, s1: 3, s2: 4 })).toEqual({
      v: 3,
      s1: 4,
      s2: 5,
    });
  });
});
