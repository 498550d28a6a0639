/** Sizes of the levels of one side, best first; 0 where there is none. */
type Sizes = ArrayLike<number>;

/** Returns (bid - ask) / (bid + ask); NaN without either. */
function leaning(bid: number, ask: number): number {
  return (bid - ask) / (bid + ask);
}

/** Returns the depth imbalance of the first `levels` levels, -1 to 1; a side that is trusted less has a weight below 1. */
export function imbalance(
  bids: Sizes,
  asks: Sizes,
  levels: number,
  bidWeight = 1,
  askWeight = 1,
): number {
  let bid = 0;
  let ask = 0;
  for (let i = 0; i < levels; i += 1) {
    bid += bids[i]!;
    ask += asks[i]!;
  }
  return leaning(bid * bidWeight, ask * askWeight);
}

/** Returns the depth imbalance in which each level counts `ratio` of the one before it. */
export function decayedImbalance(
  bids: Sizes,
  asks: Sizes,
  ratio: number,
  bidWeight = 1,
  askWeight = 1,
): number {
  let bid = 0;
  let ask = 0;
  let weight = 1;
  for (let i = 0; i < bids.length; i += 1) {
    bid += bids[i]! * weight;
    ask += asks[i]! * weight;
    weight *= ratio;
  }
  return leaning(bid * bidWeight, ask * askWeight);
}

/** Returns which part of what stands at the best prices bids make, 0 to 1. */
export function queueImbalance(bidSize: number, askSize: number): number {
  return bidSize / (bidSize + askSize);
}

/** Returns the middle of the spread. */
export function midOf(bid: number, ask: number): number {
  return (bid + ask) / 2;
}

/** Returns the middle of the spread, weighted towards the side with less size. */
export function weightedMid(bid: number, bidSize: number, ask: number, askSize: number): number {
  return (bid * askSize + ask * bidSize) / (bidSize + askSize);
}

/**
 * Returns what one level of a side adds to the order-flow imbalance when it changes. A level that is not there has size
 * 0 and lies behind all prices: one that appears adds its size, one that goes takes it away.
 *
 * @param way - 1 for the bid, -1 for the ask: where a better price lies.
 * @source Cont, Kukanov and Stoikov (2014) for the best level; their e is the sum of both sides, and an unchanged side
 * adds 0. Xu, Gould and Howison (2018) for the levels behind it, each compared with itself.
 */
export function sideFlow(
  way: number,
  price0: number,
  size0: number,
  price1: number,
  size1: number,
): number {
  if (size1 === 0) return (0 - size0) * way;
  const move = (price1 - price0) * way;
  if (move > 0 || size0 === 0) return size1 * way;
  return (move < 0 ? 0 - size0 : size1 - size0) * way;
}

/** Returns the middle one of the first `count` sizes, the mean of the two middle ones for an even number; sorts them. */
export function middleOf(sizes: Float64Array, count: number): number {
  for (let i = 1; i < count; i += 1) {
    const size = sizes[i]!;
    let place = i;
    while (place > 0 && sizes[place - 1]! > size) {
      sizes[place] = sizes[place - 1]!;
      place -= 1;
    }
    sizes[place] = size;
  }
  const middle = count >> 1;
  return count % 2 === 1 ? sizes[middle]! : (sizes[middle - 1]! + sizes[middle]!) / 2;
}

/** Returns the size at a price, 0 where the side has none. */
export function sizeAt(prices: Float64Array, sizes: Float64Array, price: number): number {
  for (let i = 0; i < prices.length; i += 1)
    if (prices[i] === price && sizes[i]! > 0) return sizes[i]!;
  return 0;
}

/** Returns whether a side shows a price: it lies at or before its last level; `way` is 1 for the bid. */
export function isShown(
  prices: Float64Array,
  sizes: Float64Array,
  price: number,
  way: number,
): boolean {
  for (let i = prices.length - 1; i >= 0; i -= 1)
    if (sizes[i]! > 0) return (price - prices[i]!) * way >= 0;
  return false;
}

/** Returns a quantile by nearest rank of the first `count` samples. */
export function quantileOf(samples: Float64Array, count: number, quantile: number): number {
  const sorted = samples.slice(0, count).sort();
  return sorted[Math.max(Math.ceil(quantile * count - 1e-9), 1) - 1]!;
}

/** How a wall that lost most of its size ended. */
export type WallEnd = 'consumed' | 'pulled' | 'gone';

/**
 * Returns how a wall ended: traded away, or taken away while price was near; `gone` when it was taken away far from
 * price, which says little.
 */
export function wallEnd(
  executedShare: number,
  distanceTicks: number,
  c: { readonly wallExecuted: number; readonly wallNearTicks: number },
): WallEnd {
  if (executedShare >= c.wallExecuted) return 'consumed';
  return distanceTicks <= c.wallNearTicks ? 'pulled' : 'gone';
}
