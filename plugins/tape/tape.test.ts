import { describe, expect, it } from 'vitest';
import { pressureOf, pressureSide, sizeQuantile, speedAt } from './tape.ts';

describe('pressure', () => {
  it('is the share of the difference, unknown with too little volume', () => {
    expect(pressureOf(60, 40, 50)).toBe(0.2);
    expect(pressureOf(10, 40, 50)).toBe(-0.6);
    expect(pressureOf(29, 20, 50)).toBeNaN();
    expect(pressureOf(0, 0, 0)).toBeNaN();
  });

  it.each([
    [0, 0.2, 1],
    [0, 0.19, 0],
    [1, 0.1, 1],
    [1, 0.09, 0],
    [1, -0.2, -1],
    [-1, -0.1, -1],
    [-1, -0.09, 0],
    [0, -0.15, 0],
    [1, Number.NaN, 0],
  ])('of side %d at %d is side %d', (was, pressure, now) => {
    expect(pressureSide(was, pressure, 0.2, 0.1)).toBe(now);
  });
});

describe('speed', () => {
  const c = { fastZ: 2, extremeZ: 4, leaveZ: 1 };
  it.each([
    [1, 1.99, 1],
    [1, 2, 2],
    [2, 1, 2],
    [2, 0.99, 1],
    [2, 4, 3],
    [3, 3, 3],
    [3, 2.99, 2],
    [3, 0.5, 1],
    [0, -3, 1],
    [2, Number.NaN, 0],
  ])('of %d at z %d is %d', (was, z, now) => {
    expect(speedAt(was, z, c)).toBe(now);
  });
});

describe('the quantile of sizes', () => {
  it('is by nearest rank, and the last size stands for larger ones', () => {
    const counts = new Float64Array(8);
    counts.set([0, 90, 5, 0, 4, 0, 0, 1]);
    expect([0.5, 0.95, 0.951, 0.995].map((q) => sizeQuantile(counts, 100, q))).toEqual([
      1, 2, 4, 7,
    ]);
  });
});
