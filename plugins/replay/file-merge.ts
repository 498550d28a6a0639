import { formatUtc, type MarketBatchBuilder, OrderflowError } from '#engine';
import { FileCursor, type Place, type ReadOptions } from './file-cursor.ts';
import { OverlapWatch } from './overlap-watch.ts';
import type { FilePosition, ReplayPosition } from './position.ts';

/** A file that is not open: its first row comes later than those being written. */
interface WaitingFile {
  readonly file: string;
  /** Where its first row stands. */
  readonly place: Place;
  readonly size: number;
}

/** Returns whether rows of one file have their turn before those of another at the same time. */
function isFirst(a: Pick<Place, 'rank' | 'order'>, b: Place): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}

function isBefore(a: Place, b: Place): boolean {
  return a.at < b.at || (a.at === b.at && isFirst(a, b));
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
      waiting.push({ file, place: cursor.place, size: cursor.size });
      await cursor.close();
    }
    waiting.sort((a, b) => (isBefore(a.place, b.place) ? -1 : 1));
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
   * Fills a batch with the next rows in the order of (time, trades before books, file, row).
   *
   * @throws {OF_REPLAY_RESUME} {OF_REPLAY_GZIP} {OF_REPLAY_OVERLAP} and the codes of a row; the rows before it are in
   * the batch.
   */
  async write(builder: MarketBatchBuilder): Promise<void> {
    while (!this.#signal.aborted && !this.isExhausted) {
      const cursor = this.#earliest();
      const next = this.#waiting[0];
      const isDue = (file: WaitingFile): boolean =>
        cursor === null || isBefore(file.place, cursor.place);
      if (next !== undefined && isDue(next)) {
        this.#waiting.shift();
        await this.#begin(next);
      } else if (cursor !== null) {
        const bound = this.#boundOf(cursor);
        if (this.#active.length > 1) this.#refuseTwin(cursor, bound);
        if (cursor.write(builder, bound.at, isFirst(cursor, bound))) return;
        if (cursor.needsRefill && !(await cursor.refill())) await this.#finish(cursor);
      }
    }
  }

  async close(): Promise<void> {
    for (const cursor of this.#active) await cursor.close();
    this.#active.length = 0;
  }

  async #begin({ file, place: { at, order } }: WaitingFile): Promise<void> {
    const cursor = await FileCursor.open(file, order, this.#options);
    this.#active.push(cursor);
    if (cursor.nextAt !== at) throw changed(file, at, cursor.nextAt);
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
    const other = this.#overlap.twin(cursor.file, cursor.moment(bound.at, isFirst(cursor, bound)));
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
      if (first === null || isBefore(cursor.place, first.place)) first = cursor;
    }
    return first;
  }

  /** Returns the place up to which one file may be written before another has its turn. */
  #boundOf(cursor: FileCursor): Place {
    let bound: Place = { at: Infinity, rank: Infinity, order: Infinity };
    for (const other of this.#active) {
      if (other !== cursor && isBefore(other.place, bound)) bound = other.place;
    }
    const next = this.#waiting[0];
    if (next !== undefined && isBefore(next.place, bound)) bound = next.place;
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
