import { describe, expect, it } from 'vitest';
import type { Leaf } from '../contracts/evidence.ts';
import { isNearMiss } from '../contracts/shortfall.ts';
import type { Comparison } from '../plugin/evidence.ts';
import { isTrue, marginOf } from '../plugin/evidence.ts';

function leaf(left: number, op: Comparison, right: number, unit?: string): Leaf {
  const sides = { left, op, right, margin: marginOf(left, op, right) };
  const ok = isTrue(left, op, right);
  return { text: 'made', ok, ...sides, ...(unit === undefined ? {} : { unit }) };
}

describe('a near miss', () => {
  it.each([
    ['10 of 40 ticks away', leaf(20_010, '<=', 20_000, 'tick'), true],
    ['11 of 40 ticks away', leaf(20_011, '<=', 20_000, 'tick'), false],
    ['a price a point below', leaf(23_996, '>=', 24_000, 'price'), true],
    ['380 of 400 contracts', leaf(380, '>=', 400, 'contract'), true],
    ['100 of 250 contracts', leaf(100, '>', 250, 'contract'), false],
    ['one of two periods', leaf(1, '>=', 2, 'count'), true],
    ['none of two periods', leaf(0, '>=', 2, 'count'), false],
    ['none of one period', leaf(0, '>=', 1, 'count'), false],
    ['68 of a number without a unit', leaf(68, '>=', 70), true],
    ['five minutes too late', leaf(300e6, '<=', 0, 'us'), true],
    ['a second of five minutes', leaf(1e6, '>', 300e6, 'us'), false],
    ['four of five minutes', leaf(240e6, '>', 300e6, 'us'), true],
    ['a minute before a moment', leaf(1.7e15 - 60e6, '>=', 1.7e15, 'us'), true],
    ['two of eight ticks of width', leaf(2, '>=', 8, 'tick'), false],
    ['seven of eight ticks of width', leaf(7, '>=', 8, 'tick'), true],
    ['30 % below a share of nothing', leaf(-0.3, '>=', 0, 'share'), false],
    ['an hour too late', leaf(3_600e6, '<=', 0, 'us'), false],
    ['a window of 60 where one of 300 is meant', leaf(60, '==', 300), false],
    ['a window of 299 where one of 300 is meant', leaf(299, '==', 300), false],
    ['the very number that is excluded', leaf(5, '!=', 5), false],
    ['a tie, short by nothing', leaf(5, '>', 5, 'count'), false],
    ['a tie, short by dust', leaf(0.3 - 1e-12, '>=', 0.3, 'share'), false],
    ['a fact', { text: 'is fair', ok: false }, false],
    ['an error', { text: 'is fair', ok: false, error: 'no such field' }, false],
  ])('%s: %j', (_, missed, isIt) => {
    expect(isNearMiss([leaf(1, '>=', 1, 'count'), missed])).toBe(isIt);
  });

  it('is none where one condition is near and another is not', () => {
    const near = leaf(380, '>=', 400, 'contract');
    expect(isNearMiss([near, leaf(390, '>=', 400, 'contract')])).toBe(true);
    expect(isNearMiss([near, { text: 'is fair', ok: false }])).toBe(false);
  });

  it('is none where everything held', () => {
    expect(isNearMiss([leaf(2, '>=', 1, 'count')])).toBe(false);
    expect(isNearMiss([])).toBe(false);
  });
});
