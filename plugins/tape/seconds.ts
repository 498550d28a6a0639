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
import { secondRoom, slot, stepRoom, stepSeconds, volumeRoom } from './slots.ts';
import { pressureOf, pressureSide, speedAt, speeds } from './tape.ts';

/** Names of where the baseline comes from, by the number in the slot. */
export const bases = ['none', 'intraday', 'sessions'] as const;
const sides = { '-1': 'sell', 0: 'none', 1: 'buy' } as const;
const stepsPerMinute = 60 / stepSeconds;
const rings = ['secondBuys', 'secondSells', 'secondAll', 'stepBuys', 'stepSells', 'stepAll'];
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
  for (const name of rings) a[name]!.fill(0);
  f.fill(0, slot.secondEnd, slot.price);
  f.fill(0, slot.seconds, slot.orders);
  f[slot.pressure60] = Number.NaN;
  f[slot.pressure300] = Number.NaN;
  f[slot.z] = Number.NaN;
}

/** Forgets everything. */
export function clearTape(s: Slots): void {
  clearBuckets(bucketsOf(s));
  clearSeconds(s);
}

/** Ends all seconds that are over at `ts`. */
export function endSeconds(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.secondEnd] === 0) startGrid(f, ts);
  while (f[slot.secondEnd]! <= ts) endSecond(s, c, ts, out);
}

/** Lays the grid of seconds, steps and minutes; later only what is left of each is counted. */
function startGrid(f: Float64Array, ts: number): void {
  const second = Math.floor(ts / microsPerSecond) + 1;
  const step = Math.ceil(second / stepSeconds);
  f[slot.secondEnd] = second * microsPerSecond;
  f[slot.toStep] = step * stepSeconds - second + 1;
  f[slot.toMinute] = Math.ceil(step / stepsPerMinute) * stepsPerMinute - step + 1;
}

function endSecond(s: Slots, c: Config, now: number, out: Out<Senses>): void {
  const { f } = s;
  const end = f[slot.secondEnd]!;
  f[slot.secondEnd] = end + microsPerSecond;
  f[slot.toStep]! -= 1;
  const isStep = f[slot.toStep] === 0;
  const isNews = push(s, c);
  if (isStep) endStep(s, c, end, out);
  // While nothing enters the ten seconds and nothing leaves them there is nothing to judge.
  if (isNews || isStep || f[slot.speed]! > 1) judgeSpeed(f, c, end, out);
  if (f[slot.watch] === 1) judgeRun(s, c, end, now, out);
  if (isStep && f[slot.toMinute] === 0) endMinute(s, end);
}

/** Moves the ten seconds on by the second at hand; returns whether anything entered or left them. */
function push(s: Slots, c: Config): boolean {
  const { f, a } = s;
  const all = a['secondAll']!;
  const at = f[slot.secondAt]!;
  const own = f[slot.buys]! + f[slot.sells]! + f[slot.unsided]!;
  f[slot.secondAt] = at + 1 === secondRoom ? 0 : at + 1;
  f[slot.seconds]! += 1;
  if (f[slot.inRth] === 1) noteRth(f, c, own);
  const isNews = own !== 0 || all[at] !== 0;
  if (!isNews) return false;
  const [buys, sells] = [a['secondBuys']!, a['secondSells']!];
  f[slot.buys10]! += f[slot.buys]! - buys[at]!;
  f[slot.sells10]! += f[slot.sells]! - sells[at]!;
  f[slot.all10]! += own - all[at]!;
  buys[at] = f[slot.buys]!;
  sells[at] = f[slot.sells]!;
  all[at] = own;
  f[slot.buys] = 0;
  f[slot.sells] = 0;
  f[slot.unsided] = 0;
  return true;
}

function noteRth(f: Float64Array, c: Config, volume: number): void {
  f[slot.rthVolume]! += volume;
  f[slot.quiet] = volume > 0 ? 0 : f[slot.quiet]! + 1;
  if (f[slot.quiet]! > c.gapSeconds) f[slot.hasGap] = 1;
}

/** Moves the minute and the five minutes on by the last ten seconds, and judges their pressure. */
function endStep({ f, a }: Slots, c: Config, end: number, out: Out<Senses>): void {
  const [buys, sells, all] = [a['stepBuys']!, a['stepSells']!, a['stepAll']!];
  const at = f[slot.stepAt]!;
  const sixty = at < stepsPerMinute ? at + stepRoom - stepsPerMinute : at - stepsPerMinute;
  const [bought, sold, traded] = [f[slot.buys10]!, f[slot.sells10]!, f[slot.all10]!];
  f[slot.buys60]! += bought - buys[sixty]!;
  f[slot.sells60]! += sold - sells[sixty]!;
  f[slot.all60]! += traded - all[sixty]!;
  f[slot.buys300]! += bought - buys[at]!;
  f[slot.sells300]! += sold - sells[at]!;
  buys[at] = bought;
  sells[at] = sold;
  all[at] = traded;
  f[slot.stepAt] = at + 1 === stepRoom ? 0 : at + 1;
  f[slot.toStep] = stepSeconds;
  if (f[slot.toMinute] === 0) f[slot.toMinute] = stepsPerMinute;
  f[slot.toMinute]! -= 1;
  f[slot.pressure60] = pressureOf(f[slot.buys60]!, f[slot.sells60]!, c.pressureMinContracts);
  f[slot.pressure300] = pressureOf(f[slot.buys300]!, f[slot.sells300]!, c.pressureMinContracts);
  const strength = Math.abs(f[slot.pressure60]!);
  if (strength > f[slot.pressurePeak]!) f[slot.pressurePeak] = strength;
  judgePressure(f, c, end, 60, out);
  judgePressure(f, c, end, 300, out);
}

/** Judges a window: what it would become must last before it is told. */
function judgePressure(
  f: Float64Array,
  c: Config,
  ts: number,
  window: 60 | 300,
  out: Out<Senses>,
): void {
  const own = window === 60 ? slot.pressure60 : slot.pressure300;
  const [side, next, held] = [own + 1, own + 2, own + 3];
  const pressure = f[own]!;
  const was = f[side]!;
  const now = pressureSide(was, pressure, c.pressureOn, c.pressureOff);
  f[held] = now === f[next] ? f[held]! + stepSeconds : 0;
  f[next] = now;
  if (now === was) return;
  const hold = window === 60 ? c.minuteHoldSeconds : c.fiveHoldSeconds;
  if (f[held] < (now === 0 ? c.calmSeconds : hold)) return;
  f[side] = now;
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
  if (f[slot.basis] === 0 || f[slot.seconds]! < 10) return Number.NaN;
  return robustZ(f[slot.all10]!, {
    basis: bases[f[slot.basis]!]!,
    median: f[slot.median]!,
    mad: f[slot.mad]!,
  });
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

/** Samples the volume of the last 10 s once a minute, and reads what is usual in the next five minutes. */
function endMinute(s: Slots, end: number): void {
  const { f } = s;
  const buckets = bucketsOf(s);
  const dayStart = f[slot.dayStart]!;
  if (f[slot.seconds]! >= 10) sampleBucket(buckets, bucketOf(dayStart, end - 1), f[slot.all10]!);
  const bucket = bucketOf(dayStart, end);
  // Within its five minutes a baseline stays, once there is one: it is a median over sessions, or over an hour.
  if (f[slot.basis] !== 0 && bucket === f[slot.bucket]) return;
  const { basis, median, mad } = baselineAt(buckets, bucket);
  f[slot.bucket] = bucket;
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
