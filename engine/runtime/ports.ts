/** A record as a writer hands it over: the log gives it its offset. */
export interface NewRecord {
  readonly topic: string;
  /** The instrument's symbol. */
  readonly key: string;
  /** Event time in microseconds. */
  readonly ts: number;
  /** The contract's id with its version, such as `signal/1`. */
  readonly schema: string;
  readonly node?: string;
  readonly port?: string;
  /** Number of the macrostep that made it; absent for input. */
  readonly seq?: number;
  /** JSON text, or the bytes of a market batch. */
  readonly value: Uint8Array | string;
}

/**
 * A record as the log holds it. Offsets of a topic's partition ascend from 0. Not every offset has a record: on Kafka marks
 * of transactions take some, also the last ones.
 */
export interface StoredRecord extends NewRecord {
  readonly partition: number;
  readonly offset: number;
}

/** Next offset to read, by topic. A topic not named is read from its beginning. */
export type Positions = Readonly<Record<string, number>>;

/** One key of a task's compacted state; `null` deletes it. */
export interface StateWrite {
  readonly key: string;
  readonly value: string | null;
}

/** What one commit writes: all of it or nothing. */
export interface Commit {
  readonly outputs: readonly NewRecord[];
  readonly state: readonly StateWrite[];
}

/**
 * The handle of one running task (flow and partition). Opening it fences every older handle of the same task first
 * and reads the state after, so a zombie can neither commit nor be read half-way.
 */
export interface TaskLog {
  /** The committed state at the time of opening, by key. */
  readonly state: ReadonlyMap<string, string>;
  /**
   * Returns the next committed input records of the task's topics and partition in log order: the one order every
   * reader of this log gets again. Waits up to `waitMs` for the first; empty when none came.
   */
  read(positions: Positions, limit: number, waitMs: number): Promise<readonly StoredRecord[]>;
  /**
   * Writes outputs and state atomically.
   * @throws {OF_LOG_FENCED} when a newer handle of this task was opened; the task must exit.
   */
  commit(commit: Commit): Promise<void>;
  close(): Promise<void>;
}

/** The room that a log takes on disk. */
export interface LogSizes {
  /** Bytes of one copy of a topic, by topic; one that is not there, or not known, is absent. */
  readonly topics: Readonly<Record<string, number>>;
  /** Bytes of the files that hold all topics together; null where there are none such. */
  readonly files: number | null;
  /** Why no topic has bytes of its own, in words; null where they have. */
  readonly reason: string | null;
}

/** The log: the only way in and the only truth. Backends: memory, local (one file), Kafka. */
export interface Log {
  readonly kind: 'memory' | 'local' | 'kafka';
  /** Drawn once when the log is created, so that ids of a fresh log never meet those of another. */
  readonly logId: string;
  /**
   * Appends input records to one partition, durable when it resolves. `resume` is kept with them, atomically: it is
   * what the source of that name is handed when it is opened again.
   */
  append(
    partition: number,
    records: readonly NewRecord[],
    resume?: { readonly source: string; readonly value: string },
  ): Promise<void>;
  /**
   * Returns what a source last left with its records; null when it never wrote. Asking takes the source over where
   * several processes can: one that wrote it before is fenced.
   */
  resumeOf(source: string, partition: number): Promise<string | null>;
  /** Opens (and fences) a task that reads `topics`. */
  openTask(taskId: string, partition: number, topics: readonly string[]): Promise<TaskLog>;
  /** Returns committed records of one topic and partition from an offset on, ascending, at most `limit`. */
  read(
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ): Promise<readonly StoredRecord[]>;
  /** Returns the offset the next record will get: all records lie before it. */
  end(topic: string, partition: number): Promise<number>;
  /** Returns all topics that hold records, ascending. */
  topics(): Promise<readonly string[]>;
  /** Returns how much room topics take; absent where nobody measures it. */
  sizes?(topics: readonly string[]): Promise<LogSizes>;
  /** Drops records below an offset; readers that ask for them get {OF_LOG_TRIMMED}. */
  trim(topic: string, partition: number, before: number): Promise<void>;
  close(): Promise<void>;
}
