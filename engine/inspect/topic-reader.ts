import { isOrderflowError } from '../errors.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';

const perRead = 512;

/** The part of a log that is read here. */
export type ReadableLog = Pick<Log, 'read' | 'end'>;

/** One topic and partition of a log, of which times ascend. */
export class TopicReader {
  private readonly log: ReadableLog;
  private readonly topic: string;
  private readonly partition: number;

  constructor(log: ReadableLog, topic: string, partition: number) {
    this.log = log;
    this.topic = topic;
    this.partition = partition;
  }

  /** Returns the record at an offset, or null at the end; of a trimmed topic the oldest that is kept. */
  async at(offset: number): Promise<StoredRecord | null> {
    const [record] = await this.page(offset, 1);
    return record ?? null;
  }

  /** Returns the offset the next record will get. */
  end(): Promise<number> {
    return this.log.end(this.topic, this.partition);
  }

  /** Returns the newest record, null when there is none. On Kafka marks of transactions take the offsets after it. */
  async last(): Promise<StoredRecord | null> {
    const end = await this.end();
    for (let back = 1; ; back *= 8) {
      const from = Math.max(0, end - back);
      const records = await this.page(from, back);
      const last = records.findLast((record) => record.offset < end);
      if (last || from === 0) return last ?? null;
    }
  }

  /** Returns the offset of the first record at or after a time. */
  async offsetAt(ts: number): Promise<number> {
    let low = (await this.at(0))?.offset ?? 0;
    let high = await this.end();
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const record = await this.at(middle);
      if (record && record.ts < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Hands over the records from an offset up to a time.
   *
   * @param pause - Waited for between two pages, so that others in the process get their turn.
   */
  async each(
    from: number,
    until: number,
    take: (record: StoredRecord) => void,
    pause: () => Promise<unknown>,
  ): Promise<void> {
    for (let offset = from; ; ) {
      const records = await this.page(offset, perRead);
      for (const record of records) {
        if (record.ts > until) return;
        take(record);
        offset = record.offset + 1;
      }
      if (records.length === 0) return;
      await pause();
    }
  }

  /** Returns the records from an offset on, at most `limit`; of a trimmed topic from the oldest that is kept. */
  async page(from: number, limit: number): Promise<readonly StoredRecord[]> {
    try {
      return await this.log.read(this.topic, this.partition, from, limit);
    } catch (error) {
      if (!isOrderflowError(error, 'OF_LOG_TRIMMED')) throw error;
      return this.log.read(this.topic, this.partition, Number(error.facts['first']), limit);
    }
  }
}
