import { formatTradeDate, isNaked, type Slots } from '#engine';
import type { Config } from './config.ts';
import { farTick, nakedAbove, nakedBelow, nakedCount } from './slots.ts';

/**
 * How many the sensor holds: as many as can be asked for, and room for those that the machine does not keep (a refused
 * holiday, an old contract), of which the sensor knows nothing.
 */
export const nakedRooms = 130;

/** Sets the two prices between which no trade can touch one, seen from the last trade. */
function aim(s: Slots, c: Config, last: number): void {
  let above = farTick;
  let below = -farTick;
  for (let i = 0; i < s.f[nakedCount]!; i += 1) {
    const price = s.a['nakedPrice']![i]!;
    if (price >= last) above = Math.min(above, price - c.nakedToleranceTicks);
    else below = Math.max(below, price + c.nakedToleranceTicks);
  }
  s.f[nakedAbove] = above;
  s.f[nakedBelow] = below;
}

/** Empties the list. */
export function clearNaked(s: Slots): void {
  s.f[nakedCount] = 0;
  s.f[nakedAbove] = farTick;
  s.f[nakedBelow] = -farTick;
}

/** Keeps the point of control of a session that has just ended; where there is no room the oldest goes. */
export function addNaked(s: Slots, c: Config, price: number, date: number, last: number): void {
  const { f } = s;
  const prices = s.a['nakedPrice']!;
  const dates = s.a['nakedDate']!;
  if (f[nakedCount] === prices.length) {
    prices.copyWithin(0, 1);
    dates.copyWithin(0, 1);
    f[nakedCount]! -= 1;
  }
  prices[f[nakedCount]!] = price;
  dates[f[nakedCount]!] = date;
  f[nakedCount]! += 1;
  aim(s, c, last);
}

/**
 * Takes out what a trade, or a bar from low to high that ended at `last`, touched; returns the trade dates of the sessions.
 *
 * A price that was jumped over was not traded and stays naked.
 */
export function touchNaked(s: Slots, c: Config, low: number, high: number, last: number): string[] {
  const prices = s.a['nakedPrice']!;
  const dates = s.a['nakedDate']!;
  const traded = [{ low, high, rth: true }];
  const touched: string[] = [];
  let left = 0;
  for (let i = 0; i < s.f[nakedCount]!; i += 1) {
    if (!isNaked(prices[i]!, traded, c.touchScope, c.nakedToleranceTicks)) {
      touched.push(formatTradeDate(dates[i]!));
      continue;
    }
    prices[left] = prices[i]!;
    dates[left] = dates[i]!;
    left += 1;
  }
  s.f[nakedCount] = left;
  aim(s, c, last);
  return touched;
}
