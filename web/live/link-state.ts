import type { Phase } from '#engine/market/session.ts';
import { closeWords } from './close-codes.ts';
import type { FeedBeat } from './wire.ts';

/** The eight states of the live link, and loading before the first beat. */
export type LinkState =
  | 'LOADING'
  | 'LIVE'
  | 'QUIET'
  | 'CLOSED'
  | 'LAGGING'
  | 'STALE'
  | 'REPLAY'
  | 'DOWN';

/** What the browser knows, all times by its own monotonic clock, in milliseconds. */
export interface LinkFacts {
  readonly now: number;
  readonly socket: 'connecting' | 'open' | 'closed';
  /** Why the server ended the last connection; null without one, and once it spoke again. */
  readonly closeCode: number | null;
  /** When the page began to connect. */
  readonly since: number;
  /** When the last beat or frame came; null before the first. */
  readonly beatAt: number | null;
  /** When the next connection is tried; null while none is waited for. */
  readonly retryAt: number | null;
  /** Events are missing and have not been fetched again. */
  readonly hasGap: boolean;
  /** A cursor of time travel is set, or the source is a recording. */
  readonly isReplay: boolean;
  readonly feed: FeedBeat | null;
  /** Milliseconds since the engine last had its turn, by its last beat; null before the first. */
  readonly engineMs: number | null;
  /** Phase of the trade day; null before the first record. */
  readonly phase: Phase | null;
}

/** What is broken: the way to the engine, or the market feed behind an engine that answers. */
export type Trouble = 'link' | 'feed';

/** What is shown of the link. */
export interface Link {
  readonly state: LinkState;
  /** Age of the last beat; null before the first. */
  readonly ageMs: number | null;
  /** One plain sentence. */
  readonly text: string;
  /** What is done about it, where that is known. */
  readonly todo?: string;
  /** Null while nothing is broken. */
  readonly trouble?: Trouble;
  /** A feed that is silent for longer than is usual at this time of the day. */
  readonly isTooQuiet?: true;
}

/** Limits of INTERFACE section 6, in milliseconds. */
export const linkLimits = {
  lagging: 1_500,
  stale: 3_000,
  down: 10_000,
  quiet: 5_000,
  engine: 500,
} as const;

const minuteMs = 60_000;

/** Limits of the phases, in milliseconds; null where silence means nothing. */
const silenceLimits: Readonly<Record<Phase, number | null>> = {
  closed: null,
  halt: null,
  overnight: 5 * minuteMs,
  'pre-open': 2 * minuteMs,
  'rth-opening': minuteMs / 2,
  'rth-main': minuteMs / 2,
  'rth-closing': minuteMs / 2,
  'post-rth': 5 * minuteMs,
};

/**
 * How long a source may be silent in a phase of the trade day before somebody should look, in milliseconds: the limit of
 * the phase, or twice the usual distance of its records where it brings bars alone. Null where silence means nothing.
 */
export function silenceLimit(phase: Phase | null, usualGapMs = 0): number | null {
  const limit = phase === null ? null : silenceLimits[phase];
  return limit === null ? null : Math.max(limit, 2 * usualGapMs);
}

/** Whether a feed that should bring something was silent for longer than is usual for it in this phase of the trade day. */
export function isTooQuiet(
  { ageMs, state, usualGapMs }: Omit<FeedBeat, 'id'>,
  phase: Phase | null,
): boolean {
  if (state !== 'running' || ageMs === null) return false;
  const limit = silenceLimit(phase, usualGapMs);
  return limit !== null && ageMs > limit;
}

/** Writes an age as people say it: `4.2 s`, `3 min`. */
export function ageText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.floor(ms / 1_000)} s`;
  return `${Math.floor(ms / 60_000)} min`;
}

/** When the next connection is tried, in whole seconds. */
function retryText({ now, retryAt, socket }: LinkFacts): string {
  if (socket !== 'closed' || retryAt === null) return '';
  const seconds = Math.ceil((retryAt - now) / 1_000);
  return seconds <= 0 ? '; connecting again now' : `; next try in ${seconds} s`;
}

function brokenLink(facts: LinkFacts, ageMs: number | null): Link | null {
  const { now, socket, since, beatAt, hasGap, closeCode } = facts;
  const said = closeWords(closeCode);
  const trouble = 'link';
  if (said) return { state: 'DOWN', ageMs, ...said, trouble };
  if (beatAt === null) {
    if (socket !== 'closed' && now - since < linkLimits.down)
      return { state: 'LOADING', ageMs, text: 'connecting to the engine' };
    const text = `no connection to the engine${retryText(facts)}`;
    return { state: 'DOWN', ageMs, text, trouble };
  }
  const age = now - beatAt;
  if (socket === 'closed' || age > linkLimits.down) {
    const text = `connection lost, last word ${ageText(age)} ago${retryText(facts)}`;
    return { state: 'DOWN', ageMs, text, trouble };
  }
  if (age > linkLimits.stale)
    return { state: 'STALE', ageMs, text: `no word from the engine for ${ageText(age)}`, trouble };
  if (hasGap)
    return { state: 'STALE', ageMs, text: 'events are missing; reading them again', trouble };
  return null;
}

function quietLink({ ageMs: feedMs }: FeedBeat, isLong: boolean, ageMs: number | null): Link {
  if (feedMs === null) return { state: 'QUIET', ageMs, text: 'no record yet' };
  const text = `quiet ${ageText(feedMs)}`;
  if (!isLong) return { state: 'QUIET', ageMs, text };
  return { state: 'QUIET', ageMs, text: `${text}, longer than is usual now`, isTooQuiet: true };
}

const feedTodo = 'The engine answers and nothing new comes in: Health says why.';

function feedLink({ feed, phase }: LinkFacts, ageMs: number | null): Link {
  if (feed === null || feed.state === 'starting')
    return { state: 'LOADING', ageMs, text: 'the engine is starting' };
  if (feed.state === 'failed')
    return {
      state: 'DOWN',
      ageMs,
      text: `feed '${feed.id}' failed`,
      todo: feedTodo,
      trouble: 'feed',
    };
  if (feed.state === 'catching-up')
    return { state: 'LAGGING', ageMs, text: 'earlier days are being run at full speed' };
  if (feed.state === 'paused') return { state: 'QUIET', ageMs, text: 'the market is paused' };
  if (feed.state === 'ended') return { state: 'CLOSED', ageMs, text: 'the feed has ended' };
  if (phase === 'closed') return { state: 'CLOSED', ageMs, text: 'the market is closed' };
  if (phase === 'halt') return { state: 'CLOSED', ageMs, text: 'trading is halted' };
  if (feed.ageMs === null || feed.ageMs > linkLimits.quiet)
    return quietLink(feed, isTooQuiet(feed, phase), ageMs);
  return { state: 'LIVE', ageMs, text: 'live' };
}

/** The engine or its feed answers, but late. */
function slowLink({ engineMs, feed }: LinkFacts, ageMs: number | null): Link | null {
  if (ageMs !== null && ageMs > linkLimits.lagging)
    return { state: 'LAGGING', ageMs, text: `the engine answers slowly: ${Math.round(ageMs)} ms` };
  if (engineMs === null || feed?.state !== 'running' || feed.ageMs === null) return null;
  // A run without new records has no turn to take: late is one whose feed brought some since.
  const behind = Math.round(engineMs - feed.ageMs);
  if (behind <= linkLimits.engine) return null;
  return { state: 'LAGGING', ageMs, text: `the engine is behind its feed: ${behind} ms` };
}

/** Judges the link: the worst that holds. Nothing here reads a clock. */
export function linkOf(facts: LinkFacts): Link {
  const ageMs = facts.beatAt === null ? null : facts.now - facts.beatAt;
  const broken = brokenLink(facts, ageMs);
  if (broken) return broken;
  if (facts.feed?.state !== 'failed' && facts.isReplay)
    return { state: 'REPLAY', ageMs, text: 'recorded data' };
  return slowLink(facts, ageMs) ?? feedLink(facts, ageMs);
}

/** States of a feed from the worst to the best. */
const feedRank = ['failed', 'starting', 'catching-up', 'ended', 'paused', 'running'] as const;

/** The feed that is worst off; of several of one state the one that is silent longest. Null without feeds. */
export function worstFeed(feeds: readonly FeedBeat[]): FeedBeat | null {
  const silence = ({ ageMs }: FeedBeat): number => ageMs ?? Number.MAX_SAFE_INTEGER;
  const [worst] = [...feeds].sort(
    (a, b) => feedRank.indexOf(a.state) - feedRank.indexOf(b.state) || silence(b) - silence(a),
  );
  return worst ?? null;
}
