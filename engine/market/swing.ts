/**
 * Returns whether the bar `k` before the newest one is a swing: beyond the `k` bars after it, and not behind the `k`
 * before it, so that of equal extremes the last one counts. A swing is known `k` bars late.
 *
 * @param values - Highs or lows of bars in a ring: bar i lies at i modulo the length, which is above 2k.
 * @param bars - Bars so far; with fewer than 2k + 1 there is no swing.
 * @param way - 1: a swing high, -1: a swing low.
 * @source B. Williams, fractals, with `k` bars on either side.
 */
export function isSwing(values: Float64Array, bars: number, k: number, way: 1 | -1): boolean {
  const room = values.length;
  const at = bars - 1 - k;
  if (at < k) return false;
  const value = values[at % room]!;
  for (let i = 1; i <= k; i += 1) {
    if ((value - values[(at + i) % room]!) * way <= 0) return false;
    if ((value - values[(at - i) % room]!) * way < 0) return false;
  }
  return true;
}
