import { isSwing, type Slots } from '#engine';
import { isHint, type Way } from './delta-divergence.ts';

/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  date: 0, live: 1, bars: 2, // the session: its bars so far
  delta: 3, volume: 4, unknown: 5, inferred: 6, // its sums
  barVolume: 7, open: 8, high: 9, low: 10, close: 11, deltaOpen: 12, deltaHigh: 13, deltaLow: 14, // the bar that runs
  spreads: 15, // bar deltas kept so far
  highBar: 16, highPrice: 17, highDelta: 18, highAt: 19, // the last swing high; bar -1 without one
  lowBar: 20, lowPrice: 21, lowDelta: 22, lowAt: 23,
  shortStands: 24, longStands: 25, // a close beyond undoes the divergence; NaN without one
  peakGap: 26, peakBars: 27, // maxima of a minute
} as const;

/** The slots of the last swing of a side. */
const swingSlots = {
  high: { bar: slot.highBar, price: slot.highPrice, delta: slot.highDelta, at: slot.highAt },
  low: { bar: slot.lowBar, price: slot.lowPrice, delta: slot.lowDelta, at: slot.lowAt },
} as const;

/** A swing with the number of its bar. */
export interface Swing {
  readonly bar: number;
  readonly price: number;
  readonly delta: number;
  readonly at: number;
}

/** Returns the room of the rings that swings are found in. */
export function ringRoom(swingBars: number): number {
  return 2 * swingBars + 1;
}

/** Empties the bar that runs; delta goes on from where it stands. */
export function clearBar(f: Float64Array): void {
  f[slot.barVolume] = 0;
  f[slot.high] = Number.NEGATIVE_INFINITY;
  f[slot.low] = Number.POSITIVE_INFINITY;
  f[slot.deltaHigh] = Number.NEGATIVE_INFINITY;
  f[slot.deltaLow] = Number.POSITIVE_INFINITY;
  f[slot.deltaOpen] = f[slot.delta]!;
}

/** Adds a trade to the session and to the bar that runs. */
export function addTrade(f: Float64Array, price: number, size: number, side: number): void {
  const delta = f[slot.delta]! + side * size;
  f[slot.delta] = delta;
  if (f[slot.barVolume] === 0) f[slot.open] = price;
  f[slot.barVolume]! += size;
  f[slot.close] = price;
  if (price > f[slot.high]!) f[slot.high] = price;
  if (price < f[slot.low]!) f[slot.low] = price;
  if (delta > f[slot.deltaHigh]!) f[slot.deltaHigh] = delta;
  if (delta < f[slot.deltaLow]!) f[slot.deltaLow] = delta;
}

/** Puts the bar that ended at `ts` into the rings. */
export function keepBar({ f, a }: Slots, ts: number): void {
  const write = f[slot.bars]! % a['high']!.length;
  const delta = f[slot.delta]! - f[slot.deltaOpen]!;
  a['high']![write] = f[slot.high]!;
  a['low']![write] = f[slot.low]!;
  a['highDelta']![write] = f[slot.deltaHigh]!;
  a['lowDelta']![write] = f[slot.deltaLow]!;
  a['end']![write] = ts;
  for (const way of [1, -1] as const)
    a[way > 0 ? 'shortHint' : 'longHint']![write] = isHint(
      f[slot.open]!,
      f[slot.close]!,
      delta,
      way,
    )
      ? 1
      : 0;
  a['barDelta']![f[slot.spreads]! % a['barDelta']!.length] = delta;
  f[slot.spreads]! += 1;
  f[slot.volume]! += f[slot.barVolume]!;
  f[slot.bars]! += 1;
}

/** Returns the swing that the newest bar confirms, null without one. */
export function newSwing({ f, a }: Slots, swingBars: number, way: Way): Swing | null {
  const values = a[way > 0 ? 'high' : 'low']!;
  if (!isSwing(values, f[slot.bars]!, swingBars, way)) return null;
  const bar = f[slot.bars]! - 1 - swingBars;
  const place = bar % values.length;
  return {
    bar,
    price: values[place]!,
    delta: a[way > 0 ? 'highDelta' : 'lowDelta']![place]!,
    at: a['end']![place]!,
  };
}

/** Returns the last swing of a side, null without one in this session. */
export function lastSwing({ f }: Slots, way: Way): Swing | null {
  const at = swingSlots[way > 0 ? 'high' : 'low'];
  if (f[at.bar]! < 0) return null;
  return { bar: f[at.bar]!, price: f[at.price]!, delta: f[at.delta]!, at: f[at.at]! };
}

/** Keeps a swing as the last of its side. */
export function keepSwing({ f }: Slots, way: Way, swing: Swing): void {
  const at = swingSlots[way > 0 ? 'high' : 'low'];
  f[at.bar] = swing.bar;
  f[at.price] = swing.price;
  f[at.delta] = swing.delta;
  f[at.at] = swing.at;
}

/** Returns how many bars from the swing on closed against their delta in favour of the side. */
export function hintsSince({ f, a }: Slots, bar: number, way: Way): number {
  const hints = a[way > 0 ? 'shortHint' : 'longHint']!;
  let sum = 0;
  for (let i = bar; i < f[slot.bars]!; i += 1) sum += hints[i % hints.length]!;
  return sum;
}
