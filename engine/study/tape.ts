import {
  decodeMarketBatch,
  MarketBatchBuilder,
  maxBatchRows,
  rowKind,
} from '../contracts/market-batch.ts';

/** Numbers of a bar row beside its prices: volume, bid volume, ask volume, vwap. */
const barNumbers = 4;

/** Market data of one instrument in columns, as in a market batch; in memory that threads share. */
export interface Tape {
  readonly count: number;
  readonly ts: Float64Array;
  readonly kind: Uint8Array;
  readonly side: Int8Array;
  readonly flags: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
  readonly d: Int32Array;
  /** Four numbers a row. */
  readonly bars: Float64Array;
}

type Numbers<T> = new (buffer: SharedArrayBuffer) => T;

function shared<T>(make: Numbers<T>, bytes: number): T {
  return new make(new SharedArrayBuffer(bytes));
}

function emptyTape(count: number): Tape {
  const int = (): Int32Array => shared(Int32Array, count * 4);
  return {
    count,
    ts: shared(Float64Array, count * 8),
    kind: shared(Uint8Array, count),
    side: shared(Int8Array, count),
    flags: shared(Uint8Array, count),
    a: int(),
    b: int(),
    c: int(),
    d: int(),
    bars: shared(Float64Array, count * 8 * barNumbers),
  };
}

/** Returns encoded batches as one tape. */
export function tapeOf(batches: readonly Uint8Array[]): Tape {
  const decoded = batches.map((bytes) => decodeMarketBatch(bytes));
  const tape = emptyTape(decoded.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const batch of decoded) {
    for (const column of ['ts', 'kind', 'side', 'flags', 'a', 'b', 'c', 'd'] as const)
      tape[column].set(batch[column].subarray(0, batch.count), at);
    let bar = 0;
    for (let i = 0; i < batch.count; i += 1) {
      if (batch.kind[i] !== rowKind.bar) continue;
      tape.bars.set(batch.bars.subarray(bar, bar + barNumbers), (at + i) * barNumbers);
      bar += barNumbers;
    }
    at += batch.count;
  }
  return tape;
}

/** Returns a tape whose prices and bars may be written over without touching the first. */
export function withOwnPrices(tape: Tape): Tape {
  return {
    ...tape,
    a: tape.a.slice(),
    b: tape.b.slice(),
    c: tape.c.slice(),
    d: tape.d.slice(),
    bars: tape.bars.slice(),
  };
}

function addRow(builder: MarketBatchBuilder, tape: Tape, i: number): void {
  const ts = tape.ts[i]!;
  const [a, b, c, d] = [tape.a[i]!, tape.b[i]!, tape.c[i]!, tape.d[i]!];
  switch (tape.kind[i]) {
    case rowKind.trade:
      return builder.trade(ts, a, b, tape.side[i]!, tape.flags[i]!);
    case rowKind.quote:
      return builder.quote(ts, a, b, c, d);
    case rowKind.depth:
      return builder.depth(ts, tape.side[i]!, c, a, b);
    case rowKind.bar: {
      const at = i * barNumbers;
      const n = tape.bars;
      return builder.bar(ts, a, b, c, d, n[at]!, n[at + 1]!, n[at + 2]!, n[at + 3]!);
    }
    default:
      builder.heartbeat(ts);
  }
}

/** Returns the rows `from` to before `until` as encoded batches. */
export function* batchesOf(
  tape: Tape,
  symbol: string,
  from: number,
  until: number,
): Generator<Uint8Array> {
  const builder = new MarketBatchBuilder(symbol);
  for (let i = from; i < until; i += 1) {
    addRow(builder, tape, i);
    if (builder.count === maxBatchRows) yield builder.finish();
  }
  if (builder.count > 0) yield builder.finish();
}

/** Returns the first row at or after `from` whose time is later than `ts`; the count when none is. */
export function rowAfter(tape: Tape, ts: number, from = 0): number {
  let [low, high] = [from, tape.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tape.ts[middle]! > ts) high = middle;
    else low = middle + 1;
  }
  return low;
}
