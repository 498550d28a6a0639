import type { TradeDate } from './time.ts';

/** The calendars that ship. */
export const calendarIds = ['cme-equity', 'nymex-energy', 'comex-metals', 'us-equity'] as const;

/** One of the calendars that ship. */
export type CalendarId = (typeof calendarIds)[number];

/** The holidays whose hours differ from an ordinary weekday. */
export type HolidayId =
  | 'new-year'
  | 'martin-luther-king'
  | 'presidents'
  | 'good-friday'
  | 'good-friday-payrolls'
  | 'memorial'
  | 'juneteenth'
  | 'independence-eve'
  | 'independence'
  | 'labor'
  | 'thanksgiving'
  | 'thanksgiving-friday'
  | 'christmas-eve'
  | 'christmas'
  | 'mourning';

/** The dates of a holiday, those observed on another day included. */
export interface HolidayDates {
  readonly holiday: HolidayId;
  readonly dates: readonly TradeDate[];
  readonly source: string;
}

/** What the tables below cover; `version` rises with every change of a row. */
export const calendarCoverage = { version: 1, from: 20130101, until: 20281231 } as const;

const cme = 'CME Group holiday calendar';
const nyse = 'NYSE holidays and early closings';

/** Dates of every holiday from 2013 to 2028. */
export const holidayDates: readonly HolidayDates[] = [
  {
    holiday: 'new-year',
    dates: [
      20130101, 20140101, 20150101, 20160101, 20170102, 20180101, 20190101, 20200101, 20210101,
      20230102, 20240101, 20250101, 20260101, 20270101,
    ],
    source: `${cme}; a Sunday moves to Monday, a Saturday (2022, 2028) is not made up`,
  },
  {
    holiday: 'martin-luther-king',
    dates: [
      20130121, 20140120, 20150119, 20160118, 20170116, 20180115, 20190121, 20200120, 20210118,
      20220117, 20230116, 20240115, 20250120, 20260119, 20270118, 20280117,
    ],
    source: `${nyse}: third Monday of January`,
  },
  {
    holiday: 'presidents',
    dates: [
      20130218, 20140217, 20150216, 20160215, 20170220, 20180219, 20190218, 20200217, 20210215,
      20220221, 20230220, 20240219, 20250217, 20260216, 20270215, 20280221,
    ],
    source: `${nyse}: third Monday of February`,
  },
  {
    holiday: 'good-friday',
    dates: [
      20130329, 20140418, 20160325, 20170414, 20180330, 20190419, 20200410, 20220415, 20240329,
      20250418, 20270326, 20280414,
    ],
    source: `${nyse}: two days before Easter`,
  },
  {
    holiday: 'good-friday-payrolls',
    dates: [20150403, 20210402, 20230407, 20260403],
    source: 'Good Fridays on which the employment report is published',
  },
  {
    holiday: 'memorial',
    dates: [
      20130527, 20140526, 20150525, 20160530, 20170529, 20180528, 20190527, 20200525, 20210531,
      20220530, 20230529, 20240527, 20250526, 20260525, 20270531, 20280529,
    ],
    source: `${nyse}: last Monday of May`,
  },
  {
    holiday: 'juneteenth',
    dates: [20220620, 20230619, 20240619, 20250619, 20260619, 20270618, 20280619],
    source: `${nyse}: from 2022, nearest weekday to 19 June`,
  },
  {
    holiday: 'independence-eve',
    dates: [
      20130703, 20140703, 20170703, 20180703, 20190703, 20230703, 20240703, 20250703, 20280703,
    ],
    source: `${nyse}: 3 July when 4 July is a Tuesday to Friday`,
  },
  {
    holiday: 'independence',
    dates: [
      20130704, 20140704, 20150703, 20160704, 20170704, 20180704, 20190704, 20200703, 20210705,
      20220704, 20230704, 20240704, 20250704, 20260703, 20270705, 20280704,
    ],
    source: `${nyse}: nearest weekday to 4 July`,
  },
  {
    holiday: 'labor',
    dates: [
      20130902, 20140901, 20150907, 20160905, 20170904, 20180903, 20190902, 20200907, 20210906,
      20220905, 20230904, 20240902, 20250901, 20260907, 20270906, 20280904,
    ],
    source: `${nyse}: first Monday of September`,
  },
  {
    holiday: 'thanksgiving',
    dates: [
      20131128, 20141127, 20151126, 20161124, 20171123, 20181122, 20191128, 20201126, 20211125,
      20221124, 20231123, 20241128, 20251127, 20261126, 20271125, 20281123,
    ],
    source: `${nyse}: fourth Thursday of November`,
  },
  {
    holiday: 'thanksgiving-friday',
    dates: [
      20131129, 20141128, 20151127, 20161125, 20171124, 20181123, 20191129, 20201127, 20211126,
      20221125, 20231124, 20241129, 20251128, 20261127, 20271126, 20281124,
    ],
    source: `${nyse}: the day after Thanksgiving`,
  },
  {
    holiday: 'christmas-eve',
    dates: [
      20131224, 20141224, 20151224, 20181224, 20191224, 20201224, 20241224, 20251224, 20261224,
    ],
    source: `${nyse}: 24 December when 25 December is a Tuesday to Friday`,
  },
  {
    holiday: 'christmas',
    dates: [
      20131225, 20141225, 20151225, 20161226, 20171225, 20181225, 20191225, 20201225, 20211224,
      20221226, 20231225, 20241225, 20251225, 20261225, 20271224, 20281225,
    ],
    source: `${cme}: nearest weekday to 25 December`,
  },
  {
    holiday: 'mourning',
    dates: [20181205, 20250109],
    source: 'national days of mourning; 2018-12-05 seen in ES bars, 2025-01-09 unverified',
  },
];
