import type { PeriodRange, TpoProfile } from './tpo.ts';
import { type Profile, scanRows, totalVolume, volumeRounding } from './volume-profile.ts';

/** Volumes per row. */
type Rows = Float64Array | readonly number[];

/** A row of much or little volume, with its band of like rows. Ticks. */
export interface VolumeNode {
  readonly tick: number;
  /** Volume of the row, smoothed where the profile is long enough for smoothing. */
  readonly volume: number;
  /** Lowest and highest tick of the adjacent rows that belong to the node. */
  readonly low: number;
  readonly high: number;
  /** How far a peak stands above the saddle to a higher one; 0 for a trough. */
  readonly prominence: number;
}

/** Choices of {@link volumeNodes}. */
export interface VolumeNodeOptions {
  /** A peak is the highest of this many rows on each side: 10 for a day, 20 for a composite. */
  readonly window?: number;
  /** Least prominence of a peak as a share of the highest row. */
  readonly prominence?: number;
  /** Highest trough as a share of the lower of its two peaks. */
  readonly trough?: number;
}

/** High and low volume nodes, each ascending. */
export interface VolumeNodes {
  readonly high: readonly VolumeNode[];
  readonly low: readonly VolumeNode[];
}

/** How an end of a TPO profile looks: two or more single rows, one, or none. */
export type ExtremeKind = 'excess' | 'weak' | 'poor';

/** A run of single TPOs at an end of the profile. */
export interface Tail {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** False when the session's last period made it: nothing traded after it to confirm it. */
  readonly confirmed: boolean;
}

const smoothFrom = 40;
const highBand = 0.8;
const lowBand = 1.2;

/**
 * Returns the rows smoothed by a centred triangle (weights 1 2 3 2 1), renormalised at the edges.
 *
 * Profiles of fewer than 40 rows come back as they are: there a kernel of five rows would hide real structure.
 */
export function smoothRows(volumes: Rows): Rows {
  const n = volumes.length;
  if (n < smoothFrom) return volumes;
  const smooth = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    let weights = 0;
    for (let d = -2; d <= 2; d += 1) {
      const v = volumes[i + d];
      if (v === undefined) continue;
      const weight = 3 - Math.abs(d);
      sum += v * weight;
      weights += weight;
    }
    smooth[i] = sum / weights;
  }
  return smooth;
}

/**
 * Returns the rows that no row within `window` exceeds, ascending.
 *
 * Equal peaks within a window of each other are one plateau; its middle row stands for it, the higher of two.
 */
export function localPeaks(rows: Rows, window: number): number[] {
  const peaks: number[] = [];
  let plateau: number[] = [];
  const close = (): void => {
    const middle = (plateau[0]! + plateau[plateau.length - 1]!) / 2;
    let best = plateau[0]!;
    for (const i of plateau) if (Math.abs(i - middle) <= Math.abs(best - middle)) best = i;
    peaks.push(best);
  };
  for (let i = 0; i < rows.length; i += 1) {
    if (!isHighest(rows, i, window)) continue;
    if (plateau.length > 0 && i - plateau[plateau.length - 1]! > window) {
      close();
      plateau = [];
    }
    plateau.push(i);
  }
  if (plateau.length > 0) close();
  return peaks;
}

function isHighest(rows: Rows, i: number, window: number): boolean {
  const v = rows[i]!;
  if (v <= 0) return false;
  const last = Math.min(rows.length - 1, i + window);
  for (let j = Math.max(0, i - window); j <= last; j += 1) if (rows[j]! > v) return false;
  return true;
}

/** Returns peak minus the higher of the two saddles to a higher row; outside the profile nothing trades. */
function prominenceOf(rows: Rows, peak: number): number {
  const left = saddle(rows, peak, -1);
  const right = saddle(rows, peak, 1);
  if (!left.higher && !right.higher) return rows[peak]!;
  return rows[peak]! - Math.max(left.lowest, right.lowest);
}

function saddle(rows: Rows, peak: number, step: 1 | -1): { lowest: number; higher: boolean } {
  const v = rows[peak]!;
  let lowest = Infinity;
  for (let i = peak + step; i >= 0 && i < rows.length; i += step) {
    if (rows[i]! > v) return { lowest, higher: true };
    lowest = Math.min(lowest, rows[i]!);
  }
  return { lowest: lowest === Infinity ? 0 : lowest, higher: false };
}

function band(
  rows: Rows,
  row: number,
  belongs: (v: number) => boolean,
): { from: number; to: number } {
  let from = row;
  let to = row;
  while (from > 0 && belongs(rows[from - 1]!)) from -= 1;
  while (to < rows.length - 1 && belongs(rows[to + 1]!)) to += 1;
  return { from, to };
}

/**
 * Finds the high and low volume nodes of a profile.
 *
 * A high node is a local peak that stands out by `prominence`; a low node the lowest row between two adjacent high
 * nodes when it holds at most `trough` of the lower one. Bands: rows of at least 0.8 of a peak, at most 1.2 of a trough.
 * A row exactly at one of these limits meets it: volumes within {@link volumeRounding} are equal.
 */
export function volumeNodes(profile: Profile, options: VolumeNodeOptions = {}): VolumeNodes {
  const { window = 10, prominence = 0.15, trough = 0.5 } = options;
  const rows = smoothRows(profile.volumes);
  const top = scanRows(rows).most;
  const rounding = volumeRounding(totalVolume(profile));
  const high: VolumeNode[] = [];
  const peaks: number[] = [];
  for (const peak of localPeaks(rows, window)) {
    const stands = prominenceOf(rows, peak);
    if (stands < prominence * top - rounding) continue;
    peaks.push(peak);
    const { from, to } = band(rows, peak, (v) => v >= highBand * rows[peak]! - rounding);
    high.push(nodeAt(profile.low, peak, rows[peak]!, from, to, stands));
  }
  const low: VolumeNode[] = [];
  for (let i = 1; i < peaks.length; i += 1) {
    const row = lowestBetween(rows, peaks[i - 1]!, peaks[i]!);
    const v = rows[row]!;
    if (v > trough * Math.min(rows[peaks[i - 1]!]!, rows[peaks[i]!]!) + rounding) continue;
    const { from, to } = band(rows, row, (x) => x <= lowBand * v + rounding);
    low.push(nodeAt(profile.low, row, v, from, to, 0));
  }
  return { high, low };
}

function nodeAt(
  base: number,
  row: number,
  volume: number,
  from: number,
  to: number,
  prominence: number,
): VolumeNode {
  return { tick: base + row, volume, low: base + from, high: base + to, prominence };
}

/** Returns the lowest row strictly between two rows; of an equal stretch the middle one, the higher of two. */
export function lowestBetween(rows: Rows, from: number, to: number): number {
  let first = from + 1;
  for (let i = first; i < to; i += 1) if (rows[i]! < rows[first]!) first = i;
  let last = first;
  while (last + 1 < to && rows[last + 1] === rows[first]) last += 1;
  return Math.ceil((first + last) / 2);
}

/** Returns the runs of two or more rows with a single TPO, bounded by busier rows on both sides; ticks, ascending. */
export function singlePrints(tpo: TpoProfile): PeriodRange[] {
  const { counts, low, rowTicks } = tpo;
  const zones: PeriodRange[] = [];
  let start = -1;
  for (let i = 0; i < counts.length; i += 1) {
    const single = counts[i] === 1;
    if (single && start < 0 && i > 0 && counts[i - 1]! >= 2) start = i;
    if (single || start < 0) continue;
    if (counts[i]! >= 2 && i - start >= 2) {
      zones.push({ low: low + start * rowTicks, high: low + i * rowTicks - 1 });
    }
    start = -1;
  }
  return zones;
}

/** Returns what is left of a zone of single prints after `traded` covered part of it; empty when filled. */
export function remainingZone(zone: PeriodRange, traded: PeriodRange): PeriodRange[] {
  if (traded.high < zone.low || traded.low > zone.high) return [zone];
  const rest: PeriodRange[] = [];
  if (traded.low > zone.low) rest.push({ low: zone.low, high: traded.low - 1 });
  if (traded.high < zone.high) rest.push({ low: traded.high + 1, high: zone.high });
  return rest;
}

function singleRun(counts: readonly number[], from: number, step: 1 | -1): number {
  let rows = 0;
  for (let i = from; counts[i] === 1; i += step) rows += 1;
  return rows === counts.length ? 0 : rows;
}

/**
 * Returns the tails of a TPO profile: runs of two or more single rows at an end; null where there is none.
 *
 * A profile of one period alone is all single rows and has no tail.
 *
 * @param finalPeriod - Index of the session's last period (12 for 09:30 to 16:00), -1 while it is not known.
 */
export function tails(
  tpo: TpoProfile,
  finalPeriod = -1,
): { buying: Tail | null; selling: Tail | null } {
  const { counts, low, rowTicks } = tpo;
  const n = counts.length;
  const below = singleRun(counts, 0, 1);
  const above = singleRun(counts, n - 1, -1);
  const last = finalPeriod < 0 ? null : (tpo.periods[finalPeriod] ?? null);
  const top = low + n * rowTicks - 1;
  return {
    buying: below < 2 ? null : tailOf(low, low + below * rowTicks - 1, below, last, low),
    selling: above < 2 ? null : tailOf(top - above * rowTicks + 1, top, above, last, top),
  };
}

function tailOf(
  low: number,
  high: number,
  rows: number,
  last: PeriodRange | null,
  extreme: number,
): Tail {
  const madeLast = last !== null && (extreme === low ? last.low <= high : last.high >= low);
  return { low, high, rows, confirmed: !madeLast };
}

/** Says how the ends of a TPO profile look; null without periods. */
export function profileExtremes(tpo: TpoProfile): { high: ExtremeKind; low: ExtremeKind } | null {
  const { counts } = tpo;
  if (counts.length === 0) return null;
  const kind = (rows: number): ExtremeKind => {
    if (rows >= 2) return 'excess';
    return rows === 1 ? 'weak' : 'poor';
  };
  return {
    high: kind(singleRun(counts, counts.length - 1, -1)),
    low: kind(singleRun(counts, 0, 1)),
  };
}

/** Says which extreme rows hold at least half the mean volume of a row: the volume reading of a poor high or low. */
export function poorByVolume(profile: Profile): { high: boolean; low: boolean } {
  const { volumes } = profile;
  if (volumes.length === 0) return { high: false, low: false };
  const enough = (0.5 * totalVolume(profile)) / volumes.length;
  return { high: volumes[volumes.length - 1]! >= enough, low: volumes[0]! >= enough };
}
