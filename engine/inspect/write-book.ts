import type { MarketBatchBuilder } from '../contracts/market-batch.ts';

/** Levels of one side from the best one on: price in ticks, size. */
export type BookSide = readonly (readonly [price: number, size: number])[];

const levels = 10;

/** Writes ten levels of both sides; those not given are empty. */
export function writeBook(
  builder: MarketBatchBuilder,
  ts: number,
  bids: BookSide,
  asks: BookSide,
): void {
  for (const [side, own] of [
    [1, bids],
    [-1, asks],
  ] as const) {
    for (let level = 0; level < levels; level += 1) {
      const [price, size] = own[level] ?? [0, 0];
      builder.depth(ts, side, level, price, size);
    }
  }
}
