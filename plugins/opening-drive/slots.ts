import type { Slots } from '#engine';
import type { FiveMinutes, Reference } from './opening-drive.ts';

// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  stage: 0, date: 1, // what the sensor does with a price: see `stage` below
  onHigh: 2, onLow: 3, // the night, NaN without a trade
  opened: 4, open: 5, last: 6, rthOpen: 7, // opened: 1 known, 2 came too late
  barHigh: 8, barLow: 9, bars: 10, // the five minutes that run; bars: how many ended
  volume: 11, buys: 12, sells: 13, moment: 14, // since the open; moment: volume times ticks from the open
  early: 15, firstDelta: 16, // volume of the first 15 minutes; delta share of the first period, NaN unknown
  medianRange: 17, medianVolume: 18, medianDelta: 19, // NaN while there are too few sessions
  side: 20, band: 21, armed: 22, // the drive that is watched: 1 up, -1 down, 0 none; armed: its context holds
  revocable: 23, balanceHigh: 24, balanceLow: 25, extended: 26, // NaN before 10:30
  target: 27, stop: 28, // NaN without a signal
  decideHigh: 29, decideLow: 30, // prices strictly beyond which something must be decided
  hasGap: 31, isUnordered: 32, barEnd: 33, barLength: 34,
  // What stays from day to day.
  hasPrior: 35, priorDate: 36, priorHigh: 37, priorLow: 38, priorVah: 39, priorVal: 40, priorPoc: 41, priorGap: 42,
  priorContract: 43, contract: 44, holiday: 45, rolled: 46,
  hasComposite: 47, compositeVah: 48, compositeVal: 49,
  pendingDate: 50, pendingRange: 51, pendingVolume: 52, pendingDelta: 53, // today's members of the medians
  ranges: 54, volumes: 55, deltas: 56, // how many sessions each median has
  reach: 57, // furthest from the open in the window, ticks
} as const;

/** Where the day's own slots end. */
export const dayEnd = slot.hasPrior;

export const stage = { idle: 0, night: 1, opening: 2, following: 3, after: 4 } as const;

/** Five-minute bars from 09:30 to 11:00. */
export const barRoom = 18;

/** The bars that ended and traded, oldest first. */
export function barsOf({ f, a }: Slots): FiveMinutes[] {
  const bars: FiveMinutes[] = [];
  for (let i = 0; i < f[slot.bars]!; i += 1) {
    const high = a['high']![i]!;
    const low = a['low']![i]!;
    if (high >= low) bars.push({ high, low, close: a['close']![i]! });
  }
  return bars;
}

/** What an opening may test: the night, the prior session, the edges of the composite. */
export function referencesOf(f: Float64Array): Reference[] {
  const all: Reference[] = [
    { kind: 'prior-high', price: f[slot.priorHigh]! },
    { kind: 'prior-low', price: f[slot.priorLow]! },
    { kind: 'prior-vah', price: f[slot.priorVah]! },
    { kind: 'prior-val', price: f[slot.priorVal]! },
    { kind: 'prior-poc', price: f[slot.priorPoc]! },
    { kind: 'overnight-high', price: f[slot.onHigh]! },
    { kind: 'overnight-low', price: f[slot.onLow]! },
  ];
  if (f[slot.hasComposite] === 1) {
    all.push({ kind: 'composite-vah', price: f[slot.compositeVah]! });
    all.push({ kind: 'composite-val', price: f[slot.compositeVal]! });
  }
  return all.filter(({ price }) => !Number.isNaN(price));
}

/** Writes a contract's code as a number; 0 for none. */
export function contractNumber(code: unknown): number {
  if (typeof code !== 'string') return 0;
  let sum = 0;
  for (let i = 0; i < code.length; i += 1) sum = sum * 128 + code.charCodeAt(i);
  return sum;
}
