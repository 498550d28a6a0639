import { wilson } from '#engine';
import type { Value } from './scenarios.ts';
import type { Track } from './tracks.ts';

/** What a session turned out to be; in this order a tie of frequencies is decided. */
const outcomes = ['balance', 'trend-up', 'trend-down', 'other'] as const;
export type Realised = (typeof outcomes)[number];

/** The regular session as it ended. */
interface SessionResult {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** What is accepted at the end: edges of the composite; and what was accepted at some close: edges of the night. */
export interface Accepted {
  readonly up: boolean;
  readonly down: boolean;
  readonly night: boolean;
}

/** Returns what a session turned out to be. */
export function realisedOf(
  { open, high, low, close }: SessionResult,
  accepted: Accepted,
  composite: Value | null,
  trendShare: number,
): Realised {
  const enough = trendShare * (high - low);
  if (accepted.up && close > open && close - open >= enough) return 'trend-up';
  if (accepted.down && close < open && open - close >= enough) return 'trend-down';
  const isInside = composite !== null && close >= composite.val && close <= composite.vah;
  return isInside && !accepted.up && !accepted.down ? 'balance' : 'other';
}

/** Returns whether the session was what the regime said; null when that cannot be told. */
export function isConditionHit(
  regime: string,
  realised: Realised,
  rangeTicks: number,
  nightAccepted: boolean,
  needed: number | null,
): boolean | null {
  if (regime === 'unknown') return null;
  if (regime !== 'breakout-pending') return regime === realised;
  return needed === null ? null : rangeTicks >= needed && nightAccepted;
}

/** Returns whether the session went the way of the bias; null when neutral or when it hardly went. */
export function isBiasHit(bias: string, netTicks: number, tieTicks: number): boolean | null {
  if (bias === 'neutral' || Math.abs(netTicks) < tieTicks) return null;
  return bias === 'long' ? netTicks > 0 : netTicks < 0;
}

/** Hits of so many cases. */
export interface Tally {
  readonly n: number;
  readonly hits: number;
}

/** Returns the tally with one more case; one that cannot be told does not count. */
export function withCase(tally: Tally, isHit: boolean | null): Tally {
  if (isHit === null) return tally;
  return { n: tally.n + 1, hits: tally.hits + (isHit ? 1 : 0) };
}

/** Returns a tally with its rate and 95 % interval; null without cases. */
export function rateOf({ n, hits }: Tally) {
  const interval = wilson(hits, n);
  return {
    n,
    hits,
    rate: n === 0 ? null : hits / n,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}

/** Returns the most frequent outcome; null without sessions. */
export function mostFrequent(history: readonly Realised[]): Realised | null {
  let best: Realised | null = null;
  let most = 0;
  for (const outcome of outcomes) {
    const n = history.filter((other) => other === outcome).length;
    if (n > most) [best, most] = [outcome, n];
  }
  return best;
}

const resultOf = {
  waiting: 'not-triggered',
  open: 'open-at-close',
  closed: 'open-at-close',
  target: 'target',
  invalidated: 'invalidated',
} as const;

/** Returns what became of a scenario, excursions in ticks and in multiples of the risk to its invalidation. */
export function scoreTrack(track: Track, minRiskTicks: number) {
  const { id, status, way, entry, best, worst, invalidation, triggeredAt } = track;
  const result = resultOf[status];
  if (way === 0 || entry === null || best === null || worst === null)
    return { id, result, triggeredAt, maeTicks: null, mfeTicks: null, maeR: null, mfeR: null };
  const risk = Math.max(minRiskTicks, Math.abs(entry - (invalidation ?? entry)));
  const mfeTicks = Math.max(0, (best - entry) * way);
  const maeTicks = Math.max(0, (entry - worst) * way);
  return {
    id,
    result,
    triggeredAt,
    maeTicks,
    mfeTicks,
    maeR: maeTicks / risk,
    mfeR: mfeTicks / risk,
  };
}
