import { describe, expect, it } from 'vitest';
import { isBehind, isThin, outermostLevel, ticksBeyond } from './lack-of-participation.ts';

describe('participation', () => {
  it('is absent when delta does not exceed its value at the older extreme', () => {
    expect([99, 100, 101].map((delta) => isBehind(delta, 100, 1))).toEqual([true, true, false]);
    expect([-99, -100, -101].map((delta) => isBehind(delta, -100, -1))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is thin only against a known baseline', () => {
    expect([isThin(99, 100), isThin(100, 100), isThin(0, Number.NaN)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('counts ticks outward', () => {
    expect([ticksBeyond(101, 100, 1), ticksBeyond(101, 100, -1)]).toEqual([1, -1]);
  });
});

describe('the level that is exceeded with the extreme', () => {
  const levels = (prices: readonly number[], from: readonly number[]) => ({
    price: Float64Array.from(prices),
    from: Float64Array.from(from),
  });

  it('is the outermost of those between the extreme and the close', () => {
    const three = levels([100, 102, Number.NaN, 104], [0, 0, 0, 0]);
    expect(outermostLevel(three, 1, 100, 104, 1, 10)).toBe(1);
    expect(outermostLevel(three, 1, 100, 105, 1, 10)).toBe(3);
    expect(outermostLevel(three, 1, 103, 104, 1, 10)).toBe(-1);
  });

  it('is mirrored at the low', () => {
    const two = levels([100, 98], [0, 0]);
    expect(outermostLevel(two, -1, 100, 97, 1, 10)).toBe(1);
    expect(outermostLevel(two, -1, 100, 97, 2, 10)).toBe(0);
  });

  it('is old enough', () => {
    const young = levels([101], [11]);
    expect(outermostLevel(young, 1, 100, 105, 1, 10)).toBe(-1);
    expect(outermostLevel(young, 1, 100, 105, 1, 11)).toBe(0);
  });
});
