// Hand-made sessions for the tests of this folder: earlier days that set the medians, then a day as five-minute bars.

type Row = Readonly<Record<string, unknown>>;

/** A batch of rows in the making; prices are ticks. */
interface Batch {
  bar(
    ts: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    bidVolume: number,
    askVolume: number,
    vwap: number,
  ): void;
}

/** What a driven plugin offers; prices are decimals, times New York. */
interface Feed {
  at(time: string): number;
  market(write: (batch: Batch) => void): void;
  day(tradeDate: string): void;
  to(at: string): void;
  trade(at: string, price: number, size: number, side?: 'buy' | 'sell' | 'none'): void;
  bar(
    atEnd: string,
    bar: {
      open: number;
      high: number;
      low: number;
      close: number;
      volume: number;
      bidVolume?: number;
      askVolume?: number;
    },
  ): void;
  event(at: string, port: string, payload: Row): void;
}

/** High, low and close of five minutes. */
export type Hlc = readonly [high: number, low: number, close: number];

/** Earlier sessions, and the trade date of made days. */
export const earlierDates = [
  '2025-11-12',
  '2025-11-13',
  '2025-11-14',
  '2025-11-17',
  '2025-11-18',
] as const;
export const today = '2025-11-19';

/** The prior session of vector V22: range 4988 to 5012, value 4994 to 5008, point of control 5001. */
export const priorOf = (change: Row = {}): Row => ({
  tradeDate: '2025-11-18',
  open: 5000,
  high: 5012,
  low: 4988,
  close: 5000,
  poc: 5001,
  vah: 5008,
  val: 4994,
  shape: 'D',
  short: false,
  approximate: false,
  gap: false,
  contract: 'ESZ25',
  ...change,
});

function phaseRow(feed: Feed, phase: string, since: string, tradeDate: string, change: Row): Row {
  return {
    phase,
    tradeDate,
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
/** When the five minutes of an index begin. */
export const beginOf = (index: number): string => clock(9 * 60 + 30 + 5 * index);

/** A share of bids and asks of a volume; `null` leaves them out. */
export interface Volume {
  readonly each: number;
  /** Buys minus sells over volume. */
  readonly delta: number | null;
}

/** Five-minute bars as bars, or as the trades they stand for: one extreme first, the close last. */
export function playBars(
  feed: Feed,
  open: number,
  bars: readonly Hlc[],
  volume: Volume = { each: 1_000, delta: 0.2 },
  from = 0,
): void {
  let last = open;
  bars.forEach(([high, low, close], i) => {
    const { each, delta } = volume;
    const sides =
      delta === null
        ? {}
        : { bidVolume: (each * (1 - delta)) / 2, askVolume: (each * (1 + delta)) / 2 };
    feed.bar(beginOf(from + i + 1), {
      open: Math.min(high, Math.max(low, last)),
      high,
      low,
      close,
      volume: each,
      ...sides,
    });
    last = close;
  });
}

/** A day before its regular open: calendar, and a night between `low` and `high`. */
export function beginDay(
  feed: Feed,
  tradeDate: string,
  night: readonly [low: number, high: number] | null,
  change: Row = {},
): void {
  feed.day(tradeDate);
  feed.event('18:00', 'phase', phaseRow(feed, 'overnight', '18:00', tradeDate, change));
  if (night) for (const price of night) feed.trade('19:00', price, 1);
  feed.event('09:30', 'phase', phaseRow(feed, 'rth-opening', '09:30', tradeDate, change));
}

/** The end of a day: its calendar rows. */
export function endDay(feed: Feed, tradeDate: string, change: Row = {}): void {
  feed.event('16:00', 'phase', phaseRow(feed, 'post-rth', '16:00', tradeDate, change));
  feed.event('17:00', 'phase', phaseRow(feed, 'closed', '17:00', tradeDate, change));
}

/** Five ordinary sessions with a first period of 10 points, 1,000 contracts each five minutes and a delta share of .1. */
export function playEarlier(feed: Feed, dates: readonly string[] = earlierDates): void {
  for (const date of dates) {
    beginDay(feed, date, null);
    // One batch: runs that are cut at each record have fewer places to be cut at.
    feed.market((batch) => {
      for (let i = 0; i < 6; i += 1) {
        const [low, high] = i === 0 ? [19_980, 20_020] : [19_996, 20_004];
        batch.bar(feed.at(beginOf(i + 1)), 20_000, high, low, 20_000, 1_000, 450, 550, Number.NaN);
      }
    });
    endDay(feed, date);
  }
}
