import type { Slots } from '#engine';
import type { Config } from './config.ts';
import { first, slots } from './key-levels.ts';

// Which levels a price comes to. `price` holds the price of each place, NaN where it is empty; `away` is 1 once price
// was far enough from it. Between `floor` and `ceiling` nothing can happen, so most trades end with two comparisons.

/** Slots of the sensor that this file uses. */
export const touchSlot = { last: 0, floor: 1, ceiling: 2 } as const;

/** A naked point of control is touched at its price, by any later trade. */
const isNaked = (slot: number): boolean => slot >= first.naked && slot < first.stack;

/** Puts a level at a place. */
export function put(s: Slots, c: Config, slot: number, price: number): void {
  const last = s.f[touchSlot.last]!;
  s.a['price']![slot] = price;
  const isAway = isNaked(slot) || Math.abs(last - price) >= c.awayTicks;
  s.a['away']![slot] = isAway ? 1 : 0;
  watchAll(s.f);
}

/** Empties a place. */
export function take(s: Slots, slot: number): void {
  s.a['price']![slot] = Number.NaN;
}

/** Makes the next trade look at every level. */
export function watchAll(f: Float64Array): void {
  f[touchSlot.floor] = Infinity;
  f[touchSlot.ceiling] = -Infinity;
}

function isTouched(level: number, radius: number, before: number, low: number, high: number) {
  if (low - radius <= level && level <= high + radius) return true;
  return before < level ? low > level : before > level && high < level;
}

/** Narrows the prices between which nothing can happen by a level and the price at which it acts next. */
function bound(
  f: Float64Array,
  level: number,
  close: number,
  reach: number,
  isAway: boolean,
): void {
  if (level > close || !isAway)
    f[touchSlot.ceiling] = Math.min(f[touchSlot.ceiling]!, isAway ? level - reach : level + reach);
  if (level < close || !isAway)
    f[touchSlot.floor] = Math.max(f[touchSlot.floor]!, isAway ? level + reach : level - reach);
}

/**
 * Looks at all levels after trading between `low` and `high` that came from `before` and ended at `close`.
 *
 * @returns the places that were touched; null for none.
 */
export function touchesOf(
  { a, f }: Slots,
  c: Config,
  before: number,
  low: number,
  high: number,
  close: number,
): number[] | null {
  const prices = a['price']!;
  const away = a['away']!;
  const touched: number[] = [];
  f[touchSlot.floor] = -Infinity;
  f[touchSlot.ceiling] = Infinity;
  for (let slot = 0; slot < slots; slot += 1) {
    const level = prices[slot]!;
    if (Number.isNaN(level)) continue;
    const radius = isNaked(slot) ? 0 : c.touchTicks;
    if (away[slot] === 1 && isTouched(level, radius, before, low, high)) {
      touched.push(slot);
      if (isNaked(slot)) {
        prices[slot] = Number.NaN;
        continue;
      }
      away[slot] = Math.abs(close - level) >= c.awayTicks ? 1 : 0;
    } else if (high - level >= c.awayTicks || level - low >= c.awayTicks) away[slot] = 1;
    const isAway = away[slot] === 1;
    bound(f, level, close, isAway ? radius : c.awayTicks, isAway);
  }
  return touched.length === 0 ? null : touched;
}
