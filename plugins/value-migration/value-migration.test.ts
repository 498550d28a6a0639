import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap, relateValue, type ValueRelation } from '#engine';
import {
  activityOf,
  directionOf,
  gainTicks,
  gapOf,
  publish,
  readingOf,
} from './value-migration.ts';

const all: readonly ValueRelation[] = [
  'higher',
  'overlapping-higher',
  'unchanged',
  'inside',
  'outside',
  'overlapping-lower',
  'lower',
];

describe('relation of two areas', () => {
  it.each([
    [150, 180, 'higher', 9, 0, 0],
    [141, 170, 'higher', 0, 0, 0],
    [120, 160, 'overlapping-higher', 0, 0.5122, 0.3443],
    [101, 139, 'unchanged', 0, 1, 0.9512],
    [110, 130, 'inside', 0, 1, 0.5122],
    [90, 150, 'outside', 0, 1, 0.6721],
    [80, 120, 'overlapping-lower', 0, 0.5122, 0.3443],
    [70, 99, 'lower', 0, 0, 0],
    [60, 90, 'lower', 9, 0, 0],
    [100, 150, 'overlapping-higher', 0, 1, 0.8039],
  ] as const)('V9: %s-%s is %s', (val, vah, relation, gapTicks, overlapMin, jaccard) => {
    const prior = { val: 100, vah: 140 };
    expect(relateValue({ val, vah }, prior)).toEqual({ relation, gapTicks });
    expect(overlap({ val, vah }, prior).overlapMin).toBeCloseTo(overlapMin, 4);
    expect(overlap({ val, vah }, prior).jaccard).toBeCloseTo(jaccard, 4);
  });

  it('is one of seven for every pair of areas, and its mirror is the mirrored one', () => {
    const area = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 30 }))
      .map(([val, width]) => ({ val, vah: val + width }));
    const mirror = ({ val, vah }: { val: number; vah: number }) => ({ val: -vah, vah: -val });
    const mirrored: Partial<Record<ValueRelation, ValueRelation>> = {
      higher: 'lower',
      lower: 'higher',
      'overlapping-higher': 'overlapping-lower',
      'overlapping-lower': 'overlapping-higher',
    };
    fc.assert(
      fc.property(area, area, (a, b) => {
        const { relation } = relateValue(a, b);
        expect(all).toContain(relation);
        expect(relateValue(mirror(a), mirror(b)).relation).toBe(mirrored[relation] ?? relation);
      }),
    );
  });
});

describe('publishing', () => {
  const run = (raws: readonly ValueRelation[], persist: number) => {
    let state: Parameters<typeof publish>[0] = { relation: null, raw: null, run: 0 };
    return raws.map((raw) => {
      state = publish(state, raw, persist);
      return state.relation;
    });
  };

  it.each([
    [2, ['higher', 'higher', 'inside', 'higher'], [null, 'higher', 'higher', 'higher']],
    [2, ['higher', 'inside', 'inside'], [null, null, 'inside']],
    [1, ['higher', 'inside'], ['higher', 'inside']],
    [3, ['lower', 'lower', 'lower'], [null, null, 'lower']],
  ] as const)('with %s closes in a row', (persist, raws, expected) => {
    expect(run(raws, persist)).toEqual(expected);
  });
});

describe('what the relation and moves say', () => {
  it('reads two days as Ochoa does', () => {
    expect(all.map(readingOf)).toEqual(['long', 'long', null, null, null, 'short', 'short']);
  });

  it.each([
    ['long', 109, 'initiative'],
    ['short', 109, 'responsive'],
    ['long', 99, 'responsive'],
    ['short', 99, 'initiative'],
    ['long', 108, 'inside'],
    ['short', 100, 'inside'],
  ] as const)('a %s move at %s is %s', (side, price, activity) => {
    expect(activityOf(side, price, { vah: 108, val: 100 })).toBe(activity);
  });

  it('knows the direction of a period', () => {
    expect([directionOf(1, 2), directionOf(2, 1), directionOf(1, 1)]).toEqual([
      'long',
      'short',
      null,
    ]);
    expect([gainTicks('long', 5, 7), gainTicks('short', 5, 7)]).toEqual([2, -2]);
  });
});

describe('gaps', () => {
  // Vector V28 in ticks, prior close at the point of control.
  const prior = { high: 20_048, low: 19_952, vah: 20_032, val: 19_976, poc: 20_004, close: 20_004 };
  it.each([
    [5012.25, 'above-range', 'short'],
    [5012, 'above-value', 'short'],
    [5008.25, 'above-value', 'short'],
    [5008, null, null],
    [5001.5, null, null],
    [5001.75, null, null],
    [4994, null, null],
    [4993.75, 'below-value', 'long'],
    [4988, 'below-value', 'long'],
    [4987.75, 'below-range', 'long'],
  ] as const)('V28: an open at %s', (open, variant, side) => {
    const gap = gapOf(open * 4, prior);
    expect(gap?.variant ?? null).toBe(variant);
    expect(gap?.side ?? null).toBe(side);
  });

  it('goes the way of the prior close, which may lie further out', () => {
    expect(gapOf(20_040, { ...prior, close: 20_047 })?.side).toBe('long');
    expect(gapOf(20_040, { ...prior, close: 20_040 })).toBeNull();
  });
});
