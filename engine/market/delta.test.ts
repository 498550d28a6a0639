import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Side } from './aggressor.ts';
import { addDelta, deltaOf, deltaShare, emptyDeltaSums, unknownShare } from './delta.ts';

test('delta keeps its extremes after each trade, the start at 0 not among them (V11c)', () => {
  const sums = emptyDeltaSums();
  const path: number[] = [];
  for (const [side, size] of [
    [-1, 5],
    [-1, 3],
    [1, 10],
    [1, 4],
    [-1, 9],
    [1, 1],
  ] as const) {
    addDelta(sums, side, size);
    path.push(deltaOf(sums));
  }
  expect(path).toEqual([-5, -8, 2, 6, -3, -2]);
  expect(sums).toEqual({ buy: 15, sell: 17, unknown: 0, min: -8, max: 6 });
  expect(deltaShare(sums)).toBe(-0.0625);
});

test('a first trade leaves no extreme at 0', () => {
  const sums = emptyDeltaSums();
  addDelta(sums, 0, 7);
  addDelta(sums, -1, 5);
  expect([sums.min, sums.max]).toEqual([-5, -5]);
  const bought = emptyDeltaSums();
  addDelta(bought, 1, 5);
  expect([bought.min, bought.max]).toEqual([5, 5]);
});

test('unknown volume counts in the total, not in the delta', () => {
  const sums = emptyDeltaSums();
  expect([deltaShare(sums), unknownShare(sums)]).toEqual([0, 0]);
  addDelta(sums, 1, 6);
  addDelta(sums, 0, 2);
  expect([deltaOf(sums), deltaShare(sums), unknownShare(sums)]).toEqual([6, 0.75, 0.25]);
});

test('delta lies between its extremes and is buying minus selling', () => {
  const trade = fc.tuple(fc.constantFrom<Side>(1, -1, 0), fc.integer({ min: 1, max: 500 }));
  fc.assert(
    fc.property(fc.array(trade, { minLength: 1 }), (trades) => {
      const sums = emptyDeltaSums();
      for (const [side, size] of trades) addDelta(sums, side, size);
      const of = (wanted: Side): number =>
        trades.reduce((sum, [side, size]) => sum + (side === wanted ? size : 0), 0);
      expect(deltaOf(sums)).toBe(of(1) - of(-1));
      expect(sums.unknown).toBe(of(0));
      expect(sums.min <= deltaOf(sums) && deltaOf(sums) <= sums.max).toBe(true);
    }),
  );
});
