import { type MarketBatchBuilder, tradeFlags } from '#engine';
import type { FieldReader } from './field-reader.ts';
import type { RowBlock } from './row-block.ts';
import type { RowFormat, RowWriter } from './row-format.ts';

/** A minute's rows are known when it ends; one microsecond less keeps the last minute inside its session. */
const endOfMinute = 59_999_999;

function parse(reader: FieldReader, block: RowBlock, i: number): void {
  block.stamp[i] = reader.stamp();
  block.a[i] = reader.price(1);
  reader.comma(1);
  const volume = reader.whole(2, 1);
  reader.comma(2);
  const bid = reader.whole(3, 0);
  reader.comma(3);
  const ask = reader.whole(4, 0);
  reader.comma(4);
  reader.skip();
  reader.endOfRow(5);
  if (bid + ask > volume) {
    throw reader.contradiction(
      'bid_vol + ask_vol of at most volume',
      `${bid} + ${ask} in ${volume}`,
    );
  }
  if (i > 0 && block.stamp[i] === block.stamp[i - 1] && block.a[i] === block.a[i - 1]) {
    throw reader.contradiction('each price of a minute once', `'${reader.text(1)}' twice`);
  }
  block.b[i] = bid;
  block.c[i] = ask;
  block.d[i] = volume - bid - ask;
}

/** A row becomes up to three trades: what sellers hit, what buyers lifted, and the rest without a side. */
const writer: RowWriter = {
  knownAfter: endOfMinute,
  rowsOf(block, i) {
    return Number(block.b[i]! > 0) + Number(block.c[i]! > 0) + Number(block.d[i]! > 0);
  },
  write(builder: MarketBatchBuilder | null, block, i) {
    if (builder === null) return;
    const ts = block.stamp[i]! + endOfMinute;
    const price = block.a[i]!;
    if (block.b[i]! > 0) builder.trade(ts, price, block.b[i]!, -1, tradeFlags.approximate);
    if (block.c[i]! > 0) builder.trade(ts, price, block.c[i]!, 1, tradeFlags.approximate);
    if (block.d[i]! > 0) builder.trade(ts, price, block.d[i]!, 0, tradeFlags.approximate);
  },
};

/** Volume per minute and price with the aggressor's side; rows of a minute stand by price, not by time. */
export const footprintFormat: RowFormat = {
  header: 'ts_ns,price,volume,bid_vol,ask_vol,delta',
  parse,
  writer: () => writer,
};
