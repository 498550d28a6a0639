import type { MarketBatchBuilder } from '#engine';
import type { FieldReader } from './field-reader.ts';
import type { RowBlock } from './row-block.ts';

/** An unchanged quote is written again after this long, so that it is never taken for a stale one. */
export const repeatQuoteMicros = 1_000_000;

/** What a file of one header is read by: from bytes to a block, from a block to market rows. */
export interface RowFormat {
  /** The header line, which decides the format. */
  readonly header: string;
  /** Its rows tell what a trade of the same time left behind, so they come after the trades of other files. */
  readonly isAfterTrades?: boolean;
  /** Reads the row at the reader into row `i` of a block. */
  parse(reader: FieldReader, block: RowBlock, i: number): void;
  /**
   * Returns how the rows of a file are written.
   *
   * @param first - The file's first block: the length of bars is read from it, unless `barSeconds` is given.
   */
  writer(first: RowBlock, file: string, barSeconds: number | null): RowWriter;
}

/** Turns the rows of one file into market rows; it may remember, so it must see every row once, in order. */
export interface RowWriter {
  /** Microseconds from the file's time stamp to the moment when the row is known. */
  readonly knownAfter: number;
  /** Returns how many market rows `write` would add for row `i`. */
  rowsOf(block: RowBlock, i: number): number;
  /** Adds the market rows of row `i`; without a builder it only remembers. */
  write(builder: MarketBatchBuilder | null, block: RowBlock, i: number): void;
}
