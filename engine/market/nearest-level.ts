/** Prices from `low` to `high`, both inside. */
export interface PriceZone {
  readonly low: number;
  readonly high: number;
}

/** Returns how far a price lies outside a zone in ticks, 0 inside. */
export function ticksOutside(zone: PriceZone, price: number): number {
  return Math.max(zone.low - price, price - zone.high, 0);
}

/** Returns the level nearest to a zone; of two as near, the higher one; null when none lies within `mostTicks`. */
export function nearestLevel<L extends { readonly price: number }>(
  levels: readonly L[],
  zone: PriceZone,
  mostTicks = Number.POSITIVE_INFINITY,
): L | null {
  let nearest: L | null = null;
  let least = mostTicks;
  for (const level of levels) {
    const distance = ticksOutside(zone, level.price);
    const isNearer = nearest === null ? distance <= least : distance < least;
    const isAsNear = nearest !== null && distance === least && level.price > nearest.price;
    if (!isNearer && !isAsNear) continue;
    nearest = level;
    least = distance;
  }
  return nearest;
}
