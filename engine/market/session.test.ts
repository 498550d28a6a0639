import { describe, expect, test } from 'vitest';
import type { CalendarId } from './calendar-data.ts';
import {
  nextSession,
  phaseAt,
  phasesOf,
  previousSession,
  type SessionOptions,
  sessionAt,
  sessionDay,
} from './session.ts';
import {
  formatUtc,
  formatZoned,
  microsPerHour,
  parseUtc,
  type TradeDate,
  zonedToUtc,
} from './time.ts';

const et = (date: TradeDate, clock: string): number => zonedToUtc('America/New_York', date, clock);
const clock = (ts: number | null): string | null =>
  ts === null ? null : formatZoned('America/New_York', ts).slice(0, 5);

/** Open, RTH open, RTH end and close as New York clocks. */
function hours(
  date: TradeDate,
  calendar: CalendarId = 'cme-equity',
  options: SessionOptions = {},
): (string | null)[] | null {
  const day = sessionDay(calendar, date, options);
  return day === null ? null : [day.open, day.rthOpen, day.rthEnd, day.close].map(clock);
}

describe('the trade date of an instant', () => {
  test.each([
    ['2026-03-08T22:30:00Z', 20260309],
    ['2026-03-09T20:59:00Z', 20260309],
    ['2026-03-09T22:00:00Z', 20260310],
    ['2026-03-06T21:30:00Z', 20260306],
  ])('%s belongs to %i (V18)', (text, tradeDate) => {
    expect(sessionAt('cme-equity', parseUtc(text)).tradeDate).toBe(tradeDate);
  });

  test('in a closed gap is the next session', () => {
    expect(sessionAt('cme-equity', et(20260306, '17:00')).tradeDate).toBe(20260309);
    expect(sessionAt('cme-equity', et(20260307, '12:00')).tradeDate).toBe(20260309);
    expect(sessionAt('cme-equity', et(20260309, '17:30')).tradeDate).toBe(20260310);
    expect(sessionAt('cme-equity', et(20241224, '14:00')).tradeDate).toBe(20241226);
    expect(sessionAt('us-equity', et(20260306, '20:00')).tradeDate).toBe(20260309);
    expect(sessionAt('us-equity', et(20260309, '02:00')).tradeDate).toBe(20260309);
  });

  test('after a holiday halt is the next day, whose evening begins at 18:00', () => {
    const next = sessionAt('cme-equity', et(20130902, '12:00'));
    expect(next.tradeDate).toBe(20130903);
    expect(formatUtc(next.open)).toBe('2013-09-02T22:00:00.000000Z');
  });
});

describe('a trading day', () => {
  test('of the futures opens on the evening before', () => {
    const day = sessionDay('cme-equity', 20260309)!;
    expect(formatUtc(day.open)).toBe('2026-03-08T22:00:00.000000Z');
    expect(formatUtc(day.rthOpen!)).toBe('2026-03-09T13:30:00.000000Z');
    expect(formatUtc(day.rthEnd!)).toBe('2026-03-09T20:00:00.000000Z');
    expect(formatUtc(day.close)).toBe('2026-03-09T21:00:00.000000Z');
    expect(day).toMatchObject({ halts: [], short: false, holiday: false });
    expect(formatUtc(sessionDay('cme-equity', 20261102)!.open)).toBe('2026-11-01T23:00:00.000000Z');
  });

  test('closed at 17:15 until September 2015 and paused after 16:15 until June 2021', () => {
    expect(hours(20150918)).toEqual(['18:00', '09:30', '16:00', '17:15']);
    expect(hours(20150921)).toEqual(['18:00', '09:30', '16:00', '17:00']);
    const halts = (date: TradeDate) =>
      sessionDay('cme-equity', date)!.halts.map((h) => [clock(h.from), clock(h.to)]);
    expect(halts(20210625)).toEqual([['16:15', '16:30']]);
    expect(halts(20210628)).toEqual([]);
    expect(halts(20200312)).toEqual([
      ['09:35', '09:50'],
      ['16:15', '16:30'],
    ]);
  });

  test('ends its regular session at 16:15 in the reading of the pit', () => {
    expect(hours(20260309, 'cme-equity', { rth: 'legacy' })).toEqual([
      '18:00',
      '09:30',
      '16:15',
      '17:00',
    ]);
    expect(hours(20241129, 'cme-equity', { rth: 'legacy' })).toEqual([
      '18:00',
      '09:30',
      '13:15',
      '13:15',
    ]);
  });

  test('on a holiday has a short regular session, or none when so asked', () => {
    expect(hours(20130902)).toEqual(['18:00', '09:30', '11:30', '11:30']);
    expect(hours(20140901)).toEqual(['18:00', '09:30', '13:00', '13:00']);
    expect(hours(20260216)).toEqual(['18:00', '09:30', '13:00', '13:00']);
    expect(sessionDay('cme-equity', 20260216)).toMatchObject({
      short: true,
      holiday: true,
      halts: [],
    });
    expect(hours(20260216, 'cme-equity', { holidays: 'none' })).toEqual([
      '18:00',
      null,
      null,
      '13:00',
    ]);
  });

  test('that closes early has seven half hours of regular session', () => {
    const day = sessionDay('cme-equity', 20241129)!;
    expect(hours(20241129)).toEqual(['18:00', '09:30', '13:00', '13:15']);
    expect(day).toMatchObject({ short: true, holiday: false });
    expect((day.rthEnd! - day.rthOpen!) / microsPerHour).toBe(3.5);
    expect(hours(20241129, 'cme-equity', { holidays: 'none' })).toEqual([
      '18:00',
      '09:30',
      '13:00',
      '13:15',
    ]);
  });

  test('before the report on a Good Friday, and on a day of mourning, has no regular session', () => {
    expect(hours(20210402)).toEqual(['18:00', null, null, '09:15']);
    expect(hours(20181205)).toEqual(['18:00', null, null, '09:30']);
    expect(sessionDay('cme-equity', 20210402)).toMatchObject({ short: true, holiday: true });
  });

  test.each([
    20160325, 20161226, 20170102, 20211224, 20220415, 20221226, 20230102, 20240329, 20260307,
    20260308,
  ])('is none on %i', (date) => {
    expect(sessionDay('cme-equity', date)).toBeNull();
  });

  test('of crude oil, gold and shares has other hours', () => {
    expect(hours(20240305, 'nymex-energy')).toEqual(['18:00', '09:00', '14:30', '17:00']);
    expect(hours(20240305, 'comex-metals')).toEqual(['18:00', '08:20', '13:30', '17:00']);
    expect(hours(20240305, 'us-equity')).toEqual(['04:00', '09:30', '16:00', '20:00']);
    expect(hours(20240527, 'us-equity')).toBeNull();
    expect(hours(20241129, 'us-equity')).toEqual(['04:00', '09:30', '13:00', '17:00']);
    expect(hours(20240527, 'nymex-energy')).toEqual(['18:00', '09:00', '14:30', '14:30']);
    expect(hours(20240527, 'comex-metals')).toEqual(['18:00', '08:20', '13:30', '14:30']);
    expect(hours(20230407, 'nymex-energy')).toBeNull();
    expect(hours(20181205, 'comex-metals')).toEqual(['18:00', '08:20', '13:30', '17:00']);
  });

  test('outside the holiday table is an error, not a guess', () => {
    expect(() => sessionDay('cme-equity', 20121231)).toThrow(
      "OF_CALENDAR_UNCOVERED calendar 'cme-equity' has no entry for 2012-12-31: expected 2013-01-01 to 2028-12-31",
    );
    expect(() => sessionAt('cme-equity', parseUtc('2029-03-05T15:00:00Z'))).toThrow(
      /OF_CALENDAR_UNCOVERED/,
    );
    expect(() => nextSession('cme-equity', sessionDay('cme-equity', 20281229)!)).toThrow(
      /OF_CALENDAR_UNCOVERED/,
    );
  });
});

test('neighbouring sessions skip closed days and keep short ones', () => {
  const friday = sessionDay('cme-equity', 20211223)!;
  expect(nextSession('cme-equity', friday).tradeDate).toBe(20211227);
  expect(previousSession('cme-equity', nextSession('cme-equity', friday))).toBe(friday);
  expect(nextSession('cme-equity', sessionDay('cme-equity', 20130830)!).tradeDate).toBe(20130902);
});

describe('phases', () => {
  test('of an ordinary day follow the clock', () => {
    const phases = phasesOf(sessionDay('cme-equity', 20260309)!);
    expect(phases.map(({ ts, phase }) => `${clock(ts)} ${phase}`)).toEqual([
      '18:00 overnight',
      '09:00 pre-open',
      '09:30 rth-opening',
      '10:30 rth-main',
      '15:30 rth-closing',
      '16:00 post-rth',
      '17:00 closed',
    ]);
  });

  test('are interrupted by a halt and go on where the clock is', () => {
    const phases = phasesOf(sessionDay('cme-equity', 20130903)!);
    expect(phases.slice(-5).map(({ ts, phase }) => `${clock(ts)} ${phase}`)).toEqual([
      '15:30 rth-closing',
      '16:00 post-rth',
      '16:15 halt',
      '16:30 post-rth',
      '17:15 closed',
    ]);
    const crash = phasesOf(sessionDay('cme-equity', 20200316)!).map(
      ({ ts, phase }) => `${clock(ts)} ${phase}`,
    );
    expect(crash.slice(2, 5)).toEqual(['09:30 rth-opening', '09:30 halt', '09:45 rth-opening']);
  });

  test('of short days end with the session', () => {
    const list = (date: TradeDate) =>
      phasesOf(sessionDay('cme-equity', date)!).map(({ ts, phase }) => `${clock(ts)} ${phase}`);
    expect(list(20130902)).toEqual([
      '18:00 overnight',
      '09:00 pre-open',
      '09:30 rth-opening',
      '10:30 rth-main',
      '11:00 rth-closing',
      '11:30 closed',
    ]);
    expect(list(20241129).slice(-3)).toEqual([
      '12:30 rth-closing',
      '13:00 post-rth',
      '13:15 closed',
    ]);
    expect(list(20210402)).toEqual(['18:00 overnight', '09:15 closed']);
  });

  test('at an instant agree with the list of the day, at every boundary and just before it', () => {
    for (const date of [20130902, 20130903, 20200312, 20241129, 20260309]) {
      const phases = phasesOf(sessionDay('cme-equity', date)!);
      for (const [i, { ts, phase }] of phases.entries()) {
        expect(phaseAt('cme-equity', ts)).toBe(phase);
        expect(phaseAt('cme-equity', ts - 1)).toBe(i === 0 ? 'closed' : phases[i - 1]!.phase);
      }
    }
  });
});
