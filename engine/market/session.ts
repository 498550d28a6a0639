import { type SessionDay, type SessionOptions, sessionAt } from './calendar.ts';
import type { CalendarId } from './calendar-data.ts';
import { microsPerMinute } from './time.ts';

export {
  nextSession,
  previousSession,
  type SessionDay,
  type SessionOptions,
  sessionAt,
  sessionDay,
} from './calendar.ts';

/** What part of its trading day a market is in. */
export type Phase =
  | 'closed'
  | 'overnight'
  | 'pre-open'
  | 'rth-opening'
  | 'rth-main'
  | 'rth-closing'
  | 'post-rth'
  | 'halt';

const preOpen = 30 * microsPerMinute;
const opening = 60 * microsPerMinute;
const closing = 30 * microsPerMinute;

function phaseWithin(day: SessionDay, ts: number): Phase {
  if (ts < day.open || ts >= day.close) return 'closed';
  if (day.halts.some((halt) => ts >= halt.from && ts < halt.to)) return 'halt';
  const { rthOpen, rthEnd } = day;
  if (rthOpen === null || rthEnd === null || ts < rthOpen - preOpen) return 'overnight';
  if (ts < rthOpen) return 'pre-open';
  if (ts >= rthEnd) return 'post-rth';
  if (ts >= rthEnd - closing) return 'rth-closing';
  return ts < rthOpen + opening ? 'rth-opening' : 'rth-main';
}

/**
 * Returns the changes of phase of a trading day, ascending, from its open to its close.
 *
 * Overnight at the open, pre-open half an hour before the regular session, its opening hour, its main part, its last
 * half hour, post-rth, closed; a halt interrupts and hands back to the phase of the clock.
 */
export function phasesOf(day: SessionDay): { ts: number; phase: Phase }[] {
  const times = [day.open, day.close];
  if (day.rthOpen !== null && day.rthEnd !== null) {
    times.push(day.rthOpen - preOpen, day.rthOpen, day.rthOpen + opening);
    times.push(day.rthEnd - closing, day.rthEnd);
  }
  for (const halt of day.halts) times.push(halt.from, halt.to);
  times.sort((a, b) => a - b);
  const phases: { ts: number; phase: Phase }[] = [];
  for (const ts of times) {
    if (ts < day.open || ts > day.close) continue;
    const phase = phaseWithin(day, ts);
    if (phases.at(-1)?.phase !== phase) phases.push({ ts, phase });
  }
  return phases;
}

/**
 * Returns the phase of a market at an instant.
 *
 * @throws {OF_CALENDAR_UNCOVERED} when the instant lies outside the holiday table.
 */
export function phaseAt(calendar: CalendarId, ts: number, options: SessionOptions = {}): Phase {
  return phaseWithin(sessionAt(calendar, ts, options), ts);
}
