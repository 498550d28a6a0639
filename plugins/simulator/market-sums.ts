import {
  type Instrument,
  type MarketBatch,
  rowKind,
  type SessionDay,
  sessionAt,
  tradeFlags,
} from '#engine';

/** What one trading day looked like. */
export interface DaySums {
  readonly kind: string;
  trades: number;
  regularTrades: number;
  volume: number;
  /** Trades of the regular session by half hour. */
  readonly halfHours: number[];
  low: number;
  high: number;
}

/** Measures a market row by row. */
export class MarketSums {
  readonly days: DaySums[] = [];
  /** Rows by kind, trades by side, -1 first. */
  readonly kinds = [0, 0, 0, 0, 0, 0];
  readonly sides = [0, 0, 0];
  auctions = 0;
  largestSize = 0;
  wideQuotes = 0;
  longestSilence = 0;
  /** What must not occur, by name. */
  readonly wrong = {
    backwards: 0,
    crossed: 0,
    sizes: 0,
    outsideQuote: 0,
    staleQuote: 0,
    closed: 0,
  };
  readonly #instrument: Instrument;
  #session: SessionDay | null = null;
  #last = 0;
  #quoteTs = 0;
  #bid = 0;
  #ask = 0;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
  }

  /** Takes row `i`; `kind` is what the day is meant to be. */
  use(batch: MarketBatch, i: number, kind: string): void {
    const ts = batch.ts[i]!;
    const day = this.#dayAt(ts, batch.kind[i]!, kind);
    this.kinds[batch.kind[i]!]! += 1;
    if (ts < this.#last) this.wrong.backwards += 1;
    this.longestSilence = Math.max(this.longestSilence, ts - this.#last);
    this.#last = ts;
    if (batch.kind[i] === rowKind.quote) this.#quote(batch, i);
    if (batch.kind[i] === rowKind.trade) this.#trade(batch, i, day);
  }

  #dayAt(ts: number, rowOf: number, kind: string): DaySums {
    const session = this.#session;
    // The heartbeat at the close still belongs to the day it ends.
    const isOver =
      session === null ||
      ts > session.close ||
      (ts === session.close && rowOf !== rowKind.heartbeat);
    if (isOver) {
      this.#session = sessionAt(this.#instrument.calendar, ts);
      this.#last = this.#session.open;
      const halfHours = Array.from({ length: 13 }, () => 0);
      this.days.push({
        kind,
        trades: 0,
        regularTrades: 0,
        volume: 0,
        halfHours,
        low: Infinity,
        high: -Infinity,
      });
      if (ts < this.#session.open) this.wrong.closed += 1;
    }
    return this.days.at(-1)!;
  }

  #quote(batch: MarketBatch, i: number): void {
    this.#quoteTs = batch.ts[i]!;
    this.#bid = batch.a[i]!;
    this.#ask = batch.c[i]!;
    if (this.#bid >= this.#ask) this.wrong.crossed += 1;
    if (this.#ask - this.#bid > 1) this.wideQuotes += 1;
    if (batch.b[i]! < 1 || batch.d[i]! < 1) this.wrong.sizes += 1;
  }

  #trade(batch: MarketBatch, i: number, day: DaySums): void {
    const price = batch.a[i]!;
    const size = batch.b[i]!;
    const side = batch.side[i]!;
    if (size < 1) this.wrong.sizes += 1;
    this.largestSize = Math.max(this.largestSize, size);
    if (batch.flags[i] === tradeFlags.auction) {
      this.auctions += 1;
      return;
    }
    this.sides[side + 1]! += 1;
    if (batch.ts[i]! - this.#quoteTs > 1_000_000) this.wrong.staleQuote += 1;
    if ((side > 0 && price < this.#ask) || (side < 0 && price > this.#bid))
      this.wrong.outsideQuote += 1;
    day.trades += 1;
    day.volume += size;
    this.#regularTrade(batch.ts[i]!, price, day);
  }

  #regularTrade(ts: number, price: number, day: DaySums): void {
    const { rthOpen, rthEnd } = this.#session!;
    if (rthOpen === null || rthEnd === null || ts < rthOpen || ts >= rthEnd) return;
    day.regularTrades += 1;
    day.halfHours[Math.floor(((ts - rthOpen) / (rthEnd - rthOpen)) * 13)]! += 1;
    day.low = Math.min(day.low, price);
    day.high = Math.max(day.high, price);
  }
}
