// Hand-made value areas and sessions for the tests of this folder; prices are decimals, times New York.

type Row = Readonly<Record<string, unknown>>;

/** What a driven plugin offers. */
interface Feed {
  at(time: string): number;
  trade(at: string, price: number, size: number): void;
  event(at: string, port: string, payload: Row): void;
}

/** The trade date of made sessions, and the ones before. */
export const today = '2025-11-19';
export const yesterday = '2025-11-18';
export const dayBefore = '2025-11-17';

/** A composite of 5000 to 5010. */
export const compositeOf = (change: Row = {}): Row => ({
  asOf: yesterday,
  inForce: true,
  poc: 5005,
  vah: 5010,
  val: 5000,
  one: { vah: 5010, val: 5000 },
  low: 4990,
  high: 5020,
  volume: 1000,
  widthTicks: 41,
  sessions: [yesterday],
  partial: false,
  approximate: false,
  rollUnadjusted: false,
  rollShiftTicks: 0,
  ...change,
});

/** A prior session: value 4994 to 5008 in a range of 4988 to 5012, as in vector V28. */
export const priorOf = (change: Row = {}): Row => ({
  tradeDate: yesterday,
  open: 5000,
  high: 5012,
  low: 4988,
  close: 5004,
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

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The developing value of a close, with open and close of the period; null: nothing traded. */
export type Value = {
  readonly val: number;
  readonly vah: number;
  readonly open?: number;
  readonly close?: number;
} | null;

/** Closes a period by its index. */
export function closePeriod(feed: Feed, index: number, value: Value, tradeDate = today): void {
  const end = clock(9 * 60 + 30 + 30 * (index + 1));
  const open = value === null ? null : (value.open ?? 5005);
  const close = value === null ? null : (value.close ?? 5005);
  feed.event(end, 'period', {
    tradeDate,
    index,
    letter: String.fromCharCode(65 + index),
    start: feed.at(end) - 1_800_000_000,
    end: feed.at(end),
    open,
    high: open === null || close === null ? null : Math.max(open, close),
    low: open === null || close === null ? null : Math.min(open, close),
    close,
    volume: value === null ? 0 : 10,
    session: value && {
      open: 5005,
      high: value.vah,
      low: value.val,
      poc: value.val,
      vah: value.vah,
      val: value.val,
      volume: 100,
      pocMoveTicks: 0,
    },
  });
}

/** What a session is played from. */
export interface Play {
  readonly composite?: Row | null;
  readonly priors?: readonly Row[];
  readonly day?: Row;
  /** Times and prices of trades. */
  readonly trades?: readonly (readonly [at: string, price: number])[];
  readonly values?: readonly Value[];
  readonly end?: boolean;
}

/** Plays a session: what stands before it, then trades and periods in the order of time. */
export function playSession(feed: Feed, plan: Play): void {
  const { composite = compositeOf(), priors = [], day = {}, trades = [], values = [] } = plan;
  for (const prior of priors) feed.event('18:00', 'prior', prior);
  if (composite) feed.event('18:00', 'composite', composite);
  phaseAt(feed, '18:00', 'overnight', day);
  phaseAt(feed, '09:30', 'rth-opening', day);
  const steps = [
    ...trades.map(([at, price]) => ({ at, go: () => feed.trade(at, price, 1) })),
    ...values.map((value, index) => ({
      at: clock(9 * 60 + 30 + 30 * (index + 1)),
      go: () => closePeriod(feed, index, value),
    })),
    { at: '10:30', go: () => phaseAt(feed, '10:30', 'rth-main', day) },
  ];
  steps.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  for (const { go } of steps) go();
  if (plan.end === false) return;
  phaseAt(feed, '16:00', 'post-rth', day);
}
