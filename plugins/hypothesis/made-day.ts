// Hand-made days for the tests of this folder: the rows a plan is made from, and periods that trade.

type Row = Readonly<Record<string, unknown>>;

/** What a driven plugin offers; prices are decimals, times New York. */
interface Feed {
  at(time: string): number;
  day(tradeDate: string): void;
  trade(at: string, price: number, size: number, side?: 'buy' | 'sell' | 'none'): void;
  event(at: string, port: string, payload: Row): void;
  to(at: string): void;
}

export const today = '2025-11-19';
export const yesterday = '2025-11-18';

/** Open, high, low and close of a period. */
export type Ohlc = readonly [open: number, high: number, low: number, close: number];

/** A row of the calendar, by default of an ordinary day. */
export function phaseAt(feed: Feed, phase: string, at: string, change: Row = {}): void {
  feed.event(at, 'phase', {
    phase,
    tradeDate: today,
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

/** The regime's row. */
export function regimeAt(feed: Feed, at: string, regime: string, change: Row = {}): void {
  feed.event(at, 'regime', {
    tradeDate: today,
    regime,
    stage: 'final',
    lowConfidence: false,
    bias: 'neutral',
    since: feed.at(at),
    missing: [],
    relation: 'inside',
    overlapMin: 0.8,
    overnightRangeTicks: 80,
    overnightMedianTicks: 90,
    reason: 'prior value lies in the composite before it',
    ...change,
  });
}

/** Value of yesterday: 4995 to 5010 around 5003, traded from 4985 to 5020. */
export function priorAt(feed: Feed, at: string, change: Row = {}): void {
  feed.event(at, 'prior', {
    tradeDate: yesterday,
    open: 5_000,
    high: 5_020,
    low: 4_985,
    close: 5_005,
    poc: 5_003,
    vah: 5_010,
    val: 4_995,
    shape: 'D',
    short: false,
    approximate: false,
    gap: false,
    contract: 'ESZ25',
    ...change,
  });
}

/** The composite in force today: 4990 to 5015 around 5000. */
export function compositeAt(feed: Feed, at: string, change: Row = {}): void {
  const { vah = 5_015, val = 4_990 } = change;
  feed.event(at, 'composite', {
    asOf: yesterday,
    inForce: true,
    poc: 5_000,
    vah,
    val,
    one: { vah, val },
    low: 4_980,
    high: 5_020,
    volume: 1_000,
    widthTicks: 100,
    sessions: [yesterday],
    partial: false,
    approximate: false,
    rollUnadjusted: false,
    rollShiftTicks: 0,
    ...change,
  });
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** What the session did so far; kept by the caller so that periods add up. */
interface SessionSoFar {
  open: number;
  high: number;
  low: number;
}

/** Trades one period and hands over its record a moment before its close, as the profile does at the close. */
export function playPeriod(feed: Feed, index: number, ohlc: Ohlc, so: SessionSoFar): void {
  const begin = 9 * 60 + 30 + 30 * index;
  const [open, high, low, close] = ohlc;
  [open, high, low, close].forEach((price, i) => feed.trade(clock(begin + 6 * i), price, 10));
  so.high = Math.max(so.high, high);
  so.low = Math.min(so.low, low);
  feed.event(`${clock(begin + 29)}:59.5`, 'period', {
    tradeDate: today,
    index,
    letter: String.fromCharCode(65 + index),
    start: feed.at(clock(begin)),
    end: feed.at(clock(begin + 30)),
    open,
    high,
    low,
    close,
    volume: 40,
    session: { ...so, poc: close, vah: so.high, val: so.low, volume: 40, pocMoveTicks: 0 },
  });
  feed.to(clock(begin + 30));
}

/** How a morning is made. */
export interface Morning {
  readonly regime: string;
  readonly regimeChange?: Row;
  readonly calendar?: Row;
  readonly prior?: Row;
  readonly composite?: Row;
  /** False: nothing asks for a draft. */
  readonly build?: boolean;
}

/** Plays everything up to the open: calendar, rows, a night from 4998 to 5012, the draft at 09:25. */
export function openMorning(feed: Feed, morning: Morning): void {
  phaseAt(feed, 'overnight', '18:00', morning.calendar);
  priorAt(feed, '18:00', morning.prior);
  compositeAt(feed, '18:00', morning.composite);
  feed.trade('18:10', 4_998, 1);
  feed.trade('03:00', 5_012, 1);
  feed.trade('09:20', 5_008, 1);
  regimeAt(feed, '09:25', morning.regime, { stage: 'provisional', ...morning.regimeChange });
  if (morning.build !== false) feed.event('09:25', 'build', {});
  regimeAt(feed, '09:30', morning.regime, morning.regimeChange);
}

/** Plays periods from the open on. */
export function playDay(feed: Feed, periods: readonly Ohlc[]): void {
  const open = periods[0]?.[0] ?? 5_005;
  const so = { open, high: open, low: open };
  periods.forEach((ohlc, index) => playPeriod(feed, index, ohlc, so));
}

/** Ends the regular session. */
export function endDay(feed: Feed, change: Row = {}): void {
  phaseAt(feed, 'post-rth', '16:00', change);
}

export const balance: Morning = { regime: 'balance' };
export const trendUp: Morning = {
  regime: 'trend-up',
  composite: { vah: 4_990, val: 4_970, poc: 4_980 },
};
export const trendDown: Morning = {
  regime: 'trend-down',
  composite: { vah: 5_040, val: 5_020, poc: 5_030 },
};
export const pending: Morning = { regime: 'breakout-pending' };

// Periods against the composite 4990 to 5015, value 4995 to 5010 and a night from 4998 to 5012.
export const stands: Ohlc = [5_006, 5_009, 5_004, 5_007];
export const failsHigh: Ohlc = [5_007, 5_018, 5_005, 5_010];
export const toPoc: Ohlc = [5_010, 5_011, 4_999, 5_002];
export const breaksUp: Ohlc = [5_010, 5_020, 5_009, 5_018];
export const climbs: Ohlc = [5_018, 5_030, 5_017, 5_028];
export const runs: Ohlc = [5_028, 5_045, 5_027, 5_044];
export const comesBack: Ohlc = [5_028, 5_028, 5_008, 5_009];
export const staysBack: Ohlc = [5_009, 5_010, 5_004, 5_006];
export const dips: Ohlc = [5_007, 5_009, 5_002, 5_006];
export const sinks: Ohlc = [5_000, 5_001, 4_990, 4_992];
export const sinksOn: Ohlc = [4_992, 4_993, 4_984, 4_985];
