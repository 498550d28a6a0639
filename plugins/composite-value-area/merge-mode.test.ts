import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap } from '#engine';
import {
  asymmetry,
  type Composite,
  labelOf,
  type Merging,
  mergeNext,
  migrationOf,
  type Value,
  type ValueOf,
} from './merge-mode.ts';

const limits = { mergeMin: 0.5, splitMax: 0.25, maxSessions: 15 };
const empty: Merging = { composites: [], candidate: null };

/** A session's value by its name `val-vah`, its point of control in the middle; merged: the hull. */
const hull: ValueOf = (sessions) => {
  const edges = sessions.map((name) => name.split(':').at(-1)!.split('-').map(Number));
  const val = Math.min(...edges.map(([low]) => low!));
  const vah = Math.max(...edges.map(([, high]) => high!));
  return { val, vah, poc: Math.floor((val + vah) / 2) };
};

/** The same with the point of control of the first session: merging makes it less symmetric. */
const leaning: ValueOf = (sessions) => ({ ...hull(sessions), poc: hull(sessions.slice(0, 1)).poc });

function merge(
  names: readonly string[],
  valueOf: ValueOf,
  more: Partial<typeof limits> = {},
): Merging {
  return names.reduce<Merging>(
    (m, name) => mergeNext(m, name, valueOf, { ...limits, ...more }),
    empty,
  );
}

const groups = ({ composites }: Merging): string[] =>
  composites.map(({ sessions, frozen }) => `${sessions.join(' ')}${frozen ? ' frozen' : ''}`);

describe('merging by overlap', () => {
  it.each([
    ['the first session begins a composite', ['100-140'], hull, ['100-140'], null],
    ['half of the narrower one: merged', ['100-139', '120-159'], hull, ['100-139 120-159'], null],
    [
      'less than a quarter: another',
      ['100-139', '131-170'],
      hull,
      ['100-139 frozen', '131-170'],
      null,
    ],
    [
      'a quarter, as symmetric as before: merged',
      ['100-139', '130-169'],
      hull,
      ['100-139 130-169'],
      null,
    ],
    [
      'a quarter, less symmetric: a candidate',
      ['100-139', '130-169'],
      leaning,
      ['100-139'],
      '130-169',
    ],
    [
      'value comes back: both join',
      ['100-139', '130-169', '110-149'],
      leaning,
      ['100-139 130-169 110-149'],
      null,
    ],
    [
      'value stays with the candidate: the two begin a composite',
      ['100-139', '130-169', '140-179'],
      leaning,
      ['100-139 frozen', '130-169 140-179'],
      null,
    ],
    [
      'value goes elsewhere: the candidate stands alone',
      ['100-139', '130-169', '200-239'],
      leaning,
      ['100-139 frozen', '130-169 frozen', '200-239'],
      null,
    ],
  ])('%s', (_name, sessions, valueOf, expected, candidate) => {
    const merged = merge(sessions, valueOf);
    expect(groups(merged)).toEqual(expected);
    expect(merged.candidate).toBe(candidate);
  });

  it('freezes a composite that is full, and begins another with the next session', () => {
    const names = ['1:100-139', '2:100-139', '3:100-139', '4:100-139'];
    expect(groups(merge(names, hull, { maxSessions: 3 }))).toEqual([
      '1:100-139 2:100-139 3:100-139 frozen',
      '4:100-139',
    ]);
  });

  it('does not let a candidate and its successor make a composite too large', () => {
    const names = ['100-139', '130-169', '110-149'];
    expect(groups(merge(names, leaning, { maxSessions: 2 }))).toEqual([
      '100-139 frozen',
      '130-169 110-149 frozen',
    ]);
  });
});

it('measures how far the point of control lies off the middle', () => {
  expect(asymmetry({ val: 100, vah: 110, poc: 105 })).toBe(0);
  expect(asymmetry({ val: 100, vah: 109, poc: 100 })).toBe(0.9);
});

it('labels composites from the oldest', () => {
  expect([0, 25, 26, 29].map(labelOf)).toEqual(['A', 'Z', 'AA', 'AD']);
});

describe('migration', () => {
  const limitsOfMigration = { mergeMin: 0.5, relationToleranceTicks: 2 };
  it.each([
    ['nothing', [], 'unknown', false],
    ['one composite', ['100-140'], 'unknown', false],
    ['two: weak', ['100-140', '150-180'], 'up', true],
    ['two that overlap', ['100-140', '80-120'], 'down', true],
    ['two, one inside the other', ['100-140', '110-130'], 'sideways', true],
    ['up twice', ['100-140', '150-180', '160-190'], 'up', false],
    ['down twice', ['150-180', '100-140', '80-120'], 'down', false],
    ['up, then back over the first', ['100-140', '150-180', '110-150'], 'failed-up', false],
    ['up, then down beside the first', ['100-140', '200-240', '138-180'], 'sideways', false],
    ['down, then back over the first', ['200-240', '150-180', '205-245'], 'failed-down', false],
    ['inside, then up', ['100-140', '110-130', '150-180'], 'sideways', false],
    ['only the newest three count', ['300-340', '100-140', '150-180', '190-220'], 'up', false],
  ])('%s', (_name, names, migration, weak) => {
    expect(
      migrationOf(
        names.map((name) => hull([name])),
        limitsOfMigration,
      ),
    ).toEqual({
      migration,
      weak,
    });
  });
});

const values = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 60 }))
    .map(([val, width]) => `${val}-${val + width}`),
  { minLength: 1, maxLength: 40 },
);

it('puts every session into one composite or the candidate, in order, never too many', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 6 }), fc.boolean(), (list, most, leans) => {
      const names = list.map((name, i) => `${i}:${name}`);
      const merged = merge(names, leans ? leaning : hull, { maxSessions: most });
      const inside = merged.composites.flatMap(({ sessions }) => sessions);
      const all = merged.candidate === null ? inside : [...inside, merged.candidate];
      expect(all).toEqual(names);
      for (const composite of merged.composites)
        expect(composite.sessions.length).toBeLessThanOrEqual(most);
      expect(merged.composites.slice(0, -1).every(({ frozen }) => frozen)).toBe(true);
    }),
  );
});

it('makes the same of a mirrored market', () => {
  const mirrored: ValueOf = (sessions): Value => {
    const { val, vah, poc } = leaning(sessions);
    return { val: -vah, vah: -val, poc: -poc };
  };
  fc.assert(
    fc.property(values, (list) => {
      const names = list.map((name, i) => `${i}:${name}`);
      expect(groups(merge(names, mirrored))).toEqual(groups(merge(names, leaning)));
    }),
  );
});

it('merges only what shares value, where nothing is in between', () => {
  const sharp = { mergeMin: 0.5, splitMax: 0.5 };
  fc.assert(
    fc.property(values, (list) => {
      const names = list.map((name, i) => `${i}:${name}`);
      const { composites, candidate } = merge(names, hull, sharp);
      expect(candidate).toBeNull();
      composites.slice(1).forEach((composite: Composite, i) => {
        const before = composites[i]!;
        const first = hull(composite.sessions.slice(0, 1));
        const isFull = before.sessions.length === limits.maxSessions;
        expect(isFull || overlap(first, before).overlapMin < 0.5).toBe(true);
      });
    }),
  );
});
