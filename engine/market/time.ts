import { OrderflowError } from '../errors.ts';

/** A trading day as an integer, year·10000 + month·100 + day: 20130903 is 2013-09-03. */
export type TradeDate = number;

/** The time zones the engine computes itself; every other clock belongs to the web app. */
export type Zone = 'America/New_York' | 'America/Chicago' | 'UTC';

/** A day of the proleptic Gregorian calendar; `month` and `day` count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Microseconds in a millisecond. */
export const microsPerMillisecond = 1_000;
/** Microseconds in a second. */
export const microsPerSecond = 1_000_000;
/** Microseconds in a minute. */
export const microsPerMinute = 60_000_000;
/** Microseconds in an hour. */
export const microsPerHour = 3_600_000_000;
/** Microseconds in a day without a clock change. */
export const microsPerDay = 86_400_000_000;

const standardOffsetHours: Readonly<Record<Zone, number>> = {
  'America/New_York': -5,
  'America/Chicago': -6,
  UTC: 0,
};

const clockText = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const dateText = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantText =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?)?$/;

function unreadable(text: string, expected: string): OrderflowError {
  return new OrderflowError('OF_TIME_UNREADABLE', { text, expected });
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

/**
 * Returns the number of days from 1970-01-01 to a civil date; earlier dates are negative.
 *
 * Counts years from 1 March, so that the leap day is the last day of a year.
 *
 * @source H. Hinnant, "chrono-compatible low-level date algorithms".
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Returns the civil date a number of days after 1970-01-01: the inverse of {@link daysFromCivil}. */
export function civilFromDays(days: number): CivilDate {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** Returns the days since 1970-01-01 of a trade date. */
export function daysFromTradeDate(date: TradeDate): number {
  const month = Math.floor(date / 100) % 100;
  return daysFromCivil(Math.floor(date / 10_000), month, date % 100);
}

/** Returns the trade date a number of days after 1970-01-01. */
export function tradeDateFromDays(days: number): TradeDate {
  const { year, month, day } = civilFromDays(days);
  return year * 10_000 + month * 100 + day;
}

/** Returns the trade date `days` calendar days later; a negative number goes back. */
export function addDays(date: TradeDate, days: number): TradeDate {
  return tradeDateFromDays(daysFromTradeDate(date) + days);
}

/** Returns the day of the week: 0 = Sunday to 6 = Saturday. */
export function weekdayOf(date: TradeDate): number {
  return (((daysFromTradeDate(date) + 4) % 7) + 7) % 7;
}

const dateTexts = new Map<TradeDate, string>();
const mostDateTexts = 10_000;

/** Writes a trade date as `2013-09-03`. Rows of every second carry one, so a text is made once and then the same object. */
export function formatTradeDate(date: TradeDate): string {
  const known = dateTexts.get(date);
  if (known !== undefined) return known;
  const year = String(Math.floor(date / 10_000)).padStart(4, '0');
  const text = `${year}-${two(Math.floor(date / 100) % 100)}-${two(date % 100)}`;
  if (dateTexts.size < mostDateTexts) dateTexts.set(date, text);
  return text;
}

/**
 * Reads `2013-09-03` as the trade date 20130903.
 *
 * @throws {OF_TIME_UNREADABLE} when the text is not a date of the calendar.
 */
export function parseTradeDate(text: string): TradeDate {
  const parts = dateText.exec(text);
  const date = parts === null ? 0 : Number(`${parts[1]}${parts[2]}${parts[3]}`);
  if (parts === null || addDays(date, 0) !== date) {
    throw unreadable(text, 'a calendar date like 2013-09-03');
  }
  return date;
}

/**
 * Reads `09:25` or `09:25:30` as microseconds since midnight.
 *
 * @throws {OF_TIME_UNREADABLE} when the text is not a clock time from 00:00 to 23:59:59.
 */
export function clockMicros(text: string): number {
  const parts = clockText.exec(text);
  if (parts === null) throw unreadable(text, 'a clock time like 09:25 or 09:25:30');
  return (
    (Number(parts[1]) * 3_600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0)) * microsPerSecond
  );
}

/**
 * Cuts epoch nanoseconds, as text, to whole microseconds.
 *
 * Works on the digits, because nanoseconds since 1970 do not fit a double; floors, also below zero.
 *
 * @throws {OF_TIME_UNREADABLE} when the text is not an integer, or leaves the exact range of a double.
 */
export function nanosToMicros(text: string): number {
  const first = text.charCodeAt(0) === 45 ? 1 : 0;
  const cut = text.length - 3;
  let whole = 0;
  let rest = 0;
  for (let i = first; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) throw unreadable(text, 'epoch nanoseconds, digits only');
    if (i < cut) whole = whole * 10 + digit;
    else rest += digit;
  }
  if (text.length === first) throw unreadable(text, 'epoch nanoseconds, digits only');
  if (whole > Number.MAX_SAFE_INTEGER) throw unreadable(text, 'epoch nanoseconds before year 2255');
  if (first === 0) return whole;
  return rest > 0 ? -whole - 1 : 0 - whole;
}

/** Writes an event time as ISO 8601 in UTC with all six digits: `2013-09-03T13:30:00.000000Z`. */
export function formatUtc(ts: number): string {
  const days = Math.floor(ts / microsPerDay);
  const rest = ts - days * microsPerDay;
  const fraction = String(rest % microsPerSecond).padStart(6, '0');
  return `${formatTradeDate(tradeDateFromDays(days))}T${formatClock(rest)}.${fraction}Z`;
}

function formatClock(microsOfDay: number): string {
  const seconds = Math.floor(microsOfDay / microsPerSecond);
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/**
 * Reads an ISO 8601 date or instant as event time; without a zone it is UTC, digits past the microsecond are cut.
 *
 * @throws {OF_TIME_UNREADABLE} when the text is neither a date nor an instant of the calendar.
 */
export function parseUtc(text: string): number {
  const parts = instantText.exec(text);
  if (parts === null) throw unreadable(text, 'an instant like 2013-09-03T13:30:00Z');
  const [, date = '', clock = '00:00', fraction = '', zone = 'Z'] = parts;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const offset = zone === 'Z' ? 0 : clockMicros(zone.slice(1)) * (zone.startsWith('-') ? -1 : 1);
  return (
    daysFromTradeDate(parseTradeDate(date)) * microsPerDay + clockMicros(clock) + micros - offset
  );
}

/** Returns the n-th (1..4) Sunday of a month in days since 1970, or its last one when n is 0. */
function sundayOf(year: number, month: number, n: number): number {
  const first = daysFromCivil(year, month, n === 0 ? 31 - (month === 4 ? 1 : 0) - 6 : 1);
  const weekday = (((first + 4) % 7) + 7) % 7;
  return first + ((7 - weekday) % 7) + (n === 0 ? 0 : (n - 1) * 7);
}

function isDaylightTime(standardOffset: number, ts: number): boolean {
  const { year } = civilFromDays(Math.floor((ts + standardOffset) / microsPerDay));
  const since2007 = year >= 2007;
  const startDay = since2007 ? sundayOf(year, 3, 2) : sundayOf(year, 4, 1);
  const endDay = since2007 ? sundayOf(year, 11, 1) : sundayOf(year, 10, 0);
  const start = startDay * microsPerDay + 2 * microsPerHour - standardOffset;
  const end = endDay * microsPerDay + microsPerHour - standardOffset;
  return ts >= start && ts < end;
}

/**
 * Returns local time minus UTC in microseconds: -4 h for New York in summer.
 *
 * United States rules by arithmetic, so that no ICU table takes part: from 2007 the second Sunday of March to the
 * first of November, 1987 to 2006 the first Sunday of April to the last of October. Earlier years follow the rule of 1987.
 */
export function zoneOffsetMicros(zone: Zone, ts: number): number {
  if (zone === 'UTC') return 0;
  const standard = standardOffsetHours[zone] * microsPerHour;
  return isDaylightTime(standard, ts) ? standard + microsPerHour : standard;
}

/**
 * Returns the instant of a wall-clock time in a zone.
 *
 * A time that occurs twice is the earlier one; a time skipped by the change to daylight time moves one hour on.
 *
 * @param clock - `09:25`, `09:25:30`, or microseconds since midnight (may be negative or beyond 24 h: other days).
 * @throws {OF_TIME_UNREADABLE} when a text is not a clock time.
 */
export function zonedToUtc(zone: Zone, date: TradeDate, clock: string | number): number {
  const micros = typeof clock === 'number' ? clock : clockMicros(clock);
  const local = daysFromTradeDate(date) * microsPerDay + micros;
  if (zone === 'UTC') return local;
  const standard = standardOffsetHours[zone] * microsPerHour;
  const daylight = local - standard - microsPerHour;
  return isDaylightTime(standard, daylight) ? daylight : local - standard;
}

/** Writes the wall-clock time of an instant in a zone as `HH:MM:SS`; fractions of a second are cut. */
export function formatZoned(zone: Zone, ts: number): string {
  const local = ts + zoneOffsetMicros(zone, ts);
  return formatClock(local - Math.floor(local / microsPerDay) * microsPerDay);
}

/** Returns the calendar date of an instant in a zone. */
export function zonedDate(zone: Zone, ts: number): TradeDate {
  return tradeDateFromDays(Math.floor((ts + zoneOffsetMicros(zone, ts)) / microsPerDay));
}

/** Returns the microseconds since local midnight of an instant in a zone. */
export function zonedClock(zone: Zone, ts: number): number {
  const local = ts + zoneOffsetMicros(zone, ts);
  return local - Math.floor(local / microsPerDay) * microsPerDay;
}
