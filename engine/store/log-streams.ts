import { isOrderflowError } from '../errors.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import type { Batch, Stream } from './batch.ts';
import type { TopicOffsetRow } from './entities/system.ts';
import { projectionOf } from './projections.ts';

/** Records read of one topic at a time. A market batch holds up to 512 rows. */
const perRead = 512;
/** About how much one transaction holds: a read is never cut. */
export interface BatchSize {
  readonly rows: number;
  readonly records: number;
  /** Market batches come to few rows and would else be held by the hundred megabytes. */
  readonly bytes?: number;
}

const usualSize = { rows: 2_000, records: 16_384, bytes: 16 * 2 ** 20 };
/** How often new topics are looked for. */
const discoverEveryMs = 1_000;
/** After how long a topic of which no row was made is looked at again, and how many of its newest records. */
const lookAgain = { afterMs: 30_000, records: 64 } as const;

const isProjected = ({ topic, schema }: StoredRecord): boolean =>
  projectionOf(topic, schema) !== null;

/** The topics of a log that are projected, and how far each was read. */
export class LogStreams {
  private readonly log: Log;
  private readonly partitions: readonly number[];
  private readonly streams = new Map<string, Stream>();
  private stored: ReadonlyMap<string, TopicOffsetRow> = new Map();
  /** Topics of which no row is made so far, with the time at which they are looked at again. */
  private readonly ignored = new Map<string, number>();
  private discoveredAt = Number.NEGATIVE_INFINITY;
  /** The stream that comes first in the next batch, so that a busy one does not hold back the others. */
  private turn = 0;
  private readonly size: Required<BatchSize>;

  constructor(log: Log, partitions: readonly number[], size: BatchSize = usualSize) {
    this.log = log;
    this.size = { ...usualSize, ...size };
    this.partitions = partitions;
  }

  /** Begins anew from the offsets that a store holds. */
  begin(stored: readonly TopicOffsetRow[]): void {
    this.streams.clear();
    this.stored = new Map(stored.map((row) => [keyOf(row.topic, row.partition), row]));
    this.discoveredAt = Number.NEGATIVE_INFINITY;
  }

  /** Reads on in all streams, round about, until the batch is full or nothing is new. */
  async readInto(batch: Batch): Promise<void> {
    await this.discover();
    const streams = [...this.streams.values()];
    let idle = 0;
    while (idle < streams.length && !this.isFull(batch)) {
      const stream = streams[this.turn % streams.length]!;
      this.turn += 1;
      const from = batch.nextOf(stream);
      const { records, missed } = await this.read(
        stream.topic,
        stream.partition,
        from,
        Math.min(perRead, this.size.records),
      );
      idle = records.length === 0 ? idle + 1 : 0;
      if (records.length > 0) batch.add(stream, records, missed);
    }
  }

  /** How many records of these streams the log holds, and how many of them were read. */
  async progress(): Promise<{ readonly done: number; readonly all: number }> {
    await this.discover();
    let [done, all] = [0, 0];
    for (const { topic, partition, next } of this.streams.values()) {
      done += next;
      all += await this.log.end(topic, partition);
    }
    return { done, all };
  }

  /** Returns the record at an offset or the oldest kept after it; null at the end of the log. */
  async peek(topic: string, partition: number, at: number): Promise<StoredRecord | null> {
    const { records } = await this.read(topic, partition, at, 1);
    return records[0] ?? null;
  }

  private isFull({ rows, count, bytes }: Batch): boolean {
    const { size } = this;
    return rows.count >= size.rows || count >= size.records || bytes >= size.bytes;
  }

  /** Looks for topics that hold records now. Their records tell by their contracts whether a topic is projected. */
  private async discover(): Promise<void> {
    const now = performance.now();
    if (now - this.discoveredAt < discoverEveryMs) return;
    this.discoveredAt = now;
    for (const topic of await this.log.topics()) {
      if (now < (this.ignored.get(topic) ?? now)) continue;
      let isForeign = false;
      for (const partition of this.partitions)
        if (!this.streams.has(keyOf(topic, partition)) && !(await this.meet(topic, partition)))
          isForeign = true;
      const isRead = this.partitions.some((partition) => this.streams.has(keyOf(topic, partition)));
      if (isForeign && !isRead) this.ignored.set(topic, now + lookAgain.afterMs);
    }
  }

  /** Begins to read a partition that was read before, or of which rows are made; false when none are. */
  private async meet(topic: string, partition: number): Promise<boolean> {
    const key = keyOf(topic, partition);
    const row = this.stored.get(key);
    if (!row) {
      const oldest = await this.peek(topic, partition, 0);
      if (!oldest) return true;
      if (!isProjected(oldest) && !(await this.isProjectedByNow(topic, partition))) return false;
    }
    const begin = row ?? { topic, partition, next: 0, lastTs: 0, refused: 0, missed: 0 };
    this.streams.set(key, { ...begin, isKept: row !== undefined });
    return true;
  }

  /** A topic may begin with records of another program, or of a contract that was given up since. */
  private async isProjectedByNow(topic: string, partition: number): Promise<boolean> {
    const from = Math.max(0, (await this.log.end(topic, partition)) - lookAgain.records);
    const { records } = await this.read(topic, partition, from, lookAgain.records);
    return records.some(isProjected);
  }

  /**
   * Reads on from the oldest record that is kept, where the log has dropped what came before; `missed` is how many offsets
   * that were. A hole that nobody dropped is none of them: on Kafka marks of transactions take offsets too.
   */
  private async read(
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ): Promise<{ readonly records: readonly StoredRecord[]; readonly missed: number }> {
    try {
      return { records: await this.log.read(topic, partition, from, limit), missed: 0 };
    } catch (error) {
      if (!isOrderflowError(error, 'OF_LOG_TRIMMED')) throw error;
      const first = Number(error.facts['first']);
      const records = await this.log.read(topic, partition, first, limit);
      return { records, missed: first - from };
    }
  }
}

function keyOf(topic: string, partition: number): string {
  return `${partition} ${topic}`;
}
