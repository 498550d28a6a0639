/** 1: the high side of a market, -1: its low side. */
export type Way = 1 | -1;

/** A price somebody may defend, in ticks. */
interface Level {
  readonly price: number;
}

/** Returns the level nearest to a price within a distance, null without one; of two as near, the higher one. */
export function nearestLevel<L extends Level>(
  levels: readonly L[],
  price: number,
  mostTicks: number,
): L | null {
  let nearest: L | null = null;
  for (const level of levels) {
    const distance = Math.abs(level.price - price);
    if (distance > mostTicks) continue;
    const least = nearest === null ? Number.POSITIVE_INFINITY : Math.abs(nearest.price - price);
    if (distance < least || (distance === least && nearest !== null && level.price > nearest.price))
      nearest = level;
  }
  return nearest;
}

/** Returns whether each push had less delta, either way, and less volume than the one before. */
export function areFading(
  pushes: readonly { readonly delta: number; readonly volume: number }[],
): boolean {
  return pushes.every((push, i) => {
    const before = pushes[i - 1];
    if (before === undefined) return true;
    return Math.abs(push.delta) < Math.abs(before.delta) && push.volume < before.volume;
  });
}

/** Returns whether a close lies back inside the bar before the extreme: not beyond its extreme of the same side. */
export function isInside(close: number, inside: number, way: Way): boolean {
  return (close - inside) * way <= 0;
}
