import { microsPerMinute } from './time.ts';

/** 1: beyond means above the level; -1: below it. */
export type Beyond = 1 | -1;

/** What came of trading beyond a level. */
export type AcceptanceStatus =
  /** Nothing traded beyond it since it was armed. */
  | 'waiting'
  /** Traded beyond; the closes have not decided. */
  | 'pending'
  /** Two periods in a row closed beyond, or volume was built there. */
  | 'accepted'
  /** A period closed back after a trade beyond. */
  | 'rejected'
  /** After an acceptance or an open beyond, two periods in a row closed back. */
  | 'reentered'
  /** The regular session ended while it was pending. */
  | 'unresolved';

/** Where one level stands in one direction; plain values, so that it fits a machine's context. */
export interface Acceptance {
  readonly status: AcceptanceStatus;
  /** Event time of the first trade beyond; null while waiting. */
  readonly since: number | null;
  /** The session opened beyond: it can be accepted or re-entered, never rejected. */
  readonly openedBeyond: boolean;
  /** Periods that ended since the first trade beyond. */
  readonly periods: number;
  /** Closes beyond in a row. */
  readonly beyond: number;
  /** Closes back in a row. */
  readonly back: number;
}

/** A period that ended; a `period` record has these fields. */
export interface ClosedPeriod {
  readonly start: number;
  readonly end: number;
  readonly high: number | null;
  readonly low: number | null;
  /** Null: nothing traded in it. */
  readonly close: number | null;
}

/** Volume since the first trade beyond, and the developing point of control now. */
export interface VolumeBeyond {
  readonly beyond: number;
  readonly total: number;
  readonly poc: number;
}

/** How much it takes. */
export interface AcceptanceOptions {
  /** Closes in a row that accept or re-enter; a rejection comes within as many periods. */
  readonly closes: number;
  /** Minutes since the first trade beyond, for acceptance by volume. */
  readonly minutes: number;
  /** Share of the volume since then that lies beyond. */
  readonly volumeShare: number;
}

const usual: AcceptanceOptions = { closes: 2, minutes: 60, volumeShare: 0.6 };

/** A level that nothing traded beyond. */
export const waitingAcceptance: Acceptance = {
  status: 'waiting',
  since: null,
  openedBeyond: false,
  periods: 0,
  beyond: 0,
  back: 0,
};

/** Whether a price lies beyond a level, by a tick at least; exactly at the level is not beyond. */
export function isBeyond(price: number, level: number, direction: Beyond): boolean {
  return direction > 0 ? price > level : price < level;
}

/** Starts a level at the open of the session, or where it becomes valid: a price beyond it counts from there. */
export function beginAcceptance(
  level: number,
  direction: Beyond,
  price: number,
  ts: number,
): Acceptance {
  if (!isBeyond(price, level, direction)) return waitingAcceptance;
  return { ...waitingAcceptance, status: 'pending', since: ts, openedBeyond: true };
}

/** Takes note of a trade beyond the level; only the first one since it was armed matters. */
export function crossAcceptance(state: Acceptance, ts: number): Acceptance {
  const isOpen = state.status === 'pending' || state.status === 'accepted';
  return isOpen ? state : { ...waitingAcceptance, status: 'pending', since: ts };
}

function isBuiltBeyond(
  since: number,
  end: number,
  level: number,
  direction: Beyond,
  volume: VolumeBeyond | null,
  options: AcceptanceOptions,
): boolean {
  if (volume === null || volume.total <= 0) return false;
  return (
    end - since >= options.minutes * microsPerMinute &&
    volume.beyond >= options.volumeShare * volume.total &&
    isBeyond(volume.poc, level, direction)
  );
}

/** Counts a period that ended into the two runs of closes. */
function counted(
  state: Acceptance,
  level: number,
  direction: Beyond,
  close: number | null,
): Acceptance {
  const isOut = close !== null && isBeyond(close, level, direction);
  return {
    ...state,
    periods: state.periods + 1,
    beyond: isOut ? state.beyond + 1 : 0,
    back: close === null || isOut ? 0 : state.back + 1,
  };
}

/** What a pending level becomes at a close that was counted. */
function decide(now: Acceptance, isBuilt: boolean, closes: number): AcceptanceStatus {
  if (now.beyond >= closes || (isBuilt && now.beyond > 0)) return 'accepted';
  if (now.back === 0) return 'pending';
  if (now.openedBeyond) return now.back >= closes ? 'reentered' : 'pending';
  return now.periods <= closes ? 'rejected' : 'waiting';
}

/**
 * Takes a level through the end of a period, by these rules:
 *
 * - beyond is strict; a close exactly at the level is back;
 * - a period that traded beyond an armed level starts it, if {@link crossAcceptance} did not: at the period's start;
 * - `closes` closes beyond in a row accept; so does, at a close beyond, `minutes` since the first trade beyond with
 *   `volumeShare` of the volume since then and the developing point of control beyond (`volume` null: not looked at);
 * - a close back within `closes` periods rejects; a later one, possible after a period without a trade, arms again;
 * - a session that opened beyond is not rejected: `closes` closes back in a row re-enter it;
 * - an acceptance stands until `closes` closes back in a row re-enter it;
 * - a period without a trade has no close: it breaks both counts;
 * - rejected and re-entered levels are armed: the close that made them so lies on the origin side.
 */
export function closeAcceptance(
  state: Acceptance,
  level: number,
  direction: Beyond,
  period: ClosedPeriod,
  volume: VolumeBeyond | null = null,
  options: AcceptanceOptions = usual,
): Acceptance {
  const extreme = direction > 0 ? period.high : period.low;
  const hasCrossed = extreme !== null && isBeyond(extreme, level, direction);
  const before = hasCrossed ? crossAcceptance(state, period.start) : state;
  const now = counted(before, level, direction, period.close);
  if (before.status === 'accepted') {
    return now.back >= options.closes ? { ...now, status: 'reentered' } : now;
  }
  if (before.status !== 'pending') return before;
  const since = before.since ?? period.start;
  const isBuilt = isBuiltBeyond(since, period.end, level, direction, volume, options);
  const status = decide(now, isBuilt, options.closes);
  return status === 'waiting' ? waitingAcceptance : { ...now, status };
}

/** Ends the regular session: what is pending then stays undecided. */
export function endAcceptance(state: Acceptance): Acceptance {
  return state.status === 'pending' ? { ...state, status: 'unresolved' } : state;
}
