import type { z } from 'zod';
import type { StoredRecord } from '../runtime/ports.ts';

/** A record without the shape of its contract: it is counted and left out, the next one is taken. */
export class RefusedRecord extends Error {
  override readonly name = 'RefusedRecord';
}

const decoder = new TextDecoder();
/** PostgreSQL has no text with this character, neither as text nor inside JSON. */
const zeroCharacter = /\\u0000/g;

/** Returns what a record says. */
export function payloadOf({ value }: StoredRecord): Record<string, unknown> {
  const text = typeof value === 'string' ? value : decoder.decode(value);
  let payload: unknown;
  try {
    payload = JSON.parse(text.includes('\\u0000') ? text.replace(zeroCharacter, '\\ufffd') : text);
  } catch {
    throw new RefusedRecord('not JSON');
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new RefusedRecord('no object');
  return payload as Record<string, unknown>;
}

/** Returns a payload as its contract has it, fields of others left out. */
export function checked<Schema extends z.ZodObject>(
  schema: Schema,
  payload: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const { data, error } = schema.safeParse(payload);
  if (error) throw new RefusedRecord(error.issues[0]?.message ?? 'another shape');
  return data;
}

/** Where a record lies. */
export function placeOf({ topic, partition, offset }: StoredRecord): {
  topic: string;
  partition: number;
  offset: number;
} {
  return { topic, partition, offset };
}

/** Returns the flow that a record of `<flow>.<rest>` belongs to. */
export function flowOf(topic: string, rest: string): string {
  return topic.endsWith(`.${rest}`) ? topic.slice(0, -rest.length - 1) : topic;
}

/** Who emitted a record of an out-port. */
export function originOf({ topic, key, ts, node = '', port = '' }: StoredRecord): {
  ts: number;
  instrument: string;
  flow: string;
  node: string;
  port: string;
} {
  return { ts, instrument: key, flow: flowOf(topic, `${node}.${port}`), node, port };
}
