import { describe, expect, it } from 'vitest';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { OrderflowError } from '../errors.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import { Batch } from './batch.ts';
import { LogStreams } from './log-streams.ts';

/** A log as it is on Kafka: records at every third offset, marks of transactions between them. */
function logOf(count: number, first = 0, value = '?'): Log {
  const records = Array.from(
    { length: count },
    (_, i): StoredRecord => ({
      ...{ topic: marketTopic, partition: 0, key: 'ES', schema: marketSchema },
      ...{ ts: i, offset: 3 * i, value },
    }),
  ).filter(({ offset }) => offset >= first);
  return {
    topics: async () => [marketTopic],
    end: async () => 3 * count,
    read: async (topic: string, partition: number, from: number, limit: number) => {
      if (from < first)
        throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first, from });
      return records.filter(({ offset }) => offset >= from).slice(0, limit);
    },
  } as unknown as Log;
}

async function read(log: Log, size?: { rows: number; records: number; bytes: number }) {
  const batch = new Batch();
  await new LogStreams(log, [0], size).readInto(batch);
  return batch;
}

describe('reading on in the topics of a log', () => {
  it('counts no mark of a transaction as a record it missed', async () => {
    // More than one read: the next one begins at a mark.
    expect((await read(logOf(1_200))).offsets()).toMatchObject([{ next: 3_598, missed: 0 }]);
  });

  it('counts what the log had dropped', async () => {
    expect((await read(logOf(5, 6))).offsets()).toMatchObject([{ next: 13, missed: 6 }]);
  });

  it('holds no more at once than it may', async () => {
    const size = { rows: 10, records: 1_000, bytes: 2_000 };
    const log = logOf(2_000, 0, 'x'.repeat(10));
    expect((await read(log, size)).count).toBe(512);
    expect((await read(log, { ...size, bytes: 1e9 })).count).toBe(1_024);
  });
});
