import { decodeMarketBatch, type MarketBatch, rowKind } from '../contracts/market-batch.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import type { BarRow, LatestPriceRow } from './entities/market.ts';
import type { Rows } from './rows.ts';
import { tables } from './tables.ts';

const microsPerMinute = 60_000_000;
const numbersPerBar = 4;

function minuteOf(ts: number): number {
  return Math.floor(ts / microsPerMinute) * microsPerMinute;
}

/** Collects what a batch says of an instrument: few rows of many trades. */
class Digest {
  private readonly instrument: string;
  private readonly bars = new Map<number, BarRow>();
  private readonly price: LatestPriceRow;
  private bar: BarRow | null = null;

  constructor(instrument: string) {
    this.instrument = instrument;
    this.price = {
      instrument,
      feedTs: 0,
      last: null,
      lastSize: null,
      lastTs: null,
      bid: null,
      bidSize: null,
      ask: null,
      askSize: null,
      quoteTs: null,
    };
  }

  take(batch: MarketBatch): void {
    let bars = 0;
    for (let i = 0; i < batch.count; i += 1) {
      const ts = batch.ts[i]!;
      if (ts > this.price.feedTs) this.price.feedTs = ts;
      const kind = batch.kind[i];
      if (kind === rowKind.trade) this.trade(batch, i, ts);
      else if (kind === rowKind.quote) this.quote(batch, i, ts);
      else if (kind === rowKind.bar) {
        this.wholeBar(batch, i, bars);
        bars += 1;
      }
    }
  }

  write(rows: Rows): void {
    for (const bar of this.bars.values()) rows.add(tables.bars, bar);
    if (this.price.feedTs > 0) rows.add(tables.latestPrices, this.price);
  }

  private trade(batch: MarketBatch, i: number, ts: number): void {
    const price = batch.a[i]!;
    const size = batch.b[i]!;
    const side = batch.side[i]!;
    const bar = this.barAt(minuteOf(ts), price);
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.volume += size;
    bar.trades += 1;
    if (side > 0) bar.buyVolume += size;
    else if (side < 0) bar.sellVolume += size;
    else bar.unknownVolume += size;
    this.price.last = price;
    this.price.lastSize = size;
    this.price.lastTs = ts;
  }

  private quote(batch: MarketBatch, i: number, ts: number): void {
    this.price.bid = batch.a[i]!;
    this.price.bidSize = batch.b[i]!;
    this.price.ask = batch.c[i]!;
    this.price.askSize = batch.d[i]!;
    this.price.quoteTs = ts;
  }

  /** A bar's time is its end, which belongs to the minute that follows. */
  private wholeBar(batch: MarketBatch, i: number, at: number): void {
    const ts = batch.ts[i]!;
    const [volume = 0, sold, bought] = batch.bars.subarray(at * numbersPerBar);
    const bar = this.barAt(minuteOf(ts - 1), batch.a[i]!);
    bar.high = Math.max(bar.high, batch.b[i]!);
    bar.low = Math.min(bar.low, batch.c[i]!);
    bar.close = batch.d[i]!;
    const known = (x: number | undefined): number => (x === undefined || Number.isNaN(x) ? 0 : x);
    bar.volume += known(volume);
    bar.sellVolume += known(sold);
    bar.buyVolume += known(bought);
    bar.unknownVolume += known(volume) - known(sold) - known(bought);
    this.price.last = bar.close;
    this.price.lastSize = null;
    this.price.lastTs = ts;
  }

  private barAt(start: number, open: number): BarRow {
    if (this.bar?.start === start) return this.bar;
    let bar = this.bars.get(start);
    if (!bar) {
      bar = {
        instrument: this.instrument,
        start,
        open,
        high: open,
        low: open,
        close: open,
        volume: 0,
        buyVolume: 0,
        sellVolume: 0,
        unknownVolume: 0,
        trades: 0,
      };
      this.bars.set(start, bar);
    }
    this.bar = bar;
    return bar;
  }
}

/** Bars of one minute and the latest prices, of a market batch. */
export function projectMarket(record: StoredRecord, rows: Rows): void {
  const { value, key } = record;
  const digest = new Digest(key);
  digest.take(decodeMarketBatch(typeof value === 'string' ? Buffer.from(value, 'utf8') : value));
  digest.write(rows);
}
