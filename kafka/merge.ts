import { OrderflowError } from '#engine';
import type { StoredRecord } from '#engine/runtime/ports.ts';

/** A place in one topic and partition, moving forward. */
export interface Cursor {
  /** The place of the next record among all records of the log; Infinity at the end. */
  place(): number;
  /** Returns the next record and moves past it. */
  take(): StoredRecord;
}

/** One read hands out no more than this, and one record more: a limit alone would let large values fill the memory. */
const maxReadBytes = 16 * 2 ** 20;

/** Returns what several topics hold next, in the one order of the log: at most `limit` records, fewer when they are large. */
export function merge(cursors: readonly Cursor[], limit: number): readonly StoredRecord[] {
  const merged: StoredRecord[] = [];
  for (let bytes = 0; merged.length < limit && bytes < maxReadBytes; ) {
    let first = Infinity;
    let next: Cursor | null = null;
    for (const cursor of cursors) {
      const place = cursor.place();
      if (place >= first) continue;
      first = place;
      next = cursor;
    }
    if (!next) break;
    const record = next.take();
    merged.push(record);
    bytes += record.value.length;
  }
  return merged;
}

/**
 * Refuses a position of which records were dropped.
 *
 * @param first - The offset of the oldest record that is kept.
 * @throws {OF_LOG_TRIMMED} when `from` lies before it.
 */
export function checkKept(topic: string, partition: number, from: number, first: number): void {
  if (from < first) throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first, from });
}
