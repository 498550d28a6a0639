import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  correctionOf,
  gainTicks,
  inventoryOf,
  isOneSided,
  middleOf,
  netOf,
  trapSideOf,
  trapTarget,
  travelNeeded,
  volumeAbove,
  volumeBelow,
} from './overnight-inventory.ts';

describe('inventory of a night', () => {
  it('keeps vector V13', () => {
    expect(inventoryOf(2_000, 500)).toBeCloseTo(0.6, 12);
    expect(netOf(inventoryOf(2_000, 500), 0.2)).toBe('net-long');
    expect(isOneSided(2_000, 500)).toBe(false);
  });

  it.each([
    [0.2, 'net-long'],
    [0.199, 'neutral'],
    [-0.199, 'neutral'],
    [-0.2, 'net-short'],
    [null, 'unknown'],
  ])('names %s %s', (inventory, name) => {
    expect(netOf(inventory, 0.2)).toBe(name);
  });

  it('knows none without volume off the reference', () => {
    expect(inventoryOf(0, 0)).toBeNull();
    expect(isOneSided(0, 0)).toBe(false);
    expect(isOneSided(1, 0)).toBe(true);
    expect(isOneSided(0, 1)).toBe(true);
  });

  it('spreads a bar over its ticks and loses nothing', () => {
    expect(volumeAbove(98, 102, 50, 100)).toBe(20);
    expect(volumeBelow(98, 102, 50, 100)).toBe(20);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: -10, max: 60 }),
        (low, range, reference) => {
          const high = low + range;
          const at = reference >= low && reference <= high ? 1 / (range + 1) : 0;
          const sum = volumeAbove(low, high, 1, reference) + volumeBelow(low, high, 1, reference);
          expect(sum + at).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});

describe('the correction that is expected', () => {
  it.each([
    ['net-long', 110, { side: 'short', target: 106 }],
    ['net-long', 106, null],
    ['net-short', 90, { side: 'long', target: 100 }],
    ['net-short', 100, null],
    ['neutral', 120, null],
    ['unknown', 120, null],
  ] as const)('%s, open %s', (net, open, expected) => {
    expect(correctionOf(net, open, 100, 106)).toEqual(expected);
  });

  it('rounds the middle up to a tick', () => {
    expect(middleOf(100, 103)).toBe(102);
    expect(middleOf(100, 104)).toBe(102);
  });
});

describe('an open in the outer part of prior value', () => {
  // Vector V12b in ticks: value 20000 to 20040.
  const value = { vah: 20_040, val: 20_000 };
  it.each([
    ['short', 20_036, 20_002, true],
    ['short', 20_036, 20_005, false],
    ['long', 20_004, 20_037, true],
  ] as const)('V12b %s from %s to %s', (side, open, extreme, isFar) => {
    expect(trapSideOf(open, value, 0.2)).toBe(side);
    expect(Math.abs(open - extreme) >= travelNeeded(value, 0.8)).toBe(isFar);
  });

  it.each([
    [20_048, null],
    [20_041, null],
    [20_040, 'short'],
    [20_032, 'short'],
    [20_031, null],
    [20_009, null],
    [20_008, 'long'],
    [20_000, 'long'],
    [19_999, null],
  ])('open %s: %s', (open, side) => {
    expect(trapSideOf(open, value, 0.2)).toBe(side);
  });

  it('needs whole ticks', () => {
    expect(travelNeeded({ vah: 41, val: 0 }, 0.8)).toBe(33);
    expect(travelNeeded({ vah: 40, val: 0 }, 0.8)).toBe(32);
  });

  it('aims at the night, else at the next edge, else at nothing', () => {
    const levels = {
      ...value,
      priorHigh: 20_048,
      priorLow: 19_960,
      nightHigh: null,
      nightLow: 19_900,
    };
    expect(trapTarget('short', 20_004, levels)).toBe(19_900);
    expect(trapTarget('short', 20_004, { ...levels, nightLow: 20_010 })).toBe(20_000);
    expect(trapTarget('short', 20_000, { ...levels, nightLow: null })).toBe(19_960);
    expect(trapTarget('short', 19_960, { ...levels, nightLow: null })).toBeNull();
    expect(trapTarget('long', 20_036, levels)).toBe(20_040);
    expect(trapTarget('long', 20_036, { ...levels, nightHigh: 20_060 })).toBe(20_060);
    expect(trapTarget('long', 20_040, levels)).toBe(20_048);
    expect(gainTicks('long', 10, 12)).toBe(2);
    expect(gainTicks('short', 10, 12)).toBe(-2);
  });
});
