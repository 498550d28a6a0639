import {
  formatTradeDate,
  microsPerMinute,
  type Out,
  type Phase,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { divergenceOf, isWithin, spreadOf, type Way } from './delta-divergence.ts';
import {
  addTrade,
  clearBar,
  hintsSince,
  keepBar,
  keepSwing,
  lastSwing,
  newSwing,
  ringRoom,
  type Swing,
  slot,
} from './swings.ts';

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];

/** Starts to count at the open of the trade day or of the regular session. */
function begin({ f }: Slots): void {
  f[slot.live] = 1;
  f.fill(0, slot.bars, slot.barVolume);
  f[slot.highBar] = -1;
  f[slot.lowBar] = -1;
  f[slot.shortStands] = Number.NaN;
  f[slot.longStands] = Number.NaN;
  clearBar(f);
}

function phase(s: Slots, c: Config, _ts: number, name: Phase, date: number): void {
  const { f } = s;
  if (name === 'overnight' && f[slot.date] !== date) {
    f[slot.date] = date;
    f[slot.live] = 0;
    if (c.hours === 'all') begin(s);
  }
  if (c.hours === 'rth' && f[slot.live] === 0 && regularPhases.includes(name)) begin(s);
  if (name === 'closed' || (c.hours === 'rth' && name === 'post-rth')) f[slot.live] = 2;
}

/** A close beyond the later swing undoes the divergence. */
function undo(s: Slots, way: Way, out: Out<Senses>): void {
  const { f } = s;
  const stands = way > 0 ? slot.shortStands : slot.longStands;
  const price = f[slot.close]!;
  if (!((price - f[stands]!) * way > 0)) return;
  f[stands] = Number.NaN;
  out(way > 0 ? 'shortUndone' : 'longUndone', { price });
}

function isWanted({ kinds }: Config, kind: 'regular' | 'hidden'): boolean {
  return kinds === 'both' || kinds === kind;
}

/** Compares a new swing with the last of its side. */
function confirm(s: Slots, c: Config, second: Swing, way: Way, out: Out<Senses>): void {
  const first = lastSwing(s, way);
  keepSwing(s, way, second);
  if (first === null) return;
  const kind = divergenceOf(first, second, way, c.minTicks);
  if (kind === null || !isWanted(c, kind)) return;
  const { f, a } = s;
  const deltas = a['barDelta']!;
  const spread = spreadOf(deltas, Math.min(f[slot.spreads]!, deltas.length), c.minSpreadBars);
  const gap = Math.abs(second.delta - first.delta);
  const bars = second.bar - first.bar;
  if (spread > 0 && gap / spread > f[slot.peakGap]!) f[slot.peakGap] = gap / spread;
  if (bars > f[slot.peakBars]!) f[slot.peakBars] = bars;
  const volume = f[slot.volume]!;
  const unknownShare = f[slot.unknown]! / volume;
  out(way > 0 ? 'shortDiverged' : 'longDiverged', {
    kind,
    price: f[slot.close]!,
    first: { price: first.price, delta: first.delta, at: first.at },
    second: { price: second.price, delta: second.delta, at: second.at },
    bars,
    spread: Number.isNaN(spread) ? null : spread,
    hintBars: hintsSince(s, second.bar, way),
    unknownShare,
    inferredShare: f[slot.inferred]! / volume,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
  // The machine's guard asks the same of the same numbers, with evidence.
  if (isWithin(c, bars, gap, spread) && unknownShare <= c.maxUnknownShare)
    f[way > 0 ? slot.shortStands : slot.longStands] = second.price;
}

/** Closes a bar; one without a trade is none. */
function clock(s: Slots, c: Config, ts: number, _name: string, _i: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.live] !== 1 || f[slot.barVolume] === 0) return;
  keepBar(s, ts);
  for (const way of [1, -1] as const) {
    undo(s, way, out);
    const swing = newSwing(s, c.swingBars, way);
    if (swing !== null) confirm(s, c, swing, way, out);
  }
  clearBar(f);
}

/** Builds bars with their delta, finds confirmed swings, and tells where price and delta disagree. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['peakGap', 'peakBars'],
  arrays: (c) => ({
    high: ringRoom(c.swingBars),
    low: ringRoom(c.swingBars),
    highDelta: ringRoom(c.swingBars),
    lowDelta: ringRoom(c.swingBars),
    end: ringRoom(c.swingBars),
    shortHint: ringRoom(c.swingBars),
    longHint: ringRoom(c.swingBars),
    barDelta: c.spreadBars,
  }),
  clocks: (c) => ({
    bar: {
      everyUs: c.barMinutes * microsPerMinute,
      from: c.hours === 'rth' ? 'rth' : 'session',
    },
  }),
  init: () => {},
  phase,
  clock,
  trade: ({ f }, _c, _ts, price, size, side, flags) => {
    // The rows of a footprint do not say when within their minute they traded.
    if (f[slot.live] !== 1 || (flags & tradeFlags.approximate) !== 0) return;
    if (side === 0) {
      if ((flags & tradeFlags.auction) === 0) f[slot.unknown]! += size;
    } else if ((flags & tradeFlags.inferred) !== 0) f[slot.inferred]! += size;
    addTrade(f, price, size, side);
  },
  probes: {
    gap: ({ f }, c) => ({ value: f[slot.peakGap]!, needed: c.minGapSd, unit: 'sd' }),
    separation: ({ f }, c) => ({
      value: f[slot.peakBars]!,
      needed: c.maxSeparation,
      unit: 'count',
    }),
  },
  withholds: {
    gap: ['shortUndone', 'longUndone', 'signal'],
    separation: [],
  },
};
