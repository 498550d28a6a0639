import {
  formatTradeDate,
  microsPerMinute,
  microsPerSecond,
  type Out,
  type Phase,
  type Sensor,
  type Slots,
  zonedToUtc,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  live: 0, date: 1, open: 2, opened: 3, // live: 0 overnight, 1 regular session, 2 after it; opened: its first trade was seen
  high: 4, low: 5, last: 6, // the night; last: any last price, NaN without
  from: 7, sliceHigh: 8, sliceLow: 9, // the five minutes that run
  near: 10, // 1 + place of the news that is near, 0: none
} as const;

const farTick = 1_000_000_000;
const sliceMinutes = 5;
/** News kept of one trade date. */
const newsRooms = 8;

type Tell = Out<Senses>;

function startDay({ f, a }: Slots, c: Config, date: number): void {
  const last = f[slot.last]!;
  f.fill(0);
  f[slot.date] = date;
  f[slot.last] = last;
  f[slot.high] = -farTick;
  f[slot.low] = farTick;
  const times = a['news']!;
  times.fill(Number.NaN);
  if (c.news.length === 0) return;
  const text = formatTradeDate(date);
  let room = 0;
  for (const item of c.news) {
    if (item.date !== text || room === newsRooms) continue;
    times[room] = zonedToUtc('America/New_York', date, item.time);
    room += 1;
  }
}

function clearSlice(f: Float64Array, ts: number): void {
  f[slot.from] = ts;
  f[slot.sliceHigh] = -farTick;
  f[slot.sliceLow] = farTick;
}

function nightOf(f: Float64Array): { high: number | null; low: number | null } {
  const isKnown = f[slot.high]! >= f[slot.low]!;
  return { high: isKnown ? f[slot.high]! : null, low: isKnown ? f[slot.low]! : null };
}

function tellSlice(f: Float64Array, ts: number, out: Tell): void {
  const isTraded = f[slot.sliceHigh]! >= f[slot.sliceLow]!;
  out('slice', {
    start: f[slot.from]!,
    end: ts,
    high: isTraded ? f[slot.sliceHigh]! : null,
    low: isTraded ? f[slot.sliceLow]! : null,
  });
  clearSlice(f, ts);
}

function clockText(c: Config, date: number, place: number): string {
  const text = formatTradeDate(date);
  return c.news.filter((item) => item.date === text)[place]?.time ?? '';
}

function watchNews({ f, a }: Slots, c: Config, ts: number, out: Tell): void {
  const times = a['news']!;
  const reach = c.newsMinutes * microsPerMinute;
  let near = 0;
  for (let i = 0; i < newsRooms && near === 0; i += 1) {
    if (ts >= times[i]! - reach && ts < times[i]! + reach) near = i + 1;
  }
  if (near === f[slot.near]) return;
  if (near === 0)
    out('news', { time: clockText(c, f[slot.date]!, f[slot.near]! - 1), near: false });
  else out('news', { time: clockText(c, f[slot.date]!, near - 1), near: true });
  f[slot.near] = near;
}

function takeOpen(f: Float64Array, c: Config, ts: number, price: number, out: Tell): void {
  f[slot.opened] = 1;
  if (ts - f[slot.open]! <= c.openGraceSeconds * microsPerSecond)
    out('opened', { ...nightOf(f), price });
}

function see(
  f: Float64Array,
  c: Config,
  ts: number,
  open: number,
  low: number,
  high: number,
  out: Tell,
): void {
  const live = f[slot.live]!;
  if (live === 0) {
    if (high > f[slot.high]!) f[slot.high] = high;
    if (low < f[slot.low]!) f[slot.low] = low;
  } else if (live === 1) {
    if (f[slot.opened] === 0) takeOpen(f, c, ts, open, out);
    if (high > f[slot.sliceHigh]!) f[slot.sliceHigh] = high;
    if (low < f[slot.sliceLow]!) f[slot.sliceLow] = low;
  }
}

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];

/** Measures the night, and tells each five minutes of the regular session what they ranged. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  arrays: () => ({ news: newsRooms }),
  clocks: () => ({
    slice: { everyUs: sliceMinutes * microsPerMinute, from: 'rth' },
    minute: { everyUs: microsPerMinute, from: 'session' },
  }),
  init: ({ f, a }) => {
    a['news']!.fill(Number.NaN);
    f[slot.last] = Number.NaN;
    f[slot.high] = -farTick;
    f[slot.low] = farTick;
  },
  phase: (s, c, ts, phase, date) => {
    const { f } = s;
    if (f[slot.date] !== date) startDay(s, c, date);
    if (f[slot.live] === 0 && regularPhases.includes(phase)) {
      f[slot.live] = 1;
      f[slot.open] = ts;
      clearSlice(f, ts);
    }
    if (phase === 'post-rth' || phase === 'closed') f[slot.live] = 2;
  },
  clock: (s, c, ts, name, _index, out) => {
    if (name === 'minute') {
      if (c.news.length > 0) watchNews(s, c, ts, out);
    } else if (s.f[slot.live] === 1) tellSlice(s.f, ts, out);
  },
  event: ({ f }, _c, _ts, port, _payload, out) => {
    if (port !== 'build') return;
    out('morning', { ...nightOf(f), last: Number.isNaN(f[slot.last]!) ? null : f[slot.last]! });
  },
  trade: ({ f }, c, ts, price, _size, _side, _flags, out) => {
    see(f, c, ts, price, price, price, out);
    f[slot.last] = price;
  },
  bar: ({ f }, c, ts, open, high, low, close, volume, _bid, _ask, _vwap, out) => {
    if (!(volume > 0)) return;
    see(f, c, ts, open, low, high, out);
    f[slot.last] = close;
  },
};
