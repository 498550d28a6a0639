import { type VwapState, vwapOf } from '#engine';

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

/** Returns VWAP, spread and the three bands in ticks; null before the first contract. */
export function levelsOf(anchorTick: number, sums: VwapState) {
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
