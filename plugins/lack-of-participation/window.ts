import type { BucketBaseline, Slots } from '#engine';
import type { Way } from './lack-of-participation.ts';

/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  date: 0, dayStart: 1, live: 2, minutes: 3, // the session: its minutes so far
  delta: 4, volume: 5, unknown: 6, inferred: 7, // its sums
  high: 8, highDelta: 9, low: 10, lowDelta: 11, // its extremes and delta at them
  barVolume: 12, highMinute: 13, lowMinute: 14, close: 15, // the minute that runs, and those that last traded the extremes
  rthStart: 16, rthEnd: 17, silent: 18, irregular: 19, // whether it may stand for others
  highOpen: 20, highStart: 21, highExceeded: 22, highBefore: 23, highLast: 24, // an episode at the high
  lowOpen: 25, lowStart: 26, lowExceeded: 27, lowBefore: 28, lowLast: 29,
  peakBeyond: 30, peakBehind: 31, peakVolume: 32, // maxima of a minute
} as const;

/** The slots of one side's episode. */
export const sideSlots = {
  high: {
    open: slot.highOpen,
    start: slot.highStart,
    exceeded: slot.highExceeded,
    before: slot.highBefore,
    last: slot.highLast,
  },
  low: {
    open: slot.lowOpen,
    start: slot.lowStart,
    exceeded: slot.lowExceeded,
    before: slot.lowBefore,
    last: slot.lowLast,
  },
} as const;

/** Levels a sensor can hold: places 0 to 63. */
export const levelRoom = 64;

/** The arrays that are the volume's baseline. */
export function baselineOf({ a }: Slots): BucketBaseline {
  return {
    history: a['history']!,
    sums: a['sums']!,
    counts: a['counts']!,
    recent: a['recent']!,
    state: a['state']!,
  };
}

/** Adds a trade to the session and to the minute that runs. */
export function addTrade(f: Float64Array, price: number, size: number, side: number): void {
  const delta = f[slot.delta]! + side * size;
  f[slot.delta] = delta;
  f[slot.close] = price;
  f[slot.barVolume]! += size;
  if (price >= f[slot.high]!) touchHigh(f, price, delta);
  if (price <= f[slot.low]!) touchLow(f, price, delta);
}

function touchHigh(f: Float64Array, price: number, delta: number): void {
  if (price > f[slot.high]! || delta > f[slot.highDelta]!) f[slot.highDelta] = delta;
  f[slot.high] = price;
  f[slot.highMinute] = f[slot.minutes]!;
}

function touchLow(f: Float64Array, price: number, delta: number): void {
  if (price < f[slot.low]! || delta < f[slot.lowDelta]!) f[slot.lowDelta] = delta;
  f[slot.low] = price;
  f[slot.lowMinute] = f[slot.minutes]!;
}

/** Keeps the extremes as they stand at the end of a minute. */
export function keepExtremes({ f, a }: Slots): void {
  const write = f[slot.minutes]! % a['high']!.length;
  a['high']![write] = f[slot.high]!;
  a['highDelta']![write] = f[slot.highDelta]!;
  a['low']![write] = f[slot.low]!;
  a['lowDelta']![write] = f[slot.lowDelta]!;
  f[slot.minutes]! += 1;
}

/** Returns where the extremes of `age` minutes before the end of this one are kept, -1 while the session is younger. */
export function placeBefore({ f, a }: Slots, age: number): number {
  const minute = f[slot.minutes]! - age;
  return minute < 0 ? -1 : minute % a['high']!.length;
}

/** Returns the name of a side's array or event: `high` or `low`. */
export function nameOf(way: Way): 'high' | 'low' {
  return way > 0 ? 'high' : 'low';
}
