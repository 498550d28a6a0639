import { type Slots, tradeFlags } from '#engine';
import type { Way } from './exhaustion.ts';

/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  date: 0, live: 1, bars: 2, // the session: its full bars so far
  delta: 3, volume: 4, unknown: 5, inferred: 6, // its sums
  filled: 7, close: 8, // the bar that runs: its volume and last price
  sessionHigh: 9, sessionLow: 10, // of full bars
  sinceHigh: 11, sinceLow: 12, // of full bars since the last swing, that swing counted
  points: 13, // turning points kept so far
  highOpen: 14, highExtreme: 15, highInside: 16, highBars: 17, highLast: 18, // an episode at the high
  lowOpen: 19, lowExtreme: 20, lowInside: 21, lowBars: 22, lowLast: 23,
  cooldownUs: 24,
  peakFull: 25, peakPushes: 26, // maxima of a minute
} as const;

/** The slots of one side. */
export const sides = {
  high: {
    session: slot.sessionHigh,
    since: slot.sinceHigh,
    open: slot.highOpen,
    extreme: slot.highExtreme,
    inside: slot.highInside,
    bars: slot.highBars,
    last: slot.highLast,
  },
  low: {
    session: slot.sessionLow,
    since: slot.sinceLow,
    open: slot.lowOpen,
    extreme: slot.lowExtreme,
    inside: slot.lowInside,
    bars: slot.lowBars,
    last: slot.lowLast,
  },
} as const;

/** Ladders of the bar that runs, by aggressor. */
export const ladder = { bid: 0, ask: 1, unknown: 2 } as const;

type Ladder = Slots['l'][number];
const ladderOf = ({ l }: Slots, side: number): Ladder =>
  l[side > 0 ? ladder.ask : side < 0 ? ladder.bid : ladder.unknown]!;

/** Returns the highest (`way` 1) or lowest price of the bar that runs. */
export function extremeOf({ l }: Slots, way: Way): number {
  const [bid, ask, unknown] = [l[ladder.bid]!, l[ladder.ask]!, l[ladder.unknown]!];
  return way > 0
    ? Math.max(bid.high, ask.high, unknown.high)
    : Math.min(bid.low, ask.low, unknown.low);
}

/** Adds a trade, or the part of one that the bar has room for. */
export function addPart(s: Slots, price: number, size: number, side: number, flags: number): void {
  const { f } = s;
  ladderOf(s, side).add(price, size);
  f[slot.filled]! += size;
  f[slot.delta]! += side * size;
  f[slot.close] = price;
  if (side === 0) {
    if ((flags & tradeFlags.auction) === 0) f[slot.unknown]! += size;
  } else if ((flags & tradeFlags.inferred) !== 0) f[slot.inferred]! += size;
}

/** Empties the bar that runs. */
export function clearBar({ f, l }: Slots): void {
  f[slot.filled] = 0;
  l[ladder.bid]!.clear();
  l[ladder.ask]!.clear();
  l[ladder.unknown]!.clear();
}

function rowVolume({ l }: Slots, price: number): number {
  return l[ladder.bid]!.at(price) + l[ladder.ask]!.at(price) + l[ladder.unknown]!.at(price);
}

/** Returns the volume of the two extreme rows over that of the bar's largest row. */
export function thinShareOf(s: Slots, way: Way): number {
  const low = extremeOf(s, -1);
  const high = extremeOf(s, 1);
  let largest = 0;
  for (let price = low; price <= high; price += 1) largest = Math.max(largest, rowVolume(s, price));
  const extreme = way > 0 ? high : low;
  return (rowVolume(s, extreme) + rowVolume(s, extreme - way)) / largest;
}

/** Returns the volume of the passive side in the extreme row: sellers' at the high, buyers' at the low. */
export function passiveAt({ l }: Slots, price: number, way: Way): number {
  return l[way > 0 ? ladder.bid : ladder.ask]!.at(price);
}

/** Puts the full bar into the rings. */
export function keepBar(s: Slots): void {
  const { f, a } = s;
  const write = f[slot.bars]! % a['high']!.length;
  f[slot.volume]! += f[slot.filled]!;
  a['high']![write] = extremeOf(s, 1);
  a['low']![write] = extremeOf(s, -1);
  a['delta']![write] = f[slot.delta]!;
  a['volume']![write] = f[slot.volume]!;
  f[slot.bars]! += 1;
}

/** Forgets the session's bars and everything about them. */
export function startSession(s: Slots): void {
  const { f } = s;
  const cooldown = f[slot.cooldownUs]!;
  f.fill(0, slot.bars, slot.peakFull);
  f[slot.cooldownUs] = cooldown;
  for (const at of [slot.sessionHigh, slot.sinceHigh]) f[at] = Number.NEGATIVE_INFINITY;
  for (const at of [slot.sessionLow, slot.sinceLow]) f[at] = Number.POSITIVE_INFINITY;
  clearBar(s);
}
