import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { OrderflowError } from '#engine';
import type { Commit, NewRecord, Positions, StoredRecord } from '#engine/runtime/ports.ts';

import {
  beginInTurn,
  bytesOf,
  lockDirectory,
  logFailure,
  openDatabase,
  prepareDirectory,
} from './local-database.ts';
import { type Cursor, checkKept, merge } from './merge.ts';
import { checkRecord, checkText, storedRecord } from './record.ts';
import type { OpenTask, Resume, Store } from './store-log.ts';
import { checkTopic } from './topics.ts';

/** Where a local log lives and how it is held. */
export interface LocalLogOptions {
  /** Made when missing. */
  readonly directory: string;
  /** `owner` (default) keeps other owners out; a `guest` reads and writes beside the owner: tools, commands. */
  readonly access?: 'owner' | 'guest';
  /**
   * Which writes wait until the disk has them, and so outlive a power cut; a killed process loses none either way.
   * `commits` (default) takes what was appended before along, so that no output lacks its input, and keeps market
   * data from waiting for the disk.
   */
  readonly fsync?: 'every-write' | 'commits' | 'never';
}

/** One topic and partition: offsets from `first` (the oldest kept) up to `next`. */
interface Stream {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  first: number;
  next: number;
}

interface RecordRow {
  readonly place: number;
  readonly offset: number;
  readonly key: string;
  readonly ts: number;
  readonly schema: string;
  readonly node: string | null;
  readonly port: string | null;
  readonly seq: number | null;
  readonly value: Uint8Array | string;
}

/** Rows fetched from one stream at a time. */
const rowsPerFetch = 64;

const statements = {
  begin: 'begin',
  beginWrite: 'begin immediate',
  commit: 'commit',
  rollback: 'rollback',
  dataVersion: 'pragma data_version',
  logId: 'select id from log',
  allStreams: 'select id, topic, partition, first, next from streams',
  addStream: 'insert into streams (topic, partition, first, next) values (?, ?, 0, 0)',
  moveStream: 'update streams set first = ?, next = ? where id = ?',
  addRecord:
    'insert into records (stream, "offset", key, ts, schema, node, port, seq, value) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  fetch:
    'select place, "offset", key, ts, schema, node, port, seq, value from records where stream = ? and "offset" >= ? order by "offset" limit ?',
  trim: 'delete from records where stream = ? and "offset" < ?',
  setResume: 'insert or replace into resume (source, partition, value) values (?, ?, ?)',
  resumeOf: 'select value from resume where source = ? and partition = ?',
  fence:
    'insert into tasks (name, partition, epoch) values (?, ?, 1) on conflict do update set epoch = epoch + 1 returning id, epoch',
  epochOf: 'select id, epoch from tasks where name = ? and partition = ?',
  stateOf: 'select key, value from state where task = ?',
  setState: 'insert or replace into state (task, key, value) values (?, ?, ?)',
  dropState: 'delete from state where task = ? and key = ?',
} as const;

function prepare(db: DatabaseSync): Readonly<Record<keyof typeof statements, StatementSync>> {
  const prepared = Object.entries(statements).map(([name, sql]) => [name, db.prepare(sql)]);
  return Object.fromEntries(prepared);
}

/** The store of a local log: SQLite tables. Every method is one transaction. */
export class LocalStore implements Store {
  readonly logId: string;
  readonly #db: DatabaseSync;
  readonly #lock: DatabaseSync | null;
  readonly #directory: string;
  readonly #fsync: LocalLogOptions['fsync'];
  readonly #sql: ReturnType<typeof prepare>;
  readonly #streams = new Map<string, Stream>();
  /** Streams that the transaction under way has changed. */
  readonly #changed = new Set<Stream>();
  #dataVersion: unknown = null;
  #isSynced: boolean | null = null;

  constructor({ directory, access = 'owner', fsync = 'commits' }: LocalLogOptions) {
    this.#directory = directory;
    this.#fsync = fsync;
    let lock: DatabaseSync | null = null;
    let db: DatabaseSync | null = null;
    try {
      prepareDirectory(directory);
      if (access === 'owner') lock = lockDirectory(directory);
      db = openDatabase(directory, randomUUID());
      this.#db = db;
      this.#lock = lock;
      this.#sql = prepare(db);
      this.logId = String(this.#sql.logId.get()?.['id']);
    } catch (error) {
      db?.close();
      lock?.close();
      throw logFailure(error, directory);
    }
  }

  append(partition: number, records: readonly NewRecord[], resume?: Resume): void {
    this.#write(this.#fsync === 'every-write', () => {
      this.#insert(partition, records);
      if (!resume) return;
      checkText(resume.source, resume.value);
      this.#sql.setResume.run(resume.source, partition, resume.value);
    });
  }

  resumeOf(source: string, partition: number): string | null {
    return this.#view(() => {
      const row = this.#sql.resumeOf.get(source, partition);
      return row ? String(row['value']) : null;
    });
  }

  openTask(name: string, partition: number): OpenTask {
    return this.#write(this.#fsync !== 'never', () => {
      const { id, epoch } = this.#sql.fence.get(name, partition) as unknown as {
        id: number;
        epoch: number;
      };
      const rows = this.#sql.stateOf.all(id) as unknown as { key: string; value: string }[];
      return { name, partition, epoch, state: new Map(rows.map(({ key, value }) => [key, value])) };
    });
  }

  commit({ name, partition, epoch }: OpenTask, { outputs, state }: Commit): void {
    this.#write(this.#fsync !== 'never', () => {
      const task = this.#sql.epochOf.get(name, partition) as unknown as {
        id: number;
        epoch: number;
      };
      if (task.epoch !== epoch)
        throw new OrderflowError('OF_LOG_FENCED', { task: name, epoch, newer: task.epoch });
      this.#insert(partition, outputs);
      for (const { key, value } of state) {
        if (value === null) {
          this.#sql.dropState.run(task.id, key);
        } else {
          checkText(key, value);
          this.#sql.setState.run(task.id, key, value);
        }
      }
    });
  }

  read(
    partition: number,
    topics: Iterable<string>,
    positions: Positions,
    limit: number,
  ): readonly StoredRecord[] {
    return this.#view(() => {
      const cursors: Cursor[] = [];
      for (const topic of topics) {
        const stream = this.#streams.get(streamKey(partition, topic));
        if (!stream) continue;
        const from = positions[topic] ?? stream.first;
        checkKept(topic, partition, from, stream.first);
        if (from < stream.next)
          cursors.push(this.#cursor(stream, from, Math.min(limit, rowsPerFetch)));
      }
      return merge(cursors, limit);
    });
  }

  end(topic: string, partition: number): number {
    return this.#view(() => this.#streams.get(streamKey(partition, topic))?.next ?? 0);
  }

  topics(): readonly string[] {
    return this.#view(() => {
      const held = [...this.#streams.values()]
        .filter(({ first, next }) => first < next)
        .map(({ topic }) => topic);
      return [...new Set(held)].sort((a, b) => (a < b ? -1 : 1));
    });
  }

  trim(topic: string, partition: number, before: number): void {
    this.#write(false, () => {
      const stream = this.#streams.get(streamKey(partition, topic));
      if (!stream || before <= stream.first) return;
      stream.first = Math.min(before, stream.next);
      this.#changed.add(stream);
      this.#sql.trim.run(stream.id, stream.first);
    });
  }

  bytes(): number {
    return bytesOf(this.#directory);
  }

  close(): void {
    this.#db.close();
    this.#lock?.close();
  }

  #insert(partition: number, records: readonly NewRecord[]): void {
    let stream: Stream | null = null;
    for (const record of records) {
      checkRecord(record);
      if (stream?.topic !== record.topic) stream = this.#stream(partition, record.topic);
      const { key, ts, schema, node, port, seq, value } = record;
      this.#sql.addRecord.run(
        stream.id,
        stream.next,
        key,
        ts,
        schema,
        node ?? null,
        port ?? null,
        seq ?? null,
        value,
      );
      stream.next += 1;
    }
  }

  #stream(partition: number, topic: string): Stream {
    const key = streamKey(partition, topic);
    let stream = this.#streams.get(key);
    if (!stream) {
      checkTopic(topic);
      const id = Number(this.#sql.addStream.run(topic, partition).lastInsertRowid);
      this.#streams.set(key, (stream = { id, topic, partition, first: 0, next: 0 }));
    }
    this.#changed.add(stream);
    return stream;
  }

  #cursor(stream: Stream, from: number, fetch: number): Cursor {
    let rows: readonly RecordRow[] = [];
    let at = 0;
    let next = from;
    const head = (): RecordRow | undefined => {
      if (at === rows.length && next < stream.next) {
        rows = this.#sql.fetch.all(stream.id, next, fetch) as unknown as readonly RecordRow[];
        at = 0;
        this.#checkComplete(stream, next, rows);
        next += rows.length;
      }
      return rows[at];
    };
    return {
      place: () => head()?.place ?? Infinity,
      take: () => {
        const row = rows[at]!;
        at += 1;
        return storedRecord(row, stream.topic, stream.partition, row.offset);
      },
    };
  }

  /** Refuses rows that leave out an offset: a reader would never notice. */
  #checkComplete({ topic, partition }: Stream, from: number, rows: readonly RecordRow[]): void {
    if (rows.length > 0 && rows.at(-1)?.offset === from + rows.length - 1) return;
    const at = rows.findIndex(({ offset }, i) => offset !== from + i);
    const cause = `topic '${topic}' partition ${partition} lacks the record of offset ${from + Math.max(at, 0)}`;
    throw new OrderflowError('OF_LOG_CORRUPT', { directory: this.#directory, cause });
  }

  /** Reads in one transaction, so that a write of another process cannot appear in one topic and not in the next. */
  #view<T>(work: () => T): T {
    return this.#transaction(this.#sql.begin, work);
  }

  /** @param isSynced - Whether to wait for the disk, which then holds everything written before as well. */
  #write<T>(isSynced: boolean, work: () => T): T {
    if (isSynced !== this.#isSynced)
      this.#db.exec(`pragma synchronous = ${isSynced ? 'full' : 'normal'}`);
    this.#isSynced = isSynced;
    return this.#transaction(this.#sql.beginWrite, () => {
      const result = work();
      for (const { id, first, next } of this.#changed) this.#sql.moveStream.run(first, next, id);
      this.#changed.clear();
      return result;
    });
  }

  #transaction<T>(begin: StatementSync, work: () => T): T {
    try {
      beginInTurn(this.#db, () => {
        begin.run();
        this.#refresh();
      });
      const result = work();
      this.#sql.commit.run();
      return result;
    } catch (error) {
      this.#abandon();
      throw logFailure(error, this.#directory);
    }
  }

  /** Reads the streams again when another process has written since. */
  #refresh(): void {
    const version = this.#sql.dataVersion.get()?.['data_version'];
    if (version === this.#dataVersion) return;
    this.#streams.clear();
    for (const row of this.#sql.allStreams.all() as unknown as Stream[]) {
      this.#streams.set(streamKey(row.partition, row.topic), { ...row });
    }
    this.#dataVersion = version;
  }

  #abandon(): void {
    this.#changed.clear();
    this.#dataVersion = null;
    // SQLite rolls back by itself when the disk is full or fails.
    if (this.#db.isTransaction) this.#sql.rollback.run();
  }
}

function streamKey(partition: number, topic: string): string {
  return `${partition} ${topic}`;
}
