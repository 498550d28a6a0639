/** A range of a share, both ends 0 to 1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Returns the Wilson interval of a hit rate; null without cases.
 *
 * It stays inside 0 to 1 and keeps its width with few cases, where the plain interval around `hits / n` does not.
 *
 * @param hits - Cases that came true, 0 <= hits <= n.
 * @param n - Cases, a count.
 * @param z - Standard normal quantile; the default makes a 95 % interval.
 * @source E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
 */
export function wilson(hits: number, n: number, z = 1.959963984540054): ShareInterval | null {
  if (!(n > 0)) return null;
  const rate = hits / n;
  const zz = z * z;
  const denominator = 1 + zz / n;
  const center = (rate + zz / (2 * n)) / denominator;
  const half = (z * Math.sqrt((rate * (1 - rate)) / n + zz / (4 * n * n))) / denominator;
  return {
    low: hits === 0 ? 0 : Math.max(0, center - half),
    high: hits === n ? 1 : Math.min(1, center + half),
  };
}
