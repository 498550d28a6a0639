import { type Instrument, type MarketBatchBuilder, maxBatchRows, OrderflowError } from '#engine';
import { CsvRows } from './csv-rows.ts';
import { FileBytes } from './file-bytes.ts';
import type { Moment } from './overlap-watch.ts';
import type { FilePosition } from './position.ts';
import { RowBlock } from './row-block.ts';
import type { RowWriter } from './row-format.ts';
import type { TimeRange } from './time-range.ts';

/** How all files of a replay are read. */
export interface ReadOptions {
  readonly instrument: Instrument;
  readonly range: TimeRange;
  /** Length of bars in seconds; null: told from the file. */
  readonly barSeconds: number | null;
}

/** A place in the order of rows: by time, then by rank, rows of one time and rank by the order of their files. */
export interface Place {
  readonly at: number;
  readonly rank: number;
  readonly order: number;
}

/** Reads one file row by row, so that several can be merged by time. */
export class FileCursor {
  readonly file: string;
  /** Place in the configuration. */
  readonly order: number;
  readonly #options: ReadOptions;
  readonly #bytes: FileBytes;
  readonly #rows: CsvRows;
  readonly #block = new RowBlock();
  #writer: RowWriter | null = null;
  #next = 0;
  /** Latest time of a row used; time that goes back does not change the order of the merge. */
  #latest = -Infinity;
  #position: {
    rows: number;
    at: number;
    late: number;
    first: number | null;
    last: number | null;
    end: boolean;
  };

  private constructor(file: string, order: number, options: ReadOptions, bytes: FileBytes) {
    this.file = file;
    this.order = order;
    this.#options = options;
    this.#bytes = bytes;
    this.#rows = new CsvRows(file, options.instrument);
    this.#position = { rows: 0, at: 0, late: 0, first: null, last: null, end: false };
  }

  /**
   * Opens a file and reads its first rows.
   *
   * @throws {OF_REPLAY_FILE_UNREADABLE} {OF_REPLAY_FILE_EMPTY} {OF_REPLAY_HEADER} {OF_REPLAY_BAR_LENGTH} and the codes
   * of a row when the first one cannot be read.
   */
  static async open(file: string, order: number, options: ReadOptions): Promise<FileCursor> {
    const cursor = new FileCursor(file, order, options, await FileBytes.open(file));
    try {
      await cursor.refill();
      cursor.#writer = cursor.#rows.format.writer(cursor.#block, file, options.barSeconds);
      return cursor;
    } catch (error) {
      await cursor.close();
      throw error;
    }
  }

  get position(): FilePosition {
    return { file: this.file, ...this.#position };
  }

  /** Bytes of the file, and those read so far. */
  get size(): number {
    return this.#bytes.size;
  }

  get bytesRead(): number {
    return this.#bytes.bytesRead;
  }

  /** The next row lies outside the block: call {@link refill}. */
  get needsRefill(): boolean {
    return this.#next >= this.#block.count;
  }

  /** Where the next row stands in the merge; only while no refill is needed. */
  get place(): Place {
    return { at: this.nextAt, rank: this.rank, order: this.order };
  }

  /** Decides between rows of one time before the order of the files does: what trades left behind comes after them. */
  get rank(): number {
    return this.#rows.format.isAfterTrades === true ? 1 : 0;
  }

  /** Time of the next row in the merge; only while no refill is needed. */
  get nextAt(): number {
    return Math.max(this.#latest, this.#block.stamp[this.#next]! + this.#writerOf().knownAfter);
  }

  /** Returns the rows of the next time, and whether {@link write} with the same bound writes only these of the block. */
  moment(bound: number, inclusive: boolean): Moment {
    const block = this.#block;
    const { knownAfter } = this.#writerOf();
    const at = this.nextAt;
    const rows: string[] = [];
    let i = this.#next;
    for (; i < block.count && block.stamp[i]! + knownAfter <= at; i += 1)
      rows.push(`${block.side[i]} ${block.a[i]} ${block.b[i]} ${block.c[i]} ${block.d[i]}`);
    const after = i < block.count ? block.stamp[i]! + knownAfter : Infinity;
    const isAlone = after > bound || (after === bound && !inclusive);
    return { at, from: knownAfter > 0 ? at - knownAfter : null, rows: rows.join(), isAlone };
  }

  /**
   * Reads the next block; returns false at the end of the file.
   *
   * @throws {OF_REPLAY_GZIP} and the codes of a row, once all rows before are used.
   */
  async refill(): Promise<boolean> {
    const rows = this.#rows;
    this.#next = 0;
    rows.begin(this.#block);
    while (!rows.parse(this.#block)) await this.#feed();
    if (this.#block.count > 0) return true;
    if (rows.failure !== null) throw rows.failure;
    this.#position.end = true;
    return false;
  }

  /**
   * Goes to where an earlier run stopped; what it wrote is remembered, not written again.
   *
   * @throws {OF_REPLAY_RESUME} when the file does not have that row any more.
   */
  async skipTo(position: FilePosition, signal: AbortSignal): Promise<void> {
    while (this.#position.rows < position.rows) {
      if (signal.aborted) return;
      if (this.needsRefill && !(await this.refill())) break;
      this.#use(null);
    }
    const { rows, at } = this.#position;
    if (rows === position.rows && at === position.at) return;
    throw new OrderflowError('OF_REPLAY_RESUME', {
      file: this.file,
      expected: `row ${position.rows} of time ${position.at} µs`,
      was: rows < position.rows ? `only ${rows} rows` : `time ${at} µs`,
    });
  }

  /**
   * Writes rows up to a time; returns whether the batch is full, rather than the time reached or the block used up.
   *
   * @param bound - Rows before it are written, those at it when `inclusive`.
   */
  write(builder: MarketBatchBuilder, bound: number, inclusive: boolean): boolean {
    const writer = this.#writerOf();
    while (!this.needsRefill) {
      const at = this.nextAt;
      if (at > bound || (at === bound && !inclusive)) return false;
      if (builder.count + writer.rowsOf(this.#block, this.#next) > maxBatchRows) return true;
      this.#use(builder);
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#bytes.close();
  }

  #writerOf(): RowWriter {
    if (this.#writer !== null) return this.#writer;
    throw (
      this.#rows.failure ??
      new OrderflowError('OF_REPLAY_FILE_EMPTY', { file: this.file, was: '0 bytes' })
    );
  }

  async #feed(): Promise<void> {
    try {
      const piece = await this.#bytes.next();
      if (piece === null) this.#rows.end();
      else this.#rows.push(piece);
    } catch (error) {
      if (!(error instanceof OrderflowError)) throw error;
      this.#rows.fail(error);
    }
  }

  /** Uses the next row: writes it when it lies in the range and there is a builder. */
  #use(builder: MarketBatchBuilder | null): void {
    const i = this.#next;
    const stamp = this.#block.stamp[i]!;
    const position = this.#position;
    const { range } = this.#options;
    if (stamp >= range.from && stamp < range.until) {
      const writer = this.#writerOf();
      writer.write(builder, this.#block, i);
      const at = stamp + writer.knownAfter;
      if (at < this.#latest) position.late += 1;
      else this.#latest = at;
      position.first ??= stamp;
      if (position.last === null || stamp > position.last) position.last = stamp;
    }
    position.rows += 1;
    position.at = stamp;
    this.#next = i + 1;
  }
}
