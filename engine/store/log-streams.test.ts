import { afterEach, describe, expect, it, vi } from 'vitest';
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

  describe('of which the first records are those of another program', () => {
    /** Records by partition; `x/1` is no contract that rows are made of. */
    function mixed(schemas: readonly string[][]): Log {
      const records = (partition: number): StoredRecord[] =>
        (schemas[partition] ?? []).map((schema, offset) => ({
          ...{ topic: 'a.topic', partition, key: 'ES', schema, ts: 1, offset, value: '?' },
        }));
      return {
        topics: async () => ['a.topic'],
        end: async (_: string, partition: number) => records(partition).length,
        read: async (_: string, partition: number, from: number, limit: number) =>
          records(partition).slice(from, from + limit),
      } as unknown as Log;
    }
    const offsetsOf = async (streams: LogStreams) => {
      const batch = new Batch();
      await streams.readInto(batch);
      return batch.offsets().map(({ partition, next, refused }) => [partition, next, refused]);
    };
    afterEach(() => void vi.restoreAllMocks());

    it('makes rows of the others, and none of those', async () => {
      // What is refused is a market batch that is none.
      const log = mixed([['x/1', 'x/1', marketSchema, 'x/1', marketSchema]]);
      expect(await offsetsOf(new LogStreams(log, [0]))).toEqual([[0, 5, 2]]);
    });

    it('looks at each partition by itself', async () => {
      const log = mixed([['x/1'], [marketSchema]]);
      expect(await offsetsOf(new LogStreams(log, [0, 1]))).toEqual([[1, 1, 1]]);
    });

    it('looks again now and then', async () => {
      const schemas = [Array.from({ length: 200 }, () => 'x/1')];
      const streams = new LogStreams(mixed(schemas), [0]);
      const now = vi.spyOn(performance, 'now').mockReturnValue(10_000);
      expect(await offsetsOf(streams)).toEqual([]);
      schemas[0]!.push(marketSchema);
      now.mockReturnValue(39_000);
      expect(await offsetsOf(streams)).toEqual([]);
      now.mockReturnValue(41_000);
      expect(await offsetsOf(streams)).toEqual([[0, 201, 1]]);
    });
  });
});
