import { type MarketBatchBuilder, maxBatchRows } from '../contracts/market-batch.ts';
import { nanosToMicros } from '../market/time.ts';
import type { NodeRun } from './node-run.ts';
import { readShared } from './shared-data.ts';

/** A print, prices in ticks. */
export interface SharedTrade {
  readonly ts: number;
  readonly price: number;
  readonly size: number;
  readonly side: number;
  readonly flags: number;
}

/** The book after a change: price and size of each level from the best one on, in ticks. */
export interface SharedBook {
  readonly ts: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

const levels = 10;
const auction = 8;

function linesOf(name: string): string[][] {
  const lines = readShared(name).trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(','));
}

/** Reads a file of trades; `perPoint` is the number of ticks of a price of 1. */
export function sharedTrades(name: string, perPoint = 4): SharedTrade[] {
  return linesOf(name).map(([ts = '', price, size, side, bid, ask]) => ({
    ts: nanosToMicros(ts),
    price: Number(price) * perPoint,
    size: Number(size),
    side: side === 'B' ? 1 : side === 'S' ? -1 : 0,
    flags: side === 'N' && Number(bid) > Number(ask) ? auction : 0,
  }));
}

/** Reads a file of ten-level books. */
export function sharedBooks(name: string, perPoint = 4): SharedBook[] {
  return linesOf(name).map((cells) => {
    const side = (first: number): (readonly [number, number])[] =>
      Array.from({ length: levels }, (_, level) => {
        const at = 1 + level * 6 + first;
        return [Number(cells[at]) * perPoint, Number(cells[at + 1])] as const;
      });
    return { ts: nanosToMicros(cells[0] ?? ''), bids: side(0), asks: side(3) };
  });
}

type Write = (batch: MarketBatchBuilder) => void;

function* changesOf(now: SharedBook, last: SharedBook | null): Generator<Write> {
  for (const name of ['bids', 'asks'] as const) {
    const side = name === 'bids' ? 1 : -1;
    for (const [level, [price, size]] of now[name].entries()) {
      const before = last?.[name][level];
      if (before?.[0] !== price || before[1] !== size)
        yield (batch) => batch.depth(now.ts, side, level, price, size);
    }
  }
}

function* rowsOf(trades: readonly SharedTrade[], books: readonly SharedBook[]): Generator<Write> {
  const write = ({ ts, price, size, side, flags }: SharedTrade): Write => {
    return (batch) => batch.trade(ts, price, size, side, flags);
  };
  let next = 0;
  let last: SharedBook | null = null;
  for (const book of books) {
    for (; next < trades.length && trades[next]!.ts <= book.ts; next += 1)
      yield write(trades[next]!);
    if (last === null) yield (batch) => batch.depth(book.ts, 0, -1, 0, 0);
    yield* changesOf(book, last);
    last = book;
  }
  for (const trade of trades.slice(next)) yield write(trade);
}

/** Feeds trades and books in the order of time to a driven plugin, trades first; of a book only what changed. */
export function feedBooks(
  run: NodeRun,
  trades: readonly SharedTrade[],
  books: readonly SharedBook[],
): void {
  const rows = rowsOf(trades, books);
  for (let next = rows.next(); next.done !== true; ) {
    run.market((batch) => {
      while (next.done !== true && batch.count < maxBatchRows) {
        next.value(batch);
        next = rows.next();
      }
    });
  }
}
