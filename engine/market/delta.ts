import type { Side } from './aggressor.ts';

/** Volume by aggressor and the path of their difference, since a reset. All in contracts. */
export interface DeltaSums {
  buy: number;
  sell: number;
  /** Volume whose aggressor is unknown: part of the total, not of the delta. */
  unknown: number;
  /** Lowest delta after a classified trade; 0 before the first. */
  min: number;
  /** Highest delta after a classified trade; 0 before the first. */
  max: number;
}

/** Returns sums without volume. */
export function emptyDeltaSums(): DeltaSums {
  return { buy: 0, sell: 0, unknown: 0, min: 0, max: 0 };
}

/** Adds a trade; the extremes are taken after each classified trade, the start at 0 is not one of them. */
export function addDelta(sums: DeltaSums, side: Side, size: number): void {
  if (side === 0) {
    sums.unknown += size;
    return;
  }
  const first = sums.buy === 0 && sums.sell === 0;
  if (side > 0) sums.buy += size;
  else sums.sell += size;
  const delta = sums.buy - sums.sell;
  if (first || delta < sums.min) sums.min = delta;
  if (first || delta > sums.max) sums.max = delta;
}

/** Returns buying minus selling volume in contracts. */
export function deltaOf(sums: DeltaSums): number {
  return sums.buy - sums.sell;
}

/** Returns delta as a share of all volume, -1..1; 0 without volume. */
export function deltaShare(sums: DeltaSums): number {
  const volume = sums.buy + sums.sell + sums.unknown;
  return volume > 0 ? (sums.buy - sums.sell) / volume : 0;
}

/** Returns the share of volume whose aggressor is unknown, 0..1; 0 without volume. */
export function unknownShare(sums: DeltaSums): number {
  const volume = sums.buy + sums.sell + sums.unknown;
  return volume > 0 ? sums.unknown / volume : 0;
}
