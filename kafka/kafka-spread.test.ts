import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type SpreadMember, spread } from './kafka-spread.ts';

const nine = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const member = (id: string, ...owned: number[]): SpreadMember => ({ id, owned });
const plain = (shares: ReadonlyMap<string, readonly number[]>): Record<string, readonly number[]> =>
  Object.fromEntries(shares);

describe('partitions over workers', () => {
  test('are spread evenly, kept when one dies, and given back when it returns', () => {
    const first = spread(nine, [member('a'), member('b'), member('c')]);
    expect(plain(first)).toEqual({ a: [0, 3, 6], b: [1, 4, 7], c: [2, 5, 8] });
    const two = spread(nine, [member('a', 0, 3, 6), member('c', 2, 5, 8)]);
    expect(plain(two)).toEqual({ a: [0, 1, 3, 6, 7], c: [2, 4, 5, 8] });
    const back = spread(nine, [member('a', 0, 1, 3, 6, 7), member('c', 2, 4, 5, 8), member('d')]);
    expect(plain(back)).toEqual({ a: [0, 1, 3], c: [2, 4, 5], d: [6, 7, 8] });
  });

  test('go to some only where there are too few', () => {
    const shares = spread([4], [member('b'), member('a')]);
    expect(plain(shares)).toEqual({ a: [4], b: [] });
    expect(plain(spread([4], [member('b', 4), member('a')]))).toEqual({ a: [], b: [4] });
    expect(spread(nine, []).size).toBe(0);
  });

  test('each is with one member, no share is larger than another by two, nothing moves without need', () => {
    const members = fc.uniqueArray(
      fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), owned: fc.array(fc.nat(12)) }),
      {
        selector: ({ id }) => id,
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(12)), members, (partitions, all) => {
        const shares = spread(partitions, all);
        const given = [...shares.values()].flat();
        expect(given.toSorted((a, b) => a - b)).toEqual(partitions.toSorted((a, b) => a - b));
        const sizes = [...shares.values()].map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(plain(spread(partitions.toReversed(), all.toReversed()))).toEqual(plain(shares));
        // What came out is what stays.
        const again = spread(
          partitions,
          all.map(({ id }) => ({ id, owned: shares.get(id) ?? [] })),
        );
        expect(plain(again)).toEqual(plain(shares));
      }),
    );
  });
});
