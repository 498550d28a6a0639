import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodeMarketBatch,
  findInstrument,
  isOrderflowError,
  MarketBatchBuilder, parseUtc, rowKind, sessionDay, tradeFlags } from '#engine';
import { MarketGenerator } from './generator.ts';
import { makeMarket, marketHash, testMarket } from './simulator-fixture.ts';

const es = findInstrument('ES');
const days = 12;

/** What one trading day looked like. */
interface DaySums {
  trades: number;
  volume: number;
  regularTrades: number;
  /** Trades of the regular session by half hour. */
  halfHours: number[];
  low: number;
  high: number;
  kind: string;
}

/** Counts over the whole run. */
interface Sums {
  readonly days: DaySums[];
  readonly kinds: number[];
  readonly sides: Record<string, number>;
  auctions: number;
  backwards: number;
  crossed: number;
  wideQuotes: number;
  badSizes: number;
  outsideQuote: number;
  staleTrades: number;
  longestSilence: number;
  outsideSession: number;
  largest: number;
}

function emptyDay(kind: string): DaySums {
  return { trades: 0, volume: 0, regularTrades: 0, halfHours: new Array<number>(13).fill(0), low: Infinity, high: -Infinity, kind };
}

/** Makes the market once and measures it. */
function measure(): Sums {
  const sums: Sums = {
    days: [],
    kinds: [0, 0, 0, 0, 0, 0],
    sides: {},
    auctions: 0,
    backwards: 0,
    crossed: 0,
    wideQuotes: 0,
    badSizes: 0,
    outsideQuote: 0,
    staleTrades: 0,
    longestSilence: 0,
    outsideSession: 0,
    largest: 0,
  };
  let date = 20251117;
  let session = sessionDay(es.calendar, date)!;
  let last = 0;
  let day = emptyDay('');
  let quote = { ts: 0, bid: 0, ask: 0 };
  makeMarket({ ...testMarket, depth: false }, { days }, (batch, _bytes, generator) => {
    for (let i = 0; i < batch.count; i += 1) {
      const ts = batch.ts[i]!;
      if (ts >= session.close && batch.kind[i] !== rowKind.heartbeat) {
        sums.days.push(day);
        day = emptyDay('');
        for (date += 1; (sessionDay(es.calendar, date)?.close ?? 0) <= ts; date = nextDate(date));
        session = sessionDay(es.calendar, date)!;
        last = session.open;
      }
      if (day.kind === '') day.kind = generator.plan.kind;
      sums.kinds[batch.kind[i]!]! += 1;
      if (ts < last) sums.backwards += 1;
      if (ts < session.open || ts > session.close) sums.outsideSession += 1;
      if (last > 0) sums.longestSilence = Math.max(sums.longestSilence, ts - last);
      last = ts;
      const [a, b, c] = [batch.a[i]!, batch.b[i]!, batch.c[i]!];
      if (batch.kind[i] === rowKind.quote) {
        quote = { ts, bid: a, ask: c };
        if (a >= c) sums.crossed += 1;
        if (c - a > 1) sums.wideQuotes += 1;
        if (b < 1 || batch.d[i]! < 1) sums.badSizes += 1;
      }
      if (batch.kind[i] !== rowKind.trade) continue;
      if (b < 1) sums.badSizes += 1;
      sums.largest = Math.max(sums.largest, b);
      if (batch.flags[i] === tradeFlags.auction) {
        sums.auctions += 1;
        continue;
      }
      const side = batch.side[i]!;
      sums.sides[side] = (sums.sides[side] ?? 0) + 1;
      if (ts - quote.ts > 1_000_000) sums.staleTrades += 1;
      if (side > 0 ? a < quote.ask : side < 0 && a > quote.bid) sums.outsideQuote += 1;
      day.trades += 1;
      day.volume += b;
      const { rthOpen, rthEnd } = session;
      if (rthOpen === null || rthEnd === null || ts < rthOpen || ts >= rthEnd) continue;
      day.regularTrades += 1;
      day.halfHours[Math.floor(((ts - rthOpen) / (rthEnd - rthOpen)) * 13)]! += 1;
      day.low = Math.min(day.low, a);
      day.high = Math.max(day.high, a);
    }
  });
  sums.days.push(day);
  return sums;
}

/** Dates of one month only need no calendar; the run passes into December. */
function nextDate(date: number): number {
  return date === 20251130 ? 20251201 : date + 1;
}

describe('the simulated market', () => {
  let sums: Sums;
  beforeAll(() => {
    sums = measure();
  });

  it('never goes back in time and stays inside the hours of its calendar', () => {
    expect(sums.days).toHaveLength(days);
    expect([sums.backwards, sums.outsideSession]).toEqual([0, 0]);
  });

  it('is never silent for longer than two seconds without a heartbeat', () => {
    expect(sums.longestSilence).toBeLessThanOrEqual(2_000_000);
    expect(sums.kinds[rowKind.heartbeat]).toBeGreaterThan(1_000);
  });

  it('never crosses the book and mostly has a spread of one tick', () => {
    expect([sums.crossed, sums.badSizes]).toEqual([0, 0]);
    expect(sums.wideQuotes / sums.kinds[rowKind.quote]!).toBeLessThan(0.15);
    expect(sums.wideQuotes).toBeGreaterThan(100);
  });

  it('trades at or through the quote in force, which is never a second old', () => {
    expect([sums.outsideQuote, sums.staleTrades]).toEqual([0, 0]);
  });

  it('tells the aggressor of nine trades in ten, buyers and sellers alike', () => {
    const { '1': buyers = 0, '-1': sellers = 0, '0': unknown = 0 } = sums.sides;
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
    const at = (period: number): number => whole.reduce((sum, { halfHours }) => sum + halfHours[period]!, 0);
    expect(at(0)).toBeGreaterThan(1.8 * at(6));
    expect(at(12)).toBeGreaterThan(1.5 * at(6));
  });

  it('has sizes with a long tail', () => {
    const volume = sums.days.reduce((sum, day) => sum + day.volume, 0);
    const trades = sums.days.reduce((sum, day) => sum + day.trades, 0);
    expect(volume / trades).toBeGreaterThan(1.4);
    expect(volume / trades).toBeLessThan(4);
    expect(sums.largest).toBeGreaterThan(100);
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

describe('the generator', () => {
  it('makes the same first 100,000 rows for a seed, on every engine', () => {
    expect(marketHash(testMarket, 100_000)).toBe('GOLDEN');
    expect(marketHash({ ...testMarket, seed: 8 }, 1_000)).not.toBe(marketHash(testMarket, 1_000));
  });

  it('keeps depth contiguous, sorted, uncrossed and equal to the quote', () => {
    const levels: { bid: (readonly [number, number] | undefined)[]; ask: (readonly [number, number] | undefined)[] } = { bid: [], ask: [] };
    let quote: readonly number[] = [];
    let checks = 0;
    makeMarket(testMarket, { rows: 150_000 }, (batch) => {
      for (let i = 0; i < batch.count; i += 1) {
        const [a, b, c, d] = [batch.a[i]!, batch.b[i]!, batch.c[i]!, batch.d[i]!];
        if (batch.kind[i] === rowKind.quote) quote = [a, b, c, d];
        else if (batch.kind[i] === rowKind.depth) {
          if (c === -1) {
            levels.bid = [];
            levels.ask = [];
          } else (batch.side[i]! > 0 ? levels.bid : levels.ask)[c] = [a, b];
        } else if (batch.kind[i] === rowKind.trade && quote.length > 0) {
          checks += 1;
          const consecutive =
            levels.bid[0]?.[1] === quote[1] &&
            levels.ask[0]?.[1] === quote[3] &&
            levels.bid.every((level, n) => level![0] === quote[0]! - n && level![1] > 0) &&
            levels.ask.every((level, n) => level![0] === quote[2]! + n && level![1] > 0);
          if (!consecutive || levels.bid.length !== 10 || levels.ask.length !== 10) throw new Error(`depth at row ${i}`);
        }
      }
    });
    expect(checks).toBeGreaterThan(5_000);
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
          generator.fill(builder, Infinity);
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
          generator.fill(builder, due);
          makeRows(builder.finish(), made);
        }
      }
      return made.slice(0, 20_000);
    };
    expect(rows(5_000_000)).toEqual(rows(777_777));
  });

  it('begins on the next trading day and follows holidays', () => {
    const first = (startDate: string): number => new MarketGenerator(es, { ...testMarket, startDate }, null).nextTs;
    expect(first('2025-11-22')).toBe(parseUtc('2025-11-23T23:00:00Z'));
    expect(first('2025-12-25')).toBe(sessionDay(es.calendar, 20251226)!.open);
  });

  it('makes other instruments in proportion to their price', () => {
    const crude = findInstrument('CL');
    let low = Infinity;
    let high = -Infinity;
    makeMarket({ ...testMarket, startPrice: 70, depth: false, tradesPerDay: 10_000 }, { days: 4 }, (batch) => {
      for (let i = 0; i < batch.count; i += 1) {
        if (batch.kind[i] !== rowKind.trade) continue;
        low = Math.min(low, batch.a[i]!);
        high = Math.max(high, batch.a[i]!);
      }
    }, crude);
    expect(low).toBeGreaterThan(6_300);
    expect(high).toBeLessThan(7_700);
    expect(high - low).toBeGreaterThan(50);
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
  for (let i = 0; i < batch.count; i += 1) rows.push(batch.ts[i]! * 7 + batch.a[i]! * 3 + batch.b[i]!);
}
