import { type Area, overlap, relateValue } from '#engine';
import type { Config } from './config.ts';

/** Value area and point of control in ticks. */
export interface Value extends Area {
  readonly poc: number;
}

/** Sessions that share value, merged. */
export interface Composite extends Value {
  /** Trade dates inside, oldest first. */
  readonly sessions: readonly string[];
  readonly frozen: boolean;
  /** Why the operator merged or split it last; null where the rules alone made it. */
  readonly override: string | null;
}

/** What merging by overlap knows. */
export interface Merging {
  /** Oldest first; only the last one may still grow. */
  readonly composites: readonly Composite[];
  /** A session that the next one decides on. */
  readonly candidate: string | null;
}

/** Returns the value area of the merged rows of sessions. */
export type ValueOf = (sessions: readonly string[]) => Value;

/** The thresholds of {@link mergeNext}. */
export type MergeLimits = Pick<Config, 'mergeMin' | 'splitMax' | 'maxSessions'>;

/** Returns how far the point of control lies off the middle of value, twofold, over the width of value. */
export function asymmetry({ vah, val, poc }: Value): number {
  return Math.abs(vah + val - 2 * poc) / (vah - val + 1);
}

/** Returns the composite of these sessions, frozen when it holds as many as it may. */
export function compositeOf(
  sessions: readonly string[],
  valueOf: ValueOf,
  { maxSessions }: Pick<Config, 'maxSessions'>,
  override: string | null = null,
): Composite {
  const { vah, val, poc } = valueOf(sessions);
  return { vah, val, poc, sessions, frozen: sessions.length >= maxSessions, override };
}

/**
 * Returns the composites once a session is completed.
 *
 * Much overlap with the newest composite merges the session, little freezes the composite and begins another. Between the
 * two the session is merged when that leaves the composite as symmetric as it was, else it waits for the next session: if
 * that one shares value with the composite both join it, if it shares value with the candidate the two begin a composite,
 * else the candidate stands alone.
 *
 * @param valueOf - Knows the sessions of the newest composite, the candidate and `next`.
 */
export function mergeNext(m: Merging, next: string, valueOf: ValueOf, c: MergeLimits): Merging {
  const newest = m.composites.at(-1);
  if (newest === undefined || newest.frozen) return begin(m.composites, [next], valueOf, c);
  if (m.candidate !== null) return decide(m, newest, m.candidate, next, valueOf, c);
  const shared = overlap(valueOf([next]), newest).overlapMin;
  if (shared < c.splitMax && shared < c.mergeMin) return begin(m.composites, [next], valueOf, c);
  const grown = compositeOf([...newest.sessions, next], valueOf, c, newest.override);
  if (shared >= c.mergeMin || asymmetry(grown) <= asymmetry(newest))
    return { composites: [...m.composites.slice(0, -1), grown], candidate: null };
  return { composites: m.composites, candidate: next };
}

function begin(
  composites: readonly Composite[],
  sessions: readonly string[],
  valueOf: ValueOf,
  c: MergeLimits,
): Merging {
  const frozen = composites.map((composite) => ({ ...composite, frozen: true }));
  return { composites: [...frozen, compositeOf(sessions, valueOf, c)], candidate: null };
}

function decide(
  m: Merging,
  newest: Composite,
  candidate: string,
  next: string,
  valueOf: ValueOf,
  c: MergeLimits,
): Merging {
  const value = valueOf([next]);
  const both = [...newest.sessions, candidate, next];
  if (overlap(value, newest).overlapMin >= c.mergeMin && both.length <= c.maxSessions) {
    const grown = compositeOf(both, valueOf, c, newest.override);
    return { composites: [...m.composites.slice(0, -1), grown], candidate: null };
  }
  if (overlap(value, valueOf([candidate])).overlapMin >= c.mergeMin)
    return begin(m.composites, [candidate, next], valueOf, c);
  return begin(begin(m.composites, [candidate], valueOf, c).composites, [next], valueOf, c);
}

/** Where the newest composites went. */
export interface Migration {
  readonly migration: 'unknown' | 'up' | 'down' | 'sideways' | 'failed-up' | 'failed-down';
  /** Only two composites are known. */
  readonly weak: boolean;
}

function stepOf(from: Area, to: Area, toleranceTicks: number): 'up' | 'down' | 'sideways' {
  const { relation } = relateValue(to, from, toleranceTicks);
  if (relation === 'higher' || relation === 'overlapping-higher') return 'up';
  return relation === 'lower' || relation === 'overlapping-lower' ? 'down' : 'sideways';
}

/** Returns the direction of the newest three composites; later value that comes back over the oldest is a failure. */
export function migrationOf(
  composites: readonly Area[],
  { mergeMin, relationToleranceTicks }: Pick<Config, 'mergeMin' | 'relationToleranceTicks'>,
): Migration {
  const [c, b, a] = composites.slice(-3).reverse();
  if (c === undefined || b === undefined) return { migration: 'unknown', weak: false };
  const last = stepOf(b, c, relationToleranceTicks);
  if (a === undefined) return { migration: last, weak: true };
  const first = stepOf(a, b, relationToleranceTicks);
  if (first === last || first === 'sideways')
    return { migration: first === last ? first : 'sideways', weak: false };
  const isBack = overlap(c, a).overlapMin >= mergeMin;
  return { migration: isBack ? `failed-${first}` : 'sideways', weak: false };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Returns the label of a composite by its place from the oldest: A to Z, then AA. */
export function labelOf(place: number): string {
  const letter = alphabet.charAt(place % alphabet.length);
  return place < alphabet.length ? letter : `A${letter}`;
}
