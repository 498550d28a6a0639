/** Returns (buys - sells) / (buys + sells), NaN with less volume than `least`. */
export function pressureOf(buys: number, sells: number, least: number): number {
  const volume = buys + sells;
  return volume < least || volume === 0 ? Number.NaN : (buys - sells) / volume;
}

/** Returns which side presses, 1 buyers, -1 sellers, 0 neither, given who did; an unknown pressure is none. */
export function pressureSide(was: number, pressure: number, on: number, off: number): number {
  if (pressure >= on) return 1;
  if (pressure <= -on) return -1;
  if (was !== 0 && pressure * was >= off) return was;
  return 0;
}

/** Speeds by number. */
export const speeds = ['unknown', 'normal', 'fast', 'extreme'] as const;

/** Returns the number of the speed at a z, given what it was; each is left `leave` lower than it begins. */
export function speedAt(
  was: number,
  z: number,
  c: { readonly fastZ: number; readonly extremeZ: number; readonly leaveZ: number },
): number {
  if (z !== z) return 0;
  const isAt = (speed: number, from: number): boolean =>
    z >= (was >= speed ? from - c.leaveZ : from);
  if (isAt(3, c.extremeZ)) return 3;
  return isAt(2, c.fastZ) ? 2 : 1;
}

/** Returns the least size that at least `quantile` of all counted sizes do not exceed; sizes beyond the last are the last. */
export function sizeQuantile(counts: Float64Array, total: number, quantile: number): number {
  const rank = Math.max(Math.ceil(quantile * total - 1e-9), 1);
  let seen = 0;
  for (let size = 0; size < counts.length; size += 1) {
    seen += counts[size]!;
    if (seen >= rank) return size;
  }
  return counts.length - 1;
}
