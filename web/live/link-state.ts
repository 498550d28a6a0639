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
  /** Events are missing and have not been fetched again. */
  readonly hasGap: boolean;
  /** A cursor of time travel is set, or the source is a recording. */
  readonly isReplay: boolean;
  readonly feed: FeedBeat | null;
  /** Phase of the trade day; null before the first record. */
  readonly phase: string | null;
}

/** What is shown of the link. */
export interface Link {
  readonly state: LinkState;
  /** Age of the last beat; null before the first. */
  readonly ageMs: number | null;
  /** One plain sentence. */
  readonly text: string;
  /** What is done about it, where the server said why it ended the connection. */
  readonly todo?: string;
}

/** Limits of INTERFACE section 6, in milliseconds. */
export const linkLimits = { lagging: 1_500, stale: 3_000, down: 10_000, quiet: 5_000 } as const;

const closedPhases: ReadonlySet<string> = new Set(['closed', 'halt']);

/** Writes an age as people say it: `4.2 s`, `3 min`. */
export function ageText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.floor(ms / 1_000)} s`;
  return `${Math.floor(ms / 60_000)} min`;
}

function brokenLink(facts: LinkFacts, ageMs: number | null): Link | null {
  const { now, socket, since, beatAt, hasGap, closeCode } = facts;
  const said = closeWords(closeCode);
  if (said) return { state: 'DOWN', ageMs, ...said };
  if (beatAt === null) {
    if (socket !== 'closed' && now - since < linkLimits.down)
      return { state: 'LOADING', ageMs, text: 'connecting to the engine' };
    return { state: 'DOWN', ageMs, text: 'no connection to the engine' };
  }
  const age = now - beatAt;
  if (socket === 'closed' || age > linkLimits.down)
    return { state: 'DOWN', ageMs, text: `connection lost, last word ${ageText(age)} ago` };
  if (age > linkLimits.stale)
    return { state: 'STALE', ageMs, text: `no word from the engine for ${ageText(age)}` };
  if (hasGap) return { state: 'STALE', ageMs, text: 'events are missing; reading them again' };
  return null;
}

function feedLink({ feed, phase }: LinkFacts, ageMs: number | null): Link {
  if (feed === null || feed.state === 'starting')
    return { state: 'LOADING', ageMs, text: 'the engine is starting' };
  if (feed.state === 'failed')
    return { state: 'DOWN', ageMs, text: `feed '${feed.id}' failed; see /health` };
  if (feed.state === 'catching-up')
    return { state: 'LAGGING', ageMs, text: 'earlier days are being run at full speed' };
  if (feed.state === 'paused') return { state: 'QUIET', ageMs, text: 'the market is paused' };
  if (feed.state === 'ended') return { state: 'CLOSED', ageMs, text: 'the feed has ended' };
  if (phase !== null && closedPhases.has(phase))
    return { state: 'CLOSED', ageMs, text: 'the market is closed' };
  if (feed.ageMs === null || feed.ageMs > linkLimits.quiet)
    return {
      state: 'QUIET',
      ageMs,
      text: feed.ageMs === null ? 'no record yet' : `quiet ${ageText(feed.ageMs)}`,
    };
  return { state: 'LIVE', ageMs, text: 'live' };
}

/** Judges the link: the worst that holds. Nothing here reads a clock. */
export function linkOf(facts: LinkFacts): Link {
  const ageMs = facts.beatAt === null ? null : facts.now - facts.beatAt;
  const broken = brokenLink(facts, ageMs);
  if (broken) return broken;
  if (facts.isReplay) return { state: 'REPLAY', ageMs, text: 'recorded data' };
  if (ageMs !== null && ageMs > linkLimits.lagging)
    return { state: 'LAGGING', ageMs, text: `the engine answers slowly: ${Math.round(ageMs)} ms` };
  return feedLink(facts, ageMs);
}
