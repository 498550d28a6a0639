import type { MarketBatchBuilder } from '#engine';
import { absent, type FieldReader } from './field-reader.ts';
import { bookNumbers, bookOf, type RowBlock } from './row-block.ts';
import { type RowFormat, type RowWriter, repeatQuoteMicros } from './row-format.ts';

/** Levels of each side in a row. */
const levels = 10;
/** Columns of one level: price, size and number of orders of the bid, then of the ask. */
const columnsOfLevel = 6;

const header = [
  'ts_ns',
  ...Array.from({ length: levels }, (_, level) => {
    const place = String(level).padStart(2, '0');
    return ['bid', 'ask'].flatMap((side) =>
      ['px', 'sz', 'ct'].map((what) => `${side}_${what}_${place}`),
    );
  }).flat(),
].join(',');

/** Reads price, size and count of one level of one side; all empty or 0 where the book has no such level. */
function parseLevel(reader: FieldReader, book: Int32Array, at: number, column: number): void {
  const hasPrice = !reader.isEmpty();
  book[at] = hasPrice ? reader.price(column) : absent;
  reader.comma(column);
  book[at + 1] = reader.isEmpty() ? 0 : reader.whole(column + 1, 0);
  reader.comma(column + 1);
  if (!reader.isEmpty()) reader.whole(column + 2, 0);
  if (hasPrice !== book[at + 1]! > 0) {
    const was = `price '${reader.text(column)}', size '${reader.text(column + 1)}'`;
    throw reader.contradiction('price and size of a level both or neither', was);
  }
}

/** Refuses a level that does not lie behind the one before it; `way` is 1 where prices rise from level to level. */
function checkOrder(reader: FieldReader, book: Int32Array, at: number, column: number): void {
  const price = book[at]!;
  const before = book[at - 4]!;
  if (price === absent) return;
  const way = column % columnsOfLevel === 1 ? -1 : 1;
  if (before !== absent && (price - before) * way > 0) return;
  const was = `'${reader.text(column)}' after '${reader.text(column - columnsOfLevel)}'`;
  throw reader.contradiction('each level behind the one before it', was);
}

function parse(reader: FieldReader, block: RowBlock, i: number): void {
  block.stamp[i] = reader.stamp();
  const book = bookOf(block);
  const row = i * bookNumbers;
  for (let level = 0; level < levels; level += 1) {
    for (let side = 0; side < 2; side += 1) {
      const column = 1 + level * columnsOfLevel + side * 3;
      const at = row + level * 4 + side * 2;
      parseLevel(reader, book, at, column);
      if (level > 0) checkOrder(reader, book, at, column);
      if (column + 2 < levels * columnsOfLevel) reader.comma(column + 2);
    }
  }
  reader.endOfRow(levels * columnsOfLevel);
  // What tells two moments apart: the best level.
  block.a[i] = book[row]!;
  block.b[i] = book[row + 1]!;
  block.c[i] = book[row + 2]!;
  block.d[i] = book[row + 3]!;
}

/**
 * Writes what changed since the row before: the best prices as a quote, each level whose price or size is another as
 * depth. The first row begins with a reset. A quote without one of its sides is written locked, so that nobody uses it.
 */
class BookWriter implements RowWriter {
  readonly knownAfter = 0;
  readonly #last = new Int32Array(bookNumbers).fill(absent);
  #quoteTs = 0;
  #isBegun = false;

  rowsOf(block: RowBlock, i: number): number {
    const book = bookOf(block);
    const row = i * bookNumbers;
    let rows = Number(!this.#isBegun) + Number(this.#isQuoteNews(block, i));
    for (let at = 0; at < bookNumbers; at += 2) rows += Number(this.#isChanged(book, row, at));
    return rows;
  }

  write(builder: MarketBatchBuilder | null, block: RowBlock, i: number): void {
    const book = bookOf(block);
    const row = i * bookNumbers;
    const ts = block.stamp[i]!;
    if (!this.#isBegun) builder?.depth(ts, 0, -1, 0, 0);
    if (this.#isQuoteNews(block, i)) {
      this.#quoteTs = ts;
      if (builder !== null) writeQuote(builder, ts, book, row);
    }
    for (let at = 0; at < bookNumbers; at += 2) {
      if (!this.#isChanged(book, row, at)) continue;
      const was = this.#last[at]!;
      const price = book[row + at]!;
      this.#last[at] = price;
      this.#last[at + 1] = book[row + at + 1]!;
      builder?.depth(
        ts,
        at % 4 === 0 ? 1 : -1,
        at >> 2,
        price === absent ? was : price,
        book[row + at + 1]!,
      );
    }
    this.#isBegun = true;
  }

  #isChanged(book: Int32Array, row: number, at: number): boolean {
    const price = book[row + at]!;
    if (price !== this.#last[at]) return true;
    return price !== absent && book[row + at + 1] !== this.#last[at + 1];
  }

  #isQuoteNews(block: RowBlock, i: number): boolean {
    const book = bookOf(block);
    const row = i * bookNumbers;
    if (this.#isChanged(book, row, 0) || this.#isChanged(book, row, 2)) return true;
    return block.stamp[i]! - this.#quoteTs >= repeatQuoteMicros;
  }
}

function writeQuote(builder: MarketBatchBuilder, ts: number, book: Int32Array, row: number): void {
  const bid = book[row]!;
  const ask = book[row + 2]!;
  const only = bid === absent ? ask : bid;
  const known = only === absent ? 0 : only;
  builder.quote(
    ts,
    bid === absent ? known : bid,
    book[row + 1]!,
    ask === absent ? known : ask,
    book[row + 3]!,
  );
}

/** Ten levels of the book after each change. */
export const bookFormat: RowFormat = {
  header,
  isAfterTrades: true,
  parse,
  writer: () => new BookWriter(),
};
