import {
  formatTradeDate,
  isSwing,
  microsPerMinute,
  type Out,
  type Payload,
  type Phase,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import {
  baselineRooms,
  clearBaseline,
  closeSession,
  sampleMinute,
  samplePeriod,
  strengthAt,
  usualChange,
} from './baseline.ts';
import type { Config, Outputs, Senses } from './config.ts';
import {
  beginEnd,
  conditions,
  type End,
  follow,
  type Judgement,
  judge,
  type Minute,
  ticksBeyond,
} from './cumulative-delta.ts';
import { slot } from './slots.ts';

const farTick = 1_000_000_000;
const periodMinutes = 30;
/** Numbers of an end that the array `ends` keeps, the high's first. */
const endFields = [
  'price',
  'madeAt',
  'cdThere',
  'cdExtreme',
  'lagSince',
  'aheadPrice',
  'aheadCd',
] as const;

const regularDelta = (f: Float64Array): number => f[slot.delta]! - f[slot.openDelta]!;
const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const regularUnknown = (f: Float64Array): number =>
  shareOf(f[slot.unknown]! - f[slot.openUnknown]!, f[slot.volume]! - f[slot.openVolume]!);

function readEnd({ a }: Slots, way: 1 | -1): End {
  const at = way > 0 ? 0 : endFields.length;
  const end: End = {
    way,
    price: 0,
    madeAt: 0,
    cdThere: 0,
    cdExtreme: 0,
    lagSince: 0,
    aheadPrice: 0,
    aheadCd: 0,
  };
  for (let i = 0; i < endFields.length; i += 1) end[endFields[i]!] = a['ends']![at + i]!;
  return end;
}

function writeEnd({ a }: Slots, end: End): void {
  const at = end.way > 0 ? 0 : endFields.length;
  for (let i = 0; i < endFields.length; i += 1) a['ends']![at + i] = end[endFields[i]!];
}

function clearMinute(f: Float64Array): void {
  f[slot.minuteHigh] = -farTick;
  f[slot.minuteLow] = farTick;
  f[slot.approximate] = 0;
}

function startDay(f: Float64Array, ts: number, date: number): void {
  f.fill(0, slot.date, slot.bars);
  clearMinute(f);
  f[slot.date] = date;
  f[slot.high] = Number.NEGATIVE_INFINITY;
  f[slot.low] = Number.POSITIVE_INFINITY;
  f[slot.bars] = 0;
  f[slot.swingCd] = 0;
  f[slot.live] = 0;
  f[slot.condition] = 0;
  f[slot.way] = 0;
  f[slot.since] = ts;
}

function startSession(f: Float64Array, ts: number): void {
  f.fill(0, slot.minutes, slot.condition);
  f.fill(0, slot.changes, slot.sessions);
  f[slot.live] = 1;
  f[slot.rthStart] = ts;
  f[slot.openDelta] = f[slot.delta]!;
  f[slot.openVolume] = f[slot.volume]!;
  f[slot.openUnknown] = f[slot.unknown]!;
  f[slot.periodVolume] = f[slot.volume]!;
  f[slot.changeAt] = ts;
}

function endSession(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  f[slot.live] = 2;
  closeSession(s, c, ts);
  tell(s, ts, outside, out);
  out('sessionEnded', {});
}

const outside: Judgement = {
  condition: 'unknown',
  side: null,
  extremePrice: null,
  extremeCd: null,
  reason: 'the regular session is over',
};

/** Tells a judgement that differs from the last. */
function tell({ f }: Slots, ts: number, judgement: Judgement, out: Out<Senses>): void {
  const index = conditions.indexOf(judgement.condition);
  const way = judgement.side === null ? 0 : judgement.side === 'long' ? 1 : -1;
  if (index === f[slot.condition] && way === f[slot.way]) return;
  f[slot.condition] = index;
  f[slot.way] = way;
  f[slot.since] = ts;
  out('judged', {
    tradeDate: formatTradeDate(f[slot.date]!),
    price: f[slot.close]!,
    cd: regularDelta(f),
    ...judgement,
  });
}

/** Keeps what came nearest to a threshold in this minute. */
function notePeaks(f: Float64Array, c: Config, ends: readonly End[], minute: Minute, sd: number) {
  for (const end of ends) {
    const lead = ((minute.cd - end.cdExtreme) * end.way) / sd;
    if (lead > f[slot.leadPeak]!) f[slot.leadPeak] = lead;
    const held = end.lagSince > 0 ? (minute.ts - end.lagSince) / microsPerMinute : 0;
    if (held > f[slot.heldPeak]!) f[slot.heldPeak] = held;
    const beyond = ticksBeyond(end, minute, c);
    if (beyond > f[slot.beyondPeak]!) f[slot.beyondPeak] = beyond;
  }
}

function tellSide(f: Float64Array, cd: number, out: Out<Senses>): void {
  const sign = Math.sign(cd);
  if (sign === 0 || sign === f[slot.sign]) return;
  f[slot.sign] = sign;
  out('crossed', { to: sign > 0 ? 'long' : 'short', cd });
}

function judgeMinute(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  const cd = regularDelta(f);
  const minute: Minute = {
    ts,
    high: f[slot.minuteHigh]!,
    low: f[slot.minuteLow]!,
    close: f[slot.close]!,
    cd,
  };
  sampleMinute(s, ts, cd);
  const sd = usualChange(s, c);
  const ends = [readEnd(s, 1), readEnd(s, -1)] as const;
  if (f[slot.minutes] === 0) for (const end of ends) beginEnd(end, minute);
  else {
    notePeaks(f, c, ends, minute, sd);
    for (const end of ends) follow(end, minute, sd, c);
  }
  for (const end of ends) writeEnd(s, end);
  f[slot.minutes]! += 1;
  const strength = strengthAt(s, ts, cd);
  const unknownShare = regularUnknown(f);
  f[slot.strengthPeak] = Math.max(f[slot.strengthPeak]!, strength ?? 0);
  f[slot.unknownPeak] = Math.max(f[slot.unknownPeak]!, unknownShare);
  const age = ts - f[slot.rthStart]!;
  tell(s, ts, judge({ ends, minute, age, sd, strength, unknownShare }, c), out);
  tellSide(f, cd, out);
}

/** Keeps the minute in the rings of swings, and delta at a swing that is now confirmed. */
function followSwings(s: Slots, c: Config): void {
  const { f, a } = s;
  const [highs, lows, deltas] = [a['swingHigh']!, a['swingLow']!, a['swingDelta']!];
  const room = highs.length;
  const place = f[slot.bars]! % room;
  highs[place] = f[slot.minuteHigh]!;
  lows[place] = f[slot.minuteLow]!;
  deltas[place] = f[slot.delta]!;
  f[slot.bars]! += 1;
  const bars = f[slot.bars]!;
  if (isSwing(highs, bars, c.swingBars, 1) || isSwing(lows, bars, c.swingBars, -1))
    f[slot.swingCd] = deltas[(bars - 1 - c.swingBars) % room]!;
}

function closeMinute(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.minuteHigh]! < f[slot.minuteLow]!) return;
  if (f[slot.approximate] === 1) {
    f[slot.close] = Math.floor((f[slot.minuteHigh]! + f[slot.minuteLow]!) / 2);
    noteExtremes(f);
  }
  followSwings(s, c);
  if (f[slot.live] === 1) judgeMinute(s, c, ts, out);
  clearMinute(f);
}

function closePeriod(s: Slots, index: number, out: Out<Senses>): void {
  const { f } = s;
  const isTraded = f[slot.volume]! > f[slot.periodVolume]!;
  samplePeriod(s, regularDelta(f));
  out('periodClosed', {
    tradeDate: formatTradeDate(f[slot.date]!),
    index,
    day: f[slot.delta]!,
    rth: regularDelta(f),
    swing: f[slot.delta]! - f[slot.swingCd]!,
    close: isTraded ? f[slot.close]! : null,
  });
  f[slot.periodVolume] = f[slot.volume]!;
}

function noteExtremes(f: Float64Array): void {
  const delta = f[slot.delta]!;
  if (delta > f[slot.high]!) f[slot.high] = delta;
  if (delta < f[slot.low]!) f[slot.low] = delta;
}

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];

function phase(s: Slots, c: Config, ts: number, name: Phase, date: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.date] !== date) startDay(f, ts, date);
  if (f[slot.live] === 0 && regularPhases.includes(name)) startSession(f, ts);
  if (f[slot.live] === 1 && (name === 'post-rth' || name === 'closed')) endSession(s, c, ts, out);
}

function deltaRow(s: Slots): Payload<Outputs['delta']> | null {
  const { f } = s;
  if (!(f[slot.volume]! > 0)) return null;
  const isLive = f[slot.live] === 1;
  const isClassified = f[slot.high]! >= f[slot.low]!;
  const way = f[slot.way]!;
  return {
    tradeDate: formatTradeDate(f[slot.date]!),
    day: f[slot.delta]!,
    rth: isLive ? regularDelta(f) : null,
    swing: f[slot.delta]! - f[slot.swingCd]!,
    high: isClassified ? f[slot.high]! : 0,
    low: isClassified ? f[slot.low]! : 0,
    volume: f[slot.volume]!,
    unknownShare: shareOf(f[slot.unknown]!, f[slot.volume]!),
    inferredShare: shareOf(f[slot.inferred]!, f[slot.volume]!),
    condition: conditions[f[slot.condition]!]!,
    side: way === 0 ? null : way > 0 ? 'long' : 'short',
    strength:
      isLive && f[slot.minutes]! > 0 ? strengthAt(s, f[slot.changeAt]!, f[slot.changeCd]!) : null,
    since: f[slot.since]!,
  };
}

/** Sums aggressive buying minus selling since each anchor and compares it with price once a minute. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: Object.keys(slot).slice(slot.leadPeak),
  arrays: (c) => ({
    ...baselineRooms(c),
    swingHigh: 2 * c.swingBars + 1,
    swingLow: 2 * c.swingBars + 1,
    swingDelta: 2 * c.swingBars + 1,
    ends: 2 * endFields.length,
  }),
  // The minute first: a half hour ends with its last minute judged.
  clocks: () => ({
    minute: { everyUs: microsPerMinute, from: 'session' },
    period: { everyUs: periodMinutes * microsPerMinute, from: 'rth' },
  }),
  init: (s) => {
    clearBaseline(s);
    startDay(s.f, 0, 0);
  },
  phase,
  clock: (s, c, ts, name, index, out) => {
    if (name === 'minute') closeMinute(s, c, ts, out);
    else if (s.f[slot.live] === 1) closePeriod(s, index, out);
  },
  trade: ({ f }, _c, _ts, price, size, side, flags) => {
    if (!(size > 0)) return;
    if (price > f[slot.minuteHigh]!) f[slot.minuteHigh] = price;
    if (price < f[slot.minuteLow]!) f[slot.minuteLow] = price;
    f[slot.close] = price;
    f[slot.volume]! += size;
    if ((flags & tradeFlags.approximate) !== 0) f[slot.approximate] = 1;
    if (side === 0) {
      if ((flags & tradeFlags.auction) === 0) f[slot.unknown]! += size;
      return;
    }
    if ((flags & tradeFlags.inferred) !== 0) f[slot.inferred]! += size;
    const delta = f[slot.delta]! + side * size;
    f[slot.delta] = delta;
    // The rows of a footprint do not say when within their minute they traded.
    if ((flags & tradeFlags.approximate) !== 0) return;
    if (delta > f[slot.high]!) f[slot.high] = delta;
    if (delta < f[slot.low]!) f[slot.low] = delta;
  },
  bar: ({ f }, _c, _ts, _open, high, low, close, volume, bid, ask) => {
    if (!(volume > 0)) return;
    if (high > f[slot.minuteHigh]!) f[slot.minuteHigh] = high;
    if (low < f[slot.minuteLow]!) f[slot.minuteLow] = low;
    f[slot.close] = close;
    f[slot.volume]! += volume;
    // False for a bar whose two sides are not known.
    const isSplit = bid >= 0 && ask >= 0 && bid + ask <= volume;
    f[slot.unknown]! += isSplit ? volume - bid - ask : volume;
    if (!isSplit || bid + ask === 0) return;
    f[slot.delta]! += ask - bid;
    noteExtremes(f);
  },
  probes: {
    lead: ({ f }, c) => ({ value: f[slot.leadPeak]!, needed: c.lagSd, unit: 'sd' }),
    held: ({ f }, c) => ({ value: f[slot.heldPeak]!, needed: c.lagMinutes, unit: 'minute' }),
    beyond: ({ f }, c) => ({ value: f[slot.beyondPeak]!, needed: c.aheadTicks, unit: 'tick' }),
    strength: ({ f }, c) => ({
      value: f[slot.strengthPeak]!,
      needed: c.overstretchedShare,
      unit: 'share',
    }),
    unknownShare: ({ f }, c) => ({
      value: f[slot.unknownPeak]!,
      needed: c.maxUnknownShare,
      unit: 'share',
    }),
  },
  withholds: {
    lead: ['judged', 'condition'],
    held: ['judged', 'condition'],
    beyond: ['judged', 'condition'],
    strength: ['judged', 'condition'],
    unknownShare: [],
  },
  views: { delta: deltaRow },
};
