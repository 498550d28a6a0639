import { assert } from '../errors.ts';
import type { Ladder } from './ladder.ts';

/** Volume per tick, dense from `low` upward: row i belongs to tick low + i, untraded rows inside hold 0. */
export interface Profile {
  /** Tick of the first row. */
  readonly low: number;
  /** Contracts per tick; fractional where a bar's volume was spread. */
  readonly volumes: Float64Array | readonly number[];
}

/** Which row wins when several hold the most volume. */
export type PocTie = 'center-up' | 'lowest' | 'highest';

/** Returns the volume of all rows. */
export function totalVolume(profile: Profile): number {
  const { volumes } = profile;
  let total = 0;
  for (let i = 0; i < volumes.length; i += 1) total += volumes[i]!;
  return total;
}

/**
 * Returns the tick with the most volume, null for a profile without volume.
 *
 * On a tie `center-up` takes the row nearest the middle of the traded range, then the higher one. Rows without volume
 * at the edges are outside the traded range.
 */
export function pointOfControl(profile: Profile, tie: PocTie = 'center-up'): number | null {
  const row = pocRow(profile.volumes, scanRows(profile.volumes), tie);
  return row < 0 ? null : profile.low + row;
}

/**
 * Returns how far apart two volumes of a profile may lie and still be equal, in contracts.
 *
 * Whole contracts are exact and a thousandth never separates them. Rows of bars spread over their range carry
 * rounding, far below a millionth of a millionth of the total; without this the order of adding would decide ties.
 */
export function volumeRounding(total: number): number {
  return Math.min(total * 1e-12, 1e-3);
}

/** What one pass over the rows of a profile finds. */
export interface RowScan {
  /** First and last row with volume, -1 without any. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
  /** Volume of the largest row. */
  readonly most: number;
}

/** Scans the rows of a profile once. */
export function scanRows(volumes: Float64Array | readonly number[]): RowScan {
  let first = -1;
  let last = -1;
  let most = 0;
  let total = 0;
  for (let i = 0; i < volumes.length; i += 1) {
    const v = volumes[i]!;
    if (v === 0) continue;
    if (first < 0) first = i;
    last = i;
    total += v;
    if (v > most) most = v;
  }
  return { first, last, total, most };
}

/** Returns the row with the most volume, of equal rows the one the tie rule prefers; -1 without volume. */
export function pocRow(
  volumes: Float64Array | readonly number[],
  { first, last, total, most }: RowScan,
  tie: PocTie,
): number {
  if (!(most > 0)) return -1;
  const enough = most - volumeRounding(total);
  let best = -1;
  let distance = Infinity;
  for (let i = first; i <= last; i += 1) {
    if (volumes[i]! < enough) continue;
    if (tie === 'lowest') return i;
    const d = tie === 'highest' ? last - i : Math.abs(2 * i - first - last);
    if (d <= distance) {
      distance = d;
      best = i;
    }
  }
  return best;
}

/** Adds profiles tick by tick; the order does not matter. No profiles, or only empty ones, give no rows. */
export function mergeProfiles(profiles: readonly Profile[]): {
  low: number;
  volumes: Float64Array;
} {
  let low = Infinity;
  let high = -Infinity;
  for (const { low: from, volumes } of profiles) {
    if (volumes.length === 0) continue;
    low = Math.min(low, from);
    high = Math.max(high, from + volumes.length - 1);
  }
  if (high < low) return { low: 0, volumes: new Float64Array(0) };
  const merged = new Float64Array(high - low + 1);
  for (const { low: from, volumes } of profiles) {
    if (volumes instanceof Float64Array) addTyped(merged, from - low, volumes);
    else addListed(merged, from - low, volumes);
  }
  return { low, volumes: merged };
}

// Twice the same loop: one that sees a single kind of array runs several times as fast.
function addTyped(merged: Float64Array, at: number, volumes: Float64Array): void {
  for (let i = 0; i < volumes.length; i += 1) merged[at + i]! += volumes[i]!;
}

function addListed(merged: Float64Array, at: number, volumes: readonly number[]): void {
  for (let i = 0; i < volumes.length; i += 1) merged[at + i]! += volumes[i]!;
}

/**
 * Returns a profile without a part of it: a session without its first hour, a composite without one of its sessions.
 *
 * The inverse of {@link mergeProfiles}. Rows at the edges that nothing is left of are cut off; what lies within
 * {@link volumeRounding} of nothing is nothing. A part that holds more in a row than the whole is a programmer's error.
 */
export function subtractProfile(
  whole: Profile,
  part: Profile,
): { low: number; volumes: Float64Array } {
  const rounding = volumeRounding(totalVolume(whole));
  const left = Float64Array.from(whole.volumes);
  for (let i = 0; i < part.volumes.length; i += 1) {
    if (part.volumes[i] === 0) continue;
    const row = part.low + i - whole.low;
    const rest = (left[row] ?? 0) - part.volumes[i]!;
    assert(rest >= -rounding, 'a part of a profile is inside it', part.low + i);
    if (row >= 0 && row < left.length) left[row] = rest <= rounding ? 0 : rest;
  }
  const { first, last } = scanRows(left);
  if (first < 0) return { low: 0, volumes: new Float64Array(0) };
  return { low: whole.low + first, volumes: left.slice(first, last + 1) };
}

/** Returns the profile moved by whole ticks, up when positive: how a roll carries old levels over. */
export function shiftProfile(profile: Profile, ticks: number): Profile {
  return { low: profile.low + ticks, volumes: profile.volumes };
}

/** Spreads a bar's volume evenly over its range, both ends included: an approximation where no trades are known. */
export function spreadBar(ladder: Ladder, low: number, high: number, volume: number): void {
  const share = volume / (high - low + 1);
  for (let tick = low; tick <= high; tick += 1) ladder.add(tick, share);
}
