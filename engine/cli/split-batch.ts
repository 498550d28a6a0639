import {
  decodeMarketBatch,
  type MarketBatch,
  MarketBatchBuilder,
  rowKind,
} from '../contracts/market-batch.ts';

/** A part of a batch: its rows, null where it has none, and the row of the whole batch it ends before. */
export interface BatchPart {
  readonly bytes: Uint8Array | null;
  readonly until: number;
}

/** Adds row `i` of a batch to a builder; `bar` is the number of bars before it. */
export function copyRow(
  builder: MarketBatchBuilder,
  batch: MarketBatch,
  i: number,
  bar: number,
): void {
  const at = (column: ArrayLike<number>, index = i): number => column[index] ?? Number.NaN;
  const ts = at(batch.ts);
  const [a, b, c, d] = [at(batch.a), at(batch.b), at(batch.c), at(batch.d)];
  switch (batch.kind[i]) {
    case rowKind.trade:
      return builder.trade(ts, a, b, at(batch.side), at(batch.flags));
    case rowKind.quote:
      return builder.quote(ts, a, b, c, d);
    case rowKind.depth:
      return builder.depth(ts, at(batch.side), c, a, b);
    case rowKind.bar: {
      const n = (k: number): number => at(batch.bars, bar * 4 + k);
      return builder.bar(ts, a, b, c, d, n(0), n(1), n(2), n(3));
    }
    default:
      builder.heartbeat(ts);
  }
}

/** Cuts an encoded batch before the rows named, ascending; the last part ends with the batch. */
export function splitBatch(
  symbol: string,
  bytes: Uint8Array,
  rows: readonly number[],
): BatchPart[] {
  if (rows.length === 0) return [{ bytes, until: Number.POSITIVE_INFINITY }];
  const batch = decodeMarketBatch(bytes);
  const builder = new MarketBatchBuilder(symbol);
  const parts: BatchPart[] = [];
  let [from, bar] = [0, 0];
  for (const until of [...rows, batch.count]) {
    for (; from < until && from < batch.count; from += 1) {
      copyRow(builder, batch, from, bar);
      if (batch.kind[from] === rowKind.bar) bar += 1;
    }
    parts.push({ bytes: builder.count > 0 ? builder.finish() : null, until });
  }
  return parts;
}
