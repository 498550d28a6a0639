import { formatTradeDate, microsPerSecond, type Out, type Slots } from '#engine';
import { clearWindows, endGroup, isInOrder, missingOf, pushFlow } from './book.ts';
import type { Config, Senses } from './config.ts';
import { imbalance } from './depth.ts';
import { bullBear, framePullStack, pushPullStack, samplePullStack } from './pull-stack.ts';
import { frames, frameUs, ladder, sizeSampleFrames, slot, sumSampleFrames } from './slots.ts';
import { frameWalls, sampleSizes } from './walls.ts';

/** Names of the leans by the number in the slot. */
export const leans = ['unknown', 'even', 'bid-heavy', 'ask-heavy'] as const;
const [unknown, even, bidHeavy, askHeavy] = [0, 1, 2, 3];
const kinds = ['stacking', 'pulling'] as const;

/** Returns the weights of both sides: a side that flickered counts less for a while. */
export function weightsOf({ f }: Slots, c: Config): readonly [bid: number, ask: number] {
  const now = f[slot.now]!;
  const weight = (until: number): number => (now < until ? c.flickerWeight : 1);
  return [weight(f[slot.bidWeightUntil]!), weight(f[slot.askWeightUntil]!)];
}

/** Says that the book is not known, if something was said of it, and forgets the windows. */
export function loseBook(s: Slots, ts: number, why: string, out: Out<Senses>): void {
  if (s.f[slot.lean] !== unknown) changeLean(s, ts, unknown, why, out);
  clearWindows(s);
}

function changeLean(
  { f }: Slots,
  ts: number,
  to: number,
  missing: string | null,
  out: Out<Senses>,
): void {
  const from = f[slot.lean]!;
  f[slot.lean] = to;
  f[slot.since] = ts;
  const isKnown = to !== unknown;
  out('lean', {
    lean: leans[to]!,
    from: leans[from]!,
    mean5: isKnown ? f[slot.mean5]! : null,
    bid: isKnown ? f[slot.bid]! : null,
    ask: isKnown ? f[slot.ask]! : null,
    missing,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

/** Returns the mean of the five-level imbalance over 10 s; NaN before the window is full or half of it is known. */
function meanImbalance({ f, a }: Slots): number {
  if (f[slot.seeded]! < frames.ten) return Number.NaN;
  const ring = a['imbalances']!;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < frames.ten; i += 1) {
    const value = ring[i]!;
    if (value !== value) continue;
    sum += value;
    count += 1;
  }
  return count * 2 >= frames.ten ? sum / count : Number.NaN;
}

function leanOf(f: Float64Array, c: Config, mean: number): number {
  const was = f[slot.lean]!;
  if (mean !== mean) return unknown;
  if (mean > c.leanOn) return bidHeavy;
  if (mean < -c.leanOn) return askHeavy;
  if (was === bidHeavy && mean > c.leanOff) return bidHeavy;
  if (was === askHeavy && mean < -c.leanOff) return askHeavy;
  return even;
}

function frameLean(s: Slots, c: Config, ts: number, isValid: boolean, out: Out<Senses>): void {
  const { f, a } = s;
  const [bid, ask] = weightsOf(s, c);
  a['imbalances']![f[slot.frameAt]! % frames.ten] = isValid
    ? imbalance(a['bidSize']!, a['askSize']!, 5, bid, ask)
    : Number.NaN;
  const mean = meanImbalance(s);
  f[slot.mean5] = mean;
  if (Math.abs(mean) > f[slot.leanPeak]!) f[slot.leanPeak] = Math.abs(mean);
  const lean = leanOf(f, c, mean);
  if (lean === f[slot.lean]) return;
  changeLean(s, ts, lean, lean === unknown ? missingOf(s) : null, out);
}

/** Tells which of the four sums became unusual. */
function frameSums({ f, a }: Slots, c: Config, isValid: boolean, out: Out<Senses>): void {
  for (let what = 0; what < 4; what += 1) {
    const needed = f[slot.needs + what]!;
    const sum = f[slot.sums + what]!;
    if (needed === 0) continue;
    if (sum / needed > f[slot.sumPeak]! / Math.max(f[slot.sumPeakNeeded]!, 1)) {
      f[slot.sumPeak] = sum;
      f[slot.sumPeakNeeded] = needed;
    }
    const isActive = f[slot.active + what] === 1;
    const changes = isActive ? sum < c.pullStackExit * needed : sum >= needed;
    if (!changes || !isValid) continue;
    f[slot.active + what] = isActive ? 0 : 1;
    if (isActive) continue;
    out('pullStack', {
      side: what < 2 ? 'bid' : 'ask',
      what: kinds[what % 2]!,
      sum,
      needed,
      bullBear: bullBear(f),
      bid: a['bidPrice']![0]!,
      ask: a['askPrice']![0]!,
      tradeDate: formatTradeDate(f[slot.date]!),
    });
  }
}

/** Ends one frame: its book is the one at hand. */
function endFrame(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f, l } = s;
  const isValid = isInOrder(s);
  f[slot.now] = ts;
  if (isValid || f[slot.seeded]! > 0) f[slot.seeded]! += 1;
  pushFlow(s, isValid);
  if (isValid) frameWalls(s, c, ts, out);
  framePullStack(s, isValid);
  pushPullStack(s);
  if (isValid) {
    l[ladder.fromBids]!.clear();
    l[ladder.fromAsks]!.clear();
    f[slot.isDirty] = 0;
  }
  frameLean(s, c, ts, isValid, out);
  frameSums(s, c, isValid, out);
  f[slot.frameAt] = (f[slot.frameAt]! + 1) % frames.sixty;
  f[slot.frameCount]! += 1;
  const count = f[slot.frameCount]!;
  if (f[slot.seeded]! >= frames.ten && count % sumSampleFrames === 0) samplePullStack(s, c);
  if (isValid && count % sizeSampleFrames === 0) sampleSizes(s, c);
}

/** Ends all frames that are over at `ts`; where nothing came for longer than the longest window all begins anew. */
export function endFrames(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  if (f[slot.groupTs]! > 0) endGroup(s);
  const isStale = ts - f[slot.depthTs]! >= c.staleSeconds * microsPerSecond;
  if (isStale || ts - f[slot.frameEnd]! >= frames.sixty * frameUs) {
    if (isStale) f[slot.isStale] = 1;
    loseBook(s, ts, missingOf(s) ?? 'nothing came for a minute', out);
    f[slot.frameEnd] = nextFrame(ts);
    return;
  }
  while (f[slot.frameEnd]! <= ts) {
    endFrame(s, c, f[slot.frameEnd]!, out);
    f[slot.frameEnd]! += frameUs;
  }
}

/** Returns the end of the frame that an instant lies in. */
export function nextFrame(ts: number): number {
  return Math.floor(ts / frameUs) * frameUs + frameUs;
}
