/** 1: swing highs, whose divergences speak for lower prices; -1: swing lows. */
export type Way = 1 | -1;

/** Price and cumulative delta of a swing. */
interface Point {
  readonly price: number;
  readonly delta: number;
}

/**
 * Returns how two swings of one side disagree, null when price and delta went the same way.
 *
 * Regular: price went on by `minTicks` and delta fell back. Hidden: delta went on and price fell back by `minTicks`.
 */
export function divergenceOf(
  first: Point,
  second: Point,
  way: Way,
  minTicks: number,
): 'regular' | 'hidden' | null {
  const price = (second.price - first.price) * way;
  const delta = (second.delta - first.delta) * way;
  if (price >= minTicks && delta < 0) return 'regular';
  if (price <= -minTicks && delta > 0) return 'hidden';
  return null;
}

/** Returns the population standard deviation of the first `length` values, NaN for fewer than `least`. */
export function spreadOf(values: Float64Array, length: number, least: number): number {
  if (length < least) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += values[i]!;
  const mean = sum / length;
  let squares = 0;
  for (let i = 0; i < length; i += 1) squares += (values[i]! - mean) * (values[i]! - mean);
  return Math.sqrt(squares / length);
}

/** Returns whether a bar closed against its own delta in favour of a side: down on buying for `way` 1, up on selling for -1. */
export function isHint(open: number, close: number, delta: number, way: Way): boolean {
  return (close - open) * way < 0 && delta * way > 0;
}

interface Limits {
  readonly minSeparation: number;
  readonly maxSeparation: number;
  readonly minGapSd: number;
}

/** Returns whether two swings lie within the limits of a divergence; with an unknown spread (NaN) they do not. */
export function isWithin(limits: Limits, bars: number, gap: number, spread: number): boolean {
  if (bars < limits.minSeparation || bars > limits.maxSeparation) return false;
  return gap >= limits.minGapSd * spread;
}
