import { describe, expect, it } from 'vitest';
import { divergenceOf, isHint, isWithin, spreadOf } from './delta-divergence.ts';

const at = (price: number, delta: number) => ({ price, delta });

describe('two swing highs', () => {
  it('diverge when the higher one has less delta', () => {
    expect(divergenceOf(at(100, 500), at(101, 499), 1, 1)).toBe('regular');
    expect(divergenceOf(at(100, 500), at(101, 500), 1, 1)).toBeNull();
    expect(divergenceOf(at(100, 500), at(101, 499), 1, 2)).toBeNull();
  });

  it('diverge hidden when the lower one has more delta', () => {
    expect(divergenceOf(at(101, 500), at(100, 501), 1, 1)).toBe('hidden');
    expect(divergenceOf(at(101, 500), at(100, 500), 1, 1)).toBeNull();
  });

  it('agree when both rise or fall, and at equal prices', () => {
    expect(divergenceOf(at(100, 500), at(101, 600), 1, 1)).toBeNull();
    expect(divergenceOf(at(100, 500), at(99, 400), 1, 1)).toBeNull();
    expect(divergenceOf(at(100, 500), at(100, 400), 1, 1)).toBeNull();
  });
});

describe('two swing lows', () => {
  it('are the mirror image', () => {
    expect(divergenceOf(at(100, -500), at(99, -400), -1, 1)).toBe('regular');
    expect(divergenceOf(at(99, -500), at(100, -600), -1, 1)).toBe('hidden');
    expect(divergenceOf(at(100, -500), at(99, -600), -1, 1)).toBeNull();
  });
});

describe('the spread of bar delta', () => {
  it('is the population standard deviation, unknown for few bars', () => {
    expect(spreadOf(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9), 8, 8)).toBe(2);
    expect(spreadOf(Float64Array.of(100, -100, 77), 2, 2)).toBe(100);
    expect(spreadOf(Float64Array.of(1, 2, 3), 3, 4)).toBeNaN();
  });
});

describe('a bar that closes against its delta', () => {
  it('is a hint for the other side', () => {
    expect([isHint(100, 99, 50, 1), isHint(100, 101, -50, 1)]).toEqual([true, false]);
    expect([isHint(100, 101, -50, -1), isHint(100, 99, 50, -1)]).toEqual([true, false]);
    expect(isHint(100, 100, 50, 1)).toBe(false);
  });
});

describe('the limits of a divergence', () => {
  it('hold their own values, and nothing without a spread', () => {
    const limits = { minSeparation: 3, maxSeparation: 30, minGapSd: 0.25 };
    expect([2, 3, 30, 31].map((bars) => isWithin(limits, bars, 25, 100))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([isWithin(limits, 3, 24, 100), isWithin(limits, 3, 24, Number.NaN)]).toEqual([
      false,
      false,
    ]);
  });
});
