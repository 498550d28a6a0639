import type { Slots } from '#engine';
import type { Config } from './config.ts';
import { isShown, quantileOf, sizeAt } from './depth.ts';
import { frames, ladder, levels, slot, sumRoom, sumsNeeded } from './slots.ts';

/** Adds one price's change of a frame to what was stacked or pulled on its side. */
function note(f: Float64Array, at: number, net: number): void {
  if (net > 0) f[at]! += net;
  else f[at + 1]! -= net;
}

/** One side of the book now and in the frame before, and what traded on it in between. */
interface Change {
  readonly way: number;
  readonly prices: Float64Array;
  readonly sizes: Float64Array;
  readonly pricesBefore: Float64Array;
  readonly sizesBefore: Float64Array;
  readonly traded: Slots['l'][number];
}

function changeOf({ a, l }: Slots, way: number): Change {
  const name = way > 0 ? 'bid' : 'ask';
  return {
    way,
    prices: a[`${name}Price`]!,
    sizes: a[`${name}Size`]!,
    pricesBefore: a[`${name}PriceBefore`]!,
    sizesBefore: a[`${name}SizeBefore`]!,
    traded: l[way > 0 ? ladder.fromBids : ladder.fromAsks]!,
  };
}

/** Takes the levels of the book at hand, then those of the book before that are gone. */
function noteLevels(f: Float64Array, at: number, change: Change): void {
  const { way, prices, sizes, pricesBefore, sizesBefore, traded } = change;
  for (let i = 0; i < levels; i += 1) {
    const price = prices[i]!;
    if (sizes[i] === 0 || !isShown(pricesBefore, sizesBefore, price, way)) continue;
    note(f, at, sizes[i]! - sizeAt(pricesBefore, sizesBefore, price) + traded.at(price));
  }
  for (let i = 0; i < levels; i += 1) {
    const price = pricesBefore[i]!;
    if (sizesBefore[i] === 0 || !isShown(prices, sizes, price, way)) continue;
    if (sizeAt(prices, sizes, price) === 0) note(f, at, traded.at(price) - sizesBefore[i]!);
  }
}

/** Takes what came and traded away between the two books. */
function noteTraded(f: Float64Array, at: number, change: Change): void {
  const { way, prices, sizes, pricesBefore, sizesBefore, traded } = change;
  for (let price = traded.low; price <= traded.high; price += 1) {
    if (traded.at(price) === 0) continue;
    if (!isShown(prices, sizes, price, way) || !isShown(pricesBefore, sizesBefore, price, way))
      continue;
    const known = sizeAt(prices, sizes, price) + sizeAt(pricesBefore, sizesBefore, price);
    if (known === 0) note(f, at, traded.at(price));
  }
}

/**
 * Compares one side of the book with the frame before, price by price, with what traded there in between. Only prices
 * that both books show count: what scrolls out of the ten levels, or in, is neither pulled nor stacked.
 */
function compareSide(s: Slots, way: number): void {
  const at = slot.framed + (way > 0 ? 0 : 2);
  const change = changeOf(s, way);
  noteLevels(s.f, at, change);
  noteTraded(s.f, at, change);
}

/** Finds what was stacked and pulled in the frame that ends, if its book and an earlier one are in order. */
export function framePullStack(s: Slots, isValid: boolean): void {
  const { f, a, l } = s;
  f.fill(0, slot.framed, slot.needs);
  const hasTraded = !l[ladder.fromBids]!.empty || !l[ladder.fromAsks]!.empty;
  if (!isValid || (f[slot.isDirty] === 0 && !hasTraded)) return;
  if (f[slot.hasBefore] === 1) {
    compareSide(s, 1);
    compareSide(s, -1);
  }
  keepBefore(a);
  f[slot.hasBefore] = 1;
}

function keepBefore(a: Slots['a']): void {
  a['bidPriceBefore']!.set(a['bidPrice']!);
  a['bidSizeBefore']!.set(a['bidSize']!);
  a['askPriceBefore']!.set(a['askPrice']!);
  a['askSizeBefore']!.set(a['askSize']!);
}

/** Moves the 10-second sums on by one frame. */
export function pushPullStack({ f, a }: Slots): void {
  const ring = a['pullStacks']!;
  const at = f[slot.frameAt]! % frames.ten;
  for (let what = 0; what < 4; what += 1) {
    const i = what * frames.ten + at;
    f[slot.sums + what]! += f[slot.framed + what]! - ring[i]!;
    ring[i] = f[slot.framed + what]!;
  }
}

/** Returns (bid stack + ask pull) - (ask stack + bid pull) of the last 10 s. */
export function bullBear(f: Float64Array): number {
  const at = slot.sums;
  return f[at]! + f[at + 3]! - (f[at + 2]! + f[at + 1]!);
}

/** Samples the sums; brings their quantiles up to date ten samples later each time. */
export function samplePullStack({ f, a }: Slots, c: Config): void {
  const room = sumRoom(c);
  const samples = f[slot.sumSamples]!;
  const ring = a['sumSamples']!;
  for (let what = 0; what < 4; what += 1)
    ring[what * room + (samples % room)] = f[slot.sums + what]!;
  f[slot.sumSamples] = samples + 1;
  const count = Math.min(samples + 1, room);
  if (count < sumsNeeded(c) || (samples + 1) % 10 !== 0) return;
  for (let what = 0; what < 4; what += 1) {
    const own = ring.subarray(what * room, what * room + count);
    f[slot.needs + what] = quantileOf(own, count, c.pullStackQuantile);
  }
}
