import {
  contractKey,
  formatTradeDate,
  isOtherContract,
  microsPerMinute,
  microsPerSecond,
  type Out,
  parseTradeDate,
  type Sensor,
  tradeFlags,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import {
  correctionOf,
  inventoryOf,
  middleOf,
  netOf,
  type Side,
  trapSideOf,
  trapTarget,
  travelNeeded,
  volumeAbove,
  volumeBelow,
} from './overnight-inventory.ts';

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  hasPrior: 0, priorDate: 1, priorContract: 2, vah: 3, val: 4, priorHigh: 5, priorLow: 6, priorClose: 7, priorApproximate: 8,
  mode: 9, // see `mode`
  date: 10, start: 11, reference: 12, // reference NaN: unknown
  above: 13, below: 14, high: 15, low: 16, approximate: 17, complete: 18, // the night; high NaN before its first record
  net: 19, // name the machine knows, index of `names`
  rthOpen: 20, open: 21, last: 22, // NaN while unknown
  floor: 23, ceiling: 24, // prices from which on a trade must be looked at
  correction: 25, correctionSide: 26, // price and side of the expected correction, side 0 without
  travelEnd: 27, travelSide: 28, // price that completes the travel; side 0: not watched
  target: 29, targetSide: 30, // of the signal
  travel: 31, // peak of the travel so far in the window, ticks
  levels: 32, // 1: prior value may be used today
} as const;
const mode = { idle: 0, night: 1, opening: 2, hour: 3, following: 4 } as const;
const names = ['unknown', 'net-long', 'net-short', 'neutral'] as const;
const fiveMinutes = 5 * microsPerMinute;

type Tell = Out<Senses>;
type Row = Readonly<Record<string, unknown>>;

const signOf = (side: Side): number => (side === 'long' ? 1 : -1);
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function keepPrior(f: Float64Array, row: Row): void {
  f[slot.hasPrior] = 1;
  f[slot.priorDate] = parseTradeDate(String(row['tradeDate']));
  f[slot.priorContract] = contractKey(row['contract']);
  f[slot.vah] = Number(row['vah']);
  f[slot.val] = Number(row['val']);
  f[slot.priorHigh] = Number(row['high']);
  f[slot.priorLow] = Number(row['low']);
  f[slot.priorClose] = Number(row['close']);
  f[slot.priorApproximate] = row['approximate'] === true ? 1 : 0;
}

type Missing = 'no-prior' | 'roll' | 'holiday' | 'incomplete' | 'no-volume';

/** Why nothing of the prior session may be used on a day; null when it may. */
function refusalOf(f: Float64Array, c: Config, row: Row, date: number): Missing | null {
  if (c.skipHolidays && row['holiday'] === true) return 'holiday';
  if (f[slot.hasPrior] === 0 || f[slot.priorDate]! >= date) return 'no-prior';
  const isRolled = row['rolled'] === true;
  const isOther = isOtherContract(f[slot.priorContract]!, contractKey(row['contract']));
  return isRolled || isOther ? 'roll' : null;
}

function beginNight(f: Float64Array, c: Config, row: Row, date: number, out: Tell): void {
  f.fill(0, slot.mode);
  f.fill(Number.NaN, slot.high, slot.low + 1);
  f.fill(Number.NaN, slot.rthOpen, slot.ceiling + 1);
  const missing = refusalOf(f, c, row, date);
  f[slot.mode] = mode.night;
  f[slot.date] = date;
  f[slot.start] = Number(row['since']);
  f[slot.levels] = missing === null ? 1 : 0;
  f[slot.reference] = missing === null ? f[slot.priorClose]! : Number.NaN;
  f[slot.approximate] = missing === null ? f[slot.priorApproximate]! : 0;
  out('nightBegan', {
    tradeDate: formatTradeDate(date),
    reference: orNull(f[slot.reference]!),
    missing,
  });
}

function measure(f: Float64Array) {
  return {
    above: f[slot.above]!,
    below: f[slot.below]!,
    high: orNull(f[slot.high]!),
    low: orNull(f[slot.low]!),
    approximate: f[slot.approximate] === 1,
  };
}

/** Why the night that ends has no inventory although there is a reference. */
function nightGap(f: Float64Array): Missing | null {
  if (Number.isNaN(f[slot.high]!)) return 'no-volume';
  if (f[slot.complete] === 0) return 'incomplete';
  return f[slot.above] === 0 && f[slot.below] === 0 ? 'no-volume' : null;
}

function beginSession(f: Float64Array, row: Row, out: Tell): void {
  const missing = nightGap(f);
  if (missing !== null) f[slot.reference] = Number.NaN;
  f[slot.mode] = mode.opening;
  f[slot.rthOpen] = Number(row['rthOpen'] ?? row['since']);
  f[slot.floor] = Infinity;
  f[slot.ceiling] = -Infinity;
  out('nightEnded', { ...measure(f), missing });
}

/** Sets the prices between which a trade has nothing to tell. */
function setBounds(f: Float64Array): void {
  f[slot.floor] = -Infinity;
  f[slot.ceiling] = Infinity;
  bound(f, f[slot.correctionSide]!, f[slot.correction]!);
  bound(f, f[slot.travelSide]!, f[slot.travelEnd]!);
  bound(f, f[slot.targetSide]!, f[slot.target]!);
}

function bound(f: Float64Array, side: number, level: number): void {
  if (side > 0) f[slot.ceiling] = Math.min(f[slot.ceiling]!, level);
  if (side < 0) f[slot.floor] = Math.max(f[slot.floor]!, level);
}

const netName = (f: Float64Array, c: Config) =>
  Number.isNaN(f[slot.reference]!)
    ? 'unknown'
    : netOf(inventoryOf(f[slot.above]!, f[slot.below]!), c.netThreshold);

function takeOpen(f: Float64Array, c: Config, ts: number, price: number, out: Tell): void {
  f[slot.mode] = mode.hour;
  if (ts - f[slot.rthOpen]! <= c.openGraceSeconds * microsPerSecond) {
    f[slot.open] = price;
    const middle = middleOf(f[slot.low]!, f[slot.high]!);
    const correction = correctionOf(netName(f, c), price, f[slot.reference]!, middle);
    if (correction) {
      f[slot.correction] = correction.target;
      f[slot.correctionSide] = signOf(correction.side);
    }
    const levels = { vah: f[slot.vah]!, val: f[slot.val]! };
    const isWide = levels.vah - levels.val >= c.minWidthTicks;
    const side = f[slot.levels] === 1 && isWide ? trapSideOf(price, levels, c.edge) : null;
    if (side) {
      f[slot.travelSide] = signOf(side);
      f[slot.travelEnd] = price + signOf(side) * travelNeeded(levels, c.travel);
    }
    out('opened', { price });
  }
  setBounds(f);
}

const reaches = (side: number, level: number, low: number, high: number): boolean =>
  side > 0 ? high >= level : side < 0 && low <= level;

/** Where trading between `low` and `high` first met a level it came to going up (1) or down (-1). */
const meets = (side: number, level: number, low: number, high: number): number =>
  side > 0 ? Math.max(low, level) : Math.min(high, level);

function completeTravel(f: Float64Array, price: number, out: Tell): void {
  const side = f[slot.travelSide]!;
  const target = trapTarget(side > 0 ? 'long' : 'short', price, {
    vah: f[slot.vah]!,
    val: f[slot.val]!,
    priorHigh: f[slot.priorHigh]!,
    priorLow: f[slot.priorLow]!,
    nightHigh: orNull(f[slot.high]!),
    nightLow: orNull(f[slot.low]!),
  });
  f[slot.travelSide] = 0;
  f[slot.targetSide] = target === null ? 0 : side;
  f[slot.target] = target ?? Number.NaN;
  out('travelled', { price, travelTicks: (price - f[slot.open]!) * side });
}

/** Looks at trading between `low` and `high` that ended at `close`; a trade is a bar of one price. */
function look(f: Float64Array, low: number, high: number, close: number, out: Tell): void {
  const target = f[slot.target]!;
  if (reaches(f[slot.targetSide]!, target, low, high)) {
    const price = meets(f[slot.targetSide]!, target, low, high);
    f[slot.targetSide] = 0;
    out('targetTouched', { price });
  }
  const correction = f[slot.correction]!;
  if (reaches(f[slot.correctionSide]!, correction, low, high)) {
    const price = meets(f[slot.correctionSide]!, correction, low, high);
    f[slot.correctionSide] = 0;
    out('correctionTouched', { price });
  }
  if (reaches(f[slot.travelSide]!, f[slot.travelEnd]!, low, high)) completeTravel(f, close, out);
  setBounds(f);
}

function noteTravel(f: Float64Array, low: number, high: number): void {
  const side = f[slot.travelSide]!;
  const travelled = side > 0 ? high - f[slot.open]! : f[slot.open]! - low;
  if (travelled > f[slot.travel]!) f[slot.travel] = travelled;
}

function endHour(f: Float64Array, out: Tell): void {
  f[slot.mode] = mode.following;
  f[slot.correctionSide] = 0;
  f[slot.travelSide] = 0;
  setBounds(f);
  out('timeUp', { price: orNull(f[slot.last]!) });
}

function endSession(f: Float64Array, out: Tell): void {
  if (f[slot.mode]! < mode.following) endHour(f, out);
  f[slot.mode] = mode.idle;
  out('sessionEnded', { price: orNull(f[slot.last]!) });
}

const regular: ReadonlySet<unknown> = new Set(['rth-opening', 'rth-main', 'rth-closing']);
const over: ReadonlySet<unknown> = new Set(['post-rth', 'closed']);

/** Takes a row of the calendar; the same row may come again when a gap was found. */
function takePhase(f: Float64Array, c: Config, row: Row, out: Tell): void {
  const date = parseTradeDate(String(row['tradeDate']));
  const name = row['phase'];
  const isNight = name === 'overnight' || name === 'pre-open';
  if ((isNight || regular.has(name)) && f[slot.date] !== date) beginNight(f, c, row, date, out);
  if (regular.has(name) && f[slot.mode] === mode.night) beginSession(f, row, out);
  if (over.has(name) && f[slot.mode]! >= mode.opening) endSession(f, out);
}

function noteNight(f: Float64Array, c: Config, ts: number, low: number, high: number): void {
  if (Number.isNaN(f[slot.high]!)) {
    f[slot.complete] = ts - f[slot.start]! <= c.nightGraceMinutes * microsPerMinute ? 1 : 0;
    f[slot.high] = high;
    f[slot.low] = low;
    return;
  }
  if (high > f[slot.high]!) f[slot.high] = high;
  if (low < f[slot.low]!) f[slot.low] = low;
}

function seeSession(f: Float64Array, c: Config, ts: number, price: number, out: Tell): void {
  if (f[slot.mode] === mode.opening) takeOpen(f, c, ts, price, out);
  if (f[slot.travelSide] !== 0) noteTravel(f, price, price);
  f[slot.last] = price;
  if (price >= f[slot.ceiling]! || price <= f[slot.floor]!) look(f, price, price, price, out);
}

/** Weighs the volume of the night against the prior close, then watches the levels of the first hour. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['travel'],
  clocks: (c) => ({
    night: { everyUs: fiveMinutes, from: 'session' },
    hour: { everyUs: c.minutes * microsPerMinute, from: 'rth' },
  }),
  init: ({ f }) => f.fill(0),
  event: ({ f }, c, _ts, port, payload, out) => {
    if (port === 'prior') keepPrior(f, payload);
    if (port === 'phase') takePhase(f, c, payload, out);
  },
  clock: ({ f }, c, _ts, name, index, out) => {
    if (name === 'hour') {
      const isRunning = f[slot.mode] === mode.opening || f[slot.mode] === mode.hour;
      if (index === 0 && isRunning) endHour(f, out);
      return;
    }
    if (f[slot.mode] !== mode.night || Number.isNaN(f[slot.reference]!)) return;
    const net = names.indexOf(netName(f, c));
    const isDue = index % 6 === 5 || index >= 180;
    if (net === f[slot.net] && !isDue) return;
    f[slot.net] = net;
    if (!Number.isNaN(f[slot.high]!)) out('measured', measure(f));
  },
  trade: ({ f }, c, ts, price, size, _side, flags, out) => {
    if (f[slot.mode] === mode.night) {
      const reference = f[slot.reference]!;
      if (price > reference) f[slot.above]! += size;
      else if (price < reference) f[slot.below]! += size;
      if (!(price <= f[slot.high]! && price >= f[slot.low]!)) noteNight(f, c, ts, price, price);
      if ((flags & tradeFlags.approximate) !== 0) f[slot.approximate] = 1;
    } else if (f[slot.mode] !== mode.idle && price !== f[slot.last]) {
      seeSession(f, c, ts, price, out);
    }
  },
  bar: ({ f }, c, ts, open, high, low, close, volume, _bid, _ask, _vwap, out) => {
    if (!(volume > 0) || f[slot.mode] === mode.idle) return;
    if (f[slot.mode] === mode.night) {
      const reference = f[slot.reference]!;
      f[slot.approximate] = 1;
      noteNight(f, c, ts, low, high);
      if (Number.isNaN(reference)) return;
      f[slot.above]! += volumeAbove(low, high, volume, reference);
      f[slot.below]! += volumeBelow(low, high, volume, reference);
      return;
    }
    if (f[slot.mode] === mode.opening) takeOpen(f, c, ts, open, out);
    if (f[slot.travelSide] !== 0) noteTravel(f, low, high);
    f[slot.last] = close;
    if (high >= f[slot.ceiling]! || low <= f[slot.floor]!) look(f, low, high, close, out);
  },
  probes: {
    inventory: ({ f }, c) => ({
      value: Math.abs(inventoryOf(f[slot.above]!, f[slot.below]!) ?? 0),
      needed: c.netThreshold,
      unit: 'share',
    }),
    travel: ({ f }) => ({
      value: f[slot.travel]!,
      needed: f[slot.travelSide] === 0 ? 0 : Math.abs(f[slot.travelEnd]! - f[slot.open]!),
      unit: 'tick',
    }),
  },
  withholds: {
    inventory: ['correctionTouched', 'outcome'],
    travel: ['travelled', 'targetTouched', 'signal', 'outcome'],
  },
};
