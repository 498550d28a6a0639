import {
  decodeMarketBatch,
  type MarketBatch,
  MarketBatchBuilder,
  maxBatchRows,
  rowKind,
} from '../contracts/market-batch.ts';
import { classify, createAggressorState, onQuote } from '../market/aggressor.ts';
import type { Instrument } from '../market/instrument.ts';
import { sessionAt } from '../market/session.ts';
import { tradeFlags } from '../plugin/sensor.ts';
import type { Chance } from '../study/chance.ts';

/** How a null tape is made: sizes and sides in any order, or moved in a circle against times and prices. */
export type NullKind = 'permuted' | 'shifted';

/** Sizes and settled sides of all trades, and the group of each: trades are only moved within their group. */
export interface TradeMarks {
  readonly sizes: Float64Array;
  readonly sides: Int8Array;
  /** The begin and the end of each group, as places in the arrays. */
  readonly groups: readonly (readonly [from: number, to: number])[];
}

function tradesOf(batches: readonly MarketBatch[]): number {
  let trades = 0;
  for (const { kind, count } of batches)
    for (let i = 0; i < count; i += 1) if (kind[i] === rowKind.trade) trades += 1;
  return trades;
}

/** Reads what is moved: sides as the engine settles them, groups by regular hours and the rest of each trade date. */
export function readMarks(tape: readonly Uint8Array[], instrument: Instrument): TradeMarks {
  const batches = tape.map((bytes) => decodeMarketBatch(bytes));
  const count = tradesOf(batches);
  const sizes = new Float64Array(count);
  const sides = new Int8Array(count);
  const groups: [number, number][] = [];
  const aggressor = createAggressorState();
  let at = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const batch of batches) {
    for (let i = 0; i < batch.count; i += 1) {
      const ts = batch.ts[i]!;
      if (batch.kind[i] === rowKind.quote) onQuote(aggressor, ts, batch.a[i]!, batch.c[i]!);
      if (batch.kind[i] !== rowKind.trade) continue;
      if (ts >= until) {
        until = endOfGroup(instrument, ts);
        groups.push([at, at]);
      }
      const isAuction = (batch.flags[i]! & tradeFlags.auction) !== 0;
      sizes[at] = batch.b[i]!;
      sides[at] = isAuction ? 0 : classify(aggressor, ts, batch.a[i]!, batch.side[i] as 1 | -1 | 0);
      at += 1;
      groups.at(-1)![1] = at;
    }
  }
  return { sizes, sides, groups };
}

function endOfGroup(instrument: Instrument, ts: number): number {
  const { rthOpen, rthEnd, close } = sessionAt(instrument.calendar, ts);
  if (rthOpen !== null && ts < rthOpen) return rthOpen;
  return rthEnd !== null && ts < rthEnd ? rthEnd : close;
}

/** Puts a part of a list into random order, in place. */
function shuffle(list: Uint32Array, from: number, to: number, chance: Chance): void {
  for (let i = to - 1; i > from; i -= 1) {
    const j = from + Math.floor(chance() * (i - from + 1));
    const kept = list[i]!;
    list[i] = list[j]!;
    list[j] = kept;
  }
}

/** Returns for each trade the trade whose size and side it gets. */
export function nullOrder(marks: TradeMarks, kind: NullKind, chance: Chance): Uint32Array {
  const order = new Uint32Array(marks.sizes.length);
  for (const [from, to] of marks.groups) {
    const length = to - from;
    if (kind === 'permuted') {
      for (let i = from; i < to; i += 1) order[i] = i;
      shuffle(order, from, to, chance);
      continue;
    }
    // Never by less than a tenth of the group: a small shift is hardly one.
    const shift = Math.floor(length * (0.1 + 0.8 * chance()));
    for (let i = 0; i < length; i += 1) order[from + i] = from + ((i + shift) % length);
  }
  return order;
}

/** Writes a tape anew in which each trade has the size and side of another one; times, prices and the book stay. */
export function writeNullTape(
  tape: readonly Uint8Array[],
  instrument: Instrument,
  marks: TradeMarks,
  order: Uint32Array,
): Uint8Array[] {
  const builder = new MarketBatchBuilder(instrument.symbol);
  const made: Uint8Array[] = [];
  let at = 0;
  for (const bytes of tape) {
    const batch = decodeMarketBatch(bytes);
    for (let i = 0; i < batch.count; i += 1) {
      if (batch.kind[i] === rowKind.trade) {
        const from = order[at]!;
        at += 1;
        const side = marks.sides[from]!;
        // A side nobody knew stays unknown: the auction flag keeps it from being inferred anew.
        const flags = side === 0 ? tradeFlags.auction : 0;
        builder.trade(batch.ts[i]!, batch.a[i]!, marks.sizes[from]!, side, flags);
      } else copyRow(builder, batch, i);
      if (builder.count === maxBatchRows) made.push(builder.finish().slice());
    }
  }
  if (builder.count > 0) made.push(builder.finish().slice());
  return made;
}

function copyRow(builder: MarketBatchBuilder, batch: MarketBatch, i: number): void {
  const [ts, a, b, c, d] = [batch.ts[i]!, batch.a[i]!, batch.b[i]!, batch.c[i]!, batch.d[i]!];
  if (batch.kind[i] === rowKind.quote) builder.quote(ts, a, b, c, d);
  else if (batch.kind[i] === rowKind.depth) builder.depth(ts, batch.side[i]!, c, a, b);
  else if (batch.kind[i] === rowKind.heartbeat) builder.heartbeat(ts);
}
