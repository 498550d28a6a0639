import { type EntityManager, LockMode } from '@mikro-orm/core';
import { OrderflowError } from '../errors.ts';
import type { Log } from '../runtime/ports.ts';
import { Batch, type Stream } from './batch.ts';
import { TopicOffset, type TopicOffsetRow } from './entities/system.ts';
import { type BatchSize, LogStreams } from './log-streams.ts';
import { isBadValue, isTaken, storeFailure } from './store-failure.ts';
import { claimStore, type StoreSession } from './store-session.ts';
import { nameOf } from './target.ts';

/** What a round did. */
export interface Round {
  readonly records: number;
  readonly rows: number;
  /** Another projector writes this store: it had been there first. */
  readonly isOvertaken: boolean;
}

/** Thrown inside a transaction to undo it. */
class Overtaken extends Error {}

/** What a projector is made from. */
export interface ProjectorOptions {
  readonly log: Log;
  readonly session: StoreSession;
  /** Numbers of the instruments, which are the partitions of every topic. */
  readonly partitions: readonly number[];
  /** What one transaction holds; small in tests. */
  readonly size?: BatchSize;
}

/**
 * Makes rows of committed records. Rows and the offsets they came from are written in one transaction, so a projector
 * that is killed anywhere goes on where the rows end, and two of them cannot double a row.
 */
export class Projector {
  private readonly log: Log;
  private readonly session: StoreSession;
  private readonly streams: LogStreams;

  constructor({ log, session, partitions, size }: ProjectorOptions) {
    this.log = log;
    this.session = session;
    this.streams = new LogStreams(log, partitions, size);
  }

  /**
   * Makes sure the store is one of this log, and finds where it ends.
   *
   * @throws {OF_STORE_OTHER_LOG} when it was made from another log.
   * @throws {OF_STORE_DIVERGED} when the log is not the one it was made from.
   */
  async open(): Promise<void> {
    await this.guard(async () => {
      await claimStore(this.session, this.log.logId);
      for (const row of await this.load()) await this.checkSame(row);
    });
  }

  /** Reads what is new, as much as one transaction holds, and writes what comes of it. */
  async round(): Promise<Round> {
    return this.guard(async () => {
      const batch = new Batch();
      await this.streams.readInto(batch);
      if (await this.write(batch))
        return { records: batch.count, rows: batch.rows.count, isOvertaken: false };
      await this.load();
      return { records: 0, rows: 0, isOvertaken: true };
    });
  }

  /** Projects until nothing is new; tells of each round. */
  async catchUp(told: (round: Round) => void = () => {}): Promise<void> {
    for (;;) {
      const round = await this.round();
      told(round);
      if (round.records === 0 && !round.isOvertaken) return;
    }
  }

  /** How many records of the projected topics the log holds, and how many of them are in the store. */
  progress(): Promise<{ readonly done: number; readonly all: number }> {
    return this.streams.progress();
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error, this.session.target);
    }
  }

  private async load(): Promise<readonly TopicOffsetRow[]> {
    const stored = await this.session.em().find(TopicOffset, {});
    const rows = stored.map((row) => ({ ...row }));
    this.streams.begin(rows);
    return rows;
  }

  /** Refuses a log whose last projected record is another one now. */
  private async checkSame({ topic, partition, next, lastTs }: TopicOffsetRow): Promise<void> {
    const isShort = (await this.log.end(topic, partition)) < next;
    const record = isShort ? null : await this.streams.peek(topic, partition, next - 1);
    // A trimmed record cannot be compared.
    const isSame = record === null || record.offset !== next - 1 || record.ts === lastTs;
    if (!isShort && isSame) return;
    throw new OrderflowError('OF_STORE_DIVERGED', {
      store: nameOf(this.session.target),
      topic,
      partition,
      offset: next - 1,
      expected: lastTs,
      was: record ? record.ts : 'no record',
    });
  }

  /** Writes a batch; false when another projector had been there first. */
  private async write(batch: Batch): Promise<boolean> {
    if (batch.count === 0) return true;
    try {
      await this.transact(batch);
      return true;
    } catch (error) {
      if (error instanceof Overtaken || isTaken(error)) return false;
      if (!isBadValue(error)) throw error;
    }
    // One of the records has a value that no column takes: halves are tried alone, down to the record itself.
    for (const half of batch.apart()) if (!(await this.write(half))) return false;
    return true;
  }

  private async transact(batch: Batch): Promise<void> {
    const { streams } = batch;
    const offsets = batch.offsets();
    await this.session.em().transactional(async (em) => {
      this.session.checkOwned();
      await claim(em, streams);
      await batch.rows.write(em);
      const made = offsets.filter((_, i) => !streams[i]!.isKept);
      const moved = offsets.filter((_, i) => streams[i]!.isKept);
      // Inserted, not upserted: of two projectors that begin a topic at once one must fail.
      if (made.length > 0) await em.insertMany(TopicOffset, made);
      if (moved.length > 0) await em.upsertMany(TopicOffset, moved);
      this.session.checkOwned();
    });
    for (const [i, stream] of streams.entries())
      Object.assign(stream, offsets[i], { isKept: true });
  }
}

/** Locks the offsets of what is written, and makes sure that they are where this projector thinks they are. */
async function claim(em: EntityManager, streams: readonly Stream[]): Promise<void> {
  const kept = streams.filter(({ isKept }) => isKept);
  if (kept.length === 0) return;
  const stored: TopicOffsetRow[] = await em.find(
    TopicOffset,
    { $or: kept.map(({ topic, partition }) => ({ topic, partition })) },
    // In one order everywhere, or two projectors could wait for each other.
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { topic: 'asc', partition: 'asc' } },
  );
  const nextOf = new Map(stored.map((row) => [`${row.partition} ${row.topic}`, row.next]));
  const isMine = kept.every(
    ({ topic, partition, next }) => nextOf.get(`${partition} ${topic}`) === next,
  );
  if (!isMine) throw new Overtaken();
}
