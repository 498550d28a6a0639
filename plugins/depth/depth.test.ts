import { describe, expect, it } from 'vitest';
import {
  decayedImbalance,
  imbalance,
  isShown,
  middleOf,
  midOf,
  quantileOf,
  queueImbalance,
  sideFlow,
  sizeAt,
  wallEnd,
  weightedMid,
} from './depth.ts';

const exp05 = 0.6065306597126334;

describe('vector V14', () => {
  const states = [
    [20_000, 10, 20_001, 12],
    [20_000, 15, 20_001, 12],
    [20_000, 15, 20_001, 7],
    [20_001, 4, 20_002, 20],
    [20_001, 4, 20_002, 26],
    [20_000, 9, 20_001, 3],
  ] as const;

  it('gives the order flow of each change of the best prices', () => {
    const flows = states.slice(1).map(([bid, bidSize, ask, askSize], i) => {
      const [bid0, bidSize0, ask0, askSize0] = states[i]!;
      return sideFlow(1, bid0, bidSize0, bid, bidSize) + sideFlow(-1, ask0, askSize0, ask, askSize);
    });
    expect(flows).toEqual([5, 5, 11, -6, -7]);
  });

  it('gives imbalance and weighted middle of one level', () => {
    expect(imbalance([15], [12], 1)).toBeCloseTo(0.1111, 4);
    expect(queueImbalance(15, 12)).toBeCloseTo(0.5556, 4);
    expect(midOf(20_000, 20_001) / 4).toBe(5000.125);
    expect(weightedMid(20_000, 15, 20_001, 12) / 4).toBeCloseTo(5000.138889, 6);
  });

  it('gives the imbalances of five levels', () => {
    const [bids, asks] = [
      [15, 40, 55, 60, 70],
      [12, 35, 50, 90, 45],
    ];
    const of = (levels: number): number => imbalance(bids, asks, levels);
    expect(of(1)).toBeCloseTo(0.111111, 6);
    expect(of(3)).toBeCloseTo(0.062802, 6);
    expect(of(5)).toBeCloseTo(0.016949, 6);
    expect(decayedImbalance(bids, asks, exp05)).toBeCloseTo(0.028483, 6);
  });
});

describe('order flow of a level behind the best one', () => {
  it.each([
    ['appears', 1, 0, 0, 99, 7, 7],
    ['appears', -1, 0, 0, 101, 7, -7],
    ['goes', 1, 99, 7, 0, 0, -7],
    ['goes', -1, 101, 7, 0, 0, 7],
    ['moves to a worse price', -1, 101, 7, 102, 9, 7],
    ['moves to a better price', -1, 102, 9, 101, 7, -7],
    ['grows', -1, 101, 7, 101, 9, -2],
  ])('that %s (way %d)', (_what, way, price0, size0, price1, size1, flow) => {
    expect(sideFlow(way, price0, size0, price1, size1)).toBe(flow);
  });
});

describe('a side that is trusted less', () => {
  it('counts less', () => {
    expect(imbalance([40], [20], 1, 0.5)).toBe(0);
    expect(imbalance([20], [40], 1, 1, 0.5)).toBe(0);
  });
});

describe('levels', () => {
  const prices = Float64Array.of(100, 99, 97, 0);
  const sizes = Float64Array.of(5, 7, 2, 0);

  it('have a size where the side has one', () => {
    expect([100, 98, 97, 96].map((p) => sizeAt(prices, sizes, p))).toEqual([5, 0, 2, 0]);
  });

  it('are shown as far as the last level, and nothing of an empty side is', () => {
    expect([101, 98, 97, 96].map((p) => isShown(prices, sizes, p, 1))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(isShown(prices, new Float64Array(4), 100, 1)).toBe(false);
    const asks = Float64Array.of(101, 103, 0, 0);
    expect([100, 103, 104].map((p) => isShown(asks, Float64Array.of(5, 7, 0, 0), p, -1))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('figures', () => {
  it('of an even and an odd number of sizes have a middle', () => {
    expect(middleOf(Float64Array.of(9, 1, 5, 100), 3)).toBe(5);
    expect(middleOf(Float64Array.of(9, 1, 5, 7), 4)).toBe(6);
  });

  it('have quantiles by nearest rank', () => {
    const samples = Float64Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(quantileOf(samples, 100, 0.95)).toBe(95);
    expect(quantileOf(samples, 1, 0.5)).toBe(100);
  });
});

describe('the end of a wall', () => {
  const c = { wallExecuted: 0.2, wallNearTicks: 3 };
  it.each([
    [0.2, 9, 'consumed'],
    [0.19, 3, 'pulled'],
    [0.19, 4, 'gone'],
  ])('with %d traded at %d ticks is %s', (executed, distance, wanted) => {
    expect(wallEnd(executed, distance, c)).toBe(wanted);
  });
});
