import { describe, expect, test } from 'vitest';
import { sessionDay } from './calendar.ts';
import { calendarIds, type HolidayId, holidayDates } from './calendar-data.ts';
import { datedHalts, holidayHours, regularHours } from './calendar-hours.ts';
import { addDays, clockMicros, type TradeDate, weekdayOf } from './time.ts';

const years = Array.from({ length: 16 }, (_, i) => 2013 + i);
const date = (year: number, month: number, day: number): TradeDate =>
  year * 10_000 + month * 100 + day;

function nth(year: number, month: number, weekday: number, n: number): TradeDate {
  const first = date(year, month, 1);
  return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1));
}

function observed(day: TradeDate): TradeDate {
  if (weekdayOf(day) === 6) return addDays(day, -1);
  return weekdayOf(day) === 0 ? addDays(day, 1) : day;
}

/** Easter Sunday by the method of Meeus, Jones and Butcher. */
function easter(year: number): TradeDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return date(year, Math.floor(n / 31), (n % 31) + 1);
}

const of = (...ids: HolidayId[]): TradeDate[] =>
  ids.flatMap((id) => holidayDates.find((row) => row.holiday === id)!.dates).sort((a, b) => a - b);

describe('the holiday table', () => {
  test.each<[HolidayId, (year: number) => TradeDate]>([
    ['martin-luther-king', (y) => nth(y, 1, 1, 3)],
    ['presidents', (y) => nth(y, 2, 1, 3)],
    ['memorial', (y) => addDays(nth(y, 6, 1, 1), -7)],
    ['independence', (y) => observed(date(y, 7, 4))],
    ['labor', (y) => nth(y, 9, 1, 1)],
    ['thanksgiving', (y) => nth(y, 11, 4, 4)],
    ['thanksgiving-friday', (y) => addDays(nth(y, 11, 4, 4), 1)],
    ['christmas', (y) => observed(date(y, 12, 25))],
  ])('has %s on the day the law gives, in every year', (id, rule) => {
    expect(of(id)).toEqual(years.map(rule));
  });

  test('has every Good Friday once, with or without an employment report', () => {
    expect(of('good-friday', 'good-friday-payrolls')).toEqual(
      years.map((y) => addDays(easter(y), -2)),
    );
  });

  test('moves New Year from Sunday to Monday and drops it on Saturday', () => {
    const days = years.map((y) => date(y, 1, 1)).filter((d) => weekdayOf(d) !== 6);
    expect(of('new-year')).toEqual(days.map(observed));
  });

  test('has Juneteenth from 2022', () => {
    expect(of('juneteenth')).toEqual(
      years.filter((y) => y >= 2022).map((y) => observed(date(y, 6, 19))),
    );
  });

  test('has early closes on the eve of a holiday that is itself a Tuesday to Friday', () => {
    const eve = (month: number, day: number): TradeDate[] =>
      years
        .filter((y) => weekdayOf(date(y, month, day)) >= 2 && weekdayOf(date(y, month, day)) <= 5)
        .map((y) => date(y, month, day - 1));
    expect(of('independence-eve')).toEqual(eve(7, 4));
    expect(of('christmas-eve')).toEqual(eve(12, 25));
  });

  test('names each date once, always a weekday', () => {
    const all = holidayDates.flatMap((row) => row.dates);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((d) => weekdayOf(d) === 0 || weekdayOf(d) === 6)).toEqual([]);
  });

  test('gives a source for every row and readable clocks', () => {
    for (const row of [...holidayDates, ...holidayHours, ...regularHours, ...datedHalts]) {
      expect(row.source.length).toBeGreaterThan(3);
    }
    const clocks = [
      ...regularHours.flatMap((r) => [
        r.open,
        r.close,
        r.rthOpen,
        r.rthEnd,
        r.legacyRthEnd,
        ...r.halts.flat(),
      ]),
      ...holidayHours
        .flatMap((r) => [r.close, r.rthEnd])
        .filter((c) => c !== null && c !== undefined),
      ...datedHalts.flatMap((r) => [r.from, r.to]),
    ];
    for (const clock of clocks) expect(() => clockMicros(clock)).not.toThrow();
  });
});

test('every calendar has exactly one day, or none, for each date of sixteen years', () => {
  for (const calendar of calendarIds) {
    let close = 0;
    for (let d = 20130101; d <= 20281231; d = addDays(d, 1)) {
      const day = sessionDay(calendar, d);
      if (day === null) continue;
      expect(day.open, `${calendar} ${d}`).toBeGreaterThanOrEqual(close);
      expect(day.open < day.close).toBe(true);
      if (day.rthOpen !== null)
        expect(
          day.open < day.rthOpen && day.rthOpen < day.rthEnd! && day.rthEnd! <= day.close,
        ).toBe(true);
      close = day.close;
    }
  }
});
