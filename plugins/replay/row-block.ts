/** Rows of a block: enough to make a refill rare, little enough that many open files stay small. */
export const blockRows = 4_096;
/** Numbers of a row of the book: price and size of bid and ask, level by level. */
export const bookNumbers = 40;

/** Parsed rows of one file in columns; what a column means is the row format's affair. Reused for block after block. */
export class RowBlock {
  count = 0;
  /** Number of the first row in its file, from 1. */
  firstRow = 1;
  /** The file's time stamp in microseconds: of the print, or where the bar or footprint minute starts. */
  readonly stamp = new Float64Array(blockRows);
  readonly side = new Int8Array(blockRows);
  readonly a = new Int32Array(blockRows);
  readonly b = new Int32Array(blockRows);
  readonly c = new Int32Array(blockRows);
  readonly d = new Int32Array(blockRows);
  /** Volume, bid volume, ask volume, vwap of bars; NaN where the file has none. */
  readonly numbers: readonly [Float64Array, Float64Array, Float64Array, Float64Array] = [
    new Float64Array(blockRows),
    new Float64Array(blockRows),
    new Float64Array(blockRows),
    new Float64Array(blockRows),
  ];
  /** Rows of {@link bookNumbers} numbers; only files of books have them, through {@link bookOf}. */
  book: Int32Array | null = null;
}

/** Returns the numbers of a block's books. */
export function bookOf(block: RowBlock): Int32Array {
  block.book ??= new Int32Array(blockRows * bookNumbers);
  return block.book;
}
