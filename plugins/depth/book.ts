import type { Slots } from '#engine';
import { sideFlow } from './depth.ts';
import { frames, ladder, levels, slot } from './slots.ts';

/** A bit for each level. */
const allLevels = (1 << levels) - 1;
const windows = [frames.one, frames.ten, frames.sixty] as const;

/** Why there is nothing to say about the book; null while there is. */
export function missingOf({ f, a }: Slots): string | null {
  if (f[slot.hasBook] === 0) return 'no depth so far';
  if (f[slot.isStale] === 1) return 'no depth any more while trades go on';
  const [bid, ask] = [a['bidSize']![0]!, a['askSize']![0]!];
  if (bid === 0 || ask === 0) return 'a side of the book is empty';
  return a['bidPrice']![0]! < a['askPrice']![0]! ? null : 'the book is crossed or locked';
}

/** Returns whether the book at hand is in order: both sides there, bid below ask. */
export function isInOrder({ a }: Slots): boolean {
  return a['bidSize']![0]! > 0 && a['askSize']![0]! > 0 && a['bidPrice']![0]! < a['askPrice']![0]!;
}

/** Writes one level; `side` is 1 for the bid. */
export function setLevel(s: Slots, side: number, level: number, price: number, size: number): void {
  if (level >= levels) return;
  const prices = side > 0 ? s.a['bidPrice']! : s.a['askPrice']!;
  const sizes = side > 0 ? s.a['bidSize']! : s.a['askSize']!;
  prices[level] = price;
  sizes[level] = size;
  s.f[slot.isDirty] = 1;
  s.f[side > 0 ? slot.bidChanged : slot.askChanged]! |= 1 << level;
}

/** Empties both sides. */
export function emptyBook({ f, a }: Slots): void {
  for (const name of ['bidPrice', 'bidSize', 'askPrice', 'askSize']) a[name]!.fill(0);
  f[slot.isDirty] = 1;
  f[slot.bidChanged] = allLevels;
  f[slot.askChanged] = allLevels;
}

/** Forgets the windows: the next book only seeds them. The quantiles' samples stay. */
export function clearWindows({ f, a, l }: Slots): void {
  f.fill(0, slot.hasBefore, slot.frameAt);
  f.fill(0, slot.flow1, slot.needs);
  f.fill(0, slot.active, slot.sumSamples);
  f[slot.mean5] = Number.NaN;
  f[slot.walls] = 0;
  f.fill(0, slot.deep);
  a['flows']!.fill(0);
  a['deepFlows']!.fill(0);
  a['bests']!.fill(-1);
  a['imbalances']!.fill(Number.NaN);
  a['pullStacks']!.fill(0);
  l[ladder.fromBids]!.clear();
  l[ladder.fromAsks]!.clear();
}

/**
 * Takes over the levels of a side that changed since the last book in order; returns the order flow of these changes.
 */
function takeLevels({ f, a }: Slots, way: number): number {
  const side = way > 0 ? 'bid' : 'ask';
  const changed = way > 0 ? slot.bidChanged : slot.askChanged;
  const prices = a[`${side}Price`]!;
  const sizes = a[`${side}Size`]!;
  const lastPrices = a[`${side}PriceLast`]!;
  const lastSizes = a[`${side}SizeLast`]!;
  let flow = 0;
  for (let bits = f[changed]!, i = 0; bits !== 0; bits >>= 1, i += 1) {
    if ((bits & 1) === 0) continue;
    flow += sideFlow(way, lastPrices[i]!, lastSizes[i]!, prices[i]!, sizes[i]!);
    lastPrices[i] = prices[i]!;
    lastSizes[i] = sizes[i]!;
  }
  f[changed] = 0;
  return flow;
}

/**
 * Ends a group of changes of one time: what they did to the best prices, and to all levels, becomes order flow. A crossed or locked book is
 * passed over; the first one in order only seeds.
 */
export function endGroup(s: Slots): void {
  const { f, a } = s;
  f[slot.groupTs] = 0;
  if (!isInOrder(s)) return;
  const bid = a['bidPrice']![0]!;
  const bidSize = a['bidSize']![0]!;
  const ask = a['askPrice']![0]!;
  const askSize = a['askSize']![0]!;
  if (f[slot.hasBest] === 1) {
    f[slot.flow]! +=
      sideFlow(1, f[slot.bid]!, f[slot.bidSize]!, bid, bidSize) +
      sideFlow(-1, f[slot.ask]!, f[slot.askSize]!, ask, askSize);
  }
  const deep = takeLevels(s, 1) + takeLevels(s, -1);
  if (f[slot.hasBest] === 1) f[slot.deep]! += deep;
  f[slot.hasBest] = 1;
  f[slot.bid] = bid;
  f[slot.bidSize] = bidSize;
  f[slot.ask] = ask;
  f[slot.askSize] = askSize;
}

/** Puts the order flow of a frame and the size of its best levels into the windows of 1, 10 and 60 s. */
export function pushFlow({ f, a }: Slots, isValid: boolean): void {
  const flows = a['flows']!;
  const deepFlows = a['deepFlows']!;
  const bests = a['bests']!;
  const at = f[slot.frameAt]!;
  const flow = f[slot.flow]!;
  const deep = f[slot.deep]!;
  const best = isValid ? f[slot.bidSize]! + f[slot.askSize]! : -1;
  for (let window = 0; window < windows.length; window += 1) {
    const old = (at - windows[window]! + frames.sixty) % frames.sixty;
    f[slot.flow1 + window]! += flow - flows[old]!;
    f[slot.deep1 + window]! += deep - deepFlows[old]!;
    f[slot.best1 + window]! += Math.max(best, 0) - Math.max(bests[old]!, 0);
    f[slot.valid1 + window]! += Number(best >= 0) - Number(bests[old]! >= 0);
  }
  flows[at] = flow;
  deepFlows[at] = deep;
  bests[at] = best;
  f[slot.flow] = 0;
  f[slot.deep] = 0;
}

/**
 * Returns the order-flow imbalance of window 0, 1 or 2 by the mean best size; null before the window is full.
 *
 * @param sums - Where the sums of the three windows begin: `slot.flow1` of the best level, `slot.deep1` of all levels.
 */
export function flowOf({ f }: Slots, sums: number, window: 0 | 1 | 2): number | null {
  const valid = f[slot.valid1 + window]!;
  if (f[slot.seeded]! < windows[window] || valid === 0) return null;
  return f[sums + window]! / (f[slot.best1 + window]! / (2 * valid));
}
