import { microsPerSecond, type Slots } from '#engine';

type Ladder = Slots['l'][number];

/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  head: 0, prints: 1, low: 2, high: 3, // the window of recent prints: its ring and its price extremes
  lastTs: 4, lastPrice: 5, lastSide: 6, // the newest print
  attack: 7, attackPrice: 8, attackBar: 9, // volume of the attack it belongs to, -1 without; the price; up to here it says nothing new
  date: 10, volume: 11, unknown: 12, inferred: 13, // the session
  second: 14, samples: 15, sampleAt: 16, // last second sampled, samples so far, where the next one goes
  rank: 17, sellLeast: 18, buyLeast: 19, // which of the largest samples is the quantile, 0 too early; the quantiles
  sellNeeded: 20, buyNeeded: 21, // what an attack must exceed
  open: 22, episodes: 23, // episodes under watch, episodes so far
  decideLow: 24, decideHigh: 25, // prices from which on one of them ends
  windowUs: 26, confirmUs: 27, cooldownUs: 28, // parameters in microseconds
  sellPeak: 29, sellPeakShare: 30, sellPeakPrice: 31, sellProgress: 32, // largest attack of the minute
  buyPeak: 33, buyPeakShare: 34, buyPeakPrice: 35, buyProgress: 36,
  refreshPeak: 37, // largest volume by what was shown, of attacks large and one-sided enough
} as const;

/** Ladders of the window by side, then the time of the last episode at a price. */
export const ladder = { sells: 0, buys: 1, unsided: 2, soldAt: 3, boughtAt: 4 } as const;

/** Prints the window has room for: a power of two. */
export const ringRoom = 4_096;
const mask = ringRoom - 1;
/** What is left in the ring after it overflowed. */
const roomAfterOverflow = (ringRoom * 3) / 4;

/** Returns whether a print repeats the newest one: most do, a large order prints in many pieces at one instant. */
export function isRepeat(f: Float64Array, ts: number, price: number, side: number): boolean {
  return ts === f[slot.lastTs] && price === f[slot.lastPrice] && side === f[slot.lastSide];
}

/** Adds the size of a print that repeats the newest one, to the attack they belong to as well. */
export function addRepeat(s: Slots, price: number, size: number, side: number): void {
  const last = (s.f[slot.head]! + s.f[slot.prints]! - 1) & mask;
  s.a['size']![last]! += size;
  if (s.f[slot.attack]! >= 0) s.f[slot.attack]! += size;
  ladderOf(s, side).add(price, size);
}

/** Adds a print to the window. */
export function addPrint(s: Slots, ts: number, price: number, size: number, side: number): void {
  const { f, a } = s;
  if (f[slot.prints] === ringRoom) makeRoom(s);
  const prints = f[slot.prints]!;
  const next = (f[slot.head]! + prints) & mask;
  a['ts']![next] = ts;
  a['price']![next] = price;
  a['size']![next] = size;
  a['side']![next] = side;
  f[slot.prints] = prints + 1;
  f[slot.lastTs] = ts;
  f[slot.lastPrice] = price;
  f[slot.lastSide] = side;
  if (prints === 0 || price < f[slot.low]!) f[slot.low] = price;
  if (prints === 0 || price > f[slot.high]!) f[slot.high] = price;
  ladderOf(s, side).add(price, size);
}

function ladderOf(s: Slots, side: number): Ladder {
  if (side < 0) return s.l[ladder.sells]!;
  return side > 0 ? s.l[ladder.buys]! : s.l[ladder.unsided]!;
}

function isEmptyAt({ l }: Slots, price: number): boolean {
  return l[ladder.sells]!.at(price) + l[ladder.buys]!.at(price) + l[ladder.unsided]!.at(price) <= 0;
}

/** Takes out what is as old as the window is long. */
export function expire(s: Slots, ts: number): void {
  const { f, a } = s;
  const until = ts - f[slot.windowUs]!;
  const times = a['ts']!;
  while (f[slot.prints]! > 0 && times[f[slot.head]!]! <= until) dropOldest(s);
}

function dropOldest(s: Slots): void {
  const { f, a } = s;
  const head = f[slot.head]!;
  const price = a['price']![head]!;
  ladderOf(s, a['side']![head]!).add(price, 0 - a['size']![head]!);
  f[slot.head] = (head + 1) & mask;
  f[slot.prints]! -= 1;
  if (price === f[slot.low] || price === f[slot.high]) narrow(s);
}

/** Moves the extremes inward to prices that still have volume. */
function narrow(s: Slots): void {
  let low = s.f[slot.low]!;
  let high = s.f[slot.high]!;
  while (low < high && isEmptyAt(s, low)) low += 1;
  while (high > low && isEmptyAt(s, high)) high -= 1;
  s.f[slot.low] = low;
  s.f[slot.high] = high;
}

/**
 * Makes room in a full ring: prints of one price, side and second become one, dated as the first of them; if that is
 * not enough the oldest go. Both only in markets far busier than any session the figures were tried on.
 */
function makeRoom(s: Slots): void {
  const { f, a } = s;
  const head = f[slot.head]!;
  const prints = f[slot.prints]!;
  const [times, prices, sizes, sides] = [a['ts']!, a['price']!, a['size']!, a['side']!];
  let kept = 0;
  let bucket = 0;
  let second = -1;
  for (let i = 0; i < prints; i += 1) {
    const from = (head + i) & mask;
    const now = Math.floor(times[from]! / microsPerSecond);
    if (now !== second) {
      second = now;
      bucket = kept;
    }
    let to = bucket;
    while (to < kept && !isSame((head + to) & mask, from)) to += 1;
    const place = (head + to) & mask;
    if (to < kept) {
      sizes[place]! += sizes[from]!;
      continue;
    }
    times[place] = times[from]!;
    prices[place] = prices[from]!;
    sizes[place] = sizes[from]!;
    sides[place] = sides[from]!;
    kept += 1;
  }
  f[slot.prints] = kept;
  while (f[slot.prints]! > roomAfterOverflow) dropOldest(s);

  function isSame(one: number, other: number): boolean {
    return prices[one] === prices[other] && sides[one] === sides[other];
  }
}

/** Returns the volume of the attack on a price: at it and one tick nearer to where the attack comes from. */
export function attackOn(s: Slots, price: number, way: number): number {
  const side = s.l[way < 0 ? ladder.sells : ladder.buys]!;
  return side.at(price) + side.at(price - way);
}

/** Returns the largest attack on the prices that may be held: from the window's extreme `maxProgressTicks` inward. */
export function largestAttack(s: Slots, way: number, maxProgressTicks: number): number {
  if (s.f[slot.prints] === 0) return 0;
  const extreme = s.f[way < 0 ? slot.low : slot.high]!;
  let largest = attackOn(s, extreme, way);
  for (let inward = 1; inward <= maxProgressTicks; inward += 1) {
    largest = Math.max(largest, attackOn(s, extreme - inward * way, way));
  }
  return largest;
}

/** Empties the window. */
export function clearWindow(s: Slots): void {
  s.f[slot.head] = 0;
  s.f[slot.prints] = 0;
  s.f[slot.lastTs] = 0;
  for (const side of [ladder.sells, ladder.buys, ladder.unsided]) s.l[side]!.clear();
}
