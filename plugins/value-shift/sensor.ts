import {
  formatTradeDate,
  microsPerMinute,
  microsPerSecond,
  type Out,
  type Phase,
  parseTradeDate,
  type Sensor,
  type Slots,
} from '#engine';
import type { Config } from './config.ts';
import {
  bounceOf,
  closePoc,
  pocArrays,
  pocCount,
  pocNames,
  seePoc,
  watchPoc,
} from './poc-watch.ts';
import type { Outputs, Senses } from './ports.ts';

type Tell = Out<Senses>;
type Row = Readonly<Record<string, unknown>>;

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  stage: 0, date: 1, rthOpen: 2, // stage: 1 the regular session waits for its open, 2 it runs with an area
  last: 3, high: 4, low: 5, // since the last thing told
  toldHigh: 6, toldLow: 7, // told of this half hour
  vah: 8, val: 9, open: 10, // the area of the day
  volume: 11, above: 12, below: 13, moment: 14, buys: 15, sells: 16, // since the open
  crossedHigh: 17, crossedLow: 18, // 1: the trade beyond was told
  fiveClose: 19, // 1: something traded in these five minutes
  dayHigh: 20, dayLow: 21, toldPrice: 22, // told since the open; the last price told
  isNews: 23, // 1: a regime came after the last thing told
  // What stays from day to day.
  hasComposite: 24, compositeVah: 25, compositeVal: 26, compositePoc: 27,
  hasPrior: 28, priorDate: 29, priorVah: 30, priorVal: 31, priorPoc: 32, priorContract: 33,
  contract: 34, holiday: 35, rolled: 36,
  beyond: 37, // furthest beyond an edge in the window, ticks
} as const;
const dayEnd = slot.hasComposite;
const stage = { idle: 0, waiting: 1, live: 2 } as const;

/** Widens what this half hour has traded. */
function keepRange(f: Float64Array, low: number, high: number): void {
  if (high > f[slot.toldHigh]!) f[slot.toldHigh] = high;
  if (low < f[slot.toldLow]!) f[slot.toldLow] = low;
}

/** Prices since the last thing told; starts anew. */
function told(f: Float64Array) {
  const last = f[slot.last]!;
  const row = {
    price: last,
    high: Math.max(f[slot.high]!, last),
    low: Math.min(f[slot.low]!, last),
    vwap: f[slot.volume]! > 0 ? f[slot.open]! + f[slot.moment]! / f[slot.volume]! : last,
  };
  keepRange(f, row.low, row.high);
  if (row.high > f[slot.dayHigh]!) f[slot.dayHigh] = row.high;
  if (row.low < f[slot.dayLow]!) f[slot.dayLow] = row.low;
  f[slot.toldPrice] = last;
  f[slot.isNews] = 0;
  f[slot.high] = Number.NEGATIVE_INFINITY;
  f[slot.low] = Number.POSITIVE_INFINITY;
  return row;
}

const volumesOf = (f: Float64Array) => ({
  volume: f[slot.volume]!,
  above: f[slot.above]!,
  below: f[slot.below]!,
});

function clearTold(f: Float64Array): void {
  f[slot.toldHigh] = Number.NEGATIVE_INFINITY;
  f[slot.toldLow] = Number.POSITIVE_INFINITY;
}

const areaAt = (f: Float64Array, at: number) => ({
  vah: f[at]!,
  val: f[at + 1]!,
  poc: f[at + 2]!,
});

function priorOf(f: Float64Array) {
  const isOther =
    f[slot.priorContract] !== 0 &&
    f[slot.contract] !== 0 &&
    f[slot.priorContract] !== f[slot.contract];
  const isUsable = f[slot.hasPrior] === 1 && f[slot.priorDate]! < f[slot.date]!;
  return isUsable && !isOther && f[slot.rolled] === 0 ? areaAt(f, slot.priorVah) : null;
}

/** The open: freezes the area of the day, or leaves the day alone. */
function takeOpen(s: Slots, c: Config, ts: number, price: number, out: Tell): void {
  const { f } = s;
  f[slot.stage] = stage.idle;
  if (f[slot.holiday] === 1) return;
  if (ts - f[slot.rthOpen]! > c.openGraceSeconds * microsPerSecond) return;
  const prior = priorOf(f);
  const composite = f[slot.hasComposite] === 1 ? areaAt(f, slot.compositeVah) : null;
  const area = composite ?? prior;
  if (area === null) return;
  f[slot.stage] = stage.live;
  f[slot.vah] = area.vah;
  f[slot.val] = area.val;
  f[slot.open] = price;
  f[slot.last] = price;
  f[slot.high] = price;
  f[slot.low] = price;
  f[slot.dayHigh] = price;
  f[slot.dayLow] = price;
  clearTold(f);
  f[slot.crossedHigh] = price > area.vah ? 1 : 0;
  f[slot.crossedLow] = price < area.val ? 1 : 0;
  watchPoc(s, 0, area.poc);
  watchPoc(s, 1, prior !== null && composite !== null ? prior.poc : Number.NaN);
  const basis = composite === null ? 'prior' : 'composite';
  out('opened', {
    ...told(f),
    tradeDate: formatTradeDate(f[slot.date]!),
    area: { ...area, basis },
    prior,
  });
}

function cross(f: Float64Array, low: number, high: number, out: Tell): void {
  if (f[slot.crossedHigh] === 0 && high > f[slot.vah]!) {
    f[slot.crossedHigh] = 1;
    out('crossed', { ...told(f), ...volumesOf(f), edge: 'vah' });
  }
  if (f[slot.crossedLow] === 0 && low < f[slot.val]!) {
    f[slot.crossedLow] = 1;
    out('crossed', { ...told(f), ...volumesOf(f), edge: 'val' });
  }
}

const sideName = (side: number): 'long' | 'short' => (side > 0 ? 'long' : 'short');

function watchPocs(
  s: Slots,
  c: Config,
  ts: number,
  low: number,
  high: number,
  price: number,
  out: Tell,
): void {
  for (let k = 0; k < pocCount; k += 1) {
    const event = seePoc(s, c, k, ts, low, high, price);
    if (event === 'none') continue;
    const where = { poc: pocNames[k]!, side: sideName(s.a['away']![k]!) };
    if (event === 'apart') out('pocApart', { ...told(s.f), ...where });
    else {
      out('pocHeld', {
        ...told(s.f),
        ...where,
        touches: s.a['touches']![k]!,
        bounceTicks: bounceOf(s, k, price),
      });
    }
  }
}

/** Adds volume at a price: what lies beyond the edges apart. */
function add(f: Float64Array, price: number, size: number): void {
  f[slot.volume]! += size;
  f[slot.moment]! += size * (price - f[slot.open]!);
  if (price > f[slot.vah]!) f[slot.above]! += size;
  else if (price < f[slot.val]!) f[slot.below]! += size;
}

/** Adds a bar's volume, spread evenly over its range. */
function addBar(
  f: Float64Array,
  low: number,
  high: number,
  close: number,
  size: number,
  vwap: number,
): void {
  const rows = high - low + 1;
  const above = Math.min(rows, Math.max(0, high - f[slot.vah]!));
  const below = Math.min(rows, Math.max(0, f[slot.val]! - low));
  const price = Number.isNaN(vwap) ? (high + low + close) / 3 : vwap;
  f[slot.volume]! += size;
  f[slot.moment]! += size * (price - f[slot.open]!);
  f[slot.above]! += (size * above) / rows;
  f[slot.below]! += (size * below) / rows;
}

/** Looks at new prices: edges and points of control. */
function look(
  s: Slots,
  c: Config,
  ts: number,
  low: number,
  high: number,
  price: number,
  out: Tell,
): void {
  const { f } = s;
  f[slot.last] = price;
  if (high > f[slot.high]!) f[slot.high] = high;
  if (low < f[slot.low]!) f[slot.low] = low;
  if (high > f[slot.vah]! || low < f[slot.val]!) {
    const beyond = Math.max(high - f[slot.vah]!, f[slot.val]! - low);
    if (beyond > f[slot.beyond]!) f[slot.beyond] = beyond;
    cross(f, low, high, out);
  }
  watchPocs(s, c, ts, low, high, price, out);
}

function endFive(s: Slots, c: Config, index: number, out: Tell): void {
  const { f } = s;
  if (f[slot.fiveClose] === 0) return;
  f[slot.fiveClose] = 0;
  for (let k = 0; k < pocCount; k += 1) {
    const side = s.a['away']![k]!;
    const { isBroken, isApart } = closePoc(s, c, k, f[slot.last]!);
    if (isBroken) out('pocBroken', { ...told(f), poc: pocNames[k]!, side: sideName(side) });
    if (isApart) out('pocApart', { ...told(f), poc: pocNames[k]!, side: sideName(-side) });
  }
  // A half hour that ends is told with its period.
  if (index % 6 === 5) return;
  if (!(f[slot.high]! > f[slot.toldHigh]! || f[slot.low]! < f[slot.toldLow]!)) return;
  if (isWorthTelling(f)) out('moved', told(f));
  else keepRange(f, f[slot.low]!, f[slot.high]!);
}

const isBetween = (level: number, low: number, high: number): boolean =>
  level >= low && level <= high;

/**
 * Whether prices since the last thing told can change an expectation: only a new extreme of the session, or a way to or
 * over an edge of today's or of prior value, can reach a target; a regime that is new is judged by the next price.
 */
function isWorthTelling(f: Float64Array): boolean {
  const [low, high, from] = [f[slot.low]!, f[slot.high]!, f[slot.toldPrice]!];
  if (f[slot.isNews] === 1 || high > f[slot.dayHigh]! || low < f[slot.dayLow]!) return true;
  const [lowest, highest] = [Math.min(low, from), Math.max(high, from)];
  return (
    isBetween(f[slot.vah]!, lowest, highest) ||
    isBetween(f[slot.val]!, lowest, highest) ||
    isBetween(f[slot.priorVah]!, lowest, highest) ||
    isBetween(f[slot.priorVal]!, lowest, highest)
  );
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Buys minus sells; null when too much volume has no side. */
function deltaOf(f: Float64Array, c: Config): number | null {
  const volume = f[slot.volume]!;
  const unknown = volume - f[slot.buys]! - f[slot.sells]!;
  if (!(volume > 0) || unknown > c.maxUnknownShare * volume) return null;
  return f[slot.buys]! - f[slot.sells]!;
}

function takePeriod(f: Float64Array, c: Config, ts: number, row: Row, out: Tell): void {
  const session = row['session'] as Row | null | undefined;
  if (f[slot.stage] !== stage.live || session === null || session === undefined) return;
  const close = numberOf(row['close']);
  out('halfHour', {
    ...told(f),
    ...volumesOf(f),
    index: Number(row['index']),
    start: numberOf(row['start']) ?? ts - 30 * microsPerMinute,
    end: numberOf(row['end']) ?? ts,
    periodHigh: numberOf(row['high']),
    periodLow: numberOf(row['low']),
    close,
    developing: {
      vah: Number(session['vah']),
      val: Number(session['val']),
      poc: Number(session['poc']),
    },
    delta: deltaOf(f, c),
  });
  clearTold(f);
  if (close === null) return;
  if (close <= f[slot.vah]!) f[slot.crossedHigh] = 0;
  if (close >= f[slot.val]!) f[slot.crossedLow] = 0;
}

/** Writes a contract's code as a number; 0 for none. */
function contractNumber(code: unknown): number {
  if (typeof code !== 'string') return 0;
  let sum = 0;
  for (let i = 0; i < code.length; i += 1) sum = sum * 128 + code.charCodeAt(i);
  return sum;
}

function takeRow(f: Float64Array, port: string, row: Row): void {
  const edges = ['vah', 'val', 'poc'].map((name) => Number(row[name]));
  if (port === 'composite') f.set([row['inForce'] === true ? 1 : 0, ...edges], slot.hasComposite);
  else if (port === 'prior') {
    const date = parseTradeDate(String(row['tradeDate']));
    f.set([1, date, ...edges, contractNumber(row['contract'])], slot.hasPrior);
  } else if (port === 'phase') {
    f[slot.contract] = contractNumber(row['contract']);
    f[slot.holiday] = row['holiday'] === true ? 1 : 0;
    f[slot.rolled] = row['rolled'] === true ? 1 : 0;
  } else if (port === 'regime') f[slot.isNews] = 1;
}

function phase(s: Slots, ts: number, name: Phase, date: number, out: Tell): void {
  const { f } = s;
  if (f[slot.date] !== date) {
    f.fill(0, slot.stage, dayEnd);
    f[slot.date] = date;
    out('dayBegan', { tradeDate: formatTradeDate(date) });
  }
  if (name === 'rth-opening' && f[slot.rthOpen] === 0) {
    f[slot.stage] = stage.waiting;
    f[slot.rthOpen] = ts;
  } else if (name === 'post-rth' || name === 'closed') {
    if (f[slot.stage] === stage.live) out('rthEnded', told(f));
    f[slot.stage] = stage.idle;
  }
}

/** Counts volume beyond the area of the day, and tells of its edges and points of control. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['beyond'],
  arrays: () => pocArrays,
  clocks: () => ({ five: { everyUs: 5 * microsPerMinute, from: 'rth' } }),
  init: (s) => {
    for (let k = 0; k < pocCount; k += 1) watchPoc(s, k, Number.NaN);
  },
  phase: (s, _c, ts, name, date, out) => phase(s, ts, name, date, out),
  clock: (s, c, _ts, _name, index, out) => {
    if (s.f[slot.stage] === stage.live) endFive(s, c, index, out);
  },
  event: (s, c, ts, port, row, out) => {
    if (port === 'period') takePeriod(s.f, c, ts, row, out);
    else takeRow(s.f, port, row);
  },
  trade: (s, c, ts, price, size, side, _flags, out) => {
    const { f } = s;
    if (f[slot.stage] === stage.idle) return;
    const isOpen = f[slot.stage] === stage.waiting;
    if (isOpen) takeOpen(s, c, ts, price, out);
    if (f[slot.stage] !== stage.live) return;
    add(f, price, size);
    if (side > 0) f[slot.buys]! += size;
    else if (side < 0) f[slot.sells]! += size;
    f[slot.fiveClose] = 1;
    if (isOpen || price !== f[slot.last]!) look(s, c, ts, price, price, price, out);
  },
  bar: (s, c, ts, open, high, low, close, volume, bid, ask, vwap, out) => {
    const { f } = s;
    if (f[slot.stage] === stage.idle || !(volume > 0)) return;
    if (f[slot.stage] === stage.waiting) takeOpen(s, c, ts, open, out);
    if (f[slot.stage] !== stage.live) return;
    addBar(f, low, high, close, volume, vwap);
    if (bid >= 0) f[slot.sells]! += bid;
    if (ask >= 0) f[slot.buys]! += ask;
    f[slot.fiveClose] = 1;
    look(s, c, ts, low, high, close, out);
  },
  probes: {
    beyondEdge: ({ f }) => ({ value: f[slot.beyond]!, needed: 1, unit: 'tick' }),
  },
  withholds: { beyondEdge: ['crossed'] },
};
