import { formatTradeDate, microsPerSecond, type Out, type Slots } from '#engine';
import type { Config, Senses } from './config.ts';
import { isShown, middleOf, quantileOf, sizeAt, wallEnd } from './depth.ts';
import { flickerRoom, ladder, levels, sizeRoom, sizesNeeded, slot, wallRoom } from './slots.ts';

const candidate = 0;
const shrunk = 1;
const announced = 2;

const nameOf = (way: number): 'bid' | 'ask' => (way > 0 ? 'bid' : 'ask');

/** Samples the sizes of all levels; brings the quantiles up to date three samples later each time. */
export function sampleSizes({ f, a }: Slots, c: Config): void {
  const room = sizeRoom(c);
  const samples = f[slot.sizeSamples]!;
  a['bidSizes']!.set(a['bidSize']!, samples % room);
  a['askSizes']!.set(a['askSize']!, samples % room);
  f[slot.sizeSamples] = samples + levels;
  const count = Math.min(samples + levels, room);
  if (count < sizesNeeded(c) || (samples / levels) % 3 !== 0) return;
  f[slot.bidWall] = quantileOf(a['bidSizes']!, count, c.wallQuantile);
  f[slot.askWall] = quantileOf(a['askSizes']!, count, c.wallQuantile);
}

/** Returns the size from which a level of a side is a wall; 0 while that is not known. */
function neededNow(s: Slots, c: Config, way: number): number {
  const quantile = s.f[way > 0 ? slot.bidWall : slot.askWall]!;
  if (quantile === 0) return 0;
  const scratch = s.a['scratch']!;
  const sizes = s.a[way > 0 ? 'bidSize' : 'askSize']!;
  let count = 0;
  for (let i = 0; i < levels; i += 1) if (sizes[i]! > 0) scratch[count++] = sizes[i]!;
  if (count < c.wallLevels) return 0;
  return Math.max(c.wallMultiple * middleOf(scratch, count), quantile);
}

function isWatched({ f, a }: Slots, way: number, price: number): boolean {
  for (let i = 0; i < f[slot.walls]!; i += 1)
    if (a['wallPrice']![i] === price && a['wallSide']![i] === way) return true;
  return false;
}

/** Takes every level under watch that is large enough and is not yet. */
function findNew(s: Slots, way: number, ts: number, needed: number): void {
  const { f, a } = s;
  const prices = a[way > 0 ? 'bidPrice' : 'askPrice']!;
  const sizes = a[way > 0 ? 'bidSize' : 'askSize']!;
  for (let i = 0; i < levels; i += 1) {
    const size = sizes[i]!;
    if (size > f[slot.wallPeak]!) {
      f[slot.wallPeak] = size;
      f[slot.wallPeakNeeded] = needed;
    }
    if (size < needed || isWatched(s, way, prices[i]!)) continue;
    const at = f[slot.walls]!;
    if (at === wallRoom) return;
    f[slot.walls] = at + 1;
    const before = sizeBefore(s, way, prices[i]!);
    a['wallSide']![at] = way;
    a['wallPrice']![at] = prices[i]!;
    a['wallSince']![at] = ts;
    a['wallNeeded']![at] = needed;
    a['wallBase']![at] = before;
    a['wallAdded']![at] = before < 0 ? 0 : size - before;
    a['wallPeak']![at] = size;
    a['wallExecuted']![at] = 0;
    a['wallState']![at] = candidate;
  }
}

/** Returns the size at a price in the frame before, -1 where it was not shown. */
function sizeBefore({ f, a }: Slots, way: number, price: number): number {
  if (f[slot.hasBefore] === 0) return -1;
  const prices = a[way > 0 ? 'bidPriceBefore' : 'askPriceBefore']!;
  const sizes = a[way > 0 ? 'bidSizeBefore' : 'askSizeBefore']!;
  return isShown(prices, sizes, price, way) ? sizeAt(prices, sizes, price) : -1;
}

function tell(
  s: Slots,
  out: Out<Senses>,
  i: number,
  size: number,
  status: 'appeared' | 'consumed' | 'pulled' | 'standing' | 'gone',
): void {
  const { f, a } = s;
  out('wall', {
    side: nameOf(a['wallSide']![i]!),
    price: a['wallPrice']![i]!,
    size,
    status,
    needed: a['wallNeeded']![i]!,
    peak: a['wallPeak']![i]!,
    executed: a['wallExecuted']![i]!,
    since: a['wallSince']![i]!,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

/** Follows a level that was not announced yet; returns whether it stays under watch. */
function followCandidate(
  s: Slots,
  c: Config,
  ts: number,
  i: number,
  size: number,
  out: Out<Senses>,
): boolean {
  const { a } = s;
  const age = ts - a['wallSince']![i]!;
  const added = a['wallAdded']![i]!;
  if (size < a['wallNeeded']![i]!) a['wallState']![i] = shrunk;
  if (age <= c.flickerSeconds * microsPerSecond) {
    const isAdded = added >= a['wallNeeded']![i]!;
    const isCancelled = size <= a['wallBase']![i]! + (1 - c.flickerCancelled) * added;
    if (isAdded && isCancelled) {
      if (a['wallExecuted']![i]! <= c.flickerExecuted * added) noteFlicker(s, c, ts, i, out);
      return false;
    }
    return true;
  }
  if (a['wallState']![i] === shrunk) return false;
  if (age >= c.wallDwellSeconds * microsPerSecond) {
    a['wallState']![i] = announced;
    tell(s, out, i, size, 'appeared');
  }
  return true;
}

/** Follows a wall; returns whether it still is one. */
function followWall(s: Slots, c: Config, i: number, size: number, out: Out<Senses>): boolean {
  const { a } = s;
  const peak = a['wallPeak']![i]!;
  if (peak - size < c.wallRemoved * peak) return true;
  const best = a[a['wallSide']![i]! > 0 ? 'bidPrice' : 'askPrice']![0]!;
  const distance = Math.abs(a['wallPrice']![i]! - best);
  tell(s, out, i, size, wallEnd(a['wallExecuted']![i]! / peak, distance, c));
  return false;
}

/** Remembers a flicker; enough of them near one another are reported, once a window and side. */
function noteFlicker(s: Slots, c: Config, ts: number, i: number, out: Out<Senses>): void {
  const { f, a } = s;
  const way = a['wallSide']![i]!;
  const price = a['wallPrice']![i]!;
  const at = f[slot.flickers]! % flickerRoom;
  f[slot.flickers]! += 1;
  a['flickerPrice']![at] = price;
  a['flickerSide']![at] = way;
  a['flickerTs']![at] = ts;
  const windowUs = c.flickerWindowSeconds * microsPerSecond;
  let repeats = 0;
  for (let k = 0; k < flickerRoom; k += 1) {
    const isNear = Math.abs(a['flickerPrice']![k]! - price) <= c.flickerReachTicks;
    const isOfSide = a['flickerSide']![k] === way;
    if (isNear && isOfSide && ts - a['flickerTs']![k]! < windowUs) repeats += 1;
  }
  if (repeats > f[slot.flickerPeak]!) f[slot.flickerPeak] = repeats;
  const untilSlot = way > 0 ? slot.bidWeightUntil : slot.askWeightUntil;
  if (repeats < c.flickerRepeats || ts < f[untilSlot]!) return;
  const until = ts + windowUs;
  f[untilSlot] = until;
  out('flicker', {
    side: nameOf(way),
    price,
    size: a['wallAdded']![i]!,
    repeats,
    until,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

function moveWall(a: Slots['a'], from: number, to: number): void {
  if (from === to) return;
  for (const name of wallArrays) a[name]![to] = a[name]![from]!;
}

const wallArrays = [
  'wallSide',
  'wallPrice',
  'wallSince',
  'wallNeeded',
  'wallBase',
  'wallAdded',
  'wallPeak',
  'wallExecuted',
  'wallState',
];

/** Follows one level under watch through a frame; returns whether it stays. */
function follow(s: Slots, c: Config, ts: number, i: number, out: Out<Senses>): boolean {
  const { a, l } = s;
  const way = a['wallSide']![i]!;
  const price = a['wallPrice']![i]!;
  const prices = a[way > 0 ? 'bidPrice' : 'askPrice']!;
  const sizes = a[way > 0 ? 'bidSize' : 'askSize']!;
  a['wallExecuted']![i]! += l[way > 0 ? ladder.fromBids : ladder.fromAsks]!.at(price);
  const isWall = a['wallState']![i] === announced;
  if (!isShown(prices, sizes, price, way)) {
    if (isWall) tell(s, out, i, a['wallPeak']![i]!, 'standing');
    return false;
  }
  const size = sizeAt(prices, sizes, price);
  if (size > a['wallPeak']![i]!) a['wallPeak']![i] = size;
  return isWall ? followWall(s, c, i, size, out) : followCandidate(s, c, ts, i, size, out);
}

/** Looks at large levels in a frame whose book is in order; to be called before what traded in it is forgotten. */
export function frameWalls(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f, a } = s;
  let kept = 0;
  const count = f[slot.walls]!;
  for (let i = 0; i < count; i += 1) {
    if (follow(s, c, ts, i, out)) moveWall(a, i, kept++);
  }
  f[slot.walls] = kept;
  for (let way = 1; way >= -1; way -= 2) {
    const needed = neededNow(s, c, way);
    f[way > 0 ? slot.bidNeeded : slot.askNeeded] = needed;
    if (needed > 0) findNew(s, way, ts, needed);
  }
}
