import {
  baselineAt,
  bucketOf,
  bucketRooms,
  clearBuckets,
  closeBucketDay,
  formatTradeDate,
  microsPerMinute,
  type Out,
  type Phase,
  type Sensor,
  type Slots,
  sampleBucket,
  tradeFlags,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import {
  isBehind,
  isThin,
  type Levels,
  outermostLevel,
  ticksBeyond,
  type Way,
} from './lack-of-participation.ts';
import {
  addTrade,
  baselineOf,
  keepExtremes,
  levelRoom,
  nameOf,
  placeBefore,
  sideSlots,
  slot,
} from './window.ts';

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];
/** Length of an ordinary regular session. */
const fullSession = 390 * microsPerMinute;

const unknownShareOf = (f: Float64Array): number =>
  f[slot.volume]! > 0 ? f[slot.unknown]! / f[slot.volume]! : 0;
const inferredShareOf = (f: Float64Array): number =>
  f[slot.volume]! > 0 ? f[slot.inferred]! / f[slot.volume]! : 0;
const levelsOf = ({ a }: Slots): Levels => ({ price: a['level']!, from: a['levelFrom']! });

/** Starts to count at the open of the trade day or of the regular session. */
function begin(s: Slots): void {
  const { f } = s;
  f[slot.live] = 1;
  f.fill(0, slot.minutes, slot.high);
  f[slot.high] = Number.NEGATIVE_INFINITY;
  f[slot.low] = Number.POSITIVE_INFINITY;
  f.fill(0, slot.highOpen, slot.peakBeyond);
}

/** A session stands for others when it was whole: full length, no minute without a trade, nothing said against it. */
function isMember(f: Float64Array): boolean {
  return (
    f[slot.rthEnd]! - f[slot.rthStart]! >= fullSession &&
    f[slot.rthStart]! > 0 &&
    f[slot.silent] === 0 &&
    f[slot.irregular] === 0
  );
}

function startDay(s: Slots, c: Config, ts: number, date: number): void {
  const { f } = s;
  if (f[slot.date]! > 0) closeBucketDay(baselineOf(s), isMember(f));
  f[slot.date] = date;
  f[slot.dayStart] = ts;
  f[slot.live] = 0;
  f.fill(0, slot.rthStart, slot.highOpen);
  if (c.hours === 'all') begin(s);
}

function phase(s: Slots, c: Config, ts: number, name: Phase, date: number): void {
  const { f } = s;
  if (name === 'overnight' && f[slot.date] !== date) startDay(s, c, ts, date);
  if (regularPhases.includes(name) && f[slot.rthStart] === 0) {
    f[slot.rthStart] = ts;
    if (c.hours === 'rth') begin(s);
  }
  if (name === 'post-rth' && f[slot.rthEnd] === 0) {
    f[slot.rthEnd] = ts;
    if (c.hours === 'rth') f[slot.live] = 0;
  }
  if (name === 'closed') f[slot.live] = 0;
}

/** What becomes of an open episode at the close of a minute. */
function follow(s: Slots, c: Config, ts: number, way: Way, out: Out<Senses>): void {
  const { f } = s;
  const side = sideSlots[nameOf(way)];
  if (f[side.open] === 0) return;
  const price = f[slot.close]!;
  if (ts - f[side.start]! >= c.confirmMinutes * microsPerMinute) f[side.open] = 0;
  else if (!isBehind(f[slot.delta]!, f[side.before]!, way)) {
    f[side.open] = 0;
    out(way > 0 ? 'highJoined' : 'lowJoined', { price, delta: f[slot.delta]! });
  } else if (ticksBeyond(price, f[side.exceeded]!, way) <= 0) {
    f[side.open] = 0;
    const extreme = f[way > 0 ? slot.high : slot.low]!;
    out(way > 0 ? 'highReclaimed' : 'lowReclaimed', { price, extreme });
  }
}

/** Asks whether this minute closed beyond an older extreme without delta. */
function ask(s: Slots, c: Config, ts: number, way: Way, out: Out<Senses>): void {
  const { f, a } = s;
  const name = nameOf(way);
  const side = sideSlots[name];
  const place = placeBefore(s, c.minAgeMinutes);
  // Only a minute that made the session's extreme is asked.
  const isNew = f[way > 0 ? slot.highMinute : slot.lowMinute] === f[slot.minutes];
  if (place < 0 || !isNew) return;
  const extreme = a[name]![place]!;
  const beyond = ticksBeyond(f[slot.close]!, extreme, way);
  // Nothing had traded then: there is no older extreme.
  if (!Number.isFinite(extreme)) return;
  f[slot.peakBeyond] = Math.max(f[slot.peakBeyond]!, beyond);
  if (beyond < c.minTicks) return;
  const before = a[`${name}Delta`]![place]!;
  f[slot.peakBehind] = Math.max(f[slot.peakBehind]!, (before - f[slot.delta]!) * way);
  if (!isBehind(f[slot.delta]!, before, way)) return;
  const isCooling = f[side.last]! > 0 && ts - f[side.last]! < c.cooldownMinutes * microsPerMinute;
  if (!isCooling && f[side.open] === 0) take(s, c, ts, way, extreme, before, out);
}

function take(
  s: Slots,
  c: Config,
  ts: number,
  way: Way,
  extreme: number,
  before: number,
  out: Out<Senses>,
): void {
  const { f, a } = s;
  const side = sideSlots[nameOf(way)];
  const bucket = bucketOf(f[slot.dayStart]!, ts - microsPerMinute);
  const { basis, median } = baselineAt(baselineOf(s), bucket);
  const needed = median * c.volumeFactor;
  const volume = f[slot.barVolume]!;
  if (needed > 0) f[slot.peakVolume] = Math.max(f[slot.peakVolume]!, volume / median);
  const until = ts - c.minAgeMinutes * microsPerMinute;
  const level = outermostLevel(levelsOf(s), way, extreme, f[slot.close]!, c.minTicks, until);
  const exceeded = level < 0 ? extreme : a['level']![level]!;
  const unknownShare = unknownShareOf(f);
  out(way > 0 ? 'highTaken' : 'lowTaken', {
    price: f[slot.close]!,
    extreme: f[way > 0 ? slot.high : slot.low]!,
    exceeded,
    slot: level < 0 ? null : level,
    delta: f[slot.delta]!,
    deltaBefore: before,
    volume,
    needed: basis === 'none' ? null : needed,
    basis,
    unknownShare,
    inferredShare: inferredShareOf(f),
    tradeDate: formatTradeDate(f[slot.date]!),
  });
  // The machine's guard asks the same of the same numbers, with evidence.
  if (!isThin(volume, needed) || unknownShare > c.maxUnknownShare) return;
  f[side.open] = 1;
  f[side.start] = ts;
  f[side.last] = ts;
  f[side.exceeded] = exceeded;
  f[side.before] = before;
}

/** Closes a minute. A minute without a trade has no close and decides nothing. */
function clock(s: Slots, c: Config, ts: number, _name: string, _i: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.live] === 0) return;
  if (f[slot.barVolume]! > 0) {
    f[slot.volume]! += f[slot.barVolume]!;
    for (const way of [1, -1] as const) {
      follow(s, c, ts, way, out);
      ask(s, c, ts, way, out);
    }
    sampleBucket(
      baselineOf(s),
      bucketOf(f[slot.dayStart]!, ts - microsPerMinute),
      f[slot.barVolume]!,
    );
  } else if (f[slot.rthStart]! > 0 && f[slot.rthEnd] === 0) f[slot.silent] = 1;
  keepExtremes(s);
  f[slot.barVolume] = 0;
}

/** Everything begins with an extreme that was taken. */
// biome-ignore format: one list
const withheld = [
  'highTaken', 'highReclaimed', 'highJoined', 'lowTaken', 'lowReclaimed', 'lowJoined', 'signal',
] as const;

/** Watches minutes for a new extreme that delta and volume did not go along with, and for what becomes of it. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['peakBeyond', 'peakBehind', 'peakVolume'],
  arrays: (c) => ({
    ...bucketRooms(c.baselineSessions),
    high: c.minAgeMinutes + 1,
    highDelta: c.minAgeMinutes + 1,
    low: c.minAgeMinutes + 1,
    lowDelta: c.minAgeMinutes + 1,
    level: levelRoom,
    levelFrom: levelRoom,
  }),
  clocks: (c) => ({
    minute: { everyUs: microsPerMinute, from: c.hours === 'rth' ? 'rth' : 'session' },
  }),
  init: (s) => {
    clearBuckets(baselineOf(s));
    s.a['level']!.fill(Number.NaN);
  },
  phase,
  clock,
  event: ({ f, a }, _c, _ts, port, row) => {
    if (port === 'level') {
      const {
        slot: place,
        price,
        active,
        validFrom,
      } = row as unknown as {
        slot: number;
        price: number;
        active: boolean;
        validFrom: number;
      };
      a['level']![place] = active ? price : Number.NaN;
      a['levelFrom']![place] = validFrom;
    } else if (port === 'session') {
      const isIrregular = row['short'] || row['holiday'] || row['thin'] || row['gap'];
      if (row['tradeDate'] === formatTradeDate(f[slot.date]!))
        f[slot.irregular] = isIrregular === true ? 1 : 0;
    }
  },
  trade: ({ f }, _c, _ts, price, size, side, flags) => {
    // The rows of a footprint do not say when within their minute they traded.
    if (f[slot.live] === 0 || (flags & tradeFlags.approximate) !== 0) return;
    if (side === 0) {
      if ((flags & tradeFlags.auction) === 0) f[slot.unknown]! += size;
    } else if ((flags & tradeFlags.inferred) !== 0) f[slot.inferred]! += size;
    addTrade(f, price, size, side);
  },
  probes: {
    beyond: ({ f }, c) => ({ value: f[slot.peakBeyond]!, needed: c.minTicks, unit: 'tick' }),
    behind: ({ f }) => ({ value: f[slot.peakBehind]!, needed: 0, unit: 'contract' }),
    volume: ({ f }, c) => ({ value: f[slot.peakVolume]!, needed: c.volumeFactor, unit: 'ratio' }),
  },
  withholds: {
    beyond: withheld,
    behind: withheld,
    volume: [],
  },
};
