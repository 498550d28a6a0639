import {
  maxBatchRows,
  nextSession,
  parseTradeDate,
  sessionAt,
  sessionDay,
  toTicks,
  tradeFlags,
  zonedToUtc,
  type Instrument,
  type MarketBatchBuilder,
  type SessionDay,
} from '#engine';
import { planDay, valueAt, type DayPlan, type PriorDay } from './day-plan.ts';
import { parseState, printState, type MarketConfig, type MarketState } from './market-state.ts';
import { bookRows, depthLevels, OrderBook } from './order-book.ts';
import { Random } from './random.ts';
import { shareOfSecond } from './volume-smile.ts';

const second = 1_000_000;
/** A quote is repeated before a trade after this long, so that it is never taken for a stale one. */
const repeatQuoteMicros = second;
/** Measured: trades an aggressive order makes on average. */
const tradesPerOrder = 1.62;
/** Most levels one order takes. */
const maxSweepTicks = 4;
/** Most trades of one order. */
const maxTrades = 2 * maxSweepTicks;
const largestSize = 900;
/** Distance of price from where it is pulled, in ticks, at which an order takes a whole level. */
const moveTicks = 0.9;
const nightReturnSeconds = 3_000;
/** Rate of orders a second while a level absorbs: at least, and relative to the usual one. */
const leastHoldingOrders = 18;
const holdingActivity = 4;

/** Makes the market: rows after rows, a pure function of configuration and state. */
export class MarketGenerator {
  readonly #instrument: Instrument;
  readonly #config: MarketConfig;
  readonly #state: MarketState;
  readonly #random: Random;
  readonly #book: OrderBook;
  readonly #startTicks: number;
  /** Rows that one step may add at most. */
  readonly #stepRows: number;
  #day: SessionDay;
  #plan: DayPlan;

  /**
   * @param resume - What {@link snapshot} returned; null begins the market.
   * @throws {OF_SIMULATOR_RESUME} when the text is of another market.
   * @throws {OF_TIME_UNREADABLE} {OF_PRICE_OFF_GRID} when the start date or price cannot be used.
   * @throws {OF_CALENDAR_UNCOVERED} when the start date lies outside the holiday table.
   */
  constructor(instrument: Instrument, config: MarketConfig, resume: string | null) {
    this.#instrument = instrument;
    this.#config = config;
    this.#startTicks = toTicks(instrument, config.startPrice, 'startPrice');
    this.#state = resume === null ? this.#firstState() : parseState(instrument, config, resume);
    this.#random = Random.restored(this.#state.random);
    this.#book = new OrderBook(this.#state, this.#random, config.depth);
    this.#stepRows = maxTrades + 3 + (config.depth ? 2 * bookRows : 0);
    this.#day = sessionDay(instrument.calendar, this.#state.tradeDate)!;
    this.#plan = this.#planOfDay();
  }

  /** Number of the trading day in hand, from 0. */
  get dayNumber(): number {
    return this.#state.dayNumber;
  }

  /** Event time of the next row, or shortly before it. */
  get nextTs(): number {
    return this.#state.nextTs;
  }

  /** Share of the trading day that is over, 0 to 1. */
  get shareOfDay(): number {
    const { open, close } = this.#day;
    return Math.max(0, Math.min(1, (this.#state.nextTs - open) / (close - open)));
  }

  /** What kind of day it is meant to be, for the curious. */
  get plan(): DayPlan {
    return this.#plan;
  }

  /** Returns the state as text: a generator made from it goes on as this one does. */
  snapshot(): string {
    this.#state.random = this.#random.state;
    return printState(this.#instrument, this.#config, this.#state);
  }

  /**
   * Adds rows until the batch is nearly full, the next row would not lie before `until`, or a trading day has ended.
   */
  fill(builder: MarketBatchBuilder, until: number): void {
    const state = this.#state;
    const today = state.dayNumber;
    const most = maxBatchRows - this.#stepRows;
    while (builder.count <= most && state.nextTs < until && state.dayNumber === today) {
      if (state.ordersLeft > 0) this.#order(builder, state.nextTs);
      else this.#endSecond(builder);
    }
  }

  #firstState(): MarketState {
    const { calendar } = this.#instrument;
    const date = parseTradeDate(this.#config.startDate);
    const day = sessionDay(calendar, date) ?? sessionAt(calendar, zonedToUtc('America/New_York', date, '12:00'));
    return {
      dayNumber: 0,
      tradeDate: day.tradeDate,
      second: day.open,
      nextTs: day.open,
      orders: 1,
      ordersLeft: 1,
      opening: 1,
      silent: 1,
      regular: 0,
      fairBefore: this.#startTicks,
      fair: this.#startTicks,
      bid: this.#startTicks,
      ask: this.#startTicks + 1,
      quoteTs: 0,
      bids: new Array<number>(depthLevels).fill(1),
      asks: new Array<number>(depthLevels).fill(1),
      volume: 0,
      volumePrice: 0,
      volumeSquare: 0,
      priorClose: this.#startTicks,
      priorMean: this.#startTicks,
      priorDeviation: 0,
      priorBalanced: 0,
      absorptions: 0,
      holdingSide: 0,
      holdingUntil: 0,
      leavingTicks: 0,
      leavingUntil: 0,
      random: Random.seeded(this.#config.seed, 0).state,
    };
  }

  #planOfDay(): DayPlan {
    return planDay(this.#config.seed, this.#state.dayNumber, this.#prior(), this.#startTicks);
  }

  #prior(): PriorDay {
    const { priorClose, priorMean, priorDeviation, priorBalanced } = this.#state;
    return { close: priorClose, mean: priorMean, deviation: priorDeviation, balanced: priorBalanced === 1 };
  }

  /** Ends the second in hand: time passes, value pulls price, and the next second's orders are drawn. */
  #endSecond(builder: MarketBatchBuilder): void {
    const state = this.#state;
    const ts = state.second + second;
    if (state.silent === 1 || ts >= this.#day.close) builder.heartbeat(ts);
    if (ts >= this.#day.close) {
      this.#endDay();
      return;
    }
    const { rthOpen, rthEnd, halts } = this.#day;
    state.second = ts;
    state.silent = 1;
    state.regular = rthOpen !== null && rthEnd !== null && ts >= rthOpen && ts < rthEnd ? 1 : 0;
    const share = shareOfSecond(this.#day, ts);
    const drift = this.#random.bell();
    this.#pull(ts, drift);
    const halted = halts.some((halt) => ts >= halt.from && ts < halt.to);
    state.orders = halted ? 0 : this.#drawOrders(share, Math.abs(drift));
    state.ordersLeft = state.orders;
    this.#schedule();
  }

  /** Moves the price that the auction is pulled to by one second. */
  #pull(ts: number, drift: number): void {
    const state = this.#state;
    const isRegular = state.regular === 1;
    const value = valueAt(this.#plan, this.#prior(), this.#day, ts);
    const wander = isRegular ? this.#plan.wander : this.#plan.nightWander;
    const returnSeconds = isRegular ? this.#plan.returnSeconds : nightReturnSeconds;
    state.fairBefore = state.fair;
    this.#stageAbsorption(ts, value);
    if (state.holdingSide !== 0) {
      // The level holds: its neighbour is as far as price gets.
      state.fair = state.holdingSide > 0 ? state.bid + 0.5 : state.ask - 0.5;
      return;
    }
    state.fair += (value - state.fair) / returnSeconds + wander * Math.sqrt(2 / returnSeconds) * drift;
    if (ts < state.leavingUntil) state.fair += state.leavingTicks;
  }

  /** Begins and ends the absorptions of the plan, each at an edge of the wandering around value. */
  #stageAbsorption(ts: number, value: number): void {
    const state = this.#state;
    if (state.holdingSide !== 0 && ts >= state.holdingUntil) {
      // Most hold, so price leaves the way it came from; a quarter breaks.
      const pace = 0.45 + 0.3 * this.#random.next();
      state.leavingTicks = (this.#random.next() < 0.75 ? pace : -pace) * state.holdingSide;
      state.leavingUntil = ts + 25 * second;
      state.holdingSide = 0;
    }
    const { rthOpen, rthEnd } = this.#day;
    const due = this.#plan.absorptions[state.absorptions];
    if (state.regular === 0 || due === undefined || rthOpen === null || rthEnd === null) return;
    const late = (ts - rthOpen) / (rthEnd - rthOpen) - due;
    const away = state.fair - value;
    // Waits for an edge for up to an eighth of the session.
    if (late < 0 || (Math.abs(away) < this.#plan.wander && late < 0.125) || state.ask - state.bid > 1) return;
    state.absorptions += 1;
    state.holdingSide = away < 0 ? 1 : -1;
    state.holdingUntil = ts + (26 + Math.floor(14 * this.#random.next())) * second;
  }

  /** Draws how many orders come in a second: in bursts, and more when price moves. */
  #drawOrders(share: number, drift: number): number {
    const burst = this.#random.next();
    const usual = (this.#config.tradesPerDay / tradesPerOrder) * share * this.#plan.activity;
    const rate = this.#state.holdingSide === 0 ? usual : Math.max(leastHoldingOrders, holdingActivity * usual);
    // Of a uniform number the square has the mean 1/3; of a bell-shaped one the absolute value has about 0.8.
    return Math.floor(rate * 3 * burst * burst * (0.5 + 0.625 * drift) + this.#random.next());
  }

  /** Sets the time of the next order, or the end of the second. */
  #schedule(): void {
    const state = this.#state;
    const done = state.orders - state.ordersLeft;
    state.nextTs =
      state.ordersLeft === 0
        ? state.second + second
        : state.second + Math.floor(((done + this.#random.next()) * second) / state.orders);
  }

  /** One aggressive order, or the opening auction. */
  #order(builder: MarketBatchBuilder, ts: number): void {
    const state = this.#state;
    if (state.opening === 1) {
      this.#openAuction(builder, ts);
    } else {
      if (ts - state.quoteTs >= repeatQuoteMicros) this.#book.writeBest(builder, ts);
      this.#trade(builder, ts);
    }
    state.silent = 0;
    state.ordersLeft -= 1;
    this.#schedule();
  }

  #openAuction(builder: MarketBatchBuilder, ts: number): void {
    const state = this.#state;
    state.opening = 0;
    const price = Math.round(state.fair);
    builder.trade(ts, price, 60 + Math.floor(240 * this.#random.next()), 0, tradeFlags.auction);
    this.#book.reset(builder, ts, price);
  }

  #trade(builder: MarketBatchBuilder, ts: number): void {
    const state = this.#state;
    const random = this.#random;
    const done = (state.orders - state.ordersLeft + 1) / state.orders;
    const pulledTo = state.fairBefore + (state.fair - state.fairBefore) * done;
    const distance = pulledTo - (state.bid + state.ask) / 2;
    if (state.ask - state.bid > 1 && random.next() < 0.7) {
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
    const venueSide = random.next() < this.#config.knownSides ? side : 0;
    const best = side > 0 ? state.ask : state.bid;
    for (let level = 0; level < levels; level += 1) {
      this.#print(builder, ts, best + side * level, venueSide);
      if (random.next() < 0.5) this.#print(builder, ts, best + side * level, venueSide);
    }
    const wide = random.next() < (state.regular === 1 ? 0.04 : 0.15) ? 2 : 1;
    const next = best + side * levels;
    if (side > 0) this.#book.move(builder, ts, next - wide, next);
    else this.#book.move(builder, ts, next, next + wide);
  }

  /** An order that the best level fills. */
  #hit(builder: MarketBatchBuilder, ts: number, distance: number): void {
    const state = this.#state;
    const random = this.#random;
    const buyers = state.holdingSide === 0 ? 0.5 + 0.3 * distance : 0.5 - 0.38 * state.holdingSide;
    const side = random.next() < buyers ? 1 : -1;
    const venueSide = random.next() < this.#config.knownSides ? side : 0;
    const price = side > 0 ? state.ask : state.bid;
    const drawn = random.next();
    let refilled = this.#book.take(side, this.#print(builder, ts, price, venueSide));
    if (drawn > 0.7) refilled = this.#book.take(side, this.#print(builder, ts, price, venueSide)) || refilled;
    if (drawn > 0.9) refilled = this.#book.take(side, this.#print(builder, ts, price, venueSide)) || refilled;
    if (refilled || drawn < 0.12) this.#book.writeBest(builder, ts);
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
    if (drawn < 0.56) return 1;
    if (drawn < 0.73) return 2;
    if (drawn < 0.8) return 3;
    const size = Math.min(largestSize, Math.floor(3.5 / Math.sqrt(this.#random.next() + 1e-6)));
    return size < 20 ? size : size - (size % 5);
  }

  /** Hands the day over to the next one. */
  #endDay(): void {
    const state = this.#state;
    const close = Math.round((state.bid + state.ask) / 2);
    if (state.volume > 0) {
      const mean = state.volumePrice / state.volume;
      state.priorMean = state.priorClose + mean;
      state.priorDeviation = Math.sqrt(Math.max(0, state.volumeSquare / state.volume - mean * mean));
    }
    state.priorBalanced = this.#plan.kind === 'balance' && state.volume > 0 ? 1 : 0;
    state.priorClose = close;
    state.fair = close;
    state.fairBefore = close;
    state.volume = 0;
    state.volumePrice = 0;
    state.volumeSquare = 0;
    state.absorptions = 0;
    state.holdingSide = 0;
    state.leavingUntil = 0;
    state.dayNumber += 1;
    this.#day = nextSession(this.#instrument.calendar, this.#day);
    this.#plan = this.#planOfDay();
    state.tradeDate = this.#day.tradeDate;
    state.second = this.#day.open;
    state.nextTs = this.#day.open;
    state.orders = 1;
    state.ordersLeft = 1;
    state.opening = 1;
    state.silent = 1;
    state.regular = 0;
  }
}
