import { expect } from 'vitest';
import { isOrderflowError } from '#engine';
import type { Log, NewRecord, Positions, StoredRecord, TaskLog } from '#engine/runtime/ports.ts';

/** Event time of the first record. */
export const start = 1_763_562_600_000_000;
export const market = 'market.data';
export const commands = 'control.commands';
export const signals = 'pro-course.eighty.signal';

export function input(topic: string, n: number): NewRecord {
  return { topic, key: 'ES', ts: start + n, schema: 'command/1', value: `{"n":${n}}` };
}

export function output(n: number): NewRecord {
  return {
    topic: signals,
    key: 'ES',
    ts: start,
    schema: 'signal/1',
    node: 'eighty',
    port: 'signal',
    seq: n,
    value: `{"n":${n}}`,
  };
}

/** What {@link input} and {@link output} numbered their records with. */
export function seqsOf(records: readonly StoredRecord[]): readonly number[] {
  return records.map(({ seq, ts }) => seq ?? ts - start);
}

/** The positions after these records. */
export function after(records: readonly StoredRecord[]): Positions {
  return Object.fromEntries(records.map(({ topic, offset }) => [topic, offset + 1]));
}

export async function replay(
  task: TaskLog,
  from: Positions,
  limit: number,
): Promise<readonly StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (let positions = from; ; ) {
    const records = await task.read(positions, limit, 0);
    if (records.length === 0) return all;
    expect(records.length).toBeLessThanOrEqual(limit);
    all.push(...records);
    positions = { ...positions, ...after(records) };
  }
}

export async function readAll(
  log: Log,
  topic: string,
  partition: number,
): Promise<readonly StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (let from = 0; ; ) {
    const records = await log.read(topic, partition, from, 1_000);
    if (records.length === 0) return all;
    all.push(...records);
    from = records.at(-1)!.offset + 1;
  }
}

/** The code of the error a promise ends with; empty when it ends well. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return '';
  } catch (error) {
    if (isOrderflowError(error)) return error.code;
    throw error;
  }
}
