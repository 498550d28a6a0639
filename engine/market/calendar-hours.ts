import { type CalendarId, calendarCoverage, calendarIds, type HolidayId } from './calendar-data.ts';
import type { TradeDate } from './time.ts';

/** The hours of an ordinary weekday; clocks in New York time, `from` and `until` inclusive trade dates. */
export interface RegularHours {
  readonly calendar: CalendarId;
  readonly from: TradeDate;
  readonly until: TradeDate;
  /** Opening; `opensEveBefore` when it lies on the previous calendar day. */
  readonly open: string;
  readonly opensEveBefore: boolean;
  readonly close: string;
  readonly rthOpen: string;
  readonly rthEnd: string;
  /** End of the regular session in the reading of the trading pit. */
  readonly legacyRthEnd: string;
  readonly halts: readonly (readonly [from: string, to: string])[];
  readonly source: string;
}

/** What a holiday does to calendars over a range of trade dates; clocks in New York time. */
export interface HolidayHours {
  readonly calendars: readonly CalendarId[];
  readonly holidays: readonly HolidayId[];
  readonly from: TradeDate;
  readonly until: TradeDate;
  /** Last trade; null when there is no session at all. */
  readonly close: string | null;
  /** End of the regular session where it lies before `close`. */
  readonly rthEnd?: string;
  /** True for a day without an ordinary regular session, false for an early close. */
  readonly holiday: boolean;
  readonly source: string;
}

/** A stop of trading on one date; clocks in New York time. */
export interface DatedHalt {
  readonly calendars: readonly CalendarId[];
  readonly date: TradeDate;
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

const { from: start, until: end } = calendarCoverage;
const cme = 'CME Group holiday calendar';
const nyse = 'NYSE holidays and early closings';

const commodities: readonly CalendarId[] = ['nymex-energy', 'comex-metals'];
const pit = {
  'cme-equity': { rthOpen: '09:30', rthEnd: '16:00', legacyRthEnd: '16:15' },
  'nymex-energy': { rthOpen: '09:00', rthEnd: '14:30', legacyRthEnd: '14:30' },
  'comex-metals': { rthOpen: '08:20', rthEnd: '13:30', legacyRthEnd: '13:30' },
} as const;

const globex = { open: '18:00', opensEveBefore: true } as const;
const afternoonHalt = ['16:15', '16:30'] as const;
const closeMoved =
  'last 5-minute bars of ES 2014-2024: 17:10 until 2015-09-17, 16:55 from 2015-09-21';

/** Ordinary hours by calendar and date. */
export const regularHours: readonly RegularHours[] = [
  {
    ...globex,
    ...pit['cme-equity'],
    calendar: 'cme-equity',
    from: start,
    until: 20150920,
    close: '17:15',
    halts: [afternoonHalt],
    source: closeMoved,
  },
  {
    ...globex,
    ...pit['cme-equity'],
    calendar: 'cme-equity',
    from: 20150921,
    until: 20210627,
    close: '17:00',
    halts: [afternoonHalt],
    source: 'no ES bars from 16:15 to 16:30 until 2021-06-25, bars there from 2021-06-28',
  },
  {
    ...globex,
    ...pit['cme-equity'],
    calendar: 'cme-equity',
    from: 20210628,
    until: end,
    close: '17:00',
    halts: [],
    source: 'CME E-mini S&P 500 contract specifications; ES bars 2021-2026',
  },
  ...commodities.flatMap((calendar): RegularHours[] => {
    const row = { ...globex, ...pit[calendar as 'nymex-energy'], calendar, halts: [] };
    const source =
      'CME crude oil and gold contract specifications; close moved with that of the index futures, unverified';
    return [
      { ...row, from: start, until: 20150920, close: '17:15', source },
      { ...row, from: 20150921, until: end, close: '17:00', source },
    ];
  }),
  {
    calendar: 'us-equity',
    from: start,
    until: end,
    open: '04:00',
    opensEveBefore: false,
    close: '20:00',
    rthOpen: '09:30',
    rthEnd: '16:00',
    legacyRthEnd: '16:00',
    halts: [],
    source: 'NYSE hours; extended hours of NYSE Arca',
  },
];

const mondaysAndThursdays: readonly HolidayId[] = [
  'martin-luther-king',
  'presidents',
  'memorial',
  'juneteenth',
  'independence',
  'labor',
  'thanksgiving',
];
const laterNoon: readonly HolidayId[] = ['memorial', 'independence', 'labor', 'thanksgiving'];
const early: readonly HolidayId[] = ['independence-eve', 'thanksgiving-friday', 'christmas-eve'];
const library = 'pandas_market_calendars, cme_globex_equities';
const commodityLibrary = 'pandas_market_calendars, cme_globex_energy_and_metals; unverified';

/** What each holiday does to each calendar; the first row that fits wins. */
export const holidayHours: readonly HolidayHours[] = [
  {
    calendars: calendarIds,
    holidays: ['new-year', 'good-friday', 'christmas'],
    from: start,
    until: end,
    close: null,
    holiday: true,
    source: `${cme}; no ES bars on these dates 2014-2024`,
  },
  {
    calendars: ['cme-equity'],
    holidays: ['good-friday-payrolls'],
    from: start,
    until: end,
    close: '09:15',
    holiday: true,
    source: 'last ES bars 2015-04-03, 2021-04-02, 2023-04-07',
  },
  {
    calendars: ['nymex-energy', 'comex-metals', 'us-equity'],
    holidays: ['good-friday-payrolls'],
    from: start,
    until: end,
    close: null,
    holiday: true,
    source: `${nyse}; ${commodityLibrary}`,
  },
  {
    calendars: ['cme-equity'],
    holidays: ['martin-luther-king', 'presidents'],
    from: start,
    until: 20141231,
    close: '11:30',
    holiday: true,
    source: library,
  },
  {
    calendars: ['cme-equity'],
    holidays: laterNoon,
    from: start,
    until: 20131231,
    close: '11:30',
    holiday: true,
    source: `${library}; last ES trade 2013-09-02 11:29:59`,
  },
  {
    calendars: ['cme-equity'],
    holidays: mondaysAndThursdays,
    from: 20140101,
    until: end,
    close: '13:00',
    holiday: true,
    source: `${library}; ES bars 2015-2024, 2026-02-16`,
  },
  {
    calendars: ['cme-equity'],
    holidays: early,
    from: start,
    until: end,
    close: '13:15',
    rthEnd: '13:00',
    holiday: false,
    source: 'last ES bars 2014-2024; the cash market closes 13:00',
  },
  {
    calendars: ['cme-equity'],
    holidays: ['mourning'],
    from: start,
    until: end,
    close: '09:30',
    holiday: true,
    source: 'last ES bar 2018-12-05',
  },
  {
    calendars: commodities,
    holidays: mondaysAndThursdays,
    from: start,
    until: 20141231,
    close: '13:15',
    holiday: true,
    source: 'CME notice for 2013-07-04; other dates unverified',
  },
  {
    calendars: commodities,
    holidays: mondaysAndThursdays,
    from: 20150101,
    until: 20211231,
    close: '13:00',
    holiday: true,
    source: commodityLibrary,
  },
  {
    calendars: commodities,
    holidays: ['labor'],
    from: 20220101,
    until: end,
    close: '13:00',
    holiday: true,
    source: commodityLibrary,
  },
  {
    calendars: commodities,
    holidays: mondaysAndThursdays,
    from: 20220101,
    until: end,
    close: '14:30',
    holiday: true,
    source: commodityLibrary,
  },
  {
    calendars: commodities,
    holidays: ['thanksgiving-friday', 'christmas-eve'],
    from: start,
    until: end,
    close: '13:45',
    holiday: false,
    source: commodityLibrary,
  },
  {
    calendars: ['us-equity'],
    holidays: [...mondaysAndThursdays, 'mourning'],
    from: start,
    until: end,
    close: null,
    holiday: true,
    source: nyse,
  },
  {
    calendars: ['us-equity'],
    holidays: early,
    from: start,
    until: end,
    close: '17:00',
    rthEnd: '13:00',
    holiday: false,
    source: nyse,
  },
];

const circuitBreaker = 'market-wide circuit breaker, level 1; holes in ES bars';
const stockMarkets: readonly CalendarId[] = ['cme-equity', 'us-equity'];

/** Stops of trading that are part of the record. */
export const datedHalts: readonly DatedHalt[] = [
  {
    calendars: stockMarkets,
    date: 20200309,
    from: '09:34:13',
    to: '09:49:13',
    source: circuitBreaker,
  },
  {
    calendars: stockMarkets,
    date: 20200312,
    from: '09:35:44',
    to: '09:50:44',
    source: circuitBreaker,
  },
  {
    calendars: stockMarkets,
    date: 20200316,
    from: '09:30:01',
    to: '09:45:01',
    source: circuitBreaker,
  },
  {
    calendars: stockMarkets,
    date: 20200318,
    from: '12:56:17',
    to: '13:11:17',
    source: circuitBreaker,
  },
];
