import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beyondOf,
  clustersOf,
  first,
  idOf,
  type Member,
  placeNaked,
  placeOf,
  room,
  slots,
} from './key-levels.ts';

const member = (slot: number, price: number): Member => ({
  slot,
  price,
  id: idOf(slot, [`of-${slot}`]),
  ...placeOf(slot),
});

describe('places', () => {
  it('are all different and none is left over', () => {
    const ids = Array.from({ length: slots }, (_, slot) => idOf(slot, [`s${slot}`]));
    expect(new Set(ids).size).toBe(slots);
    expect(first.naked + room.naked).toBe(first.stack);
    expect(first.stack + room.stack).toBe(first.manual);
    expect(first.manual + room.manual).toBe(slots);
  });

  it('know which way lies beyond', () => {
    expect(beyondOf(first.prior, 100, 120)).toBe(1);
    expect(beyondOf(first.prior + 1, 100, 120)).toBe(-1);
    expect(beyondOf(first.composite, 100, 90)).toBe(1);
    expect(beyondOf(first.composite, 100, 110)).toBe(-1);
    expect(beyondOf(first.composite, 100, 100)).toBe(0);
    expect(beyondOf(first.composite, 100, null)).toBe(0);
  });

  it('keep naked points of control where they are', () => {
    expect(placeNaked([0, 0, 0], [1, 2])).toEqual([1, 2, 0]);
    expect(placeNaked([1, 2, 0], [2, 3])).toEqual([3, 2, 0]);
    expect(placeNaked([1, 2, 3], [1, 2, 3, 4])).toEqual([4, 2, 3]);
    expect(placeNaked([1, 2], [])).toEqual([0, 0]);
  });
});

describe('clusters', () => {
  it('hold levels within the distance, named by the highest priority', () => {
    const clusters = clustersOf(
      [member(first.composite, 104), member(first.prior + 3, 100), member(first.overnight, 105)],
      4,
    );
    expect(clusters.get(first.composite)).toEqual({ cluster: 'prior-vah', confluence: 2 });
    expect(clusters.get(first.overnight)).toEqual({ cluster: 'overnight-high', confluence: 1 });
  });

  it('count groups, not members', () => {
    const clusters = clustersOf([member(0, 100), member(3, 101), member(first.naked, 102)], 4);
    expect(clusters.get(0)?.confluence).toBe(1);
  });

  it('are never wider than the distance, and every level is in one', () => {
    const levels = fc
      .uniqueArray(fc.integer({ min: 0, max: slots - 1 }), { maxLength: 30 })
      .chain((places) =>
        fc.tuple(
          ...places.map((slot) => fc.integer({ min: 0, max: 60 }).map((p) => member(slot, p))),
        ),
      );
    fc.assert(
      fc.property(levels, fc.integer({ min: 0, max: 8 }), (members, mergeTicks) => {
        const clusters = clustersOf(members, mergeTicks);
        expect(clusters.size).toBe(members.length);
        for (const a of members)
          for (const b of members) {
            if (clusters.get(a.slot)?.cluster !== clusters.get(b.slot)?.cluster) continue;
            expect(Math.abs(a.price - b.price)).toBeLessThanOrEqual(mergeTicks);
          }
      }),
    );
  });
});
