import {
  addDays,
  type Instrument,
  OrderflowError,
  parseTradeDate,
  parseUtc,
  type SessionDay,
  sessionDay,
} from '#engine';

/** The part of the files to use: from <= time stamp < until, in microseconds. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

const tradeDateText = /^\d{4}-\d{2}-\d{2}$/;

/** Returns the trading day of a date, or the nearest one in the direction of `step` when nothing trades on it. */
function dayOf(instrument: Instrument, text: string, step: 1 | -1): SessionDay {
  for (let date = parseTradeDate(text); ; date = addDays(date, step)) {
    const day = sessionDay(instrument.calendar, date);
    if (day !== null) return day;
  }
}

/**
 * Returns the range of the configuration. A trade date stands for its whole trading day, `to` included; an instant is
 * exact, `to` excluded.
 *
 * @throws {OF_TIME_UNREADABLE} when a text is neither a trade date nor an instant.
 * @throws {OF_REPLAY_RANGE} when the range holds no time.
 */
export function timeRange(
  instrument: Instrument,
  from: string | undefined,
  to: string | undefined,
): TimeRange {
  const start = (text: string): number =>
    tradeDateText.test(text) ? dayOf(instrument, text, 1).open : parseUtc(text);
  const end = (text: string): number =>
    tradeDateText.test(text) ? dayOf(instrument, text, -1).close : parseUtc(text);
  const range = {
    from: from === undefined ? -Infinity : start(from),
    until: to === undefined ? Infinity : end(to),
  };
  if (range.from < range.until) return range;
  throw new OrderflowError('OF_REPLAY_RANGE', { from: from ?? '', to: to ?? '' });
}
