// Hand-made sessions for the tests of this folder: a prior value area, a calendar row, periods as open-high-low-close.

type Row = Readonly<Record<string, unknown>>;

/** What a driven plugin offers; prices are decimals, times New York. */
interface Feed {
  at(time: string): number;
  trade(at: string, price: number, size: number): void;
  bar(
    atEnd: string,
    bar: { open: number; high: number; low: number; close: number; volume: number },
  ): void;
  event(at: string, port: string, payload: Row): void;
}

/** Open, high, low and close of a period. */
export type Ohlc = readonly [open: number, high: number, low: number, close: number];

/** The trade date of made sessions and the date of the session before. */
export const today = '2025-11-19';
const yesterday = '2025-11-18';

/** The prior session of vector V12: value 5000 to 5010, point of control 5005. */
export const priorOf = (change: Row = {}): Row => ({
  tradeDate: yesterday,
  open: 5003,
  high: 5012,
  low: 4998,
  close: 5006,
  poc: 5005,
  vah: 5010,
  val: 5000,
  shape: 'D',
  short: false,
  approximate: false,
  gap: false,
  contract: 'ESZ25',
  ...change,
});

/** A row of the calendar, by default of an ordinary day. */
export function phaseOf(feed: Feed, phase: string, since: string, change: Row = {}): Row {
  return {
    phase,
    tradeDate: today,
    since: feed.at(since),
    rthOpen: feed.at('09:30'),
    rthEnd: feed.at('16:00'),
    short: false,
    holiday: false,
    thin: false,
    gap: false,
    contract: 'ESZ25',
    rolled: false,
    ...change,
  };
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** When the period of an index begins. */
export const beginOf = (index: number): string => clock(9 * 60 + 30 + 30 * index);

/** The record of a closed period; `null` is one without a trade. */
export function periodOf(feed: Feed, index: number, ohlc: Ohlc | null, tradeDate = today): Row {
  const [open, high, low, close] = ohlc ?? [null, null, null, null];
  return {
    tradeDate,
    index,
    letter: String.fromCharCode(65 + index),
    start: feed.at(beginOf(index)),
    end: feed.at(beginOf(index + 1)),
    open,
    high,
    low,
    close,
    volume: ohlc ? 100 : 0,
  };
}

/** How the inside of a period is traded: its high first, its low first, or as one bar. */
export type Path = 'high-first' | 'low-first' | 'bar';

/** Trades one period and closes it. */
export function playPeriod(feed: Feed, index: number, ohlc: Ohlc, path: Path = 'high-first'): void {
  const [open, high, low, close] = ohlc;
  const begin = 9 * 60 + 30 + 30 * index;
  if (path === 'bar') feed.bar(clock(begin + 30), { open, high, low, close, volume: 100 });
  else {
    const [second, third] = path === 'high-first' ? [high, low] : [low, high];
    [open, second, third, close].forEach((price, i) => feed.trade(clock(begin + 5 * i), price, 25));
  }
  feed.event(clock(begin + 30), 'period', periodOf(feed, index, ohlc));
}

/** Opens the day: calendar and prior session, before the regular open. */
export function openDay(feed: Feed, prior: Row | null = priorOf(), day: Row = {}): void {
  feed.event('18:00', 'phase', phaseOf(feed, 'overnight', '18:00', day));
  if (prior) feed.event('18:00', 'prior', prior);
  feed.event('09:30', 'phase', phaseOf(feed, 'rth-opening', '09:30', day));
}

/** Plays periods from the first one on. */
export function playPeriods(feed: Feed, periods: readonly Ohlc[], path: Path = 'high-first'): void {
  periods.forEach((ohlc, index) => playPeriod(feed, index, ohlc, path));
}

/** Ends the regular session. */
export function endDay(feed: Feed, day: Row = {}): void {
  feed.event('16:00', 'phase', phaseOf(feed, 'post-rth', '16:00', day));
}
