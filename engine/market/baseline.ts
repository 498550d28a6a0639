/** Returns the middle of the values, the mean of the two middle ones for an even number, null without values. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  // A typed array sorts numbers without a comparison in JavaScript, in a tenth of the time.
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}

/** Returns the mean of the values, null without values. */
export function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Returns the baseline with one more session, the oldest dropped beyond `most`; the argument is not changed. */
export function withSession(baseline: readonly number[], value: number, most: number): number[] {
  return [...baseline, value].slice(-most);
}
