import {
  formatTradeDate,
  microsPerMinute,
  type Out,
  type Phase,
  type Sensor,
  type Slots,
  type VwapState,
  vwapOf,
  vwapSlope,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  live: 0, date: 1, // live: 0 overnight, 1 regular session, 2 after it
  start: 2, first: 3, high: 4, low: 5, // the night: its open, its first volume, its range
  due: 6, // when the provisional regime is written, NaN while unknown
  tick: 7, v: 8, s1: 9, s2: 10, // running sums of the regular session, relative to the tick of its first volume
  beforeV: 11, beforeS1: 12, beforeS2: 13, // the same at the last 30-minute close
  delta: 14, unsided: 15, close: 16, // close: NaN without a trade in this period
} as const;

const farTick = 1_000_000_000;
const stepMinutes = 5;
const periodMinutes = 30;
/** The calendar's pre-open begins this long before the regular open. */
const preOpenMinutes = 30;

type Tell = Out<Senses>;

function startNight(f: Float64Array, ts: number, date: number): void {
  f.fill(0);
  f[slot.date] = date;
  f[slot.start] = ts;
  f[slot.high] = -farTick;
  f[slot.low] = farTick;
  f[slot.due] = Number.NaN;
  f[slot.close] = Number.NaN;
}

function tellNight(f: Float64Array, c: Config, stage: 'provisional' | 'final', out: Tell): void {
  const isWhole =
    f[slot.high]! >= f[slot.low]! &&
    f[slot.first]! - f[slot.start]! <= c.nightGraceMinutes * microsPerMinute;
  out('nightMeasured', {
    tradeDate: formatTradeDate(f[slot.date]!),
    stage,
    high: isWhole ? f[slot.high]! : null,
    low: isWhole ? f[slot.low]! : null,
  });
}

function seeNight(f: Float64Array, ts: number, low: number, high: number): void {
  if (f[slot.high]! < f[slot.low]!) f[slot.first] = ts;
  if (high > f[slot.high]!) f[slot.high] = high;
  if (low < f[slot.low]!) f[slot.low] = low;
}

function add(f: Float64Array, price: number, size: number): void {
  if (f[slot.v] === 0) f[slot.tick] = price;
  const distance = price - f[slot.tick]!;
  const moment = distance * size;
  f[slot.v]! += size;
  f[slot.s1]! += moment;
  f[slot.s2]! += moment * distance;
}

function tellSnapshot(f: Float64Array, c: Config, index: number, out: Tell): void {
  const now: VwapState = { v: f[slot.v]!, s1: f[slot.s1]!, s2: f[slot.s2]! };
  const before: VwapState = { v: f[slot.beforeV]!, s1: f[slot.beforeS1]!, s2: f[slot.beforeS2]! };
  const slope = vwapSlope(now, before);
  const isSided = now.v > 0 && f[slot.unsided]! <= c.maxUnknownShare * now.v;
  out('snapshot', {
    index,
    close: Number.isNaN(f[slot.close]!) ? null : f[slot.close]!,
    vwap: vwapOf(f[slot.tick]!, now.v, now.s1, now.s2)?.vwapTicks ?? null,
    slope: Number.isNaN(slope) ? null : slope,
    delta: isSided ? f[slot.delta]! : null,
    volume: now.v,
  });
  f.copyWithin(slot.beforeV, slot.v, slot.s2 + 1);
  f[slot.close] = Number.NaN;
}

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];

function phase({ f }: Slots, c: Config, ts: number, name: Phase, date: number, out: Tell): void {
  if (f[slot.date] !== date) startNight(f, ts, date);
  if (name === 'pre-open')
    f[slot.due] = ts + (preOpenMinutes - c.provisionalMinutes) * microsPerMinute;
  if (f[slot.live] === 0 && regularPhases.includes(name)) {
    f[slot.live] = 1;
    tellNight(f, c, 'final', out);
  }
  if (name === 'post-rth' || name === 'closed') f[slot.live] = 2;
}

/** Measures the night's range, then VWAP and cumulative delta of the regular session; it speaks 15 times a day. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  clocks: () => ({
    step: { everyUs: stepMinutes * microsPerMinute, from: 'session' },
    period: { everyUs: periodMinutes * microsPerMinute, from: 'rth' },
  }),
  init: ({ f }) => startNight(f, 0, 0),
  phase,
  clock: ({ f }, c, ts, name, index, out) => {
    if (name === 'period') {
      if (f[slot.live] === 1) tellSnapshot(f, c, index, out);
    } else if (ts === f[slot.due]) tellNight(f, c, 'provisional', out);
  },
  trade: ({ f }, _c, ts, price, size, side) => {
    const live = f[slot.live]!;
    if (live === 0) seeNight(f, ts, price, price);
    else if (live === 1) {
      add(f, price, size);
      f[slot.close] = price;
      if (side === 0) f[slot.unsided]! += size;
      else f[slot.delta]! += side * size;
    }
  },
  bar: ({ f }, _c, ts, _open, high, low, close, volume, bid, ask, vwap) => {
    if (!(volume > 0)) return;
    const live = f[slot.live]!;
    if (live === 0) seeNight(f, ts, low, high);
    else if (live === 1) {
      add(f, Number.isNaN(vwap) ? (high + low + close) / 3 : vwap, volume);
      f[slot.close] = close;
      if (bid >= 0 && ask >= 0) f[slot.delta]! += ask - bid;
      else f[slot.unsided]! += volume;
    }
  },
  probes: {
    nightDelay: ({ f }, c) => ({
      value: f[slot.first] === 0 ? 0 : (f[slot.first]! - f[slot.start]!) / microsPerMinute,
      needed: c.nightGraceMinutes,
      unit: 'minute',
    }),
    unknownSide: ({ f }, c) => ({
      value: f[slot.v]! > 0 ? f[slot.unsided]! / f[slot.v]! : 0,
      needed: c.maxUnknownShare,
      unit: 'share',
    }),
  },
  withholds: {
    nightDelay: [],
    unknownSide: [],
  },
};
