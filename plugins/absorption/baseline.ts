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
    if (f[slot.prints] === 0) {
      // Nothing is left that could be attacked: all further samples are 0.
      const rest = Math.min((until - second) / microsPerSecond + 1, sampleRoom(c));
      for (let i = 0; i < rest; i += 1) keep(s, c, 0, 0);
      break;
    }
    keep(s, c, largestAttack(s, -1, c.maxProgressTicks), largestAttack(s, 1, c.maxProgressTicks));
  }
  f[slot.second] = until;
  refresh(s, c);
}

function keep({ f, a }: Slots, c: Config, sells: number, buys: number): void {
  const at = f[slot.sampleAt]!;
  const rank = f[slot.rank]!;
  if (rank > 0) {
    const isFull = f[slot.samples]! >= sampleRoom(c);
    const oldSells = isFull ? a['sellSamples']![at]! : -1;
    const oldBuys = isFull ? a['buySamples']![at]! : -1;
    if (replace(a['sellLargest']!, rank, oldSells, sells)) f[slot.sellStale] = 1;
    if (replace(a['buyLargest']!, rank, oldBuys, buys)) f[slot.buyStale] = 1;
  }
  a['sellSamples']![at] = sells;
  a['buySamples']![at] = buys;
  f[slot.samples]! += 1;
  f[slot.sampleAt] = at + 1 === sampleRoom(c) ? 0 : at + 1;
}

/** Takes a sample for an old one; returns whether one of the largest went, so that the next must be looked for. */
function replace(largest: Float64Array, rank: number, old: number, sample: number): boolean {
  const least = largest[rank - 1]!;
  if (old >= least) return true;
  if (sample > least) insertLargest(largest, rank, sample);
  return false;
}

function refresh({ f, a }: Slots, c: Config): void {
  const samples = Math.min(f[slot.samples]!, sampleRoom(c));
  if (samples < Math.min(c.baselineMinSamples, sampleRoom(c))) return;
  const rank = rankFromTop(samples, c.baselineQuantile);
  const isOther = rank !== f[slot.rank];
  f[slot.rank] = rank;
  if (isOther || f[slot.sellStale] === 1)
    findLargest(a['sellSamples']!, samples, rank, a['sellLargest']!);
  if (isOther || f[slot.buyStale] === 1)
    findLargest(a['buySamples']!, samples, rank, a['buyLargest']!);
  f[slot.sellStale] = 0;
  f[slot.buyStale] = 0;
  f[slot.sellNeeded] = Math.max(c.minVolume, a['sellLargest']![rank - 1]!);
  f[slot.buyNeeded] = Math.max(c.minVolume, a['buyLargest']![rank - 1]!);
}
