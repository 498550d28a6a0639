import {
  microsPerMinute,
  type Payload,
  type Phase,
  type Sensor,
  type Slots,
  type Told,
  tradeFlags,
} from '#engine';
import { auctionRooms, clearAuctions, clearSwings, moveSession } from './auctions.ts';
import { clearBar, closeBar } from './candle.ts';
import type { Config, Outputs, records, Senses } from './config.ts';
import { ladders, slot } from './slots.ts';

/** Slots of key levels, as their contract numbers them. */
const levelRoom = 64;

/** Which of `barSegments` a phase belongs to. */
const segmentOf: Readonly<Record<Phase, number>> = {
  overnight: 0,
  'pre-open': 0,
  'rth-opening': 1,
  'rth-main': 1,
  'rth-closing': 1,
  'post-rth': 2,
  halt: 3,
  closed: 4,
};

function add(s: Slots, ts: number, price: number, size: number, side: number, flags: number): void {
  const { f, l } = s;
  l[side + 1]!.add(price, size);
  if (f[slot.volume] === 0) {
    f[slot.open] = price;
    if (f[slot.start] === 0) f[slot.start] = ts;
  }
  f[slot.volume]! += size;
  f[slot.trades]! += 1;
  f[slot.close] = price;
  f[slot.end] = ts;
  if (side !== 0) {
    const delta = f[slot.delta]! + side * size;
    f[slot.delta] = delta;
    if (delta < f[slot.minDelta]!) f[slot.minDelta] = delta;
    if (delta > f[slot.maxDelta]!) f[slot.maxDelta] = delta;
    if ((flags & tradeFlags.inferred) !== 0) f[slot.inferred]! += size;
  } else if ((flags & tradeFlags.auction) === 0) f[slot.unknown]! += size;
  if (price >= f[slot.high]!) {
    f[slot.high] = price;
    f[slot.atHigh] = f[slot.delta]!;
  }
  if (price <= f[slot.low]!) {
    f[slot.low] = price;
    f[slot.atLow] = f[slot.delta]!;
  }
}

/** Fills volume bars with a trade that is more than the running one has room for. */
function fill(
  s: Slots,
  c: Config,
  ts: number,
  price: number,
  size: number,
  side: number,
  flags: number,
  out: Told<Senses, Outputs>,
): void {
  const { f } = s;
  for (let left = size; left > 0; ) {
    const part = Math.min(left, c.volumeContracts - f[slot.volume]!);
    add(s, ts, price, part, side, flags);
    left -= part;
    if (f[slot.volume]! >= c.volumeContracts) closeBar(s, c, ts, false, out);
  }
}

function phase(
  s: Slots,
  c: Config,
  ts: number,
  name: Phase,
  date: number,
  out: Told<Senses, Outputs>,
): void {
  const { f } = s;
  const segment = segmentOf[name];
  if (segment !== f[slot.segment]) {
    const isTime = c.barType === 'time';
    if (f[slot.volume]! > 0) closeBar(s, c, isTime ? ts : f[slot.end]!, true, out);
    f[slot.start] = isTime ? ts : 0;
    f[slot.segment] = segment;
    moveSession(s, segment, segmentOf.halt, out);
  }
  if (f[slot.date] === date) return;
  f[slot.date] = date;
  setLimits(s, c);
  f[slot.start] = c.barType === 'time' ? ts : 0;
  f[slot.priorHigh] = Number.NaN;
  f[slot.priorLow] = Number.NaN;
  clearSwings(s);
}

/** Numbers instead of names, for every trade asks. */
function setLimits({ f }: Slots, c: Config): void {
  f[slot.fullAt] = c.barType === 'volume' ? c.volumeContracts : Number.POSITIVE_INFINITY;
  f[slot.reach] = c.barType === 'range' ? c.rangeTicks : Number.POSITIVE_INFINITY;
}

function keepLevel(s: Slots, row: Readonly<Payload<(typeof records)['level']>>): void {
  s.a['level']![row.slot] = row.active ? row.price : Number.NaN;
}

/** Builds volumetric candles from trades and finds imbalances, stacks and caught traders as each one ends. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: Object.keys(slot).slice(slot.runPeak, slot.session),
  arrays: (c) => ({ level: levelRoom, ...auctionRooms(c) }),
  ladders,
  clocks: (c): Record<string, { everyUs: number; from: 'session' }> =>
    c.barType === 'time' ? { bar: { everyUs: c.minutes * microsPerMinute, from: 'session' } } : {},
  init: (s, c) => {
    setLimits(s, c);
    s.a['level']!.fill(Number.NaN);
    s.f[slot.segment] = -1;
    s.f[slot.priorHigh] = Number.NaN;
    s.f[slot.priorLow] = Number.NaN;
    clearBar(s);
    clearAuctions(s);
  },
  phase,
  clock: (s, c, ts, _name, _index, out) => {
    const isCut = ts - s.f[slot.start]! < c.minutes * microsPerMinute;
    if (s.f[slot.volume]! > 0) closeBar(s, c, ts, isCut, out);
    s.f[slot.start] = ts;
  },
  event: (s, _c, _ts, port, payload) => {
    if (port !== 'level') return;
    keepLevel(s, payload as Readonly<Payload<(typeof records)['level']>>);
  },
  trade: (s, c, ts, price, size, side, flags, out) => {
    if (!(size > 0)) return;
    const { f } = s;
    if ((flags & tradeFlags.approximate) !== 0) {
      // The rows of a footprint do not say when within their minute they traded.
      if (c.barType !== 'time') return;
      f[slot.approximate] = 1;
    }
    // An empty bar lies below its low and above its high, so nothing is out of its reach.
    const reach = f[slot.reach]!;
    if (price - f[slot.low]! > reach || f[slot.high]! - price > reach)
      closeBar(s, c, f[slot.end]!, false, out);
    if (f[slot.volume]! + size >= f[slot.fullAt]!) fill(s, c, ts, price, size, side, flags, out);
    else add(s, ts, price, size, side, flags);
  },
  probes: {
    stackRows: ({ f }, c) => ({ value: f[slot.runPeak]!, needed: c.stackRows, unit: 'row' }),
    caughtDelta: ({ f }, c) => ({
      value: f[slot.caughtPeak]!,
      needed: c.trappedMinDelta,
      unit: 'contract',
    }),
    caughtBack: ({ f }, c) => ({
      value: f[slot.backPeak]!,
      needed: c.trappedBackTicks,
      unit: 'tick',
    }),
  },
  withholds: {
    stackRows: ['stacked', 'signal'],
    caughtDelta: ['caught', 'signal'],
    caughtBack: ['caught', 'signal'],
  },
};
