import { isOrderflowError } from '../errors.ts';
import { caseTime } from '../inspect/flow-test-feed.ts';
import type { Instrument } from '../market/instrument.ts';
import { sessionDay } from '../market/session.ts';
import type { Zone } from '../market/time.ts';
import {
  clockMicros,
  microsPerMinute,
  microsPerSecond,
  parseTradeDate,
  parseUtc,
  type TradeDate,
  zonedToUtc,
} from '../market/time.ts';

/** What times of a command line are read with. */
export interface TimeContext {
  readonly zone: Zone;
  readonly instrument: Instrument;
  /** The trade date of times without one. */
  readonly tradeDate: TradeDate;
}

const clockText = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/;
const dateText = /^\d{4}-\d{2}-\d{2}$/;
const localText = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6}))?$/;

/** A time without seconds means all of its minute, one without a fraction all of its second. */
function lastOf(text: string): number {
  if (text.includes('.')) return 0;
  return (text.split(':').length === 2 ? microsPerMinute : microsPerSecond) - 1;
}

function dayBounds(
  text: string,
  { instrument, zone }: TimeContext,
): { readonly from: number; readonly to: number } {
  const date = parseTradeDate(text);
  const day = sessionDay(instrument.calendar, date);
  const midnight = zonedToUtc(zone, date, '00:00');
  return { from: day?.open ?? midnight, to: day?.close ?? midnight };
}

/**
 * Reads a bound of a range of event time: `10:04` or `10:04:10` of the trade date (18:00 and later: the evening before),
 * `2025-11-19` (from the open of that trade date, or to its close), `2025-11-19 10:04` in the flow's zone, or an instant
 * with a zone such as `2025-11-19T15:04:10Z`. Null for any other text.
 */
export function timeBound(text: string, end: 'from' | 'to', context: TimeContext): number | null {
  try {
    return read(text, end, context);
  } catch (error) {
    if (isOrderflowError(error, 'OF_TIME_UNREADABLE')) return null;
    throw error;
  }
}

function read(text: string, end: 'from' | 'to', context: TimeContext): number {
  const more = end === 'to' ? lastOf(text) : 0;
  if (clockText.test(text)) return caseTime(context.zone, context.tradeDate, text) + more;
  if (dateText.test(text)) return dayBounds(text, context)[end];
  const local = localText.exec(text);
  if (!local) return parseUtc(text);
  const [, date = '', clock = '', fraction = ''] = local;
  return (
    zonedToUtc(context.zone, parseTradeDate(date), clockMicros(clock)) +
    Number(fraction.padEnd(6, '0')) +
    more
  );
}
