import { describe, expect, test } from 'vitest';
import { type ProfileShape, profileShape, shapeFeatures } from './profile-shape.ts';

const shapes: readonly (readonly [ProfileShape, readonly number[]])[] = [
  ['D', [2, 5, 9, 14, 20, 14, 9, 5, 2]],
  ['P', [1, 2, 2, 3, 4, 10, 18, 14, 6]],
  ['b', [6, 14, 18, 10, 4, 3, 2, 2, 1]],
  ['B', [3, 12, 18, 9, 2, 3, 10, 17, 6]],
  ['TREND', [8, 10, 9, 11, 10, 9, 10, 11, 8]],
];

describe('the shape of a profile', () => {
  test.each(shapes)('is %s for the profile of V19', (shape, volumes) => {
    expect(profileShape({ low: 21_000, volumes }).shape).toBe(shape);
  });

  test('comes with its numbers (V19)', () => {
    const p = shapeFeatures({ low: 0, volumes: shapes[1]![1] });
    expect(p.pocPosition).toBe(0.75);
    expect(p.upperShare).toBeCloseTo(0.633, 3);
    expect(shapeFeatures({ low: 0, volumes: shapes[4]![1] }).peakRatio).toBeCloseTo(1.151, 3);
  });

  test('splits rows that a third of the range cuts', () => {
    const f = shapeFeatures({ low: 0, volumes: [3, 3, 3, 3] });
    expect([f.lowerShare, f.middleShare, f.upperShare]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    const g = shapeFeatures({ low: 0, volumes: [0, 12, 0, 0] });
    expect([g.lowerShare, g.middleShare]).toEqual([1 / 3, 2 / 3]);
  });

  test('meets a share exactly at its limit', () => {
    // Two of the ten rows are cut by a third; 12 of the 30 contracts lie in the middle.
    const cut = { low: 0, volumes: [3, 4, 4, 8, 3, 1, 4, 1, 1, 1] };
    const day = { extension: 0, closePosition: 0.5 };
    expect(shapeFeatures(cut).middleShare).toBe(0.4);
    expect(profileShape(cut, { day }).shape).toBe('D');
  });

  test('is insufficient with few rows or little volume', () => {
    expect(profileShape({ low: 0, volumes: [1, 5, 9, 5, 1, 1, 1] }).shape).toBe('insufficient');
    const d = { low: 0, volumes: shapes[0]![1] };
    expect(profileShape(d, { averageDailyVolume: 1_601 }).shape).toBe('insufficient');
    expect(profileShape(d, { averageDailyVolume: 1_600 }).shape).toBe('D');
    expect(profileShape({ low: 0, volumes: [] })).toEqual({
      shape: 'insufficient',
      features: null,
    });
  });

  test('needs extension and a close at the end for a trend, where the day is known', () => {
    const flat = { low: 0, volumes: shapes[4]![1] };
    expect(profileShape(flat, { day: { extension: 2, closePosition: 0.8 } }).shape).toBe('TREND');
    expect(profileShape(flat, { day: { extension: 2, closePosition: 0.1 } }).shape).toBe('TREND');
    expect(profileShape(flat, { day: { extension: 1.9, closePosition: 0.9 } }).shape).toBe('N');
    expect(profileShape(flat, { day: { extension: 3, closePosition: 0.5 } }).shape).toBe('N');
  });

  test('is N when nothing else fits', () => {
    expect(profileShape({ low: 0, volumes: [9, 1, 1, 1, 1, 1, 1, 2, 8] }).shape).toBe('B');
    expect(profileShape({ low: 0, volumes: [1, 6, 6, 6, 6, 6, 6, 20, 1] }).shape).toBe('N');
  });

  test('of a long profile is read from smoothed rows, so that one spike is no second distribution', () => {
    const hill = Array.from({ length: 60 }, (_, i) => 100 - Math.abs(i - 20) * 2);
    expect(
      profileShape({ low: 0, volumes: hill.map((v, i) => (i % 7 === 0 ? v * 1.3 : v)) }).shape,
    ).not.toBe('B');
    const double = Array.from(
      { length: 60 },
      (_, i) => 5 + Math.max(0, 90 - Math.abs(i - 14) * 8) + Math.max(0, 80 - Math.abs(i - 45) * 8),
    );
    expect(profileShape({ low: 0, volumes: double }).shape).toBe('B');
  });

  test('has no features without volume', () => {
    expect(() => shapeFeatures({ low: 0, volumes: [0, 0] })).toThrow(/OF_PROFILE_EMPTY/);
  });
});
