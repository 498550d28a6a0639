import type { Config } from './config.ts';
import { type Composite, compositeOf, type Merging, type ValueOf } from './merge-mode.ts';

/** What an operator asks for. */
export interface Override {
  readonly action: 'merge' | 'split';
  readonly tradeDate: string;
  readonly reason: string;
}

/** The composites after an override, or why they stay as they are. */
export type Overridden =
  | { readonly merging: Merging; readonly refusal: null }
  | { readonly merging: null; readonly refusal: string };

/** Sessions that stay before a split. */
const leastBefore = 2;

function refuse(refusal: string): Overridden {
  return { merging: null, refusal };
}

/**
 * Returns the composites after an operator's override.
 *
 * A merge takes the candidate of that date into the newest composite, or the newest composite that holds the date into the
 * one before it. A split begins a composite with that session; at least two sessions stay before it.
 *
 * @param known - Trade dates whose rows are still there.
 */
export function override(
  m: Merging,
  { action, tradeDate, reason }: Override,
  known: readonly string[],
  valueOf: ValueOf,
  c: Pick<Config, 'maxSessions'>,
): Overridden {
  const newest = m.composites.at(-1);
  if (newest === undefined) return refuse('there is no composite yet');
  const place = newest.sessions.indexOf(tradeDate);
  const isCandidate = tradeDate === m.candidate;
  if (place < 0 && !(isCandidate && action === 'merge'))
    return refuse('the newest composite does not hold that session');
  if (action === 'split') {
    if (place < leastBefore) return refuse('a split leaves two sessions before it');
    const parts = [newest.sessions.slice(0, place), newest.sessions.slice(place)];
    return replace(m, 1, parts, m.candidate);
  }
  if (isCandidate) return replace(m, 1, [[...newest.sessions, tradeDate]], null);
  const before = m.composites.at(-2);
  if (before === undefined) return refuse('there is no composite before it');
  return replace(m, 2, [[...before.sessions, ...newest.sessions]], m.candidate);

  function replace(
    { composites }: Merging,
    count: number,
    parts: readonly (readonly string[])[],
    candidate: string | null,
  ): Overridden {
    if (parts.some((sessions) => sessions.length > c.maxSessions))
      return refuse('too many sessions for one composite');
    if (!parts.flat().every((date) => known.includes(date)))
      return refuse('the rows of these sessions are no longer kept');
    const made = parts.map((sessions, i): Composite => {
      const composite = compositeOf(sessions, valueOf, c, reason);
      return { ...composite, frozen: composite.frozen || i < parts.length - 1 };
    });
    return {
      merging: { composites: [...composites.slice(0, -count), ...made], candidate },
      refusal: null,
    };
  }
}
