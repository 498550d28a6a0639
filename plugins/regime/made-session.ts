// Hand-made days for the tests of this folder: calendar, nights, composites, periods with the profile they leave.

type Row = Readonly<Record<string, unknown>>;

/** What a driven plugin offers; prices are decimals, times New York. */
interface Feed {
  at(time: string): number;
  day(tradeDate: string): void;
  trade(at: string, price: number, size: number, side?: 'buy' | 'sell' | 'none'): void;
  bar(
    atEnd: string,
    bar: { open: number; high: number; low: number; close: number; volume: number },
  ): void;
  event(at: string, port: string, payload: Row): void;
  to(at: string): void;
}

/** Trade dates of made days, oldest first: the last one is where things happen. */
const dates = [
  '2025-11-11',
  '2025-11-12',
  '2025-11-13',
  '2025-11-14',
  '2025-11-17',
  '2025-11-18',
] as const;
export const today = '2025-11-18';
const prior = '2025-11-17';
const beforePrior = '2025-11-14';

/** Open, high, low and close of a period. */
export type Ohlc = readonly [open: number, high: number, low: number, close: number];

/** A row of the calendar, by default of an ordinary day. */
export function phaseAt(
  feed: Feed,
  phase: string,
  at: string,
  date: string,
  change: Row = {},
): void {
  feed.event(at, 'phase', {
    phase,
    tradeDate: date,
    since: feed.at(at),
    rthOpen: feed.at('09:30'),
    rthEnd: feed.at('16:00'),
    short: false,
    holiday: false,
    thin: false,
    gap: false,
    contract: 'ESZ25',
    rolled: false,
    ...change,
  });
}

/** The composite after a session. */
export function compositeAt(feed: Feed, at: string, asOf: string, change: Row = {}): void {
  feed.event(at, 'composite', {
    asOf,
    inForce: true,
    poc: 5_000,
    vah: 5_015,
    val: 4_990,
    one: { vah: 5_015, val: 4_990 },
    low: 4_980,
    high: 5_020,
    volume: 1_000,
    widthTicks: 100,
    sessions: [asOf],
    partial: false,
    approximate: false,
    rollUnadjusted: false,
    rollShiftTicks: 0,
    ...change,
  });
}

/** The prior session's value. */
export function priorAt(feed: Feed, at: string, val: number, vah: number, change: Row = {}): void {
  feed.event(at, 'prior', {
    tradeDate: prior,
    open: val,
    high: vah,
    low: val,
    close: vah,
    poc: (val + vah) / 2,
    vah,
    val,
    shape: 'D',
    short: false,
    approximate: false,
    gap: false,
    contract: 'ESZ25',
    ...change,
  });
}

/** Trades a night of so many points. */
export function night(feed: Feed, points: number, from = 5_000): void {
  feed.trade('18:05', from, 1);
  feed.trade('03:00', from + points, 1);
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** How one period is traded. */
export interface PlayOptions {
  /** Developing point of control the period leaves. */
  readonly poc?: number;
  readonly side?: 'buy' | 'sell' | 'none';
  readonly path?: 'trades' | 'bar';
}

/** Trades one period, and hands over its record a moment before its close, as the profile does at the close. */
export function playPeriod(
  feed: Feed,
  date: string,
  index: number,
  ohlc: Ohlc | null,
  { poc = 5_000, side = 'buy', path = 'trades' }: PlayOptions = {},
): void {
  const begin = 9 * 60 + 30 + 30 * index;
  const [open, high, low, close] = ohlc ?? [null, null, null, null];
  if (ohlc !== null && path === 'bar') {
    const bar = { open: ohlc[0], high: ohlc[1], low: ohlc[2], close: ohlc[3], volume: 100 };
    feed.bar(`${clock(begin + 29)}:59`, bar);
  } else if (ohlc !== null) {
    const [o, h, l, c] = ohlc;
    [o, h, l, c].forEach((price, i) => feed.trade(clock(begin + 5 * i), price, 25, side));
  }
  feed.event(`${clock(begin + 29)}:59.5`, 'period', {
    tradeDate: date,
    index,
    letter: String.fromCharCode(65 + index),
    start: feed.at(clock(begin)),
    end: feed.at(clock(begin + 30)),
    open,
    high,
    low,
    close,
    volume: ohlc ? 100 : 0,
    session:
      ohlc === null
        ? null
        : {
            open: ohlc[0],
            high: ohlc[1],
            low: ohlc[2],
            poc,
            vah: ohlc[1],
            val: ohlc[2],
            volume: 100,
            pocMoveTicks: 0,
          },
  });
  feed.to(clock(begin + 30));
}

/** Plays a whole earlier day: a night and as many quiet periods. */
function quietDay(feed: Feed, date: string, points: number, periods = 0): void {
  feed.day(date);
  phaseAt(feed, 'overnight', '18:00', date);
  night(feed, points);
  for (let index = 0; index < periods; index += 1)
    playPeriod(feed, date, index, [5_000, 5_010, 5_000, 5_005]);
  phaseAt(feed, 'post-rth', '16:00', date);
}

/** How the morning of `today` is made. */
export interface Morning {
  readonly val: number;
  readonly vah: number;
  readonly nightPoints: number;
  readonly nightFrom?: number;
  /** Earlier days, with so many periods each. */
  readonly days?: number;
  readonly periods?: number;
  readonly medianPoints?: number;
  /** Leaves the prior session for later. */
  readonly late?: boolean;
  readonly calendar?: Row;
}

/** Plays earlier days, then the night of `today` up to its open. */
export function openToday(feed: Feed, morning: Morning): void {
  const { val, vah, nightPoints, nightFrom = 5_000, days = 5, periods = 0 } = morning;
  const { medianPoints = 24, late = false, calendar = {} } = morning;
  dates
    .slice(0, -1)
    .slice(-days)
    .forEach((date) => quietDay(feed, date, medianPoints, periods));
  compositeAt(feed, '16:00', beforePrior);
  if (!late) priorAt(feed, '16:00', val, vah);
  compositeAt(feed, '16:00', prior);
  feed.day(today);
  phaseAt(feed, 'overnight', '18:00', today, calendar);
  night(feed, nightPoints, nightFrom);
  feed.to('09:31');
  if (late) priorAt(feed, '09:45', val, vah);
}

/** Ends the regular session of `today`. */
export function endToday(feed: Feed): void {
  phaseAt(feed, 'post-rth', '16:00', today);
}
