import { isOrderflowError } from '../errors.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import type { TopicOffsetRow } from './entities/system.ts';
import { projectionOf } from './projections.ts';
import { RefusedRecord } from './record-fields.ts';
import { Rows } from './rows.ts';

/** A topic's partition that is projected, and how far. */
export interface Stream extends TopicOffsetRow {
  /** Whether the store has an offset of it. */
  isKept: boolean;
}

interface Part {
  readonly records: StoredRecord[];
  /** Records the log had dropped before they were read. */
  missed: number;
  /** Records without the shape of their contract. */
  refused: number;
}

/** Records of one transaction, in the order they were read, with the rows they come to. */
export class Batch {
  readonly rows = new Rows();
  private readonly parts = new Map<Stream, Part>();
  private counted = 0;
  private sized = 0;

  /** Records so far. */
  get count(): number {
    return this.counted;
  }

  /** What the records' values take, about. */
  get bytes(): number {
    return this.sized;
  }

  /** The streams that brought something. */
  get streams(): readonly Stream[] {
    return [...this.parts.keys()];
  }

  /** The offset at which a stream is read on. */
  nextOf(stream: Stream): number {
    const last = this.parts.get(stream)?.records.at(-1);
    return last ? last.offset + 1 : stream.next;
  }

  /** Takes records that follow those of the stream so far; `missed` of them the log had dropped before. */
  add(stream: Stream, records: readonly StoredRecord[], missed = 0): void {
    let part = this.parts.get(stream);
    if (!part) this.parts.set(stream, (part = { records: [], missed: 0, refused: 0 }));
    part.missed += missed;
    for (const record of records) {
      part.records.push(record);
      this.sized += record.value.length;
      if (!projectInto(this.rows, record)) part.refused += 1;
    }
    this.counted += records.length;
  }

  /** Takes one record as it is and makes no row of it. */
  refuse(stream: Stream, record: StoredRecord, missed: number): void {
    this.parts.set(stream, { records: [record], missed, refused: 1 });
    this.counted += 1;
  }

  /** The offsets after this batch, in the order of {@link streams}. */
  offsets(): TopicOffsetRow[] {
    return [...this.parts].map(([stream, { records, missed, refused }]) => ({
      topic: stream.topic,
      partition: stream.partition,
      next: this.nextOf(stream),
      lastTs: records.at(-1)?.ts ?? stream.lastTs,
      refused: stream.refused + refused,
      missed: stream.missed + missed,
    }));
  }

  /**
   * Returns the same records as two batches, the first with half of them; as a single one that refuses it where there is
   * only one record.
   */
  apart(): readonly Batch[] {
    const halves = [new Batch(), new Batch()] as const;
    if (this.counted === 1) {
      for (const [stream, { records, missed }] of this.parts)
        for (const record of records) halves[0].refuse(stream, record, missed);
      return [halves[0]];
    }
    let left = this.counted >> 1;
    for (const [stream, { records, missed }] of this.parts) {
      const here = Math.min(left, records.length);
      left -= here;
      if (here > 0) halves[0].add(stream, records.slice(0, here), missed);
      if (here < records.length) halves[1].add(stream, records.slice(here), here > 0 ? 0 : missed);
    }
    return halves;
  }
}

/** Makes rows of a record, none where nobody asks for its contract; false when it does not have the shape of it. */
function projectInto(rows: Rows, record: StoredRecord): boolean {
  try {
    projectionOf(record.topic, record.schema)?.(record, rows);
    return true;
  } catch (error) {
    // A damaged market batch is refused with a code of its own.
    if (error instanceof RefusedRecord || isOrderflowError(error)) return false;
    throw error;
  }
}
