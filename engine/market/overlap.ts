import { Ladder } from './ladder.ts';
import type { Profile } from './volume-profile.ts';

/** A range of prices in ticks, both edges inside. */
export interface Area {
  /** Value area low, the lower edge. */
  readonly val: number;
  /** Value area high, the upper edge. */
  readonly vah: number;
}

/** How much two areas share, by three measures; the shares lie in 0..1. */
export interface Overlap {
  /** Ticks inside both areas. */
  readonly interTicks: number;
  /** Share of the narrower area inside the wider one: the containment measure, our default. */
  readonly overlapMin: number;
  /** Shared ticks over the ticks of either. */
  readonly jaccard: number;
  /** Shared ticks over the mean width. */
  readonly overlapAvg: number;
}

/** The seven ways value can lie against earlier value. */
export type ValueRelation =
  | 'higher'
  | 'overlapping-higher'
  | 'unchanged'
  | 'inside'
  | 'outside'
  | 'overlapping-lower'
  | 'lower';

/** Returns how much two areas share; edges count as inside, so every area is at least one tick wide. */
export function overlap(a: Area, b: Area): Overlap {
  const interTicks = Math.max(0, Math.min(a.vah, b.vah) - Math.max(a.val, b.val) + 1);
  const widthA = a.vah - a.val + 1;
  const widthB = b.vah - b.val + 1;
  return {
    interTicks,
    overlapMin: interTicks / Math.min(widthA, widthB),
    jaccard: interTicks / (widthA + widthB - interTicks),
    overlapAvg: (2 * interTicks) / (widthA + widthB),
  };
}

function signBeyond(distance: number, tolerance: number): -1 | 0 | 1 {
  if (distance > tolerance) return 1;
  return distance < -tolerance ? -1 : 0;
}

/** Says where current value lies against prior value; `gapTicks` counts the ticks between disjoint areas, else 0. */
export function valueRelation(
  current: Area,
  prior: Area,
  toleranceTicks = 2,
): { relation: ValueRelation; gapTicks: number } {
  if (current.val > prior.vah) {
    return { relation: 'higher', gapTicks: current.val - prior.vah - 1 };
  }
  if (current.vah < prior.val) {
    return { relation: 'lower', gapTicks: prior.val - current.vah - 1 };
  }
  const low = signBeyond(current.val - prior.val, toleranceTicks);
  const high = signBeyond(current.vah - prior.vah, toleranceTicks);
  return { relation: relationOfEdges(low, high), gapTicks: 0 };
}

function relationOfEdges(low: -1 | 0 | 1, high: -1 | 0 | 1): ValueRelation {
  if (low === 0 && high === 0) return 'unchanged';
  if (low >= 0 && high === 1) return 'overlapping-higher';
  if (low === -1 && high <= 0) return 'overlapping-lower';
  return low === -1 ? 'outside' : 'inside';
}

/** Returns per tick the summed weight of the areas that contain it, dense from the lowest edge; equal weights by default. */
export function coverage(
  areas: readonly Area[],
  weightOf: (index: number) => number = () => 1,
): Profile {
  const ladder = new Ladder();
  for (const [index, { val, vah }] of areas.entries()) {
    const weight = weightOf(index);
    for (let tick = val; tick <= vah; tick += 1) ladder.add(tick, weight);
  }
  return ladder.slice();
}
