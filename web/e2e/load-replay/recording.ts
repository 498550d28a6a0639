import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMarketBatch, type Instrument, MarketBatchBuilder, rowKind } from '#engine';
import { MarketGenerator } from '#plugins/simulator/generator.ts';

const levels = 10;
const nanosPerMicro = '000';
const sides = new Map([
  [1, 'B'],
  [-1, 'S'],
]);
const market = {
  ...{ seed: 7, startDate: '2025-11-17', startPrice: 6_000, tradesPerDay: 300_000 },
  ...{ depth: true, knownSides: 0.9, stage: [] },
};
/** A day, and the night before the second session. */
const runUpDays = 1.67;

/** Files of a market that was recorded, and from which of its moments on they have its book. */
export interface Recording {
  readonly files: readonly string[];
  /** Event time in microseconds. */
  readonly bookFrom: number;
}

/** A text file that is written in large pieces. */
class Lines {
  readonly #file: number;
  #parts: string[] = [];

  constructor(path: string, header: string) {
    this.#file = openSync(path, 'w');
    this.add(header);
  }

  add(line: string): void {
    this.#parts.push(line);
    if (this.#parts.length >= 4_096) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#parts.length > 0) writeSync(this.#file, `${this.#parts.join('\n')}\n`);
    this.#parts = [];
  }
}

/** The book as it stands: price and size of each level, bids first; null where nothing is known. */
class Book {
  readonly #at: ({ readonly price: string; readonly size: number } | null)[] = Array.from(
    { length: levels * 2 },
    () => null,
  );

  set(side: number, level: number, price: string, size: number): void {
    if (level < 0) this.#at.fill(null);
    else this.#at[side > 0 ? level : levels + level] = { price, size };
  }

  /** A row of the file; null while a level is not known. */
  row(ts: number): string | null {
    const columns = [`${ts}${nanosPerMicro}`];
    for (let level = 0; level < levels; level += 1) {
      for (const place of [this.#at[level], this.#at[levels + level]]) {
        if (!place) return null;
        columns.push(place.price, String(place.size), '1');
      }
    }
    return columns.join(',');
  }
}

const bookHeader = [
  'ts_ns',
  ...Array.from({ length: levels }, (_, level) =>
    ['bid', 'ask'].flatMap((side) =>
      ['px', 'sz', 'ct'].map((what) => `${side}_${what}_${String(level).padStart(2, '0')}`),
    ),
  ).flat(),
].join(',');

/** Writes the rows of a market into files as a vendor would. */
class Recorder {
  readonly #trades: Lines;
  readonly #rows: Lines;
  readonly #book = new Book();
  readonly #priceOf: (ticks: number) => string;
  #quote = ',';
  /** Time of a book that changed and is not written yet; null when it is. */
  #changedAt: number | null = null;
  /** Market rows since the book is recorded. */
  recorded = 0;
  bookFrom: number | null = null;

  constructor(paths: readonly [trades: string, book: string], tickSize: number) {
    this.#trades = new Lines(paths[0], 'ts_ns,price,size,side,bid,ask');
    this.#rows = new Lines(paths[1], bookHeader);
    this.#priceOf = (ticks) => (ticks * tickSize).toFixed(2);
  }

  take(bytes: Uint8Array, isBookWanted: boolean): void {
    const { count, ts, kind, side, a, b, c } = decodeMarketBatch(bytes);
    for (let i = 0; i < count; i += 1) {
      const at = ts[i]!;
      if (this.#changedAt !== null && at !== this.#changedAt) this.#writeBook(isBookWanted);
      const price = this.#priceOf(a[i]!);
      if (kind[i] === rowKind.trade)
        this.#trades.add(
          `${at}${nanosPerMicro},${price},${b[i]},${sides.get(side[i]!) ?? 'N'},${this.#quote}`,
        );
      else if (kind[i] === rowKind.quote) this.#quote = `${price},${this.#priceOf(c[i]!)}`;
      else if (kind[i] === rowKind.depth) {
        this.#book.set(side[i]!, c[i]!, price, b[i]!);
        this.#changedAt = at;
      }
    }
    if (this.bookFrom !== null) this.recorded += count;
  }

  close(): void {
    this.#trades.close();
    this.#rows.close();
  }

  #writeBook(isWanted: boolean): void {
    const ts = this.#changedAt ?? 0;
    this.#changedAt = null;
    const row = isWanted ? this.#book.row(ts) : null;
    if (row === null) return;
    this.bookFrom ??= ts;
    this.#rows.add(row);
  }
}

/** Records the simulated market into a folder: its trades from the first day on, its book where it is to be replayed slowly. The same each time. */
export function recordMarket(folder: string, instrument: Instrument, rows: number): Recording {
  const files = [join(folder, 'trades.csv'), join(folder, 'book.csv')] as const;
  const recorder = new Recorder(files, instrument.tickSize.num / instrument.tickSize.den);
  const generator = new MarketGenerator(instrument, market, null);
  const builder = new MarketBatchBuilder(instrument.symbol);
  while (recorder.recorded < rows) {
    generator.write(builder, Infinity);
    const isRunUp = generator.dayNumber + generator.shareOfDay < runUpDays;
    if (builder.count > 0) recorder.take(builder.finish(), !isRunUp);
  }
  recorder.close();
  return { files, bookFrom: recorder.bookFrom ?? Infinity };
}
