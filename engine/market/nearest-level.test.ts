import { describe, expect, it } from 'vitest';
import { nearestLevel, ticksOutside } from './nearest-level.ts';

const zone = { low: 100, high: 102 };
const at = (price: number) => ({ low: price, high: price });
const levels = [98, 105, 90].map((price) => ({ price }));

describe('the distance of a price from a zone', () => {
  it('counts from its nearer edge and is 0 inside', () => {
    expect([95, 100, 101, 102, 103, 105].map((price) => ticksOutside(zone, price))).toEqual([
      5, 0, 0, 0, 1, 3,
    ]);
  });
});

describe('the nearest level', () => {
  it('is found by distance, from either side', () => {
    expect(nearestLevel(levels, zone)).toEqual({ price: 98 });
    expect(nearestLevel(levels, at(104))).toEqual({ price: 105 });
  });

  it('is the higher of two as near, whatever their order', () => {
    const two = [{ price: 100 }, { price: 108 }];
    expect(nearestLevel(two, at(104))).toEqual({ price: 108 });
    expect(nearestLevel(two.toReversed(), at(104))).toEqual({ price: 108 });
  });

  it('is none beyond the distance asked for, or without levels', () => {
    expect(nearestLevel([{ price: 100 }], at(104), 4)).toEqual({ price: 100 });
    expect(nearestLevel([{ price: 100 }], at(104), 3)).toBeNull();
    expect(nearestLevel([], zone)).toBeNull();
  });
});
