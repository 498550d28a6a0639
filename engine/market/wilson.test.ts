import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilson } from './wilson.ts';

describe('the Wilson interval', () => {
  test('of 10 hits in 20 is about 30 % to 70 %', () => {
    const interval = wilson(10, 20)!;
    expect(interval.low).toBeCloseTo(0.299298, 6);
    expect(interval.high).toBeCloseTo(0.700702, 6);
  });

  test('of 81 hits in 263 is the published one', () => {
    const interval = wilson(81, 263)!;
    expect(interval.low).toBeCloseTo(0.2553, 4);
    expect(interval.high).toBeCloseTo(0.3662, 4);
  });

  test('has no value without cases', () => {
    expect(wilson(0, 0)).toBeNull();
  });

  test('of no hit starts at 0, of nothing but hits ends at 1', () => {
    expect(wilson(0, 10)!.low).toBe(0);
    expect(wilson(0, 10)!.high).toBeCloseTo(0.277533, 6);
    expect(wilson(10, 10)!.high).toBe(1);
    expect(wilson(10, 10)!.low).toBeCloseTo(0.722467, 6);
  });

  test('holds the rate, stays inside 0 to 1 and mirrors', () => {
    const cases = fc
      .integer({ min: 1, max: 5_000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(cases, ([hits, n]) => {
        const { low, high } = wilson(hits, n)!;
        const mirror = wilson(n - hits, n)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(hits / n).toBeGreaterThanOrEqual(low);
        expect(hits / n).toBeLessThanOrEqual(high);
        expect(mirror.low).toBeCloseTo(1 - high, 12);
        expect(mirror.high).toBeCloseTo(1 - low, 12);
      }),
    );
  });
});
