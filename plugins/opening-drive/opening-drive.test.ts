import { describe, expect, it } from 'vitest';
import { openingLocation } from '#engine';
import { config } from './config.ts';
import {
  activityOf,
  bandOf,
  excursionOf,
  nearestReference,
  openingTypeOf,
  type Reading,
  sideOf,
} from './opening-drive.ts';

const rules = config.parse({});
const points = (value: number): number => value * 4;
type Hlc = readonly [number, number, number];

/** Vector V22: prior range 4988 to 5012, median range of the first period 10 points. */
const references = [4988, 4994, 5001, 5008, 5012].map((price) => ({
  kind: 'prior',
  price: points(price),
}));
function read(open: number, rows: readonly Hlc[]): Reading {
  const bars = rows.map(([high, low, close]) => ({
    high: points(high),
    low: points(low),
    close: points(close),
  }));
  const excursion = excursionOf(points(open), bars);
  const adverse = points(open) - excursion.adverseTicks * (excursion.direction >= 0 ? 1 : -1);
  return {
    ...excursion,
    rangeTicks: 40,
    bandTicks: bandOf(40, rules.bandShare, rules.bandTicks),
    tested: nearestReference(adverse, references),
    inRange: open <= 5012 && open >= 4988,
  };
}

const vectors: readonly (readonly [string, number, readonly Hlc[], string | null])[] = [
  [
    'open-drive',
    5014,
    [
      [5016, 5013.5, 5015.5],
      [5018, 5015, 5017.5],
      [5019, 5016.5, 5018.5],
      [5021, 5018, 5020.5],
      [5021.5, 5019.5, 5020],
      [5022, 5019.75, 5021.5],
    ],
    'long',
  ],
  [
    'open-test-drive',
    5010,
    [
      [5010.5, 5007.75, 5008.5],
      [5010, 5007.5, 5009.5],
      [5012, 5009, 5011.5],
      [5013, 5011, 5012.5],
      [5014, 5012, 5013],
      [5014.5, 5012.5, 5013.5],
    ],
    'long',
  ],
  [
    'open-rejection-reverse',
    5003,
    [
      [5003.5, 4999, 4999.5],
      [5000, 4997, 4997.5],
      [4999, 4996.5, 4998],
      [5001, 4998, 5000.5],
      [5003.5, 5000, 5003],
      [5005.5, 5002.5, 5005],
    ],
    'long',
  ],
  [
    'open-auction-in-range',
    5003,
    [
      [5004.5, 5001.5, 5002],
      [5004, 5001, 5003.5],
      [5005, 5002, 5002.5],
      [5004, 5001.5, 5003],
      [5004.5, 5002, 5004],
      [5004.5, 5002, 5002.5],
    ],
    null,
  ],
  [
    'open-auction-out-of-range',
    5014,
    [
      [5016, 5012.5, 5013],
      [5015, 5012, 5014.5],
      [5016, 5013, 5013.5],
      [5015, 5012.5, 5014],
      [5015.5, 5013, 5015],
      [5015.5, 5013, 5013.5],
    ],
    null,
  ],
];

describe('opening types, vector V22', () => {
  it.each(vectors)('%s', (type, open, bars, side) => {
    const reading = read(open, bars);
    expect(openingTypeOf(reading, rules)).toBe(type);
    expect(sideOf(openingTypeOf(reading, rules), reading.direction)).toBe(side);
  });

  it('says which reference an open-test-drive tested, and how near', () => {
    const [, open, bars] = vectors[1]!;
    expect(read(open, bars).tested).toEqual({
      kind: 'prior',
      price: points(5008),
      distanceTicks: 2,
    });
  });

  it.each([
    ['nothing missing', {}, 'open-drive'],
    ['a tick more against it', { adverseTicks: 5 }, 'open-auction-in-range'],
    ['a tick less net', { netTicks: 19 }, 'open-auction-in-range'],
    ['given back too much', { favourableTicks: 34 }, 'open-auction-in-range'],
    ['no net move', { direction: 0, netTicks: 0 }, 'open-auction-in-range'],
    [
      'a test of a reference',
      { adverseTicks: 5, adverseFirst: true, tested: { kind: 'x', price: 0, distanceTicks: 4 } },
      'open-test-drive',
    ],
    [
      'a tick beside the reference',
      { adverseTicks: 5, adverseFirst: true, tested: { kind: 'x', price: 0, distanceTicks: 5 } },
      'open-auction-in-range',
    ],
    ['far against it', { adverseTicks: 16, adverseFirst: true }, 'open-rejection-reverse'],
    ['not far enough', { adverseTicks: 15, adverseFirst: true }, 'open-auction-in-range'],
    ['the adverse extreme last', { adverseTicks: 16 }, 'open-auction-in-range'],
  ] as const)('separates the types by a tick: %s', (_name, change, type) => {
    const drive: Reading = {
      direction: 1,
      netTicks: 20,
      adverseTicks: 4,
      favourableTicks: 33,
      adverseFirst: false,
      rangeTicks: 40,
      bandTicks: 4,
      tested: null,
      inRange: true,
    };
    expect(openingTypeOf({ ...drive, ...change }, rules)).toBe(type);
  });

  it('does not know an order inside one bar', () => {
    expect(excursionOf(100, [{ high: 120, low: 80, close: 110 }])).toMatchObject({
      adverseFirst: false,
      adverseTicks: 20,
    });
  });
});

describe('opening location, vector V28', () => {
  it.each([
    [5012.25, 'above-range'],
    [5012, 'above-value-in-range'],
    [5008.25, 'above-value-in-range'],
    [5008, 'upper-value'],
    [5001.5, 'at-poc'],
    [5001.75, 'upper-value'],
    [4994, 'lower-value'],
    [4993.75, 'below-value-in-range'],
    [4988, 'below-value-in-range'],
    [4987.75, 'below-range'],
  ])('%d lies %s', (open, location) => {
    const prior = { high: 5012, low: 4988, vah: 5008, val: 4994, poc: 5001 };
    const inTicks = Object.fromEntries(
      Object.entries(prior).map(([name, value]) => [name, points(value)]),
    ) as unknown as typeof prior;
    expect(openingLocation(points(open), inTicks)).toBe(location);
  });
});

describe('activity', () => {
  const value = { vah: 110, val: 100 };
  it.each([
    [111, 1, 'initiative'],
    [111, -1, 'responsive'],
    [99, -1, 'initiative'],
    [99, 1, 'responsive'],
    [110, 1, 'inside'],
    [100, -1, 'inside'],
  ])('from %d in direction %d is %s', (open, direction, activity) => {
    expect(activityOf(open, direction, value)).toBe(activity);
  });
});
