import { expect, test } from 'vitest';
import { type OpeningLocation, openingLocation } from './opening-location.ts';

const prior = { high: 5012 * 4, low: 4988 * 4, vah: 5008 * 4, val: 4994 * 4, poc: 5001 * 4 };

test.each<[number, OpeningLocation]>([
  [5012.25, 'above-range'],
  [5012, 'above-value-in-range'],
  [5008.25, 'above-value-in-range'],
  [5008, 'upper-value'],
  [5001.5, 'at-poc'],
  [5001.75, 'upper-value'],
  [5001, 'at-poc'],
  [5000.25, 'lower-value'],
  [4994, 'lower-value'],
  [4993.75, 'below-value-in-range'],
  [4988, 'below-value-in-range'],
  [4987.75, 'below-range'],
])('an open at %d is %s (V28)', (price, location) => {
  expect(openingLocation(price * 4, prior)).toBe(location);
});
