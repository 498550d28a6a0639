import { OrderflowError } from '../errors.ts';
import type { Commit, Log, NewRecord, Positions, StoredRecord, TaskLog } from '../runtime/ports.ts';

/** Thrown where a test lets the process die. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** When to die: at the n-th operation of the log, before or after it took effect. */
export interface CrashPlan {
  readonly operation: number;
  readonly when: 'before' | 'after';
}

interface TaskEntry {
  epoch: number;
  state: Map<string, string>;
}

/** A log in memory that dies once where a test says so. What it holds survives, as a disk would. */
export class FaultyLog implements Log {
  readonly kind = 'memory';
  readonly logId = 'faulty';
  /** Operations so far. */
  operations = 0;
  private plan: CrashPlan | null = null;
  private readonly records = new Map<string, StoredRecord[]>();
  private readonly order: StoredRecord[] = [];
  private readonly tasks = new Map<string, TaskEntry>();
  private readonly resumes = new Map<string, string>();

  /** Arms the one crash; counting starts anew. */
  crashAt(plan: CrashPlan | null): void {
    this.plan = plan;
    this.operations = 0;
  }

  async append(
    partition: number,
    records: readonly NewRecord[],
    resume?: { readonly source: string; readonly value: string },
  ): Promise<void> {
    await this.operate(() => {
      for (const record of records) this.put(partition, record);
      if (resume) this.resumes.set(`${resume.source}|${partition}`, resume.value);
    });
  }

  async resumeOf(source: string, partition: number): Promise<string | null> {
    return this.resumes.get(`${source}|${partition}`) ?? null;
  }

  async openTask(taskId: string, partition: number, topics: readonly string[]): Promise<TaskLog> {
    const entry = this.tasks.get(taskId) ?? { epoch: 0, state: new Map<string, string>() };
    this.tasks.set(taskId, entry);
    entry.epoch += 1;
    const epoch = entry.epoch;
    return {
      state: new Map(entry.state),
      read: async (positions, limit) => this.next(partition, topics, positions, limit),
      commit: async (commit) => {
        if (entry.epoch !== epoch)
          throw new OrderflowError('OF_LOG_FENCED', { task: taskId, epoch, newer: entry.epoch });
        await this.operate(() => this.apply(partition, entry, commit));
      },
      close: async () => {},
    };
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ): Promise<readonly StoredRecord[]> {
    return this.list(topic, partition).slice(from, from + limit);
  }

  async end(topic: string, partition: number): Promise<number> {
    return this.list(topic, partition).length;
  }

  async topics(): Promise<readonly string[]> {
    return [...new Set(this.order.map((record) => record.topic))].sort((a, b) => (a < b ? -1 : 1));
  }

  async trim(): Promise<void> {}

  async close(): Promise<void> {}

  private next(
    partition: number,
    topics: readonly string[],
    positions: Positions,
    limit: number,
  ): StoredRecord[] {
    return this.order
      .filter(
        (r) =>
          r.partition === partition &&
          topics.includes(r.topic) &&
          r.offset >= (positions[r.topic] ?? 0),
      )
      .slice(0, limit);
  }

  private apply(partition: number, entry: TaskEntry, commit: Commit): void {
    for (const record of commit.outputs) this.put(partition, record);
    for (const { key, value } of commit.state) {
      if (value === null) entry.state.delete(key);
      else entry.state.set(key, value);
    }
  }

  private list(topic: string, partition: number): StoredRecord[] {
    const name = `${topic}|${partition}`;
    const list = this.records.get(name) ?? [];
    this.records.set(name, list);
    return list;
  }

  private put(partition: number, record: NewRecord): void {
    const list = this.list(record.topic, partition);
    const stored: StoredRecord = { ...record, partition, offset: list.length };
    list.push(stored);
    this.order.push(stored);
  }

  private async operate(effect: () => void): Promise<void> {
    this.operations += 1;
    const dies = this.plan?.operation === this.operations;
    if (dies && this.plan?.when === 'before') throw new Crash('before the operation took effect');
    effect();
    if (dies) throw new Crash('after the operation took effect');
  }
}
