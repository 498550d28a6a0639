import { microsPerSecond, type Slots } from '#engine';
import { findLargest, insertLargest, rankFromTop } from './absorption.ts';
import type { Config } from './config.ts';
import { expire, largestAttack, slot } from './window.ts';

/** Returns how many samples the baseline holds at most. */
export function sampleRoom(c: Config): number {
  return c.baselineMinutes * 60;
}

/** Returns how many of the largest samples are kept in order: enough to reach down to the quantile. */
export function largestRoom(c: Config): number {
  return rankFromTop(sampleRoom(c), c.baselineQuantile);
}

/** Forgets all samples; the next print starts the grid of seconds. */
export function clearBaseline({ f }: Slots, c: Config): void {
  f.fill(0, slot.second, slot.sellNeeded);
  // Without a floor nothing is enough before there is a baseline.
  f[slot.sellNeeded] = c.minVolume === 0 ? Number.MAX_SAFE_INTEGER : c.minVolume;
  f[slot.buyNeeded] = f[slot.sellNeeded]!;
}

/** Returns whether there are enough samples for the quantile. */
export function isCalibrated(f: Float64Array): boolean {
  return f[slot.rank]! > 0;
}

/**
 * Samples the attacks at every whole second up to `ts`, then brings what is needed up to date.
 *
 * Between two prints the window only loses prints, so sampling when the next print comes gives the same numbers as a
 * clock would, and costs nothing while the market is quiet.
 */
export function sampleUntil(s: Slots, c: Config, ts: number): void {
  const { f } = s;
  const until = Math.floor(ts / microsPerSecond) * microsPerSecond;
  if (f[slot.second] === 0) f[slot.second] = until;
  let second = f[slot.second]!;
  if (second >= until) return;
  while (second < until) {
    second += microsPerSecond;
    expire(s, second);
    // Until the oldest print leaves, every second gives the same sample.
    const last = f[slot.prints] === 0 ? until : Math.min(until, lastSecondWith(s));
    const sells = largestAttack(s, -1, c.maxProgressTicks);
    const buys = largestAttack(s, 1, c.maxProgressTicks);
    keep(s, c, sells, buys, (last - second) / microsPerSecond + 1);
    second = last;
  }
  f[slot.second] = until;
  refresh(s, c);
}

/** Returns the last whole second at which the oldest print is still in the window. */
function lastSecondWith({ f, a }: Slots): number {
  const leaves = a['ts']![f[slot.head]!]! + f[slot.windowUs]!;
  return (Math.ceil(leaves / microsPerSecond) - 1) * microsPerSecond;
}

/** Keeps the same two samples `times` times over; more than there is room for changes nothing more. */
function keep({ f, a }: Slots, c: Config, sells: number, buys: number, times: number): void {
  const room = sampleRoom(c);
  const sellSamples = a['sellSamples']!;
  const buySamples = a['buySamples']!;
  const isRanked = f[slot.rank]! > 0;
  const end = f[slot.samples]! + Math.min(times, room);
  let at = f[slot.sampleAt]!;
  for (let samples = f[slot.samples]!; samples < end; samples += 1) {
    const oldSells = samples >= room ? sellSamples[at]! : -1;
    const oldBuys = samples >= room ? buySamples[at]! : -1;
    // One for its like changes nothing.
    if (isRanked && oldSells !== sells)
      replace(f, slot.sellLeast, a['sellLargest']!, oldSells, sells);
    if (isRanked && oldBuys !== buys) replace(f, slot.buyLeast, a['buyLargest']!, oldBuys, buys);
    sellSamples[at] = sells;
    buySamples[at] = buys;
    at = at + 1 === room ? 0 : at + 1;
  }
  f[slot.samples] = end;
  f[slot.sampleAt] = at;
}

/**
 * Takes a sample for an old one. `least` is the slot of the smallest of the largest samples, which is the quantile; -1
 * in it says that one of the largest went, so that the next must be looked for.
 */
function replace(
  f: Float64Array,
  least: number,
  largest: Float64Array,
  old: number,
  sample: number,
): void {
  const quantile = f[least]!;
  if (quantile < 0) return;
  if (old >= quantile) f[least] = -1;
  else if (sample > quantile) {
    insertLargest(largest, f[slot.rank]!, sample);
    f[least] = largest[f[slot.rank]! - 1]!;
  }
}

function refresh({ f, a }: Slots, c: Config): void {
  const samples = Math.min(f[slot.samples]!, sampleRoom(c));
  if (samples < Math.min(c.baselineMinSamples, sampleRoom(c))) return;
  const rank = rankFromTop(samples, c.baselineQuantile);
  if (rank !== f[slot.rank]) {
    f[slot.rank] = rank;
    f[slot.sellLeast] = -1;
    f[slot.buyLeast] = -1;
  }
  if (f[slot.sellLeast] === -1)
    f[slot.sellLeast] = leastOf(a['sellSamples']!, samples, rank, a['sellLargest']!);
  if (f[slot.buyLeast] === -1)
    f[slot.buyLeast] = leastOf(a['buySamples']!, samples, rank, a['buyLargest']!);
  f[slot.sellNeeded] = Math.max(c.minVolume, f[slot.sellLeast]!);
  f[slot.buyNeeded] = Math.max(c.minVolume, f[slot.buyLeast]!);
}

function leastOf(
  samples: Float64Array,
  length: number,
  rank: number,
  largest: Float64Array,
): number {
  findLargest(samples, length, rank, largest);
  return largest[rank - 1]!;
}
