/** 1: the high side of a market, -1: its low side. */
export type Way = 1 | -1;

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
