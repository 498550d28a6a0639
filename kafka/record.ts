import { OrderflowError } from '#engine';
import type { NewRecord, StoredRecord } from '#engine/runtime/ports.ts';

/**
 * Refuses a record that would not come back from every backend as it was written.
 *
 * @throws {OF_LOG_RECORD} when its time is no whole number, or its text has a NUL or half a character.
 */
export function checkRecord(record: NewRecord): void {
  if (!Number.isSafeInteger(record.ts))
    refuse(record.topic, 'ts', 'an integer of microseconds', record.ts);
  if (typeof record.value === 'string') checkText(record.topic, record.value);
}

/**
 * Refuses text that UTF-8 or SQLite would change in silence; JSON text never holds any.
 *
 * @throws {OF_LOG_RECORD} when the text has a NUL or a surrogate without its other half.
 */
export function checkText(owner: string, text: string): void {
  if (text.includes('\0')) refuse(owner, 'value', 'text without NUL', 'NUL');
  if (!text.isWellFormed()) refuse(owner, 'value', 'whole characters', 'half of a surrogate pair');
}

type Fields = Pick<StoredRecord, 'key' | 'ts' | 'schema' | 'value'> & {
  readonly [K in 'node' | 'port' | 'seq']?: StoredRecord[K] | null;
};

/** Returns a record with its place; fields that are absent, or null in a table, are absent. */
export function storedRecord(
  fields: Fields,
  topic: string,
  partition: number,
  offset: number,
): StoredRecord {
  const { key, ts, schema, node, port, seq, value } = fields;
  const record: { -readonly [K in keyof StoredRecord]: StoredRecord[K] } = {
    topic,
    key,
    ts,
    schema,
    value,
    partition,
    offset,
  };
  if (typeof node === 'string') record.node = node;
  if (typeof port === 'string') record.port = port;
  if (typeof seq === 'number') record.seq = seq;
  return record;
}

/** Refuses a topic that a log keeps for itself. */
export function refuseTopic(topic: string): never {
  return refuse(
    topic,
    'topic',
    'no name that the log keeps for itself (log.*, <flow>.state)',
    topic,
  );
}

function refuse(owner: string, field: string, expected: string, was: string | number): never {
  throw new OrderflowError('OF_LOG_RECORD', { owner, field, expected, was });
}
