import {
  formatTradeDate,
  type Out,
  type Phase,
  parseDuration,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import {
  addPart,
  clearBar,
  extremeOf,
  keepBar,
  ladder,
  passiveAt,
  sides,
  slot,
  startSession,
  thinShareOf,
} from './bars.ts';
import type { Config, Outputs, Senses } from './config.ts';
import { areFading, isInside, type Way } from './exhaustion.ts';
import { keepSwings, type Push, pointRoom, pushesTo } from './pushes.ts';

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];
const sideOf = (way: Way) => (way > 0 ? sides.high : sides.low);

/** What becomes of an open episode at the end of a bar. */
function follow(s: Slots, c: Config, way: Way, out: Out<Senses>): void {
  const { f } = s;
  const side = sideOf(way);
  if (f[side.open] === 0) return;
  const price = f[slot.close]!;
  f[side.bars]! += 1;
  if ((extremeOf(s, way) - f[side.extreme]!) * way > 0) {
    f[side.open] = 0;
    out(way > 0 ? 'highExceeded' : 'lowExceeded', { price: extremeOf(s, way) });
  } else if (isInside(price, f[side.inside]!, way)) {
    f[side.open] = 0;
    out(way > 0 ? 'highReclaimed' : 'lowReclaimed', { price });
  } else if (f[side.bars]! >= c.confirmBars) lapse(s, way, out);
}

function lapse({ f }: Slots, way: Way, out: Out<Senses>): void {
  const side = sideOf(way);
  if (f[side.open] === 0) return;
  f[side.open] = 0;
  out(way > 0 ? 'highLapsed' : 'lowLapsed', { bars: f[side.bars]! });
}

/** Whether the bar that just filled made a new extreme of the kind asked for. */
function isNew({ f }: Slots, c: Config, way: Way, extreme: number): boolean {
  const side = sideOf(way);
  const before = f[c.scope === 'session' ? side.session : side.since]!;
  return Number.isFinite(before) && (extreme - before) * way > 0;
}

interface Sign {
  readonly kind: 'thin-extreme' | 'three-pushes';
  readonly thinShare: number;
  readonly passive: number;
  readonly pushes: readonly Push[];
}

/** Returns the sign of exhaustion that a bar shows at its extreme, null without one. */
function signOf(s: Slots, c: Config, way: Way, extreme: number): Sign | null {
  const { f } = s;
  const thinShare = thinShareOf(s, way);
  const passive = passiveAt(s, extreme, way);
  const pushes = pushesTo(s, way, extreme);
  // A sign that is not asked for is no threshold either.
  if (passive === 0 && c.kinds !== 'three-pushes')
    f[slot.peakFull] = Math.max(f[slot.peakFull]!, 1 - thinShare);
  if (c.kinds !== 'thin-extreme') f[slot.peakPushes] = Math.max(f[slot.peakPushes]!, pushes.length);
  const numbers = { thinShare, passive, pushes };
  if (c.kinds !== 'three-pushes' && passive === 0 && thinShare <= c.thinShare)
    return { kind: 'thin-extreme', ...numbers };
  const isThird = c.kinds !== 'thin-extreme' && pushes.length > 0 && areFading(pushes);
  return isThird ? { kind: 'three-pushes', ...numbers } : null;
}

/** Looks for a sign of exhaustion in a bar that made a new extreme; `ts` is that of its last trade. */
function ask(s: Slots, c: Config, ts: number, way: Way, out: Out<Senses>): void {
  const { f } = s;
  const side = sideOf(way);
  const extreme = extremeOf(s, way);
  if (!isNew(s, c, way, extreme)) return;
  const sign = signOf(s, c, way, extreme);
  const isCooling = f[side.last]! > 0 && ts - f[side.last]! < f[slot.cooldownUs]!;
  if (sign !== null && !isCooling && f[side.open] === 0) begin(s, c, ts, way, sign, out);
}

function begin(s: Slots, c: Config, ts: number, way: Way, sign: Sign, out: Out<Senses>): void {
  const { f, a } = s;
  const side = sideOf(way);
  const values = a[way > 0 ? 'high' : 'low']!;
  const inside = values[(f[slot.bars]! - 2) % values.length]!;
  const volume = f[slot.volume]!;
  const extreme = extremeOf(s, way);
  out(way > 0 ? 'highSpent' : 'lowSpent', {
    kind: sign.kind,
    price: f[slot.close]!,
    extreme,
    inside,
    thinShare: sign.thinShare,
    passive: sign.passive,
    pushes: [...sign.pushes],
    unknownShare: f[slot.unknown]! / volume,
    inferredShare: f[slot.inferred]! / volume,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
  // The machine's guard asks the same of the same numbers, with evidence.
  if (f[slot.unknown]! / volume > c.maxUnknownShare) return;
  f[side.last] = ts;
  f[side.extreme] = extreme;
  f[side.inside] = inside;
  f[side.bars] = 0;
  f[side.open] = 1;
  if (isInside(f[slot.close]!, inside, way)) {
    f[side.open] = 0;
    out(way > 0 ? 'highReclaimed' : 'lowReclaimed', { price: f[slot.close]! });
  } else if (c.confirmBars === 0) lapse(s, way, out);
}

function fill(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  keepBar(s);
  keepSwings(s, c.swingBars);
  for (const way of [1, -1] as const) {
    const side = sideOf(way);
    const extreme = extremeOf(s, way);
    follow(s, c, way, out);
    ask(s, c, ts, way, out);
    if ((extreme - f[side.session]!) * way > 0) f[side.session] = extreme;
    if ((extreme - f[side.since]!) * way > 0) f[side.since] = extreme;
  }
  clearBar(s);
}

/** Returns which part of the trade day begins: 0 one that does not count, 1 the day, 2 its regular session; null: none does. */
function partAt(f: Float64Array, c: Config, name: Phase, date: number): 0 | 1 | 2 | null {
  const outside = c.hours === 'all' ? 1 : 0;
  if (name === 'overnight') return f[slot.date] === date ? null : outside;
  if (name === 'post-rth') return f[slot.live] === 2 ? outside : null;
  if (name === 'closed') return 0;
  return regularPhases.includes(name) && f[slot.live] !== 2 ? 2 : null;
}

/** Bars end where a session begins or ends; a bar cut there is not judged. */
function phase(
  s: Slots,
  c: Config,
  _ts: number,
  name: Phase,
  date: number,
  out: Out<Senses>,
): void {
  const { f } = s;
  const part = partAt(f, c, name, date);
  if (part === null) return;
  for (const way of [1, -1] as const) lapse(s, way, out);
  startSession(s);
  f[slot.date] = date;
  f[slot.live] = part;
}

/** Everything begins with a spent extreme, which shows one sign or the other. */
// biome-ignore format: one list
const withheld = [
  'highSpent', 'highReclaimed', 'highExceeded', 'highLapsed',
  'lowSpent', 'lowReclaimed', 'lowExceeded', 'lowLapsed', 'signal',
] as const;

/** Builds volume bars with their ladders and looks at each that makes a new extreme. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['peakFull', 'peakPushes'],
  ladders: Object.keys(ladder),
  arrays: (c) => ({
    high: 2 * c.swingBars + 1,
    low: 2 * c.swingBars + 1,
    delta: 2 * c.swingBars + 1,
    volume: 2 * c.swingBars + 1,
    pointWay: pointRoom,
    pointPrice: pointRoom,
    pointDelta: pointRoom,
    pointVolume: pointRoom,
  }),
  init: (s, c) => {
    s.f[slot.cooldownUs] = parseDuration(c.cooldown) ?? 0;
    startSession(s);
  },
  phase,
  trade: (s, c, ts, price, size, side, flags, out) => {
    const { f } = s;
    // The rows of a footprint do not say when within their minute they traded.
    if (f[slot.live] === 0 || (flags & tradeFlags.approximate) !== 0) return;
    if (f[slot.filled]! + size < c.barVolume) {
      addPart(s, price, size, side, flags);
      return;
    }
    let left = size;
    while (left > 0) {
      const part = Math.min(left, c.barVolume - f[slot.filled]!);
      addPart(s, price, part, side, flags);
      left -= part;
      if (f[slot.filled]! >= c.barVolume) fill(s, c, ts, out);
    }
  },
  probes: {
    thin: ({ f }, c) => ({ value: f[slot.peakFull]!, needed: 1 - c.thinShare, unit: 'share' }),
    pushes: ({ f }) => ({ value: f[slot.peakPushes]!, needed: 3, unit: 'count' }),
  },
  withholds: {
    thin: withheld,
    pushes: withheld,
  },
};
