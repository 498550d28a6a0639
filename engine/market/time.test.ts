import { describe, expect, test } from 'vitest';
import {
  addDays,
  civilFromDays,
  clockMicros,
  daysFromCivil,
  formatTradeDate,
  formatUtc,
  formatZoned,
  microsPerDay,
  microsPerHour,
  microsPerSecond,
  nanosToMicros,
  parseTradeDate,
  parseUtc,
  weekdayOf,
  type Zone,
  zonedDate,
  zonedToUtc,
  zoneOffsetMicros,
} from './time.ts';

const newYork = 'America/New_York';

describe('calendar arithmetic', () => {
  test('day 0 is 1970-01-01, a Thursday', () => {
    expect(civilFromDays(0)).toEqual({ year: 1970, month: 1, day: 1 });
    expect(weekdayOf(19700101)).toBe(4);
  });

  test('every day of 400 years converts there and back', () => {
    const wrong: number[] = [];
    for (let days = daysFromCivil(1800, 1, 1); days < daysFromCivil(2200, 1, 1); days += 1) {
      const { year, month, day } = civilFromDays(days);
      if (daysFromCivil(year, month, day) !== days) wrong.push(days);
    }
    expect(daysFromCivil(2200, 1, 1) - daysFromCivil(1800, 1, 1)).toBe(146_097);
    expect(wrong).toEqual([]);
  });

  test('a trade date prints and reads as an ISO date', () => {
    expect(formatTradeDate(20130903)).toBe('2013-09-03');
    expect(parseTradeDate('2013-09-03')).toBe(20130903);
    expect(addDays(20240228, 2)).toBe(20240301);
    expect(addDays(20240101, -1)).toBe(20231231);
  });

  test.each(['2013-9-3', '2013-02-29', '2013-13-01', '20130903', ''])(
    "'%s' is no trade date",
    (text) => {
      expect(() => parseTradeDate(text)).toThrow(/OF_TIME_UNREADABLE/);
    },
  );
});

describe('instants', () => {
  test('nanoseconds are cut on their digits, not through a double', () => {
    expect(nanosToMicros('1378072800083000000')).toBe(1378072800083000);
    expect(nanosToMicros('1703545200085275419')).toBe(1703545200085275);
    expect(nanosToMicros('9007199254740991999')).toBe(Number.MAX_SAFE_INTEGER);
    expect(nanosToMicros('999')).toBe(0);
    expect(nanosToMicros('0')).toBe(0);
  });

  test('negative nanoseconds are floored', () => {
    expect(nanosToMicros('-1')).toBe(-1);
    expect(nanosToMicros('-1000')).toBe(-1);
    expect(nanosToMicros('-1001')).toBe(-2);
    expect(Object.is(nanosToMicros('-0'), 0)).toBe(true);
  });

  test.each(['', '-', '12x', '1.5', '1e18', '99999999999999999999'])(
    "'%s' is no count of nanoseconds",
    (text) => {
      expect(() => nanosToMicros(text)).toThrow(/OF_TIME_UNREADABLE/);
    },
  );

  test('an instant prints with six digits and reads back', () => {
    const ts = parseUtc('2013-09-03T13:30:00.000123Z');
    expect(formatUtc(ts)).toBe('2013-09-03T13:30:00.000123Z');
    expect(formatUtc(-1)).toBe('1969-12-31T23:59:59.999999Z');
    expect(parseUtc('2013-09-03')).toBe(parseUtc('2013-09-03T00:00:00Z'));
    expect(parseUtc('2013-09-03T09:30-04:00')).toBe(parseUtc('2013-09-03T13:30:00Z'));
    expect(parseUtc('2013-09-03T13:30:00.123456789Z') % microsPerSecond).toBe(123456);
  });

  test.each(['2013-09-03T', '2013-09-03T25:00Z', 'yesterday', '2013-02-30T10:00:00Z'])(
    "'%s' is no instant",
    (text) => {
      expect(() => parseUtc(text)).toThrow(/OF_TIME_UNREADABLE/);
    },
  );

  test('a clock time is read to the second, nothing else is', () => {
    expect(clockMicros('09:25')).toBe(33_900 * microsPerSecond);
    expect(clockMicros('23:59:59')).toBe(microsPerDay - microsPerSecond);
    expect(() => clockMicros('24:00')).toThrow(/OF_TIME_UNREADABLE/);
    expect(() => clockMicros('9:25')).toThrow(/OF_TIME_UNREADABLE/);
  });
});

describe('zones', () => {
  test('the regular session moves with daylight time (V18)', () => {
    const at = (date: number, clock: string): string => formatUtc(zonedToUtc(newYork, date, clock));
    expect(at(20260306, '09:30')).toBe('2026-03-06T14:30:00.000000Z');
    expect(at(20260306, '16:00')).toBe('2026-03-06T21:00:00.000000Z');
    expect(at(20260309, '09:30')).toBe('2026-03-09T13:30:00.000000Z');
    expect(at(20260309, '16:00')).toBe('2026-03-09T20:00:00.000000Z');
    expect(at(20261030, '09:30')).toBe('2026-10-30T13:30:00.000000Z');
    expect(at(20261102, '09:30')).toBe('2026-11-02T14:30:00.000000Z');
    expect(at(20260308, '18:00')).toBe('2026-03-08T22:00:00.000000Z');
    expect(at(20261101, '18:00')).toBe('2026-11-01T23:00:00.000000Z');
  });

  test('Chicago is an hour behind New York, on the day of the change too', () => {
    expect(zonedToUtc('America/Chicago', 20260309, '08:30')).toBe(
      zonedToUtc(newYork, 20260309, '09:30'),
    );
    expect(formatZoned('America/Chicago', parseUtc('2026-03-08T07:59:59Z'))).toBe('01:59:59');
    expect(formatZoned('America/Chicago', parseUtc('2026-03-08T08:00:00Z'))).toBe('03:00:00');
    expect(formatZoned(newYork, parseUtc('2026-03-08T07:00:00Z'))).toBe('03:00:00');
  });

  test('a time that occurs twice is the earlier, a skipped one moves an hour on', () => {
    expect(formatUtc(zonedToUtc(newYork, 20261101, '01:30'))).toBe('2026-11-01T05:30:00.000000Z');
    expect(formatUtc(zonedToUtc(newYork, 20260308, '02:30'))).toBe('2026-03-08T07:30:00.000000Z');
  });

  test('a local date is not the UTC date in the evening', () => {
    expect(zonedDate(newYork, parseUtc('2026-03-09T02:30:00Z'))).toBe(20260308);
    expect(zonedDate('UTC', parseUtc('2026-03-09T02:30:00Z'))).toBe(20260309);
  });

  test.each<Zone>(['America/New_York', 'America/Chicago'])(
    'offsets of %s agree with Intl at every hour around every change from 1987 to 2035',
    (zone) => {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        timeZoneName: 'longOffset',
      });
      const intlOffset = (ts: number): number => {
        const name = format.formatToParts(ts / 1_000).find((p) => p.type === 'timeZoneName')?.value;
        return Number(name?.slice(3, 6)) * microsPerHour;
      };
      for (let year = 1987; year <= 2035; year += 1) {
        for (const [month, day] of [
          [3, 1],
          [3, 14],
          [4, 1],
          [4, 8],
          [7, 4],
          [10, 25],
          [11, 1],
          [11, 8],
          [12, 31],
        ] as const) {
          const around = daysFromCivil(year, month, day) * microsPerDay;
          for (let hour = -168; hour <= 168; hour += 7) {
            const ts = around + hour * microsPerHour;
            expect(zoneOffsetMicros(zone, ts), formatUtc(ts)).toBe(intlOffset(ts));
          }
        }
      }
    },
  );
});
