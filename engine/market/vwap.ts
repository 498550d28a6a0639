/**
 * Running sums behind a volume-weighted average price.
 *
 * Prices enter as ticks relative to an anchor tick. With whole ticks every sum is exact below 2^53: at 1,000 ticks
 * from the anchor that is 9 billion contracts. Plain sums of squared prices would lose about nine digits.
 */
export interface VwapSums {
  /** Contracts. */
  v: number;
  /** Contracts times ticks from the anchor. */
  s1: number;
  /** Contracts times squared ticks from the anchor. */
  s2: number;
}

/** A volume-weighted average price and its spread, both in ticks. */
export interface Vwap {
  /** The average price in ticks, seldom whole. */
  readonly vwapTicks: number;
  /** Volume-weighted population standard deviation in ticks; 0 until two prices traded. */
  readonly sd: number;
}

/** A pair of levels around a volume-weighted average price, in ticks. */
export interface VwapBand {
  /** Number of standard deviations. */
  readonly k: number;
  readonly upper: number;
  readonly lower: number;
}

/** Returns sums without volume. */
export function emptyVwapSums(): VwapSums {
  return { v: 0, s1: 0, s2: 0 };
}

/** Adds `size` contracts at `tick`; `tick` may be fractional, as the average price of a bar is. */
export function addTrade(sums: VwapSums, anchorTick: number, tick: number, size: number): void {
  const d = tick - anchorTick;
  const m = d * size;
  sums.v += size;
  sums.s1 += m;
  sums.s2 += m * d;
}

/** Adds a bar at the mean of its high, low and close in ticks: the fallback where no trades are known. */
export function addBar(
  sums: VwapSums,
  anchorTick: number,
  bar: { readonly high: number; readonly low: number; readonly close: number },
  volume: number,
): void {
  const d = (bar.high - anchorTick + (bar.low - anchorTick) + (bar.close - anchorTick)) / 3;
  sums.v += volume;
  sums.s1 += d * volume;
  sums.s2 += d * volume * d;
}

/** Returns average and standard deviation of the sums, null before the first contract. */
export function vwapOf(anchorTick: number, v: number, s1: number, s2: number): Vwap | null {
  if (!(v > 0)) return null;
  const mean = s1 / v;
  const variance = s2 / v - mean * mean;
  return { vwapTicks: anchorTick + mean, sd: variance > 0 ? Math.sqrt(variance) : 0 };
}

/** Returns the bands at `multiples` standard deviations, in the order of `multiples`. */
export function bands(vwap: Vwap, multiples: readonly number[] = [1, 2]): VwapBand[] {
  return multiples.map((k) => ({
    k,
    upper: vwap.vwapTicks + k * vwap.sd,
    lower: vwap.vwapTicks - k * vwap.sd,
  }));
}

/** Running sums as they stood at one time. */
export type VwapState = Readonly<VwapSums>;

/** Returns what was added between two states of the same running sums. */
export function vwapSince(now: VwapState, before: VwapState): VwapState {
  return { v: now.v - before.v, s1: now.s1 - before.s1, s2: now.s2 - before.s2 };
}

/**
 * Returns how far the VWAP of the time between two states lies from the anchored one, in standard deviations.
 *
 * The plain change of the VWAP shrinks over the day, because a heavier average moves less; the factor V / dV takes that
 * out. NaN while there is no earlier spread or nothing traded since.
 */
export function vwapSlope(now: VwapState, earlier: VwapState): number {
  const after = vwapOf(0, now.v, now.s1, now.s2);
  const before = vwapOf(0, earlier.v, earlier.s1, earlier.s2);
  if (after === null || before === null || before.sd === 0 || now.v <= earlier.v) return Number.NaN;
  return ((after.vwapTicks - before.vwapTicks) / before.sd) * (now.v / (now.v - earlier.v));
}
