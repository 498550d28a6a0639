import type { StagedEpisode } from '#engine';
import {
  findInstrument,
  type Instrument,
  type MarketBatchBuilder,
  maxBatchRows,
  nextSession,
  parseTradeDate,
  type SessionDay,
  sessionAt,
  sessionDay,
  toTicks,
  zonedToUtc,
} from '#engine';
import { type DayPlan, type PriorDay, planDay } from './day-plan.ts';
import { type MarketConfig, type MarketState, parseState, printState } from './market-state.ts';
import { depthLevels } from './order-book.ts';
import { OrderFlow } from './order-flow.ts';
import { type PlannedDay, pullPrice } from './price-pull.ts';
import { Random } from './random.ts';
import { idleScript } from './script-state.ts';
import { startPriceOf } from './start-price.ts';
import { shareOfSecond } from './volume-smile.ts';

const second = 1_000_000;
/** Measured: trades an aggressive order makes on average. */
const tradesPerOrder = 1.62;
/** Orders a second while a level absorbs: at least, and relative to the usual rate. */
const leastHoldingOrders = 18;
const holdingActivity = 4;

/** Micro contracts, and the contract in whose market they trade. */
const wholeOf: Readonly<Record<string, string>> = { MES: 'ES', MNQ: 'NQ' };

/** Each market has its own rows; that of ES has those of the seed as it stands. */
function seedOf({ symbol, number }: Instrument, seed: number): number {
  const whole = wholeOf[symbol];
  const market = whole === undefined ? number : findInstrument(whole).number;
  return market === 0 ? seed : (seed + Math.imul(market, 0x9e_37_79_b9)) >>> 0;
}

/** Makes the market: rows after rows, a pure function of configuration and state. */
export class MarketGenerator {
  readonly #instrument: Instrument;
  readonly #config: MarketConfig;
  readonly #state: MarketState;
  readonly #random: Random;
  readonly #orders: OrderFlow;
  readonly #startTicks: number;
  readonly #seed: number;
  #day: PlannedDay;
  /** What was staged since the market of this generator began: never part of its rows. */
  readonly staged: StagedEpisode[] = [];

  /**
   * @param resume - What {@link snapshot} returned; null begins the market.
   * @throws {OF_SIMULATOR_RESUME} when the text is of another market.
   * @throws {OF_TIME_UNREADABLE} {OF_PRICE_OFF_GRID} when the start date or price cannot be used.
   * @throws {OF_CALENDAR_UNCOVERED} when the start date lies outside the holiday table.
   */
  constructor(instrument: Instrument, config: MarketConfig, resume: string | null) {
    this.#instrument = instrument;
    const { startPrice = startPriceOf(instrument) } = config;
    this.#config = { ...config, startPrice };
    this.#seed = seedOf(instrument, config.seed);
    this.#startTicks = toTicks(instrument, startPrice, 'startPrice');
    this.#state =
      resume === null ? this.#firstState() : parseState(instrument, this.#config, resume);
    this.#random = Random.restored(this.#state.random);
    this.#orders = new OrderFlow(this.#state, this.#random, config.depth, config.knownSides);
    this.#day = this.#planned(sessionDay(instrument.calendar, this.#state.tradeDate)!);
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
    const { open, close } = this.#day.session;
    return Math.max(0, Math.min(1, (this.#state.nextTs - open) / (close - open)));
  }

  /** What the trading day in hand is meant to be. */
  get plan(): DayPlan {
    return this.#day.plan;
  }

  /** Returns the state as text: a generator made from it goes on as this one does. */
  snapshot(): string {
    this.#state.random = this.#random.state;
    return printState(this.#instrument, this.#config, this.#state);
  }

  /**
   * Writes rows until the batch is nearly full, the next row would not lie before `until`, or a trading day has ended.
   */
  write(builder: MarketBatchBuilder, until: number): void {
    const state = this.#state;
    const today = state.dayNumber;
    const most = maxBatchRows - this.#orders.mostRows;
    while (builder.count <= most && state.nextTs < until && state.dayNumber === today) {
      if (state.ordersLeft > 0) this.#order(builder, state.nextTs);
      else this.#endSecond(builder);
    }
  }

  #firstState(): MarketState {
    const { calendar } = this.#instrument;
    const date = parseTradeDate(this.#config.startDate);
    const day =
      sessionDay(calendar, date) ??
      sessionAt(calendar, zonedToUtc('America/New_York', date, '12:00'));
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
      bids: Array.from({ length: depthLevels }, () => 1),
      asks: Array.from({ length: depthLevels }, () => 1),
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
      script: idleScript(),
      random: Random.seeded(this.#seed, 0).state,
    };
  }

  #planned(session: SessionDay): PlannedDay {
    const { dayNumber, priorClose, priorMean, priorDeviation, priorBalanced } = this.#state;
    const prior: PriorDay = {
      close: priorClose,
      mean: priorMean,
      deviation: priorDeviation,
      balanced: priorBalanced === 1,
    };
    const length = session.short || session.rthOpen === null ? 'short' : 'whole';
    const plan = planDay(
      this.#seed,
      dayNumber,
      prior,
      this.#startTicks,
      this.#config.stage,
      length,
    );
    return { session, prior, plan };
  }

  /** Ends the second in hand: time passes, value pulls price, and the next second's orders are drawn. */
  #endSecond(builder: MarketBatchBuilder): void {
    const state = this.#state;
    const { session } = this.#day;
    const ts = state.second + second;
    const isClose = ts >= session.close;
    if (state.silent === 1 || isClose) builder.heartbeat(ts);
    if (isClose) {
      this.#endDay();
      return;
    }
    const { rthOpen, rthEnd } = session;
    state.second = ts;
    state.silent = 1;
    const isRegular = rthOpen !== null && rthEnd !== null && ts >= rthOpen && ts < rthEnd;
    state.regular = isRegular ? 1 : 0;
    const drift = this.#random.bell();
    const episode = pullPrice(state, this.#random, this.#day, ts, drift);
    if (episode !== null) this.staged.push(episode);
    if (this.#orders.showWall(builder, ts)) state.silent = 0;
    const orders = this.#drawOrders(shareOfSecond(session, ts), Math.abs(drift));
    state.orders = session.halts.some((halt) => ts >= halt.from && ts < halt.to) ? 0 : orders;
    state.ordersLeft = state.orders;
    this.#schedule();
  }

  /** Draws how many orders come in a second: in bursts, and more when price moves. */
  #drawOrders(share: number, drift: number): number {
    const burst = this.#random.next();
    const usual = (this.#config.tradesPerDay / tradesPerOrder) * share * this.#day.plan.activity;
    const isHolding = this.#state.holdingSide !== 0;
    const least = this.#state.script.orders;
    if (least > 0) return least + Math.floor(burst * 0.5 * least);
    const rate = isHolding ? Math.max(leastHoldingOrders, holdingActivity * usual) : usual;
    // Of a uniform number the square has the mean 1/3; of a bell-shaped one the absolute value has about 0.8.
    const orders = rate * 3 * burst * burst * (0.5 + 0.625 * drift);
    return Math.floor(orders + this.#random.next());
  }

  /** Sets the time of the next order, or the end of the second. */
  #schedule(): void {
    const state = this.#state;
    if (state.ordersLeft === 0) {
      state.nextTs = state.second + second;
      return;
    }
    const done = state.orders - state.ordersLeft + this.#random.next();
    state.nextTs = state.second + Math.floor((done * second) / state.orders);
  }

  #order(builder: MarketBatchBuilder, ts: number): void {
    const state = this.#state;
    if (state.opening === 1) this.#orders.openAuction(builder, ts);
    else this.#orders.send(builder, ts);
    state.opening = 0;
    state.silent = 0;
    state.ordersLeft -= 1;
    this.#schedule();
  }

  /** Hands the day over to the next one. */
  #endDay(): void {
    const state = this.#state;
    const close = Math.round((state.bid + state.ask) / 2);
    const isWhole = this.#config.stage.length === 0 || !this.#day.session.short;
    const isBalanced = this.#day.plan.kind === 'balance' && state.volume > 0;
    state.priorBalanced = isBalanced && isWhole ? 1 : 0;
    if (state.volume > 0) {
      const mean = state.volumePrice / state.volume;
      const variance = state.volumeSquare / state.volume - mean * mean;
      state.priorMean = state.priorClose + mean;
      state.priorDeviation = Math.sqrt(Math.max(0, variance));
    }
    state.priorClose = close;
    state.fair = close;
    state.fairBefore = close;
    state.volume = 0;
    state.volumePrice = 0;
    state.volumeSquare = 0;
    state.absorptions = 0;
    state.holdingSide = 0;
    state.leavingUntil = 0;
    Object.assign(state.script, idleScript());
    state.dayNumber += 1;
    this.#day = this.#planned(nextSession(this.#instrument.calendar, this.#day.session));
    this.#begin(this.#day.session);
  }

  /** Stands at the open of a trading day, before its auction. */
  #begin(session: SessionDay): void {
    const state = this.#state;
    state.tradeDate = session.tradeDate;
    state.second = session.open;
    state.nextTs = session.open;
    state.orders = 1;
    state.ordersLeft = 1;
    state.opening = 1;
    state.silent = 1;
    state.regular = 0;
  }
}
