import { type Acceptance, beginAcceptance, type ClosedPeriod, closeAcceptance } from '#engine';
import type { Case, Trigger, Way } from './scenarios.ts';

/** Five minutes of the regular session. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  readonly high: number | null;
  readonly low: number | null;
}

/** Where one scenario stands. */
export interface Track {
  readonly id: string;
  /** 0: a scenario that only stands aside. */
  readonly way: Way | 0;
  readonly trigger: Trigger | null;
  readonly target: number | null;
  readonly invalidation: number | null;
  readonly status: 'waiting' | 'open' | 'target' | 'invalidated' | 'closed';
  /** Acceptance of the trigger's level, then, once triggered, of the invalidation. */
  readonly watch: Acceptance;
  readonly triggeredAt: number | null;
  readonly entry: number | null;
  readonly best: number | null;
  readonly worst: number | null;
  /** Where it ended; null while it runs. */
  readonly price: number | null;
}

const nothing = { triggeredAt: null, entry: null, best: null, worst: null, price: null };

/** Begins to follow scenarios at the open. */
export function beginTracks(cases: readonly Case[], open: number, ts: number): Track[] {
  return cases.map(({ scenario, trigger }) => ({
    ...nothing,
    id: scenario.id,
    way: scenario.side === 'flat' ? 0 : scenario.side === 'long' ? 1 : -1,
    trigger,
    target: scenario.target,
    invalidation: scenario.invalidation,
    status: 'waiting',
    watch: beginAcceptance(trigger?.level ?? open, trigger?.way ?? 1, open, ts),
  }));
}

function triggered(track: Track, entry: number, ts: number): Track {
  const { way, invalidation } = track;
  return {
    ...track,
    status: 'open',
    triggeredAt: ts,
    entry,
    best: entry,
    worst: entry,
    watch: beginAcceptance(invalidation ?? entry, way > 0 ? -1 : 1, entry, ts),
  };
}

/** A touch inside these five minutes: only what went against the trade counts, since they do not order high and low. */
function touched(track: Track, low: number, high: number, ts: number): Track {
  const { trigger, way } = track;
  if (trigger === null || trigger.kind !== 'touch' || way === 0) return track;
  const isReached = trigger.way < 0 ? low <= trigger.level : high >= trigger.level;
  if (!isReached) return track;
  const entry = trigger.way < 0 ? Math.min(high, trigger.level) : Math.max(low, trigger.level);
  return { ...triggered(track, entry, ts), worst: way > 0 ? low : high };
}

function ran(track: Track, low: number, high: number): Track {
  const { way, best, worst, target } = track;
  if (way === 0 || best === null || worst === null) return track;
  const [good, bad] = way > 0 ? [high, low] : [low, high];
  const isThere = target !== null && (good - target) * way >= 0;
  const reached = isThere ? target : good;
  return {
    ...track,
    best: (reached - best) * way > 0 ? reached : best,
    worst: (bad - worst) * way < 0 ? bad : worst,
    ...(isThere ? { status: 'target' as const, price: target } : {}),
  };
}

/** Takes a scenario through five minutes: a touch triggers it, its target ends it, excursions grow. */
export function seeSlice(track: Track, { start, end, high, low }: Slice): Track {
  if (high === null || low === null) return track;
  if (track.status === 'waiting') return touched(track, low, high, end);
  const isLater = track.status === 'open' && start >= (track.triggeredAt ?? end);
  return isLater ? ran(track, low, high) : track;
}

function decided(track: Track, trigger: Trigger, closed: ClosedPeriod): Track {
  const watch = closeAcceptance(track.watch, trigger.level, trigger.way, closed);
  const wanted = trigger.kind === 'accept' ? 'accepted' : 'rejected';
  const isNew = watch.status === wanted && track.watch !== watch;
  if (!isNew || closed.close === null) return { ...track, watch };
  return triggered(track, closed.close, closed.end);
}

function invalidated(track: Track, level: number, way: Way, closed: ClosedPeriod): Track {
  const watch = closeAcceptance(track.watch, level, way > 0 ? -1 : 1, closed);
  if (watch.status !== 'accepted') return { ...track, watch };
  return { ...track, watch, status: 'invalidated', price: closed.close };
}

/** Takes a scenario through the end of a period: closes trigger it or break it. */
export function seeClose(track: Track, closed: ClosedPeriod): Track {
  const { status, trigger, way, invalidation, triggeredAt } = track;
  if (status === 'waiting')
    return trigger === null || trigger.kind === 'touch' ? track : decided(track, trigger, closed);
  if (status !== 'open' || way === 0 || invalidation === null) return track;
  return (triggeredAt ?? 0) < closed.end ? invalidated(track, invalidation, way, closed) : track;
}

/** Ends what still runs at the regular end. */
export function endTrack(track: Track, close: number): Track {
  return track.status === 'open' && track.way !== 0
    ? { ...track, status: 'closed', price: close }
    : track;
}

/** Returns whether a triggered trade has ended. */
export function isEnded({ status, way }: Track): boolean {
  return way !== 0 && (status === 'target' || status === 'invalidated' || status === 'closed');
}
