import { vwapOf } from '#engine';

/** Running sums of one anchor: volume, volume x ticks, volume x squared ticks, all relative to one anchor tick. */
export interface Sums {
  readonly v: number;
  readonly s1: number;
  readonly s2: number;
}

/** Minutes over which the slope is measured. */
export const slopeMinutes = 30;

/** How steep a VWAP runs, the unknown first, then ascending. */
export const paces = ['unknown', 'flat', 'slow', 'normal', 'fast'] as const;
type Pace = (typeof paces)[number];

/** Below which |slope30|, in standard deviations, a pace ends; above the last it is fast. */
interface PaceLimits {
  readonly flatBelow: number;
  readonly slowBelow: number;
  readonly normalBelow: number;
}

/** Returns what was added between two states of the same running sums. */
export function minus(now: Sums, before: Sums): Sums {
  return { v: now.v - before.v, s1: now.s1 - before.s1, s2: now.s2 - before.s2 };
}

/** Returns VWAP, spread and the three bands in ticks; null before the first contract. */
export function levelsOf(anchorTick: number, sums: Sums) {
  const vwap = vwapOf(anchorTick, sums.v, sums.s1, sums.s2);
  if (vwap === null) return null;
  const { vwapTicks, sd } = vwap;
  return {
    vwap: vwapTicks,
    sdTicks: sd,
    up1: vwapTicks + sd,
    down1: vwapTicks - sd,
    up2: vwapTicks + 2 * sd,
    down2: vwapTicks - 2 * sd,
    up3: vwapTicks + 3 * sd,
    down3: vwapTicks - 3 * sd,
  };
}

/**
 * Returns how far the VWAP of the time between two states lies from the anchored one, in standard deviations.
 *
 * The plain change of the VWAP shrinks over the day, because a heavier average moves less; the factor V / dV takes that
 * out. NaN while there is no earlier spread or nothing traded since.
 */
export function slopeOf(now: Sums, earlier: Sums): number {
  const after = vwapOf(0, now.v, now.s1, now.s2);
  const before = vwapOf(0, earlier.v, earlier.s1, earlier.s2);
  if (after === null || before === null || before.sd === 0 || now.v <= earlier.v) return Number.NaN;
  return ((after.vwapTicks - before.vwapTicks) / before.sd) * (now.v / (now.v - earlier.v));
}

/** Returns the pace of a slope; NaN is unknown. */
export function paceOf(slope: number, limits: PaceLimits): Pace {
  const steepness = Math.abs(slope);
  if (steepness < limits.flatBelow) return 'flat';
  if (steepness < limits.slowBelow) return 'slow';
  if (steepness < limits.normalBelow) return 'normal';
  return steepness >= limits.normalBelow ? 'fast' : 'unknown';
}

/** Returns the next limit a slope has to reach to change its pace upward; the last one once it is fast. */
export function nextLimit(slope: number, limits: PaceLimits): number {
  const steepness = Math.abs(slope);
  if (!(steepness >= limits.flatBelow)) return limits.flatBelow;
  return steepness < limits.slowBelow ? limits.slowBelow : limits.normalBelow;
}
