import type { MarketBatchBuilder } from '#engine';
import type { MarketState } from './market-state.ts';
import type { Random } from './random.ts';

/** Levels of depth on each side. */
export const depthLevels = 10;
/** Rows of the whole book: both sides and the quote. */
export const bookRows = 2 * depthLevels + 1;
/** Contracts at a level: at least, and how many more at most, in regular hours. */
const leastSize = 18;
const moreSize = 160;

/** The resting orders: sizes at consecutive ticks from the best price away. It writes what changes about them. */
export class OrderBook {
  readonly #state: MarketState;
  readonly #random: Random;
  readonly #hasDepth: boolean;

  constructor(state: MarketState, random: Random, hasDepth: boolean) {
    this.#state = state;
    this.#random = random;
    this.#hasDepth = hasDepth;
  }

  /** Puts the book around a price and writes all of it. */
  reset(builder: MarketBatchBuilder, ts: number, bid: number): void {
    const state = this.#state;
    state.bid = bid;
    state.ask = bid + 1;
    for (let level = 0; level < depthLevels; level += 1) {
      state.bids[level] = this.#freshSize(level);
      state.asks[level] = this.#freshSize(level);
    }
    if (this.#hasDepth) builder.depth(ts, 0, -1, 0, 0);
    this.#writeAll(builder, ts);
  }

  /** Moves the best prices; levels that stay keep their size. */
  move(builder: MarketBatchBuilder, ts: number, bid: number, ask: number): void {
    const state = this.#state;
    // A bid that rises gets new levels in front, an ask that rises loses some: the same with the sign turned.
    this.#shift(state.bids, bid - state.bid);
    this.#shift(state.asks, state.ask - ask);
    state.bid = bid;
    state.ask = ask;
    this.#writeAll(builder, ts);
  }

  /** Takes contracts from the best level of a side; an empty one is refilled. Returns whether it was. */
  take(side: number, size: number): boolean {
    const sizes = side > 0 ? this.#state.asks : this.#state.bids;
    const rest = sizes[0]! - size;
    sizes[0] = rest > 0 ? rest : this.#freshSize(0);
    return rest <= 0;
  }

  /** Adds contracts to a price of a side, or takes them away, where the book shows it. Returns whether it does. */
  add(
    builder: MarketBatchBuilder,
    ts: number,
    side: number,
    price: number,
    contracts: number,
  ): boolean {
    const { bid, ask, bids, asks } = this.#state;
    const level = side > 0 ? bid - price : price - ask;
    if (!this.#hasDepth || level < 0 || level >= depthLevels) return false;
    const sizes = side > 0 ? bids : asks;
    const size = Math.max(1, sizes[level]! + contracts);
    sizes[level] = size;
    builder.depth(ts, side, level, price, size);
    return true;
  }

  /** Writes the best prices with their sizes. */
  writeBest(builder: MarketBatchBuilder, ts: number): void {
    const { bid, ask, bids, asks } = this.#state;
    this.#writeQuote(builder, ts);
    if (!this.#hasDepth) return;
    builder.depth(ts, 1, 0, bid, bids[0]!);
    builder.depth(ts, -1, 0, ask, asks[0]!);
  }

  #writeQuote(builder: MarketBatchBuilder, ts: number): void {
    const state = this.#state;
    builder.quote(ts, state.bid, state.bids[0]!, state.ask, state.asks[0]!);
    state.quoteTs = ts;
  }

  #writeAll(builder: MarketBatchBuilder, ts: number): void {
    const { bid, ask, bids, asks } = this.#state;
    this.#writeQuote(builder, ts);
    if (!this.#hasDepth) return;
    for (let level = 0; level < depthLevels; level += 1)
      builder.depth(ts, 1, level, bid - level, bids[level]!);
    for (let level = 0; level < depthLevels; level += 1)
      builder.depth(ts, -1, level, ask + level, asks[level]!);
  }

  /** Puts `count` new levels in front of a side, or takes -`count` away there. */
  #shift(sizes: number[], count: number): void {
    if (!this.#hasDepth) {
      if (count !== 0) sizes[0] = this.#freshSize(0);
      return;
    }
    for (let n = 0; n < count; n += 1) {
      sizes.pop();
      sizes.unshift(this.#freshSize(0));
    }
    for (let n = 0; n > count; n -= 1) {
      sizes.shift();
      sizes.push(this.#freshSize(depthLevels - 1));
    }
  }

  /** Draws a size: seldom large, more away from the best price, less outside regular hours. */
  #freshSize(level: number): number {
    const drawn = this.#random.next();
    const size = (leastSize + moreSize * drawn * drawn) * (1 + 0.12 * level);
    return 1 + Math.floor(this.#state.regular === 1 ? size : size * 0.3);
  }
}
