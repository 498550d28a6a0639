/** 1: the high side of a market, -1: its low side. */
export type Way = 1 | -1;

/** Returns by how many ticks a price lies beyond another; negative inside. */
export function ticksBeyond(price: number, other: number, way: Way): number {
  return (price - other) * way;
}

/** Returns whether delta stayed behind: it does not exceed the value it had at the older extreme. */
export function isBehind(delta: number, before: number, way: Way): boolean {
  return (delta - before) * way <= 0;
}

/** Prices of levels by their place, NaN where there is none, and since when each holds. */
export interface Levels {
  readonly price: Float64Array;
  readonly from: Float64Array;
}

/**
 * Returns the place of the outermost level that a close exceeds together with the older extreme, -1 without one.
 *
 * A level on the near side of that extreme was exceeded before and says nothing new; it must hold since `until`.
 */
export function outermostLevel(
  levels: Levels,
  way: Way,
  extreme: number,
  close: number,
  minTicks: number,
  until: number,
): number {
  let best = -1;
  for (let i = 0; i < levels.price.length; i += 1) {
    const price = levels.price[i]!;
    if (!(ticksBeyond(price, extreme, way) >= 0)) continue;
    if (ticksBeyond(close, price, way) < minTicks || levels.from[i]! > until) continue;
    if (best < 0 || ticksBeyond(price, levels.price[best]!, way) > 0) best = i;
  }
  return best;
}

/** Returns whether volume is known to be small: below `needed`, which is NaN without a baseline. */
export function isThin(volume: number, needed: number): boolean {
  return volume < needed;
}
