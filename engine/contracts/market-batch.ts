/** Market data travels in batches: one record holds up to 512 rows of one instrument, in columns (market-batch-layout.ts). */
import { assert, OrderflowError } from '../errors.ts';
import {
  type BatchHeader,
  barNumbers,
  has,
  headerBytes,
  maxBatchRows,
  rowBytes,
  seal,
  sizeOf,
  unseal,
} from './market-batch-layout.ts';

export { maxBatchRows };

/** Kinds of rows in a market batch. */
export const rowKind = { trade: 1, quote: 2, depth: 3, bar: 4, heartbeat: 5 } as const;

/** Topic of market data; one partition per instrument. */
export const marketTopic = 'market.data';
/** Schema id of a market batch. */
export const marketSchema = 'market-batch/1';

/** Number of a bar that the source does not know, such as a bar without bid and ask volume. */
export const unknownNumber = Number.NaN;

/**
 * A decoded batch: one column per field, rows in arrival order. Which columns mean what depends on `kind[i]`:
 *
 * | kind | a | b | c | d | side | x |
 * |---|---|---|---|---|---|---|
 * | trade | price (ticks) | size | - | - | venue's side 1 / -1 / 0 | - |
 * | quote | bid (ticks) | bid size | ask (ticks) | ask size | - | - |
 * | depth | price (ticks) | size | level | - | 1 bid, -1 ask | - |
 * | bar (at its end) | open | high | low | close (ticks) | - | index of its row in `bars` |
 * | heartbeat | - | - | - | - | - | - |
 */
export interface MarketBatch {
  readonly count: number;
  /** Event time in microseconds. */
  readonly ts: Float64Array;
  readonly kind: Uint8Array;
  readonly side: Int8Array;
  /** `tradeFlags` of the kit: approximate, auction; inferred and late are the engine's to set. */
  readonly flags: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
  readonly d: Int32Array;
  /** Per bar row in order: volume, bid volume, ask volume, vwap in ticks (fraction); NaN where unknown. Empty without bars. */
  readonly bars: Float64Array;
}

/** Collects rows of one instrument into a market batch. A refused row leaves the batch as it was. */
export class MarketBatchBuilder {
  readonly #instrument: string;
  readonly #ts = new Float64Array(maxBatchRows);
  readonly #kind = new Uint8Array(maxBatchRows);
  readonly #side = new Int8Array(maxBatchRows);
  readonly #flags = new Uint8Array(maxBatchRows);
  readonly #a = new Int32Array(maxBatchRows);
  readonly #b = new Int32Array(maxBatchRows);
  readonly #c = new Int32Array(maxBatchRows);
  readonly #d = new Int32Array(maxBatchRows);
  readonly #bars = new Float64Array(maxBatchRows * barNumbers);
  #count = 0;
  #barCount = 0;
  #lastTs = 0;

  /** @param instrumentSymbol - Named in error messages only: a record's key carries the instrument. */
  constructor(instrumentSymbol = '?') {
    this.#instrument = instrumentSymbol;
  }

  /** Rows added since the last {@link finish}; at {@link maxBatchRows} the batch must be finished. */
  get count(): number {
    return this.#count;
  }

  /** Event time in microseconds of the last row added, kept over {@link finish}; 0 before the first. */
  get lastTs(): number {
    return this.#lastTs;
  }

  /**
   * Adds a trade.
   *
   * @param price - Ticks, may be negative.
   * @param size - Contracts.
   * @param side - The venue's: 1 buyer, -1 seller was the aggressor, 0 not known.
   * @param flags - `tradeFlags`, ORed.
   * @throws {OF_BATCH_RANGE} when a number does not fit its column; so do the methods below.
   */
  trade(ts: number, price: number, size: number, side: number, flags: number): void {
    if ((flags & 0xff) !== flags) this.#refuse('flags', flags, 'an integer from 0 to 255');
    this.#row(rowKind.trade, ts, side, flags, price, size, 0, 0);
  }

  /** Adds a change of the best bid or ask; prices in ticks, sizes in contracts. */
  quote(ts: number, bid: number, bidSize: number, ask: number, askSize: number): void {
    this.#row(rowKind.quote, ts, 0, 0, bid, bidSize, ask, askSize);
  }

  /** Adds the new size of one level of depth; side 1 bid, -1 ask, level 0 the best. */
  depth(ts: number, side: number, level: number, price: number, size: number): void {
    this.#row(rowKind.depth, ts, side, 0, price, size, level, 0);
  }

  /** Adds a bar at its end; prices in ticks, vwap with a fraction, {@link unknownNumber} where the source has none. */
  bar(
    ts: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    bidVolume: number,
    askVolume: number,
    vwap: number,
  ): void {
    this.#barNumber('volume', volume);
    this.#barNumber('bidVolume', bidVolume);
    this.#barNumber('askVolume', askVolume);
    this.#barNumber('vwap', vwap);
    this.#row(rowKind.bar, ts, 0, 0, open, high, low, close);
    const at = this.#barCount * barNumbers;
    this.#bars[at] = volume;
    this.#bars[at + 1] = bidVolume;
    this.#bars[at + 2] = askVolume;
    this.#bars[at + 3] = vwap;
    this.#barCount += 1;
  }

  /** Adds a row that only moves time. */
  heartbeat(ts: number): void {
    this.#row(rowKind.heartbeat, ts, 0, 0, 0, 0, 0, 0);
  }

  /** Returns the rows as bytes and begins the next batch. */
  finish(): Uint8Array {
    const header = this.#survey();
    const bytes = new Uint8Array(sizeOf(header.count, header.bars, header.columns));
    this.#writeColumns(bytes, header);
    seal(bytes, header);
    this.#count = 0;
    this.#barCount = 0;
    return bytes;
  }

  #row(
    kind: number,
    ts: number,
    side: number,
    flags: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const i = this.#count;
    assert(i < maxBatchRows, 'a full batch is finished before the next row', i);
    if (!Number.isSafeInteger(ts)) this.#refuse('ts', ts, 'an integer of microseconds');
    if (side !== 0 && side !== 1 && side !== -1) this.#refuse('side', side, '-1, 0 or 1');
    // `x | 0` is x for exactly the integers an i32 column can hold.
    if ((a | 0) !== a || (b | 0) !== b || (c | 0) !== c || (d | 0) !== d)
      this.#refuseNumber(kind, [a, b, c, d]);
    this.#ts[i] = ts;
    this.#kind[i] = kind;
    this.#side[i] = side;
    this.#flags[i] = flags;
    this.#a[i] = a;
    this.#b[i] = b;
    this.#c[i] = c;
    this.#d[i] = d;
    this.#lastTs = ts;
    this.#count = i + 1;
  }

  #barNumber(field: string, value: number): void {
    if (!Number.isFinite(value) && !Number.isNaN(value))
      this.#refuse(field, value, 'a finite number or NaN');
  }

  #refuseNumber(kind: number, numbers: readonly number[]): never {
    const at = numbers.findIndex((x) => (x | 0) !== x);
    const field = fieldsOf[kind]?.[at] ?? '?';
    return this.#refuse(field, numbers[at]!, 'an integer from -2147483648 to 2147483647');
  }

  #refuse(field: string, was: number, expected: string): never {
    throw new OrderflowError('OF_BATCH_RANGE', {
      instrument: this.#instrument,
      row: this.#count,
      field,
      expected,
      was,
    });
  }

  /** Finds the smallest ts, the kind if all rows share it, and the columns any row needs. */
  #survey(): BatchHeader {
    const count = this.#count;
    const bars = this.#barCount;
    if (count === 0) return { columns: 0, kind: 0, count, bars, base: 0 };
    const kind = this.#kind[0]!;
    let base = this.#ts[0]!;
    let last = base;
    let mixed = 0;
    for (let i = 0; i < count; i += 1) {
      base = Math.min(base, this.#ts[i]!);
      last = Math.max(last, this.#ts[i]!);
      mixed |= kind ^ this.#kind[i]!;
    }
    const needed = (bit: number, column: Int32Array | Int8Array | Uint8Array): number => {
      let any = 0;
      for (let i = 0; i < count; i += 1) any |= column[i]!;
      return any === 0 ? 0 : bit;
    };
    const columns =
      (last - base > 0xffff_ffff ? has.wideTs : 0) |
      needed(has.a, this.#a) |
      needed(has.b, this.#b) |
      needed(has.c, this.#c) |
      needed(has.d, this.#d) |
      (mixed === 0 ? 0 : has.kind) |
      needed(has.side, this.#side) |
      needed(has.flags, this.#flags);
    return { columns, kind: mixed === 0 ? kind : 0, count, bars, base };
  }

  /** Writes the columns in the order of the layout. */
  #writeColumns(bytes: Uint8Array, { columns, count, bars, base }: BatchHeader): void {
    const { buffer } = bytes;
    const numbers = bars * barNumbers;
    const first = headerBytes + numbers * 8;
    const wide = (columns & has.wideTs) !== 0;
    const times = wide
      ? new Float64Array(buffer, headerBytes, count)
      : new Uint32Array(buffer, first, count);
    for (let i = 0; i < count; i += 1) times[i] = wide ? this.#ts[i]! : this.#ts[i]! - base;
    const barsAt = wide ? headerBytes + count * 8 : headerBytes;
    new Float64Array(buffer, barsAt, numbers).set(this.#bars.subarray(0, numbers));
    const write = (bit: number, column: Int32Array | Int8Array | Uint8Array): void => {
      if ((columns & bit) === 0) return;
      const from = new Uint8Array(column.buffer, 0, count * column.BYTES_PER_ELEMENT);
      bytes.set(from, first + count * rowBytes[columns & (bit - 1)]!);
    };
    write(has.a, this.#a);
    write(has.b, this.#b);
    write(has.c, this.#c);
    write(has.d, this.#d);
    write(has.kind, this.#kind);
    write(has.side, this.#side);
    write(has.flags, this.#flags);
  }
}

/** Names of the numbers of a row, for messages. */
const fieldsOf: Readonly<Record<number, readonly string[]>> = {
  [rowKind.trade]: ['price', 'size'],
  [rowKind.quote]: ['bid', 'bidSize', 'ask', 'askSize'],
  [rowKind.depth]: ['price', 'size', 'level'],
  [rowKind.bar]: ['open', 'high', 'low', 'close'],
};

/** What left-out columns show. Memory of its own for each batch would double the time of decoding. */
const zeros = new ArrayBuffer(maxBatchRows * 4);
const uniformKinds = [0, 1, 2, 3, 4, 5].map(
  (kind) => new Uint8Array(maxBatchRows).fill(kind).buffer,
);

/**
 * Reads a batch back. Its columns may be views over `bytes` or be shared with other batches: all of it is read-only.
 *
 * @param bytes - May begin at any offset of its buffer.
 * @throws {OF_BATCH_FORMAT} when the bytes do not begin like a market batch, or its rows contradict its header.
 * @throws {OF_BATCH_VERSION} when another build wrote them.
 * @throws {OF_BATCH_LENGTH} when bytes are missing or left over.
 * @throws {OF_BATCH_CHECKSUM} when bytes changed since they were written.
 */
export function decodeMarketBatch(bytes: Uint8Array): MarketBatch {
  // Views need a multiple of 8; Kafka and SQLite may hand out slices that begin anywhere.
  const source = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const header = unseal(source);
  const { columns, count, bars } = header;
  const { buffer, byteOffset } = source;
  const start = byteOffset + headerBytes;
  const first = start + bars * barNumbers * 8;
  const wide = (columns & has.wideTs) !== 0;
  const at = (bit: number): number => first + count * rowBytes[columns & (bit - 1)]!;
  const ints = (bit: number): Int32Array =>
    columns & bit ? new Int32Array(buffer, at(bit), count) : new Int32Array(zeros, 0, count);
  return {
    count,
    ts: wide
      ? new Float64Array(buffer, start, count)
      : tsOf(new Uint32Array(buffer, first, count), header.base),
    kind:
      columns & has.kind
        ? mixedKinds(new Uint8Array(buffer, at(has.kind), count), bars)
        : sameKinds(header),
    side:
      columns & has.side
        ? new Int8Array(buffer, at(has.side), count)
        : new Int8Array(zeros, 0, count),
    flags:
      columns & has.flags
        ? new Uint8Array(buffer, at(has.flags), count)
        : new Uint8Array(zeros, 0, count),
    a: ints(has.a),
    b: ints(has.b),
    c: ints(has.c),
    d: ints(has.d),
    bars: new Float64Array(buffer, wide ? start + count * 8 : start, bars * barNumbers),
  };
}

function tsOf(deltas: Uint32Array, base: number): Float64Array {
  const { length } = deltas;
  const ts = new Float64Array(length);
  for (let i = 0; i < length; i += 1) ts[i] = base + deltas[i]!;
  return ts;
}

/** Returns the kinds of rows that share one. */
function sameKinds({ kind, count, bars }: BatchHeader): Uint8Array {
  const kinds = uniformKinds[kind];
  if (!kinds || (kind === 0) !== (count === 0)) refuseRows('kind of all rows', '1 to 5', kind);
  checkBars(kind === rowKind.bar ? count : 0, bars);
  return new Uint8Array(kinds, 0, count);
}

/** Returns the kinds, after refusing any that a consumer could not name. */
function mixedKinds(kinds: Uint8Array, bars: number): Uint8Array {
  let found = 0;
  for (let i = 0; i < kinds.length; i += 1) {
    const kind = kinds[i]!;
    if (kind < rowKind.trade || kind > rowKind.heartbeat)
      refuseRows(`kind of row ${i}`, '1 to 5', kind);
    if (kind === rowKind.bar) found += 1;
  }
  checkBars(found, bars);
  return kinds;
}

/** Refuses bar rows without numbers, and numbers without a bar row. */
function checkBars(found: number, bars: number): void {
  if (found !== bars) refuseRows('bar rows', bars, found);
}

function refuseRows(fact: string, expected: string | number, was: number): never {
  throw new OrderflowError('OF_BATCH_FORMAT', { fact, expected, was });
}
