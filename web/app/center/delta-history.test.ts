import { describe, expect, it } from 'vitest';
import { addSample, type DeltaSample, linesOf, trendOf } from './delta-history.ts';

const second = 1_000_000;

function seen(values: readonly (number | null)[], apart = 10): readonly DeltaSample[] {
  return values.reduce<readonly DeltaSample[]>(
    (samples, value, i) => addSample(samples, i * apart * second, value),
    [],
  );
}

describe('the short history of delta', () => {
  it('takes a sample every ten seconds of the market, and keeps ten minutes', () => {
    expect(seen([1, 2, 3], 4).map(({ value }) => value)).toEqual([1]);
    expect(seen([1, 2, 3], 6).map(({ value }) => value)).toEqual([1, 3]);
    expect(seen(Array.from({ length: 100 }, (_, i) => i))).toHaveLength(60);
  });

  it('begins anew when the clock goes back', () => {
    expect(addSample(seen([1, 2]), 0, 9)).toEqual([{ ts: 0, value: 9 }]);
  });

  it('notes a broken link once, and draws no line over it', () => {
    const samples = seen([1, 2, null, null, 3, 4]);
    expect(samples.map(({ value }) => value)).toEqual([1, 2, null, 3, 4]);
    expect(linesOf(samples, 100, 10)).toHaveLength(2);
    expect(trendOf(samples)).toBeNull();
  });

  it('says which way it goes, and nothing with too little to say', () => {
    expect(trendOf(seen([1, 2]))).toBeNull();
    expect(trendOf(seen([1, 5, 2]))).toBe('rising');
    expect(trendOf(seen([3, 5, 2]))).toBe('falling');
    expect(trendOf(seen([3, 5, 3]))).toBe('flat');
  });

  it('draws low at the bottom and high at the top', () => {
    expect(linesOf(seen([-10, 10]), 100, 10)).toEqual(['0.0,10.0 100.0,0.0']);
    expect(linesOf(seen([4, 4]), 100, 10)).toEqual(['0.0,5.0 100.0,5.0']);
    expect(linesOf([], 100, 10)).toEqual([]);
  });
});
