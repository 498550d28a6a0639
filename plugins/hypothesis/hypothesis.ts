import { isBeyond } from '#engine';
import type { Levels, Value, Way } from './scenarios.ts';

type Bias = 'long' | 'short' | 'neutral';

/** Returns the bias of a regime; a balance leans the way the open lies outside the composite. */
export function biasOf(regime: string, price: number | null, composite: Value | null): Bias {
  if (regime === 'trend-up') return 'long';
  if (regime === 'trend-down') return 'short';
  if (regime !== 'balance' || price === null || composite === null) return 'neutral';
  if (price > composite.vah) return 'long';
  return price < composite.val ? 'short' : 'neutral';
}

/** A level whose acceptance ends the plan. */
export interface Ender {
  readonly level: number;
  readonly way: Way;
}

/**
 * Returns the levels whose acceptance ends the plan.
 *
 * A trend ends beyond the far edge of prior value; a balance beyond an edge of the composite that its bias does not
 * point to; a pending break-out and an unknown regime have nothing to break.
 */
export function endersOf(regime: string, bias: Bias, levels: Levels): Ender[] {
  const { prior, composite } = levels;
  if (regime === 'trend-up' && prior) return [{ level: prior.val, way: -1 }];
  if (regime === 'trend-down' && prior) return [{ level: prior.vah, way: 1 }];
  if (regime !== 'balance' || composite === null) return [];
  const up: Ender = { level: composite.vah, way: 1 };
  const down: Ender = { level: composite.val, way: -1 };
  if (bias === 'long') return [down];
  return bias === 'short' ? [up] : [up, down];
}

/** Returns the level shown as invalidation: the nearest one; null without. */
export function nearestEnder(enders: readonly Ender[], price: number | null): number | null {
  const from = price ?? enders[0]?.level ?? 0;
  const sorted = [...enders].sort((a, b) => Math.abs(a.level - from) - Math.abs(b.level - from));
  return sorted[0]?.level ?? null;
}

const names: Readonly<Record<string, string>> = {
  'trend-up': 'Trend up',
  'trend-down': 'Trend down',
  balance: 'Balance',
  'breakout-pending': 'Break-out pending',
  unknown: 'Unknown',
};

const advice: Readonly<Record<string, string>> = {
  'trend-up': 'Buy pullbacks.',
  'trend-down': 'Sell rallies.',
  balance: 'Fade the edges of the composite.',
  'breakout-pending': 'Wait for acceptance beyond the overnight range.',
  unknown: 'No plan, no trade.',
};

/** Returns the plan in one breath: where the market stands, why, and what to do. */
export function conditionOf(
  regime: string,
  lowConfidence: boolean,
  reason: string,
  missing: readonly string[],
): string {
  const because = missing.length > 0 ? `missing ${missing.join(', ')}` : reason;
  return `${names[regime]}${lowConfidence ? ', low confidence' : ''}: ${because}. ${advice[regime]}`;
}

/** Returns the prices no further than `reach` from a price, as they are ordered. */
export function within(prices: readonly number[], price: number, reach: number): number[] {
  return prices.filter((other) => Math.abs(other - price) <= reach);
}

/** Returns the nearest price strictly beyond another one; null without. */
export function nearestBeyond(prices: readonly number[], price: number, way: Way): number | null {
  const there = prices.filter((other) => isBeyond(other, price, way));
  if (there.length === 0) return null;
  return way > 0 ? Math.min(...there) : Math.max(...there);
}

/** What the calendar and the data say against trading today. */
interface Objections {
  readonly regime: string;
  readonly holiday: boolean;
  readonly short: boolean;
  readonly rolled: boolean;
  readonly partial: boolean;
  readonly priorGap: boolean;
  /** Time of news that is near; null without. */
  readonly news: string | null;
}

/** Returns the reasons not to trade, in plain words; empty: none. */
export function objectionsOf(o: Objections): string[] {
  const asked: readonly (readonly [boolean, string])[] = [
    [o.regime === 'unknown', 'the regime is unknown'],
    [o.news !== null, `news at ${o.news}`],
    [o.holiday, 'holiday'],
    [o.short, 'half day'],
    [o.rolled, 'first session of a new contract'],
    [o.partial, 'the composite is partial'],
    [o.priorGap, 'the prior session has a gap'],
  ];
  return asked.filter(([holds]) => holds).map(([, why]) => why);
}
