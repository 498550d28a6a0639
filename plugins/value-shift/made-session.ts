// Hand-made sessions for the tests of this folder: an area, a calendar, half hours as open-high-low-close with developing value.

type Row = Readonly<Record<string, unknown>>;

/** A batch of rows in the making; prices are ticks. */
interface Batch {
  trade(ts: number, price: number, size: number, side: number, flags: number): void;
}

/** What a driven plugin offers; prices are decimals, times New York. */
interface Feed {
  at(time: string): number;
  day(tradeDate: string): void;
  to(at: string): void;
  market(write: (batch: Batch) => void): void;
  event(at: string, port: string, payload: Row): void;
}

/** A half hour: what traded in this order, and where developing value stood at its end. */
export interface HalfHour {
  readonly path: readonly number[];
  /** Developing point of control; the value area lies two points around it unless told. */
  readonly poc: number;
  readonly value?: readonly [val: number, vah: number];
  readonly size?: number;
}

export const today = '2025-11-19';
export const dates = ['2025-11-19', '2025-11-20', '2025-11-21', '2025-11-24'] as const;

/** The area of most tests: value 5000 to 5020, point of control 5010. */
export const compositeOf = (change: Row = {}): Row => ({
  asOf: '2025-11-18',
  inForce: true,
  poc: 5010,
  vah: 5020,
  val: 5000,
  one: { vah: 5020, val: 5000 },
  low: 4990,
  high: 5030,
  volume: 1,
  widthTicks: 80,
  sessions: [],
  partial: false,
  approximate: false,
  rollUnadjusted: false,
  rollShiftTicks: 0,
  ...change,
});

export const priorOf = (change: Row = {}): Row => ({
  tradeDate: '2025-11-18',
  open: 5010,
  high: 5030,
  low: 4990,
  close: 5010,
  poc: 5012,
  vah: 5016,
  val: 5004,
  shape: 'D',
  short: false,
  approximate: false,
  gap: false,
  contract: 'ESZ25',
  ...change,
});

/** The regime as a row. */
export const regimeOf = (name: string, tradeDate = today): Row => ({
  tradeDate,
  regime: name,
  stage: 'final',
  lowConfidence: false,
  bias: 'neutral',
  since: 0,
  missing: [],
  relation: null,
  overlapMin: null,
  overnightRangeTicks: null,
  overnightMedianTicks: null,
  reason: 'test',
});

export function phaseOf(feed: Feed, phase: string, tradeDate: string, change: Row = {}): Row {
  return {
    phase,
    tradeDate,
    since: 0,
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
const beginOf = (index: number): string => clock(570 + 30 * index);

/** Trades of a half hour, a minute apart, and its record. */
export function playHalfHour(
  feed: Feed,
  tradeDate: string,
  index: number,
  { path, poc, value, size = 100 }: HalfHour,
  minutes = 6,
): void {
  if (path.length > 0) {
    // One batch: runs that are cut at each record have fewer places to be cut at.
    feed.market((batch) => {
      path.forEach((price, i) => {
        batch.trade(feed.at(clock(570 + 30 * index + minutes * i)), price * 4, size, 1, 0);
      });
    });
  }
  const [val, vah] = value ?? [poc - 2, poc + 2];
  const range = { high: Math.max(...path), low: Math.min(...path) };
  feed.event(beginOf(index + 1), 'period', {
    tradeDate,
    index,
    letter: String.fromCharCode(65 + index),
    start: feed.at(beginOf(index)),
    end: feed.at(beginOf(index + 1)),
    open: path[0] ?? null,
    high: path.length === 0 ? null : range.high,
    low: path.length === 0 ? null : range.low,
    close: path.at(-1) ?? null,
    volume: size * path.length,
    session: { open: 5010, ...rangeOr(range), poc, vah, val, volume: 1, pocMoveTicks: 0 },
  });
}

const rangeOr = ({ high, low }: { high: number; low: number }) =>
  Number.isFinite(high) ? { high, low } : { high: 5010, low: 5010 };

/** A day: calendar, then its half hours, then its end. */
export interface MadeDay {
  readonly halfHours: readonly HalfHour[];
  readonly tradeDate?: string;
  readonly regime?: string;
  readonly phase?: Row;
  readonly before?: (feed: Feed) => void;
}

export function playDay(feed: Feed, made: MadeDay): void {
  const { halfHours, tradeDate = today, regime, phase = {}, before } = made;
  feed.day(tradeDate);
  feed.event('18:00', 'phase', phaseOf(feed, 'overnight', tradeDate, phase));
  before?.(feed);
  if (regime !== undefined) feed.event('09:29', 'regime', regimeOf(regime, tradeDate));
  halfHours.forEach((half, i) => playHalfHour(feed, tradeDate, i, half));
  feed.event('17:00', 'phase', phaseOf(feed, 'closed', tradeDate, phase));
}
