import { OrderflowError } from '../errors.ts';
import {
  type CalendarId,
  calendarCoverage,
  type HolidayId,
  holidayDates,
} from './calendar-data.ts';
import {
  datedHalts,
  type HolidayHours,
  holidayHours,
  type RegularHours,
  regularHours,
} from './calendar-hours.ts';
import {
  addDays,
  clockMicros,
  formatTradeDate,
  microsPerDay,
  type TradeDate,
  weekdayOf,
  zonedClock,
  zonedDate,
  zonedToUtc,
} from './time.ts';

/** One trading day of a calendar; every instant is event time in microseconds, every interval half-open. */
export interface SessionDay {
  readonly tradeDate: TradeDate;
  /** First instant of trading: 18:00 New York on the evening before for the futures. */
  readonly open: number;
  readonly close: number;
  /** Start of the regular session, null on a day without one. */
  readonly rthOpen: number | null;
  readonly rthEnd: number | null;
  /** Stops of trading inside the day, ascending. */
  readonly halts: readonly { readonly from: number; readonly to: number }[];
  /** Closes early, holidays included: not a member of averages. */
  readonly short: boolean;
  /** A holiday on which the futures trade some hours: never a prior session. */
  readonly holiday: boolean;
}

/** Readings of the calendar on which practice differs. */
export interface SessionOptions {
  /** End of the regular session: the cash market's (16:00) or that of the trading pit (16:15). */
  readonly rth?: 'cash' | 'legacy';
  /** On a holiday with trading hours: a short regular session, or none. */
  readonly holidays?: 'short' | 'none';
}

const zone = 'America/New_York';
const sunday = 0;
const saturday = 6;

const holidayOf: ReadonlyMap<TradeDate, HolidayId> = new Map(
  holidayDates.flatMap(({ holiday, dates }) => dates.map((date) => [date, holiday] as const)),
);

/** Days already computed; a pure memory, since a day follows from the tables alone. */
const known = new Map<string, Map<TradeDate, SessionDay | null>>();

function knownDays(
  calendar: CalendarId,
  options: SessionOptions,
): Map<TradeDate, SessionDay | null> {
  const key = `${calendar} ${options.rth ?? 'cash'} ${options.holidays ?? 'short'}`;
  let days = known.get(key);
  if (days === undefined) {
    days = new Map();
    known.set(key, days);
  }
  return days;
}

function uncovered(calendar: CalendarId, date: TradeDate): OrderflowError {
  return new OrderflowError('OF_CALENDAR_UNCOVERED', {
    calendar,
    date: formatTradeDate(date),
    from: formatTradeDate(calendarCoverage.from),
    until: formatTradeDate(calendarCoverage.until),
  });
}

/**
 * Returns the trading day of a date, null when nothing trades on it.
 *
 * @throws {OF_CALENDAR_UNCOVERED} when the date lies outside the holiday table.
 */
export function sessionDay(
  calendar: CalendarId,
  tradeDate: TradeDate,
  options: SessionOptions = {},
): SessionDay | null {
  const days = knownDays(calendar, options);
  const cached = days.get(tradeDate);
  if (cached !== undefined) return cached;
  const day = computeDay(calendar, tradeDate, options);
  days.set(tradeDate, day);
  return day;
}

function computeDay(
  calendar: CalendarId,
  date: TradeDate,
  options: SessionOptions,
): SessionDay | null {
  const regular = regularHours.find(
    (row) => row.calendar === calendar && row.from <= date && date <= row.until,
  );
  if (regular === undefined) throw uncovered(calendar, date);
  if (isWeekend(date)) return null;
  const special = specialHours(calendar, date);
  if (special !== null && special.close === null) return null;
  const at = (clock: string): number => zonedToUtc(zone, date, clock);
  const close = at(special?.close ?? regular.close);
  const open = at(regular.open) - (regular.opensEveBefore ? microsPerDay : 0);
  const rth = regularSession(regular, special, options, at, close);
  return {
    tradeDate: date,
    open,
    close,
    rthOpen: rth?.open ?? null,
    rthEnd: rth?.end ?? null,
    halts: haltsOf(calendar, date, regular, at, close),
    short: special !== null,
    holiday: isHoliday(special),
  };
}

function isWeekend(date: TradeDate): boolean {
  const weekday = weekdayOf(date);
  return weekday === sunday || weekday === saturday;
}

function isHoliday(special: HolidayHours | null): boolean {
  return special !== null && special.holiday;
}

function specialHours(calendar: CalendarId, date: TradeDate): HolidayHours | null {
  const holiday = holidayOf.get(date);
  if (holiday === undefined) return null;
  const row = holidayHours.find(
    (hours) =>
      hours.calendars.includes(calendar) &&
      hours.holidays.includes(holiday) &&
      hours.from <= date &&
      date <= hours.until,
  );
  return row ?? null;
}

function regularSession(
  regular: RegularHours,
  special: HolidayHours | null,
  options: SessionOptions,
  at: (clock: string) => number,
  close: number,
): { open: number; end: number } | null {
  const legacy = options.rth === 'legacy';
  if (isHoliday(special) && options.holidays === 'none') return null;
  const ordinaryEnd = at(legacy ? regular.legacyRthEnd : regular.rthEnd);
  const earlyEnd = special?.rthEnd === undefined || legacy ? close : at(special.rthEnd);
  const open = at(regular.rthOpen);
  const end = Math.min(ordinaryEnd, earlyEnd);
  return end > open ? { open, end } : null;
}

function haltsOf(
  calendar: CalendarId,
  date: TradeDate,
  regular: RegularHours,
  at: (clock: string) => number,
  close: number,
): { from: number; to: number }[] {
  const daily = regular.halts.map(([from, to]) => ({ from: at(from), to: at(to) }));
  const dated = datedHalts
    .filter((halt) => halt.date === date && halt.calendars.includes(calendar))
    .map((halt) => ({ from: at(halt.from), to: at(halt.to) }));
  return [...dated, ...daily].filter((halt) => halt.to < close).sort((a, b) => a.from - b.from);
}

/**
 * Returns the trading day an instant belongs to; in a closed gap the next one.
 *
 * Sunday evening belongs to Monday, the instant of the close to the next day.
 *
 * @throws {OF_CALENDAR_UNCOVERED} when the instant lies outside the holiday table.
 */
export function sessionAt(
  calendar: CalendarId,
  ts: number,
  options: SessionOptions = {},
): SessionDay {
  const evening = zonedClock(zone, ts) >= eveningOpen(calendar);
  let date = zonedDate(zone, ts);
  if (evening) date = addDays(date, 1);
  for (;;) {
    const day = sessionDay(calendar, date, options);
    if (day !== null && ts < day.close) return day;
    date = addDays(date, 1);
  }
}

function eveningOpen(calendar: CalendarId): number {
  return calendar === 'us-equity' ? microsPerDay : clockMicros('18:00');
}

/**
 * Returns the trading day after another one, holidays with trading hours included.
 *
 * @throws {OF_CALENDAR_UNCOVERED} when the holiday table ends before it.
 */
export function nextSession(
  calendar: CalendarId,
  day: SessionDay,
  options: SessionOptions = {},
): SessionDay {
  return neighbour(calendar, day.tradeDate, 1, options);
}

/**
 * Returns the trading day before another one, holidays with trading hours included.
 *
 * @throws {OF_CALENDAR_UNCOVERED} when the holiday table begins after it.
 */
export function previousSession(
  calendar: CalendarId,
  day: SessionDay,
  options: SessionOptions = {},
): SessionDay {
  return neighbour(calendar, day.tradeDate, -1, options);
}

function neighbour(
  calendar: CalendarId,
  from: TradeDate,
  step: 1 | -1,
  options: SessionOptions,
): SessionDay {
  for (let date = addDays(from, step); ; date = addDays(date, step)) {
    const day = sessionDay(calendar, date, options);
    if (day !== null) return day;
  }
}

/** Returns whether exchanges settle on a date: a weekday that is no holiday. Early closes settle. */
export function isBusinessDay(date: TradeDate): boolean {
  if (isWeekend(date)) return false;
  const holiday = holidayOf.get(date);
  return holiday === undefined || earlyCloses.includes(holiday);
}

const earlyCloses: readonly HolidayId[] = [
  'independence-eve',
  'thanksgiving-friday',
  'christmas-eve',
  'mourning',
];
