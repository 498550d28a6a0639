import { describe, expect, it } from 'vitest';
import { levelsOf, nextLimit, paceOf } from './vwap.ts';

const limits = { flatBelow: 0.5, slowBelow: 1, normalBelow: 1.6 };
const noSums = { v: 0, s1: 0, s2: 0 };

describe('levels of running sums', () => {
  it('are null before the first contract', () => {
    expect(levelsOf(20_000, noSums)).toBeNull();
  });

  it('lie on the average itself while one price traded', () => {
    const levels = levelsOf(20_000, { v: 10, s1: 20, s2: 40 });
    expect(levels).toEqual({
      vwap: 20_002,
      sdTicks: 0,
      up1: 20_002,
      down1: 20_002,
      up2: 20_002,
      down2: 20_002,
      up3: 20_002,
      down3: 20_002,
    });
  });

  it('are one, two and three standard deviations of the volume wide', () => {
    // 10 contracts at 0 and 10 at +4 ticks: mean 2, spread 2.
    const levels = levelsOf(20_000, { v: 20, s1: 40, s2: 160 });
    expect(levels).toMatchObject({
      vwap: 20_002,
      sdTicks: 2,
      up1: 20_004,
      down2: 19_998,
      up3: 20_008,
      down3: 19_996,
    });
  });
});

describe('pace', () => {
  it.each([
    [0.49, 'flat'],
    [-0.49, 'flat'],
    [0.5, 'slow'],
    [-0.99, 'slow'],
    [1, 'normal'],
    [1.59, 'normal'],
    [1.6, 'fast'],
    [-4, 'fast'],
    [Number.NaN, 'unknown'],
  ])('of slope %d is %s', (slope, pace) => {
    expect(paceOf(slope, limits)).toBe(pace);
  });

  it('names the next limit upward', () => {
    expect([Number.NaN, 0.2, 0.7, -1.2, 3].map((slope) => nextLimit(slope, limits))).toEqual([
      0.5, 0.5, 1, 1.6, 1.6,
    ]);
  });
});
