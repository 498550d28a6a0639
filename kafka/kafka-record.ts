import type { NewRecord, StoredRecord } from '#engine/runtime/ports.ts';

import type { Message } from './kafka-batch.ts';
import type { RawMessage } from './kafka-client.ts';
import { storedRecord } from './record.ts';

/** Returns a record as Kafka takes it: key and value as they are, everything else in headers. README.md lists them. */
export function messageOf(record: NewRecord): Message {
  const { key, ts, schema, node, port, seq, value } = record;
  const headers: Record<string, string> = { schema, ts: String(ts) };
  if (node !== undefined) headers['node'] = node;
  if (port !== undefined) headers['port'] = port;
  if (seq !== undefined) headers['seq'] = String(seq);
  if (typeof value === 'string') return { key, value, headers };
  headers['content'] = 'bytes';
  return { key, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength), headers };
}

function textOf(bytes: Buffer | null | undefined): string | null {
  return bytes ? bytes.toString('utf8') : null;
}

/**
 * Returns a message as the record that was written. A message of another program is one too: without headers its schema
 * is empty and its time is Kafka's.
 */
export function recordOf(message: RawMessage, topic: string, partition: number): StoredRecord {
  const { headers, value } = message;
  const seq = textOf(headers['seq']);
  const ts = textOf(headers['ts']);
  const fields = {
    key: textOf(message.key) ?? '',
    ts: ts === null ? Number(message.timestamp) * 1000 : Number(ts),
    schema: textOf(headers['schema']) ?? '',
    node: textOf(headers['node']),
    port: textOf(headers['port']),
    seq: seq === null ? null : Number(seq),
    value:
      textOf(headers['content']) === 'bytes' && value
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : (textOf(value) ?? ''),
  };
  return storedRecord(fields, topic, partition, Number(message.offset));
}
