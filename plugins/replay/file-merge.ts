import { formatUtc, type MarketBatchBuilder, OrderflowError } from '#engine';
import { FileCursor, type ReadOptions } from './file-cursor.ts';
import { OverlapWatch } from './overlap-watch.ts';
import type { FilePosition, ReplayPosition } from './position.ts';

/** A file that is not open: its first row comes later than those being written. */
interface WaitingFile {
  readonly file: string;
  readonly order: number;
  readonly firstAt: number;
  readonly size: number;
}

/** A place in the order of rows: by time, rows of one time by the order of their files. */
interface Place {
  readonly at: number;
  readonly order: number;
}

function isBefore(a: Place, b: Place): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function placeOf(cursor: FileCursor): Place {
  return { at: cursor.nextAt, order: cursor.order };
}

/** Rows of several files in the order of time; only files whose time has come are open. */
export class FileMerge {
  readonly #options: ReadOptions;
  readonly #signal: AbortSignal;
  /** By their first row, ascending. */
  readonly #waiting: WaitingFile[];
  readonly #active: FileCursor[] = [];
  /** Where each file begun stands or stood, by its order. */
  readonly #positions: Map<number, FilePosition>;
  readonly #totalBytes: number;
  #closedBytes = 0;
  readonly #overlap = new OverlapWatch();

  private constructor(
    options: ReadOptions,
    signal: AbortSignal,
    waiting: WaitingFile[],
    positions: Map<number, FilePosition>,
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#waiting = waiting;
    this.#positions = positions;
    this.#totalBytes = waiting.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Looks at the header and the first rows of every file, so that a wrong one is known before anything is written.
   *
   * @throws the codes of {@link FileCursor.open}.
   */
  static async open(
    files: readonly string[],
    options: ReadOptions,
    resume: ReplayPosition,
    signal: AbortSignal,
  ): Promise<FileMerge> {
    const waiting: WaitingFile[] = [];
    const positions = new Map<number, FilePosition>();
    for (const [order, file] of files.entries()) {
      const position = resume.files.find((known) => known.file === file);
      if (position !== undefined) positions.set(order, position);
      if (position?.end === true) continue;
      const cursor = await FileCursor.open(file, order, options);
      waiting.push({ file, order, firstAt: cursor.nextAt, size: cursor.size });
      await cursor.close();
    }
    waiting.sort((a, b) => a.firstAt - b.firstAt || a.order - b.order);
    return new FileMerge(options, signal, waiting, positions);
  }

  /** Returns whether every row of every file was used. */
  get isExhausted(): boolean {
    return this.#waiting.length === 0 && this.#active.length === 0;
  }

  /** Returns where the files begun stand, in their order. */
  get positions(): FilePosition[] {
    for (const cursor of this.#active) this.#positions.set(cursor.order, cursor.position);
    const begun = [...this.#positions.entries()].sort(([a], [b]) => a - b);
    return begun.map(([, position]) => position);
  }

  /** Returns the share of the files' bytes read, 0 to 1. */
  get progress(): number {
    const read = this.#active.reduce((sum, cursor) => sum + cursor.bytesRead, this.#closedBytes);
    return this.#totalBytes === 0 ? 1 : read / this.#totalBytes;
  }

  /**
   * Fills a batch with the next rows in the order of (time, file, row).
   *
   * @throws {OF_REPLAY_RESUME} {OF_REPLAY_GZIP} {OF_REPLAY_OVERLAP} and the codes of a row; the rows before it are in
   * the batch.
   */
  async write(builder: MarketBatchBuilder): Promise<void> {
    while (!this.#signal.aborted && !this.isExhausted) {
      const cursor = this.#earliest();
      const next = this.#waiting[0];
      const isDue = (file: WaitingFile): boolean =>
        cursor === null || isBefore({ at: file.firstAt, order: file.order }, placeOf(cursor));
      if (next !== undefined && isDue(next)) {
        this.#waiting.shift();
        await this.#begin(next);
      } else if (cursor !== null) {
        const bound = this.#boundOf(cursor);
        if (this.#active.length > 1) this.#refuseTwin(cursor, bound);
        if (cursor.write(builder, bound.at, cursor.order < bound.order)) return;
        if (cursor.needsRefill && !(await cursor.refill())) await this.#finish(cursor);
      }
    }
  }

  async close(): Promise<void> {
    for (const cursor of this.#active) await cursor.close();
    this.#active.length = 0;
  }

  async #begin({ file, order, firstAt }: WaitingFile): Promise<void> {
    const cursor = await FileCursor.open(file, order, this.#options);
    this.#active.push(cursor);
    if (cursor.nextAt !== firstAt) throw changed(file, firstAt, cursor.nextAt);
    const position = this.#positions.get(order);
    if (position !== undefined) await cursor.skipTo(position, this.#signal);
    if (cursor.needsRefill && !(await cursor.refill())) await this.#finish(cursor);
  }

  async #finish(cursor: FileCursor): Promise<void> {
    this.#positions.set(cursor.order, cursor.position);
    this.#closedBytes += cursor.size;
    this.#active.splice(this.#active.indexOf(cursor), 1);
    await cursor.close();
  }

  #refuseTwin(cursor: FileCursor, bound: Place): void {
    const other = this.#overlap.twin(
      cursor.file,
      cursor.moment(bound.at, cursor.order < bound.order),
    );
    if (other === null) return;
    throw new OrderflowError('OF_REPLAY_OVERLAP', {
      file: cursor.file,
      other,
      time: formatUtc(cursor.nextAt),
    });
  }

  #earliest(): FileCursor | null {
    let first: FileCursor | null = null;
    for (const cursor of this.#active) {
      if (first === null || isBefore(placeOf(cursor), placeOf(first))) first = cursor;
    }
    return first;
  }

  /** Returns the place up to which one file may be written before another has its turn. */
  #boundOf(cursor: FileCursor): Place {
    let bound: Place = { at: Infinity, order: Infinity };
    for (const other of this.#active) {
      if (other !== cursor && isBefore(placeOf(other), bound)) bound = placeOf(other);
    }
    const next = this.#waiting[0];
    if (next !== undefined) {
      const place = { at: next.firstAt, order: next.order };
      if (isBefore(place, bound)) bound = place;
    }
    return bound;
  }
}

function changed(file: string, expected: number, was: number): OrderflowError {
  return new OrderflowError('OF_REPLAY_RESUME', {
    file,
    expected: `a first row of time ${expected} µs, as when the replay began`,
    was: `time ${was} µs`,
  });
}
