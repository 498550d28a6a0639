import { type MarketBatchBuilder, tradeFlags } from '#engine';
import type { MarketState } from './market-state.ts';
import { bookRows, OrderBook } from './order-book.ts';
import type { Random } from './random.ts';

/** A quote is repeated before a trade after this long, so that it is never taken for a stale one. */
const repeatQuoteMicros = 1_000_000;
/** Most levels one order takes. */
const maxSweepTicks = 4;
/** Most trades of one order. */
const maxTrades = 2 * maxSweepTicks;
/** Distance of price from where it is pulled, in ticks, at which an order takes a whole level. */
const moveTicks = 0.9;
const largestSize = 900;

/** The aggressive orders: each hits the best price or takes whole levels, and the book answers. */
export class OrderFlow {
  readonly #state: MarketState;
  readonly #random: Random;
  readonly #book: OrderBook;
  readonly #knownSides: number;
  /** Rows that one order may write at most. */
  readonly mostRows: number;

  /** @param knownSides - Share of the orders whose side the venue tells. */
  constructor(state: MarketState, random: Random, hasDepth: boolean, knownSides: number) {
    this.#state = state;
    this.#random = random;
    this.#book = new OrderBook(state, random, hasDepth);
    this.#knownSides = knownSides;
    this.mostRows = maxTrades + 3 + (hasDepth ? 2 * bookRows : 0);
  }

  /** Opens a trading day: one print without an aggressor, then the book. */
  openAuction(builder: MarketBatchBuilder, ts: number): void {
    const price = Math.round(this.#state.fair);
    const size = 60 + Math.floor(240 * this.#random.next());
    builder.trade(ts, price, size, 0, tradeFlags.auction);
    this.#book.reset(builder, ts, price);
  }

  /** Shows the order that a script asks for, or takes it away. Returns whether it wrote a row. */
  showWall(builder: MarketBatchBuilder, ts: number): boolean {
    const { script } = this.#state;
    if (script.wall === script.shown) return false;
    const isWritten = this.#book.add(
      builder,
      ts,
      script.side,
      script.price,
      script.wall - script.shown,
    );
    script.shown = script.wall;
    return isWritten;
  }

  /** Writes what one order does. */
  send(builder: MarketBatchBuilder, ts: number): void {
    const state = this.#state;
    if (ts - state.quoteTs >= repeatQuoteMicros) this.#book.writeBest(builder, ts);
    const done = (state.orders - state.ordersLeft + 1) / state.orders;
    const pulledTo = state.fairBefore + (state.fair - state.fairBefore) * done;
    const distance = pulledTo - (state.bid + state.ask) / 2;
    if (state.ask - state.bid > 1 && this.#random.next() < 0.7) {
      if (distance > 0) this.#book.move(builder, ts, state.ask - 1, state.ask);
      else this.#book.move(builder, ts, state.bid, state.bid + 1);
    }
    if (distance > moveTicks || distance < -moveTicks) this.#sweep(builder, ts, distance);
    else this.#hit(builder, ts, distance);
  }

  /** An order that takes whole levels: the best price moves. */
  #sweep(builder: MarketBatchBuilder, ts: number, distance: number): void {
    const state = this.#state;
    const random = this.#random;
    const side = distance > 0 ? 1 : -1;
    const levels = Math.min(maxSweepTicks, 1 + Math.floor(Math.abs(distance) - moveTicks));
    const venueSide = random.next() < this.#knownSides ? side : 0;
    const best = side > 0 ? state.ask : state.bid;
    for (let level = 0; level < levels; level += 1) {
      this.#print(builder, ts, best + side * level, venueSide);
      if (random.next() < 0.5) this.#print(builder, ts, best + side * level, venueSide);
    }
    const spread = random.next() < (state.regular === 1 ? 0.04 : 0.15) ? 2 : 1;
    const next = best + side * levels;
    if (side > 0) this.#book.move(builder, ts, next - spread, next);
    else this.#book.move(builder, ts, next, next + spread);
  }

  /** An order that the best level fills. */
  #hit(builder: MarketBatchBuilder, ts: number, distance: number): void {
    const state = this.#state;
    const random = this.#random;
    // Aggressors attack a level that holds; else they go where price is pulled.
    const buyers = state.holdingSide === 0 ? 0.5 + 0.3 * distance : 0.5 - 0.38 * state.holdingSide;
    const side = random.next() < buyers + state.script.lean ? 1 : -1;
    const venueSide = random.next() < this.#knownSides ? side : 0;
    const price = side > 0 ? state.ask : state.bid;
    const drawn = random.next();
    const trades = drawn > 0.9 ? 3 : drawn > 0.7 ? 2 : 1;
    let isRefilled = false;
    for (let n = 0; n < trades; n += 1) {
      const size = this.#print(builder, ts, price, venueSide);
      if (this.#book.take(side, size)) isRefilled = true;
    }
    if (isRefilled || drawn < 0.12) this.#book.writeBest(builder, ts);
  }

  /** Writes one trade and returns its size. */
  #print(builder: MarketBatchBuilder, ts: number, price: number, venueSide: number): number {
    const state = this.#state;
    const size = this.#drawSize();
    builder.trade(ts, price, size, venueSide, 0);
    if (state.regular === 1) {
      const away = price - state.priorClose;
      state.volume += size;
      state.volumePrice += size * away;
      state.volumeSquare += size * away * away;
    }
    return size;
  }

  /** Draws a size: mostly one contract, with a tail that falls with the square; large ones are round. */
  #drawSize(): number {
    const drawn = this.#random.next();
    const cap = this.#state.script.sizeCap;
    if (cap > 0) return 1 + Math.floor(drawn * cap);
    if (drawn < 0.56) return 1;
    if (drawn < 0.73) return 2;
    if (drawn < 0.8) return 3;
    const tail = 3.5 / Math.sqrt(this.#random.next() + 1e-6);
    const size = Math.min(largestSize, Math.floor(tail));
    return size < 20 ? size : size - (size % 5);
  }
}
