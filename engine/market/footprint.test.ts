import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side } from './aggressor.ts';
import { addDelta, deltaOf, emptyDeltaSums } from './delta.ts';
import {
  diagonalImbalances,
  Footprint,
  rowDelta,
  stackedImbalances,
  unfinishedAuction,
  zeroPrints,
} from './footprint.ts';
import { valueArea } from './value-area.ts';
import { totalVolume } from './volume-profile.ts';

const tick = (price: number): number => price * 4;

function footprintOf(
  rows: readonly (readonly [price: number, bid: number, ask: number])[],
): Footprint {
  const footprint = new Footprint();
  for (const [price, bid, ask] of rows) {
    if (bid > 0) footprint.add(tick(price), bid, -1);
    if (ask > 0) footprint.add(tick(price), ask, 1);
  }
  return footprint;
}

const bar = footprintOf([
  [5000, 40, 0],
  [5000.25, 55, 20],
  [5000.5, 12, 66],
  [5000.75, 10, 37],
  [5001, 8, 31],
  [5001.25, 0, 25],
  [5001.5, 3, 12],
]);

describe('a footprint (V11)', () => {
  test('has the volume, delta, point of control and value area of its rows', () => {
    const { bid, ask } = { bid: totalVolume(bar.bid.view()), ask: totalVolume(bar.ask.view()) };
    expect([bid, ask, ask - bid]).toEqual([128, 191, 63]);
    expect(valueArea(bar.profile())).toEqual({
      poc: tick(5000.5),
      val: tick(5000),
      vah: tick(5001),
      volume: 279,
      total: 319,
    });
    expect(valueArea(bar.profile(), { rule: 'one' })).toMatchObject({
      val: tick(5000),
      vah: tick(5000.75),
      volume: 240,
    });
    expect(rowDelta(bar, tick(5000.5))).toBe(54);
  });

  test('has diagonal imbalances of buyers against the row below', () => {
    const { buy, sell } = diagonalImbalances(bar);
    expect(buy).toEqual([5000.75, 5001, 5001.25, 5001.5].map(tick));
    expect(sell).toEqual([]);
    expect(stackedImbalances(buy)).toEqual([{ low: tick(5000.75), high: tick(5001.5), rows: 4 }]);
  });

  test('leaves the row above a zero out when zeros are ignored', () => {
    const { buy } = diagonalImbalances(bar, { zero: 'ignore' });
    expect(stackedImbalances(buy)).toEqual([{ low: tick(5000.75), high: tick(5001.25), rows: 3 }]);
  });

  test('has an unfinished auction at the high, where both sides traded', () => {
    expect(unfinishedAuction(bar)).toEqual({ high: true, low: false });
  });

  test('has a zero print at the low, where nobody bought', () => {
    expect(zeroPrints(bar)).toEqual({ high: false, low: true });
    const hidden = footprintOf([
      [1, 5, 0],
      [1.25, 0, 5],
    ]);
    expect(zeroPrints(hidden)).toEqual({ high: true, low: true });
    // What has no side may be of either.
    hidden.add(tick(1), 1, 0);
    expect(zeroPrints(hidden)).toEqual({ high: true, low: false });
  });

  test('an exact ratio is no imbalance (V11b)', () => {
    const pair = footprintOf([
      [1, 10, 0],
      [1.25, 0, 30],
    ]);
    expect(diagonalImbalances(pair, { ratio: 3 }).buy).toEqual([]);
    expect(diagonalImbalances(pair, { ratio: 2.99 }).buy).toEqual([tick(1.25)]);
  });

  test('finds sellers against the row above, and never across the ends of the bar', () => {
    const down = footprintOf([
      [1, 90, 5],
      [1.25, 50, 2],
      [1.5, 40, 4],
    ]);
    expect(diagonalImbalances(down).sell).toEqual([1, 1.25].map(tick));
    expect(diagonalImbalances(down).buy).toEqual([]);
  });

  test('compares with a zero in three ways', () => {
    const pair = footprintOf([
      [1, 0, 5],
      [1.25, 0, 2],
      [1.5, 4, 12],
    ]);
    expect(diagonalImbalances(pair, { minContracts: 1 }).buy).toEqual([tick(1.5)]);
    expect(diagonalImbalances(pair, { minContracts: 1, zero: 'ignore' }).buy).toEqual([]);
    expect(diagonalImbalances(pair, { minContracts: 1, zero: 'infinite' }).buy).toEqual(
      [1.25, 1.5].map(tick),
    );
    expect(diagonalImbalances(pair, { minContracts: 0, zero: 'infinite' }).sell).toEqual([]);
  });

  test('is empty before the first trade and after a new start', () => {
    const empty = new Footprint();
    expect(diagonalImbalances(empty)).toEqual({ buy: [], sell: [] });
    expect(unfinishedAuction(empty)).toEqual({ high: false, low: false });
    expect(zeroPrints(empty)).toEqual({ high: false, low: false });
    expect(valueArea(empty.profile())).toBeNull();
    empty.add(3, 1, 0);
    expect([empty.low, empty.high, totalVolume(empty.profile())]).toEqual([3, 3, 1]);
    empty.clear();
    expect(empty.high).toBeLessThan(empty.low);
  });

  test('row deltas add up to the delta of the bar', () => {
    const trade = fc.tuple(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 99 }),
      fc.constantFrom<Side>(1, -1, 0),
    );
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1 }), (trades) => {
        const footprint = new Footprint();
        const sums = emptyDeltaSums();
        for (const [at, size, side] of trades) {
          footprint.add(at, size, side);
          addDelta(sums, side, size);
        }
        let delta = 0;
        for (let t = footprint.low; t <= footprint.high; t += 1) delta += rowDelta(footprint, t);
        expect(delta).toBe(deltaOf(sums));
        expect(totalVolume(footprint.profile())).toBe(sums.buy + sums.sell + sums.unknown);
      }),
    );
  });
});

test('stacks need adjacent ticks and enough rows', () => {
  expect(stackedImbalances([1, 2, 4, 5, 6, 9, 10, 11, 12])).toEqual([
    { low: 4, high: 6, rows: 3 },
    { low: 9, high: 12, rows: 4 },
  ]);
  expect(stackedImbalances([1, 2, 4, 5, 6], 4)).toEqual([]);
  expect(stackedImbalances([])).toEqual([]);
});
