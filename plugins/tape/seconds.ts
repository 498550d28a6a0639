import {
  type BucketBaseline,
  baselineAt,
  bucketOf,
  clearBuckets,
  closeBucketDay,
  formatTradeDate,
  medianOf,
  microsPerMinute,
  microsPerSecond,
  type Out,
  robustZ,
  type Slots,
  sampleBucket,
} from '#engine';
import type { Config, Senses } from './config.ts';
import { judgeRun } from './runs.ts';
import { secondRoom, slot, volumeRoom } from './slots.ts';
import { pressureOf, pressureSide, speedAt, speeds } from './tape.ts';

/** Names of where the baseline comes from, by the number in the slot. */
export const bases = ['none', 'intraday', 'sessions'] as const;
const sides = { '-1': 'sell', 0: 'none', 1: 'buy' } as const;
/** A second without a trade for so long is a gap of the regular session. */
const gapSeconds = 60;
/** Length of a whole regular session; half days are shorter. */
const wholeSessionUs = 390 * microsPerMinute;

/** Returns the name of a side in the slots. */
export function sideName(side: number): 'buy' | 'sell' | 'none' {
  return side > 0 ? sides[1] : side < 0 ? sides['-1'] : sides[0];
}

function bucketsOf({ a }: Slots): BucketBaseline {
  return a as unknown as BucketBaseline;
}

/** Forgets the windows of the session. */
function clearSeconds({ f, a }: Slots): void {
  for (const name of ['secondBuys', 'secondSells', 'secondAll']) a[name]!.fill(0);
  f.fill(0, slot.secondEnd, slot.price);
  f.fill(0, slot.seconds, slot.orders);
  f[slot.pressure60] = Number.NaN;
  f[slot.pressure300] = Number.NaN;
  f[slot.z] = Number.NaN;
  f.fill(0, slot.calm60, slot.pressurePeak);
}

/** Forgets everything. */
export function clearTape(s: Slots): void {
  clearBuckets(bucketsOf(s));
  clearSeconds(s);
}

/** Ends all seconds that are over at `ts`. */
export function endSeconds(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.secondEnd] === 0) {
    f[slot.secondEnd] = Math.floor(ts / microsPerSecond) * microsPerSecond + microsPerSecond;
    return;
  }
  let left = secondRoom + 1;
  for (; f[slot.secondEnd]! <= ts && left > 0; left -= 1) endSecond(s, c, ts, out);
  // Everything is 0 by now, so only the minutes are counted.
  while (f[slot.secondEnd]! <= ts) {
    const end = f[slot.secondEnd]!;
    if (end % microsPerMinute === 0) endMinute(s, end);
    f[slot.secondEnd] = end + microsPerSecond;
  }
}

function endSecond(s: Slots, c: Config, now: number, out: Out<Senses>): void {
  const { f } = s;
  const end = f[slot.secondEnd]!;
  push(s);
  f[slot.secondEnd] = end + microsPerSecond;
  f[slot.pressure60] = pressureOf(f[slot.buys60]!, f[slot.sells60]!, c.pressureMinContracts);
  f[slot.pressure300] = pressureOf(f[slot.buys300]!, f[slot.sells300]!, c.pressureMinContracts);
  const strength = Math.abs(f[slot.pressure60]!);
  if (strength > f[slot.pressurePeak]!) f[slot.pressurePeak] = strength;
  judgePressure(f, c, end, 60, out);
  judgePressure(f, c, end, 300, out);
  judgeSpeed(f, c, end, out);
  judgeRun(s, c, end, now, out);
  if (end % microsPerMinute === 0) endMinute(s, end);
}

/** Moves the windows on by the second at hand. */
function push({ f, a }: Slots): void {
  const [buys, sells, all] = [a['secondBuys']!, a['secondSells']!, a['secondAll']!];
  const at = f[slot.seconds]! % secondRoom;
  const own = f[slot.buys]! + f[slot.sells]! + f[slot.unsided]!;
  const before = (seconds: number): number => (at - seconds + secondRoom) % secondRoom;
  const [ten, sixty] = [before(10), before(60)];
  f[slot.buys10]! += f[slot.buys]! - buys[ten]!;
  f[slot.sells10]! += f[slot.sells]! - sells[ten]!;
  f[slot.all10]! += own - all[ten]!;
  f[slot.buys60]! += f[slot.buys]! - buys[sixty]!;
  f[slot.sells60]! += f[slot.sells]! - sells[sixty]!;
  f[slot.all60]! += own - all[sixty]!;
  f[slot.buys300]! += f[slot.buys]! - buys[at]!;
  f[slot.sells300]! += f[slot.sells]! - sells[at]!;
  buys[at] = f[slot.buys]!;
  sells[at] = f[slot.sells]!;
  all[at] = own;
  f[slot.buys] = 0;
  f[slot.sells] = 0;
  f[slot.unsided] = 0;
  f[slot.seconds]! += 1;
  if (f[slot.inRth] === 0) return;
  f[slot.rthVolume]! += own;
  f[slot.quiet] = own > 0 ? 0 : f[slot.quiet]! + 1;
  if (f[slot.quiet]! > gapSeconds) f[slot.hasGap] = 1;
}

function judgePressure(
  f: Float64Array,
  c: Config,
  ts: number,
  window: 60 | 300,
  out: Out<Senses>,
): void {
  const own = window === 60 ? slot.pressure60 : slot.pressure300;
  const pressure = f[own]!;
  const was = f[own + 1]!;
  const now = pressureSide(was, pressure, c.pressureOn, c.pressureOff);
  const calm = window === 60 ? slot.calm60 : slot.calm300;
  // The other side is news at once; that a side presses no longer has to last.
  const below = was !== 0 && now === 0 ? f[calm]! + 1 : 0;
  f[calm] = below;
  if (now === was || (below > 0 && below <= c.calmSeconds)) return;
  f[own + 1] = now;
  f[calm] = 0;
  f[slot.since] = ts;
  out('pressure', {
    window,
    pressure: sideName(now),
    from: sideName(was),
    value: pressure === pressure ? pressure : null,
    price: f[slot.price]!,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

/** Finds how unusual the volume of 10 s is; NaN before there are ten seconds and something to compare them with. */
function zOf(f: Float64Array): number {
  const basis = bases[f[slot.basis]!]!;
  if (basis === 'none' || f[slot.seconds]! < 10) return Number.NaN;
  return robustZ(f[slot.all10]!, { basis, median: f[slot.median]!, mad: f[slot.mad]! });
}

function judgeSpeed(f: Float64Array, c: Config, ts: number, out: Out<Senses>): void {
  const z = zOf(f);
  f[slot.z] = z;
  if (z > f[slot.speedPeak]!) f[slot.speedPeak] = z;
  const was = f[slot.speed]!;
  const now = f[slot.all10]! < c.speedMinContracts && z === z ? 1 : speedAt(was, z, c);
  f[slot.calmSpeed] = now < was && now > 0 ? f[slot.calmSpeed]! + 1 : 0;
  if (now === was || (f[slot.calmSpeed]! > 0 && f[slot.calmSpeed]! <= c.calmSeconds)) return;
  f[slot.speed] = now;
  f[slot.calmSpeed] = 0;
  f[slot.since] = ts;
  // That there is a baseline now, or none any more, is no event of the market.
  if (was + now <= 1) return;
  out('speed', {
    speed: speeds[now]!,
    from: speeds[was]!,
    z: z === z ? z : null,
    volume10: f[slot.all10]!,
    baseline: bases[f[slot.basis]!]!,
    price: f[slot.price]!,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

/** Samples the volume of the last 10 s once a minute, and reads what is usual in the next. */
function endMinute(s: Slots, end: number): void {
  const { f } = s;
  const buckets = bucketsOf(s);
  if (f[slot.seconds]! >= 10)
    sampleBucket(buckets, bucketOf(f[slot.dayStart]!, end - 1), f[slot.all10]!);
  const { basis, median, mad } = baselineAt(buckets, bucketOf(f[slot.dayStart]!, end));
  f[slot.basis] = bases.indexOf(basis);
  f[slot.median] = median;
  f[slot.mad] = mad;
}

/** Ends the session before; returns whether it may stand for others: whole, without a gap, not thin. */
export function endTapeDay(s: Slots, ts: number, date: number): boolean {
  const { f, a } = s;
  const volumes = a['sessionVolumes']!;
  const known = Array.from(volumes.subarray(0, Math.min(f[slot.volumes]!, volumeRoom)));
  const usual = medianOf(known) ?? 0;
  const isWhole = f[slot.rthEnd]! - f[slot.rthStart]! >= wholeSessionUs && f[slot.rthStart]! > 0;
  const isMember = isWhole && f[slot.hasGap] === 0 && f[slot.rthVolume]! >= 0.5 * usual;
  if (isMember) {
    volumes[f[slot.volumes]! % volumeRoom] = f[slot.rthVolume]!;
    f[slot.volumes]! += 1;
  }
  closeBucketDay(bucketsOf(s), isMember);
  clearSeconds(s);
  f.fill(0, slot.rthStart, slot.volumes);
  f[slot.date] = date;
  f[slot.dayStart] = ts;
  return isMember;
}

/** Notes where the regular session begins and ends, and that a halt is no gap. */
export function notePhase({ f }: Slots, ts: number, phase: string): void {
  f[slot.quiet] = 0;
  if (phase === 'rth-opening' && f[slot.rthStart] === 0) f[slot.rthStart] = ts;
  if (phase === 'post-rth') f[slot.rthEnd] = ts;
  f[slot.inRth] = phase.startsWith('rth-') ? 1 : 0;
}
