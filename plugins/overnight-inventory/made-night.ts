// Hand-made nights and openings for the tests of this folder; prices are decimals, times New York.

type Row = Readonly<Record<string, unknown>>;

/** What a driven plugin offers. */
interface Feed {
  at(time: string): number;
  day(tradeDate: string): void;
  trade(at: string, price: number, size: number): void;
  bar(
    atEnd: string,
    bar: { open: number; high: number; low: number; close: number; volume: number },
  ): void;
  event(at: string, port: string, payload: Row): void;
  to(at: string): void;
}

/** The trade date of made nights. */
export const today = '2025-11-19';

/** The prior session of vectors V12b and V13: value 5000 to 5010, close 5000. */
export const priorOf = (change: Row = {}): Row => ({
  tradeDate: '2025-11-18',
  open: 5003,
  high: 5012,
  low: 4990,
  close: 5000,
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

/** Feeds a row of the calendar. */
export function phaseAt(feed: Feed, at: string, phase: string, change: Row = {}): void {
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

/** Prices and sizes of vector V13: net long by .60 against 5000. */
export const longNight = [
  [4998, 200],
  [4999, 300],
  [5000, 500],
  [5001, 900],
  [5002, 1100],
] as const;
/** The same night mirrored at 5000. */
export const shortNight = longNight.map(([price, size]) => [10_000 - price, size] as const);
/** A night with as much above as below. */
export const evenNight = [
  [4999, 100],
  [5001, 100],
] as const;

/** Plays a night: the calendar, the prior session, one trade a row every few minutes, the regular open. */
export function playNight(
  feed: Feed,
  night: readonly (readonly [price: number, size: number])[],
  prior: Row | null = priorOf(),
  day: Row = {},
): void {
  if (prior) feed.event('18:00', 'prior', prior);
  phaseAt(feed, '18:00', 'overnight', day);
  night.forEach(([price, size], i) => feed.trade(`18:0${i + 1}`, price, size));
  phaseAt(feed, '09:00', 'pre-open', day);
  phaseAt(feed, '09:30', 'rth-opening', day);
}

/** Feeds a closed 30-minute period; `close` null is one without a trade. */
export function closePeriod(feed: Feed, at: string, index: number, close: number | null): void {
  feed.event(at, 'period', {
    tradeDate: today,
    index,
    letter: String.fromCharCode(65 + index),
    start: feed.at(at) - 1_800_000_000,
    end: feed.at(at),
    open: close,
    high: close,
    low: close,
    close,
    volume: close === null ? 0 : 10,
    session: null,
  });
}

/** Ends the first hour and the regular session. */
export function endSession(feed: Feed, day: Row = {}): void {
  phaseAt(feed, '10:30', 'rth-main', day);
  phaseAt(feed, '16:00', 'post-rth', day);
  phaseAt(feed, '17:00', 'closed', day);
}
