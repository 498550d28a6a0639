import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Area, coverage, overlap, type ValueRelation, valueRelation } from './overlap.ts';

const area = (val: number, vah: number): Area => ({ val, vah });
const prior = area(100, 140);

describe('the relation of value to prior value (V9)', () => {
  test.each<[number, number, ValueRelation, number]>([
    [150, 180, 'higher', 9],
    [141, 170, 'higher', 0],
    [120, 160, 'overlapping-higher', 0],
    [101, 139, 'unchanged', 0],
    [110, 130, 'inside', 0],
    [90, 150, 'outside', 0],
    [80, 120, 'overlapping-lower', 0],
    [70, 99, 'lower', 0],
    [60, 90, 'lower', 9],
    [100, 150, 'overlapping-higher', 0],
  ])('%i to %i is %s with a gap of %i', (val, vah, relation, gapTicks) => {
    expect(valueRelation(area(val, vah), prior)).toEqual({ relation, gapTicks });
  });

  test('has a tolerance at the edges', () => {
    expect(valueRelation(area(102, 142), prior).relation).toBe('unchanged');
    expect(valueRelation(area(103, 143), prior).relation).toBe('overlapping-higher');
    expect(valueRelation(area(102, 142), prior, 0).relation).toBe('overlapping-higher');
    expect(valueRelation(area(98, 143), prior).relation).toBe('overlapping-higher');
    expect(valueRelation(area(97, 143), prior).relation).toBe('outside');
    expect(valueRelation(area(97, 140), prior).relation).toBe('overlapping-lower');
    expect(valueRelation(area(100, 137), prior).relation).toBe('inside');
    expect(valueRelation(area(103, 140), prior).relation).toBe('inside');
  });

  test('turns round when prices are mirrored', () => {
    const mirrorOf: Record<ValueRelation, ValueRelation> = {
      higher: 'lower',
      lower: 'higher',
      'overlapping-higher': 'overlapping-lower',
      'overlapping-lower': 'overlapping-higher',
      unchanged: 'unchanged',
      inside: 'inside',
      outside: 'outside',
    };
    const some = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
      .map(([low, width]) => area(low, low + width));
    const mirror = (a: Area): Area => area(-a.vah, -a.val);
    fc.assert(
      fc.property(some, some, (a, b) => {
        const straight = valueRelation(a, b);
        expect(valueRelation(mirror(a), mirror(b))).toEqual({
          relation: mirrorOf[straight.relation],
          gapTicks: straight.gapTicks,
        });
      }),
    );
  });
});

describe('overlap (V9)', () => {
  test('is published by three measures', () => {
    const o = overlap(area(120, 160), prior);
    expect(o.interTicks).toBe(21);
    expect(o.overlapMin).toBeCloseTo(0.5122, 4);
    expect(o.jaccard).toBeCloseTo(0.3443, 4);
    expect(o.overlapAvg).toBeCloseTo(21 / 41, 12);
  });

  test.each<[number, number, number, number]>([
    [101, 139, 1, 0.9512],
    [110, 130, 1, 0.5122],
    [90, 150, 1, 0.6721],
    [100, 150, 1, 0.8039],
    [150, 180, 0, 0],
    [141, 170, 0, 0],
  ])('of %i to %i is %d contained and %d shared', (val, vah, contained, jaccard) => {
    expect(overlap(area(val, vah), prior).overlapMin).toBeCloseTo(contained, 4);
    expect(overlap(area(val, vah), prior).jaccard).toBeCloseTo(jaccard, 4);
  });
});

test('coverage counts the areas over each tick (V20)', () => {
  const areas = [
    area(100, 140),
    area(104, 144),
    area(102, 141),
    area(150, 180),
    area(149, 182),
    area(103, 139),
  ];
  const { low, volumes } = coverage(areas);
  const ticks = [...volumes.keys()].map((i) => low + i);
  const most = Math.max(...volumes);
  expect(most).toBe(4);
  expect(ticks.filter((t) => volumes[t - low] === most)).toEqual(
    Array.from({ length: 36 }, (_, i) => 104 + i),
  );
  expect(ticks.filter((t) => volumes[t - low] === 0)).toEqual([145, 146, 147, 148]);
  expect(coverage(areas, (age) => 2 ** -age).volumes[0]).toBe(1);
  expect(coverage([]).volumes).toHaveLength(0);
});
