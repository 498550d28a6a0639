import {
  addDays,
  contractKey,
  formatTradeDate,
  isOtherContract,
  microsPerSecond,
  type Out,
  parseTradeDate,
  type Sensor,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { gapOf } from './value-migration.ts';

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  hasPrior: 0, priorDate: 1, priorContract: 2, priorGap: 3,
  priorHigh: 4, priorLow: 5, priorClose: 6, vah: 7, val: 8, poc: 9,
  mode: 10, // see `mode`
  date: 11, rthOpen: 12, usable: 13, holiday: 14, // usable: 1 when the prior session may be used today
  open: 15, last: 16, high: 17, low: 18, // NaN while unknown
  up: 19, down: 20, // edges of the initial balance not yet broken, NaN without
  target: 21, targetSide: 22, // of an open gap: 1 when the target lies above
  beyond: 23, // peak of the ticks beyond the initial balance in the window
} as const;
const mode = { idle: 0, opening: 1, hour: 2, main: 3 } as const;

type Tell = Out<Senses>;
type Row = Readonly<Record<string, unknown>>;

function keepPrior(f: Float64Array, row: Row): void {
  f[slot.hasPrior] = 1;
  f[slot.priorDate] = parseTradeDate(String(row['tradeDate']));
  f[slot.priorContract] = contractKey(row['contract']);
  f[slot.priorGap] = row['gap'] === true ? 1 : 0;
  f.set(
    ['high', 'low', 'close', 'vah', 'val', 'poc'].map((name) => Number(row[name])),
    slot.priorHigh,
  );
}

/** Why the prior session may not be used on a day; null when it may. */
function refusalOf(f: Float64Array, c: Config, row: Row, date: number) {
  if (c.skipHolidays && row['holiday'] === true) return 'holiday';
  const priorDate = f[slot.priorDate]!;
  if (f[slot.hasPrior] === 0 || priorDate >= date || addDays(priorDate, c.mostDaysApart) < date)
    return 'no-prior';
  const isOther = isOtherContract(f[slot.priorContract]!, contractKey(row['contract']));
  if (row['rolled'] === true || isOther) return 'roll';
  return f[slot.priorGap] === 1 ? 'gap' : null;
}

function beginSession(f: Float64Array, c: Config, row: Row, date: number, out: Tell): void {
  f.fill(0, slot.mode);
  f.fill(Number.NaN, slot.open, slot.targetSide);
  f[slot.mode] = mode.opening;
  f[slot.date] = date;
  f[slot.rthOpen] = Number(row['rthOpen'] ?? row['since']);
  const refusal = refusalOf(f, c, row, date);
  f[slot.usable] = refusal === null ? 1 : 0;
  f[slot.holiday] = refusal === 'holiday' ? 1 : 0;
  out('sessionBegan', {
    tradeDate: formatTradeDate(date),
    holiday: refusal === 'holiday',
    refusal,
  });
}

function takeOpen(f: Float64Array, c: Config, ts: number, price: number, out: Tell): void {
  const isLate = ts - f[slot.rthOpen]! > c.openGraceSeconds * microsPerSecond;
  f[slot.mode] = isLate ? mode.main : mode.hour;
  f[slot.high] = price;
  f[slot.low] = price;
  if (isLate || f[slot.holiday] === 1) return;
  f[slot.open] = price;
  const gap =
    f[slot.usable] === 1
      ? gapOf(price, {
          high: f[slot.priorHigh]!,
          low: f[slot.priorLow]!,
          close: f[slot.priorClose]!,
          vah: f[slot.vah]!,
          val: f[slot.val]!,
          poc: f[slot.poc]!,
        })
      : null;
  if (gap) {
    f[slot.target] = gap.target;
    f[slot.targetSide] = gap.side === 'long' ? 1 : -1;
  }
  out('opened', { price });
}

/** Looks at trading between `low` and `high`; a trade is a bar of one price. */
function look(f: Float64Array, low: number, high: number, out: Tell): void {
  if (f[slot.mode] === mode.hour) {
    if (high > f[slot.high]!) f[slot.high] = high;
    if (low < f[slot.low]!) f[slot.low] = low;
  }
  const side = f[slot.targetSide]!;
  const target = f[slot.target]!;
  if ((side > 0 && high >= target) || (side < 0 && low <= target)) {
    f[slot.targetSide] = 0;
    out('filled', { price: side > 0 ? Math.max(low, target) : Math.min(high, target) });
  }
  if (high > f[slot.up]!) {
    const price = Math.max(low, f[slot.up]! + 1);
    f[slot.beyond] = high - f[slot.up]!;
    f[slot.up] = Number.NaN;
    out('extended', { price, side: 'long' });
  }
  if (low < f[slot.down]!) {
    const price = Math.min(high, f[slot.down]! - 1);
    f[slot.beyond] = f[slot.down]! - low;
    f[slot.down] = Number.NaN;
    out('extended', { price, side: 'short' });
  }
}

/** The first hour is over: its range is the initial balance, unless its begin was not seen. */
function endHour(f: Float64Array): void {
  if (f[slot.mode] === mode.hour && f[slot.holiday] === 0) {
    f[slot.up] = f[slot.high]!;
    f[slot.down] = f[slot.low]!;
  }
  f[slot.mode] = mode.main;
}

function endSession(f: Float64Array, out: Tell): void {
  f[slot.mode] = mode.idle;
  const last = f[slot.last]!;
  out('sessionEnded', { price: Number.isNaN(last) ? null : last });
}

const regular: ReadonlySet<unknown> = new Set(['rth-opening', 'rth-main', 'rth-closing']);

/** Takes a row of the calendar; the same row may come again when a gap was found. */
function takePhase(f: Float64Array, c: Config, row: Row, out: Tell): void {
  const name = row['phase'];
  const date = parseTradeDate(String(row['tradeDate']));
  if (regular.has(name) && f[slot.date] !== date) beginSession(f, c, row, date, out);
  if (f[slot.mode] === mode.idle) return;
  const isHourOver = name === 'rth-main' || name === 'rth-closing';
  if (isHourOver && f[slot.mode]! < mode.main) endHour(f);
  if (name === 'post-rth' || name === 'closed') endSession(f, out);
}

/** Tells of the open, of the first trades beyond the initial balance and of a filled gap. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['beyond'],
  init: ({ f }) => f.fill(0),
  event: ({ f }, c, _ts, port, payload, out) => {
    if (port === 'prior') keepPrior(f, payload);
    if (port === 'phase') takePhase(f, c, payload, out);
  },
  trade: ({ f }, c, ts, price, _size, _side, _flags, out) => {
    if (f[slot.mode] === mode.idle || price === f[slot.last]) return;
    if (f[slot.mode] === mode.opening) takeOpen(f, c, ts, price, out);
    f[slot.last] = price;
    look(f, price, price, out);
  },
  bar: ({ f }, c, ts, open, high, low, close, volume, _bid, _ask, _vwap, out) => {
    if (f[slot.mode] === mode.idle || !(volume > 0)) return;
    if (f[slot.mode] === mode.opening) takeOpen(f, c, ts, open, out);
    f[slot.last] = close;
    look(f, low, high, out);
  },
  probes: {
    extension: ({ f }) => ({ value: f[slot.beyond]!, needed: 1, unit: 'tick' }),
  },
  withholds: { extension: ['extended'] },
};
