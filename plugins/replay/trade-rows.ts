import { type MarketBatchBuilder, tradeFlags } from '#engine';
import { absent, type FieldReader } from './field-reader.ts';
import type { RowBlock } from './row-block.ts';
import { type RowFormat, type RowWriter, repeatQuoteMicros } from './row-format.ts';

const letterB = 66;
const letterS = 83;
const letterN = 78;

function sideOf(reader: FieldReader, letter: number): number {
  if (letter === letterB) return 1;
  if (letter === letterS) return -1;
  if (letter === letterN) return 0;
  throw reader.refuse(3, 'B (buyer was the aggressor), S (seller) or N (not known)');
}

function parse(reader: FieldReader, block: RowBlock, i: number): void {
  block.stamp[i] = reader.stamp();
  block.a[i] = reader.price(1);
  reader.comma(1);
  block.b[i] = reader.whole(2, 1);
  reader.comma(2);
  block.side[i] = sideOf(reader, reader.letter());
  reader.comma(3);
  const bid = reader.isEmpty() ? absent : reader.price(4);
  reader.comma(4);
  const ask = reader.isEmpty() ? absent : reader.price(5);
  reader.endOfRow(5);
  if ((bid === absent) !== (ask === absent)) {
    throw reader.contradiction(
      'bid and ask both or neither',
      `bid '${reader.text(4)}', ask '${reader.text(5)}'`,
    );
  }
  block.c[i] = bid;
  block.d[i] = ask;
}

/** Writes each print, and before it the quote in force when that changed. Sizes of quotes are not in the file: 0. */
class TradeWriter implements RowWriter {
  readonly knownAfter = 0;
  #bid = absent;
  #ask = absent;
  #quoteTs = 0;

  rowsOf(block: RowBlock, i: number): number {
    return this.#isNews(block, i) ? 2 : 1;
  }

  write(builder: MarketBatchBuilder | null, block: RowBlock, i: number): void {
    const ts = block.stamp[i]!;
    const bid = block.c[i]!;
    const ask = block.d[i]!;
    if (this.#isNews(block, i)) {
      this.#bid = bid;
      this.#ask = ask;
      this.#quoteTs = ts;
      builder?.quote(ts, bid, 0, ask, 0);
    }
    const side = block.side[i]!;
    const isAuction = side === 0 && bid !== absent && bid > ask;
    builder?.trade(ts, block.a[i]!, block.b[i]!, side, isAuction ? tradeFlags.auction : 0);
  }

  #isNews(block: RowBlock, i: number): boolean {
    const bid = block.c[i]!;
    if (bid === absent) return false;
    if (bid !== this.#bid || block.d[i] !== this.#ask) return true;
    return block.stamp[i]! - this.#quoteTs >= repeatQuoteMicros;
  }
}

/** Prints with the venue's side and the quote before them, where known. */
export const tradeFormat: RowFormat = {
  header: 'ts_ns,price,size,side,bid,ask',
  parse,
  writer: () => new TradeWriter(),
};
