import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodeMarketBatch,
  findInstrument,
  isOrderflowError,
  type MarketBatch,
  MarketBatchBuilder,
  parseUtc,
  rowKind,
  sessionDay,
} from '#engine';
import { MarketGenerator } from './generator.ts';
import { MarketSums } from './market-sums.ts';
import { makeMarket, marketHash, testMarket } from './simulator-fixture.ts';

const es = findInstrument('ES');
const days = 12;

describe('the simulated market', () => {
  const sums = new MarketSums(es);
  beforeAll(() => {
    makeMarket({ ...testMarket, depth: false }, { days }, (batch, _bytes, generator) => {
      for (let i = 0; i < batch.count; i += 1) sums.use(batch, i, generator.plan.kind);
    });
  });

  it('never goes back in time, stays inside its hours, never crosses the book and trades at the quote', () => {
    expect(sums.days).toHaveLength(days);
    const none = { backwards: 0, crossed: 0, sizes: 0, outsideQuote: 0, staleQuote: 0, closed: 0 };
    expect(sums.wrong).toEqual(none);
  });

  it('is never silent for longer than two seconds without a heartbeat', () => {
    expect(sums.longestSilence).toBeLessThanOrEqual(2_000_000);
    expect(sums.kinds[rowKind.heartbeat]).toBeGreaterThan(1_000);
  });

  it('mostly has a spread of one tick', () => {
    expect(sums.wideQuotes / sums.kinds[rowKind.quote]!).toBeLessThan(0.15);
    expect(sums.wideQuotes).toBeGreaterThan(100);
  });

  it('tells the aggressor of nine trades in ten, buyers and sellers alike', () => {
    const [sellers, unknown, buyers] = sums.sides as [number, number, number];
    const all = buyers + sellers + unknown;
    expect(unknown / all).toBeGreaterThan(0.09);
    expect(unknown / all).toBeLessThan(0.11);
    expect(buyers / (buyers + sellers)).toBeGreaterThan(0.47);
    expect(buyers / (buyers + sellers)).toBeLessThan(0.53);
  });

  it('opens each trading day with one auction', () => {
    expect(sums.auctions).toBe(days);
  });

  it('makes about as many trades as asked for, most of them in the regular session, with a smile', () => {
    const whole = sums.days.filter(({ trades }) => trades > 40_000);
    expect(whole.length).toBeGreaterThanOrEqual(days - 3);
    for (const { trades, regularTrades } of whole) {
      expect(trades).toBeLessThan(100_000);
      expect(regularTrades / trades).toBeGreaterThan(0.65);
      expect(regularTrades / trades).toBeLessThan(0.85);
    }
    const at = (period: number): number =>
      whole.reduce((sum, { halfHours }) => sum + halfHours[period]!, 0);
    expect(at(0)).toBeGreaterThan(1.8 * at(6));
    expect(at(12)).toBeGreaterThan(1.5 * at(6));
  });

  it('has sizes with a long tail', () => {
    const volume = sums.days.reduce((sum, day) => sum + day.volume, 0);
    const trades = sums.days.reduce((sum, day) => sum + day.trades, 0);
    expect(volume / trades).toBeGreaterThan(1.4);
    expect(volume / trades).toBeLessThan(4);
    expect(sums.largestSize).toBeGreaterThan(100);
  });

  it('has sessions as wide as those of ES, of more than two kinds', () => {
    const points = sums.days.map(({ low, high }) => (high - low) / 4);
    expect(Math.min(...points)).toBeGreaterThan(15);
    expect(Math.max(...points)).toBeLessThan(110);
    const mean = points.reduce((sum, x) => sum + x, 0) / points.length;
    expect(mean).toBeGreaterThan(30);
    expect(mean).toBeLessThan(80);
    expect(new Set(sums.days.map(({ kind }) => kind)).size).toBeGreaterThan(2);
  });
});

/** Follows depth and quotes and compares them at every trade. */
class DepthCheck {
  checked = 0;
  wrong = 0;
  #bids: (readonly [price: number, size: number])[] = [];
  #asks: (readonly [price: number, size: number])[] = [];
  #quote: readonly number[] = [];

  use(batch: MarketBatch, i: number): void {
    const [a, b, c, d] = [batch.a[i]!, batch.b[i]!, batch.c[i]!, batch.d[i]!];
    if (batch.kind[i] === rowKind.quote) this.#quote = [a, b, c, d];
    if (batch.kind[i] === rowKind.depth && c < 0) {
      this.#bids = [];
      this.#asks = [];
    } else if (batch.kind[i] === rowKind.depth) {
      (batch.side[i]! > 0 ? this.#bids : this.#asks)[c] = [a, b];
    }
    if (batch.kind[i] !== rowKind.trade || this.#quote.length === 0) return;
    this.checked += 1;
    if (!this.#isRight()) this.wrong += 1;
  }

  #isRight(): boolean {
    const [bid, bidSize, ask, askSize] = this.#quote as [number, number, number, number];
    if (this.#bids[0]?.[1] !== bidSize || this.#asks[0]?.[1] !== askSize) return false;
    if (this.#bids.length !== 10 || this.#asks.length !== 10) return false;
    const bidsRight = this.#bids.every(([price, size], n) => price === bid - n && size > 0);
    return bidsRight && this.#asks.every(([price, size], n) => price === ask + n && size > 0);
  }
}

describe('the generator', () => {
  it('makes the same first 100,000 rows for a seed, on every engine', () => {
    expect(marketHash(testMarket, 100_000)).toBe('1e880fc4');
    // Without depth so many rows reach into the third session.
    expect(marketHash({ ...testMarket, depth: false }, 400_000)).toBe('b7c4d39e');
    expect(marketHash({ ...testMarket, seed: 8 }, 1_000)).not.toBe(marketHash(testMarket, 1_000));
  });

  it('keeps depth contiguous, sorted, uncrossed and equal to the quote', () => {
    const book = new DepthCheck();
    makeMarket(testMarket, { rows: 150_000 }, (batch) => {
      for (let i = 0; i < batch.count; i += 1) book.use(batch, i);
    });
    expect(book.wrong).toBe(0);
    expect(book.checked).toBeGreaterThan(5_000);
  });

  it('goes on from its state byte by byte', () => {
    for (const depth of [true, false]) {
      const config = { ...testMarket, depth, tradesPerDay: 20_000 };
      const whole: Uint8Array[] = [];
      const states: string[] = [];
      makeMarket(config, { days: 3 }, (_batch, bytes, generator) => {
        whole.push(bytes);
        states.push(generator.snapshot());
      });
      expect(whole.length).toBeGreaterThan(100);
      for (let n = 0; n < 25; n += 1) {
        const at = Math.floor((whole.length - 12) * ((n * 0.618) % 1));
        const generator = new MarketGenerator(es, config, states[at]!);
        const builder = new MarketBatchBuilder('ES');
        for (let next = at + 1; next < at + 12; next += 1) {
          generator.write(builder, Infinity);
          expect(builder.finish()).toEqual(whole[next]);
          expect(generator.snapshot()).toBe(states[next]);
        }
      }
    }
  });

  it('makes the same rows however they are cut into batches', () => {
    const rows = (step: number): number[] => {
      const generator = new MarketGenerator(es, testMarket, null);
      const builder = new MarketBatchBuilder('ES');
      const made: number[] = [];
      for (let due = generator.nextTs; made.length < 20_000; due += step) {
        while (generator.nextTs < due) {
          generator.write(builder, due);
          makeRows(builder.finish(), made);
        }
      }
      return made.slice(0, 20_000);
    };
    expect(rows(5_000_000)).toEqual(rows(777_777));
  });

  it('begins on the next trading day and follows holidays', () => {
    const first = (startDate: string): number =>
      new MarketGenerator(es, { ...testMarket, startDate }, null).nextTs;
    expect(first('2025-11-22')).toBe(parseUtc('2025-11-23T23:00:00Z'));
    expect(first('2025-12-25')).toBe(sessionDay(es.calendar, 20251226)!.open);
  });

  it('makes each instrument a market of its own, a micro contract that of the whole one', () => {
    const pricesOf = (symbol: string): number[] => {
      const prices: number[] = [];
      const use = (batch: MarketBatch): void => {
        for (let i = 0; i < batch.count; i += 1)
          if (batch.kind[i] === rowKind.trade) prices.push(batch.a[i]!);
      };
      makeMarket({ ...testMarket, depth: false }, { rows: 2_000 }, use, findInstrument(symbol));
      return prices.slice(0, 500);
    };
    expect(pricesOf('MES')).toEqual(pricesOf('ES'));
    expect(pricesOf('NQ')).not.toEqual(pricesOf('ES'));
    expect(pricesOf('MNQ')).toEqual(pricesOf('NQ'));
  });

  it('makes other instruments in proportion to their price', () => {
    const crude = findInstrument('CL');
    let low = Infinity;
    let high = -Infinity;
    makeMarket(
      { ...testMarket, startPrice: undefined, depth: false, tradesPerDay: 10_000 },
      { days: 4 },
      (batch) => {
        for (let i = 0; i < batch.count; i += 1) {
          if (batch.kind[i] !== rowKind.trade) continue;
          low = Math.min(low, batch.a[i]!);
          high = Math.max(high, batch.a[i]!);
        }
      },
      crude,
    );
    expect(low).toBeGreaterThan(6_300);
    expect(high).toBeLessThan(7_700);
    expect(high - low).toBeGreaterThan(50);
  });

  it('begins at a price of the instrument, unless told another one', () => {
    const firstOf = (symbol: string, startPrice?: number): number | undefined => {
      let first: number | undefined;
      const market = { ...testMarket, startPrice, depth: false, tradesPerDay: 1_000 };
      makeMarket(market, { days: 1 }, ({ a }) => (first ??= a[0]), findInstrument(symbol));
      return first;
    };
    expect(firstOf('ES')).toBe(firstOf('ES', 6_000));
    expect(firstOf('NQ')).toBe(firstOf('NQ', 21_000));
    expect(firstOf('NQ', 18_000)).not.toBe(firstOf('NQ'));
  });

  it('refuses a start it cannot use and a state of another market', () => {
    const codeOf = (change: object, resume: string | null = null): string => {
      try {
        return String(new MarketGenerator(es, { ...testMarket, ...change }, resume).nextTs);
      } catch (error) {
        return isOrderflowError(error) ? error.code : String(error);
      }
    };
    const state = new MarketGenerator(es, testMarket, null).snapshot();
    expect(codeOf({}, state)).toBe(String(parseUtc('2025-11-16T23:00:00Z')));
    expect(codeOf({ seed: 8 }, state)).toBe('OF_SIMULATOR_RESUME');
    expect(codeOf({}, 'nonsense')).toBe('OF_SIMULATOR_RESUME');
    expect(codeOf({}, 'null')).toBe('OF_SIMULATOR_RESUME');
    expect(codeOf({ startPrice: 6_000.1 })).toBe('OF_PRICE_OFF_GRID');
    expect(codeOf({ startDate: '2025-02-30' })).toBe('OF_TIME_UNREADABLE');
    expect(codeOf({ startDate: '2031-01-02' })).toBe('OF_CALENDAR_UNCOVERED');
  });
});

function makeRows(bytes: Uint8Array, rows: number[]): void {
  // Times, prices and sizes are enough to tell rows apart.
  const batch = decodeMarketBatch(bytes);
  for (let i = 0; i < batch.count; i += 1)
    rows.push(batch.ts[i]! * 7 + batch.a[i]! * 3 + batch.b[i]!);
}
