import { OrderflowError } from '#engine';
import type {
  Commit,
  Log,
  LogSizes,
  NewRecord,
  Positions,
  StoredRecord,
  TaskLog,
} from '#engine/runtime/ports.ts';

import { Arrivals } from './arrivals.ts';

/** What a source leaves with its records, for its next start. */
export interface Resume {
  readonly source: string;
  readonly value: string;
}

/** A task as one handle opened it. */
export interface OpenTask {
  readonly name: string;
  readonly partition: number;
  readonly epoch: number;
  readonly state: ReadonlyMap<string, string>;
}

/** The records and tables under a log of one machine. Each method happens whole or, when it throws, not at all. */
export interface Store {
  readonly logId: string;
  append(partition: number, records: readonly NewRecord[], resume?: Resume): void;
  resumeOf(source: string, partition: number): string | null;
  /** Raises the task's epoch, which fences older handles, and reads its state. */
  openTask(name: string, partition: number): OpenTask;
  /** @throws {OF_LOG_FENCED} when the epoch of the task is a newer one. */
  commit(task: OpenTask, commit: Commit): void;
  /** @throws {OF_LOG_TRIMMED} when a position lies before the oldest record kept. */
  read(
    partition: number,
    topics: Iterable<string>,
    positions: Positions,
    limit: number,
  ): readonly StoredRecord[];
  end(topic: string, partition: number): number;
  topics(): readonly string[];
  trim(topic: string, partition: number, before: number): void;
  /** Bytes on disk of everything together; null for a store without files. */
  bytes(): number | null;
  close(): void;
}

/** The log's port over a store: waiting readers, task handles, and what may not happen after close. */
export class StoreLog implements Log {
  readonly kind: 'memory' | 'local';
  readonly logId: string;
  readonly #name: string;
  readonly #store: Store;
  readonly #arrivals: Arrivals;
  #isClosed = false;

  /**
   * @param name - Names the log in messages.
   * @param pollMs - How late a write of another process may be seen; Infinity where no other can write.
   */
  constructor(kind: 'memory' | 'local', name: string, store: Store, pollMs: number) {
    this.kind = kind;
    this.logId = store.logId;
    this.#name = name;
    this.#store = store;
    this.#arrivals = new Arrivals(pollMs);
  }

  async append(partition: number, records: readonly NewRecord[], resume?: Resume): Promise<void> {
    this.#open().append(partition, records, resume);
    this.#arrivals.notify();
  }

  async resumeOf(source: string, partition: number): Promise<string | null> {
    return this.#open().resumeOf(source, partition);
  }

  async openTask(taskId: string, partition: number, topics: readonly string[]): Promise<TaskLog> {
    const task = this.#open().openTask(taskId, partition);
    const wanted = new Set(topics);
    let isClosed = false;
    const open = (): Store => {
      if (isClosed)
        throw new OrderflowError('OF_LOG_CLOSED', { log: `${this.#name}, task ${taskId}` });
      return this.#open();
    };
    return {
      state: task.state,
      read: async (positions, limit, waitMs) => {
        const store = open();
        const take = (): readonly StoredRecord[] => store.read(partition, wanted, positions, limit);
        return this.#arrivals.take(take, waitMs, () => isClosed || this.#isClosed);
      },
      commit: async (commit) => {
        open().commit(task, commit);
        this.#arrivals.notify();
      },
      close: async () => {
        isClosed = true;
        this.#arrivals.notify();
      },
    };
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ): Promise<readonly StoredRecord[]> {
    return this.#open().read(partition, [topic], { [topic]: from }, limit);
  }

  async end(topic: string, partition: number): Promise<number> {
    return this.#open().end(topic, partition);
  }

  async topics(): Promise<readonly string[]> {
    return this.#open().topics();
  }

  async sizes(): Promise<LogSizes> {
    const files = this.#open().bytes();
    const reason =
      files === null ? 'a log in memory has no files' : 'one file holds all topics of a folder';
    return { topics: {}, files, reason };
  }

  async trim(topic: string, partition: number, before: number): Promise<void> {
    this.#open().trim(topic, partition, before);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#arrivals.notify();
    this.#store.close();
  }

  #open(): Store {
    if (this.#isClosed) throw new OrderflowError('OF_LOG_CLOSED', { log: this.#name });
    return this.#store;
  }
}
