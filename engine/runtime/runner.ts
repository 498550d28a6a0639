import type { TaskState } from '../contracts/journal.ts';
import { marketTopic } from '../contracts/market-batch.ts';
import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import {
  assertRecovered,
  checkpointOf,
  readTaskState,
  restoreTask,
  taskKey,
  taskState,
} from './checkpoint.ts';
import type { Log, StateWrite, StoredRecord, TaskLog } from './ports.ts';
import { Task, type TaskOptions } from './task.ts';

/** How a task is run over a log. The wall clock decides when to commit and never reaches the task. */
export interface RunnerOptions extends TaskOptions {
  /** Milliseconds of a clock that only moves forward. */
  readonly wallClock: () => number;
  /** Lets a commit that is under way go on between two records; without it that happens while the log is read. */
  readonly turn?: () => Promise<void>;
  readonly commitEveryMs?: number;
  readonly commitEveryRecords?: number;
  readonly checkpointEveryMs?: number;
  /** `discard` drops outputs instead of committing them: a replay that only reports. */
  readonly outputs?: 'commit' | 'discard';
}

/** What a recovery did: how many records were run again, and to which macrostep. */
export interface Recovery {
  readonly records: number;
  readonly seq: number;
  /** The flow is not the one that wrote the log so far: its rules or parameters changed. */
  readonly flowChanged: boolean;
}

const recordsPerRead = 256;
/**
 * How often and how long a start waits for input that it has read before: brokers that start anew show what they hold some
 * moments later than they answer.
 */
const late = { reads: 40, waitMs: 250 } as const;

/** Runs one task: fence, restore, re-run what the checkpoint lacks, prove it, then records in, commits out. */
export class TaskRunner {
  readonly task: Task;
  /** Null for a task that began fresh. */
  readonly recovery: Recovery | null;
  private readonly log: TaskLog;
  private readonly options: Required<RunnerOptions>;
  private lastCommit: number;
  private lastCheckpoint: number;
  /** Milliseconds that the task stood still so far: until records came, and until a commit was done. */
  readonly waitedMs = { read: 0, commit: 0 };
  private uncommitted = 0;
  /** The commit that is not done yet; what follows is worked on meanwhile, and committed after it. */
  private underWay: Promise<void> | null = null;

  private constructor(
    task: Task,
    log: TaskLog,
    recovery: Recovery | null,
    options: Required<RunnerOptions>,
  ) {
    this.task = task;
    this.log = log;
    this.recovery = recovery;
    this.options = options;
    this.lastCommit = options.wallClock();
    // After a recovery the first commit is a checkpoint: a process killed again and again would else start ever farther back.
    this.lastCheckpoint =
      recovery && recovery.records > 0 ? Number.NEGATIVE_INFINITY : this.lastCommit;
  }

  /**
   * Opens the task of a flow and instrument on a log.
   *
   * @throws {OF_SNAPSHOT_VERSION} when the checkpoint is of another build.
   * @throws {OF_SNAPSHOT_DIVERGED} when re-running does not arrive at the committed journal hash.
   * @throws {OF_LOG_MISSING} when the log no longer holds what is to be run again.
   */
  static async open(
    log: Log,
    graph: FlowGraph,
    instrument: Instrument,
    options: RunnerOptions,
  ): Promise<TaskRunner> {
    const all: Required<RunnerOptions> = {
      explain: true,
      publish: true,
      hash: true,
      validate: false,
      checkInputs: true,
      turn: () => Promise.resolve(),
      commitEveryMs: 100,
      commitEveryRecords: 5_000,
      checkpointEveryMs: 3_000,
      outputs: 'commit',
      ...options,
    };
    const taskLog = await log.openTask(`${graph.name}.${instrument.symbol}`, instrument.number, [
      marketTopic,
      ...graph.topics,
    ]);
    try {
      return await TaskRunner.begin({ log, taskLog }, graph, instrument, all);
    } catch (error) {
      await taskLog.close();
      throw error;
    }
  }

  private static async begin(
    logs: TaskLogs,
    graph: FlowGraph,
    instrument: Instrument,
    options: Required<RunnerOptions>,
  ): Promise<TaskRunner> {
    const task = new Task(graph, instrument, {
      ...options,
      publish: options.publish && options.outputs === 'commit',
    });
    const { taskLog } = logs;
    const committed = restoreTask(task, taskLog.state) ?? committedWithoutCheckpoint(taskLog.state);
    const recovery = committed ? await rerun(task, logs, committed) : null;
    task.startNewNodes();
    return new TaskRunner(task, taskLog, recovery, options);
  }

  /**
   * Takes what the log has next; returns the number of records, 0 when none came within `waitMs`. Then all that was due
   * is committed; before that the last commit may still be under way.
   */
  async runOnce(waitMs: number): Promise<number> {
    const reading = this.log.read(this.task.offsets, recordsPerRead, waitMs);
    const records = await this.waitFor('read', reading);
    for (const record of records) {
      this.task.step(record);
      this.uncommitted += 1;
      // An order must not leave before the idea behind it is committed.
      if (this.task.output.holdsIntent) await this.commit(false);
      // Asked after each record: a backlog after a restart must not put off the first commit.
      else if (this.isCommitDue()) await this.beginCommit(this.isCheckpointDue());
      else if (this.underWay) await this.options.turn();
    }
    // And when none came: what was done since the last commit does not wait for the market to go on.
    if (this.isCommitDue()) await this.beginCommit(this.isCheckpointDue());
    if (records.length === 0) await this.settled();
    return records.length;
  }

  /** Commits everything with a checkpoint, so that the next start has nothing to run again. */
  async close(): Promise<void> {
    await this.commit(true);
    await this.log.close();
  }

  /** Lets go of the log and writes nothing more: the task has failed, and the next start goes on from its last commit. */
  async abandon(): Promise<void> {
    await this.underWay?.catch(() => {});
    await this.log.close();
  }

  private isCommitDue(): boolean {
    if (this.uncommitted === 0) return false;
    const { commitEveryMs, commitEveryRecords, wallClock } = this.options;
    return this.uncommitted >= commitEveryRecords || wallClock() - this.lastCommit >= commitEveryMs;
  }

  private isCheckpointDue(): boolean {
    return this.options.wallClock() - this.lastCheckpoint >= this.options.checkpointEveryMs;
  }

  private async commit(withCheckpoint: boolean): Promise<void> {
    await this.beginCommit(withCheckpoint);
    await this.settled();
  }

  /** Hands what there is to the log, after the commit before it. */
  private async beginCommit(withCheckpoint: boolean): Promise<void> {
    await this.settled();
    const outputs = this.task.output.take();
    const state: StateWrite[] = [{ key: taskKey, value: JSON.stringify(taskState(this.task)) }];
    if (withCheckpoint) state.push(...checkpointOf(this.task));
    this.uncommitted = 0;
    this.lastCommit = this.options.wallClock();
    if (withCheckpoint) this.lastCheckpoint = this.lastCommit;
    if (this.options.outputs === 'discard') return;
    this.underWay = this.log.commit({ outputs, state });
    void this.follow(this.underWay);
  }

  private async follow(commit: Promise<void>): Promise<void> {
    try {
      await commit;
      this.underWay = null;
    } catch {
      // It stays, and fails whoever waits for it next: nothing is committed after what was not.
    }
  }

  /** Resolves when the last commit is done; fails as it did. */
  private async settled(): Promise<void> {
    if (this.underWay) await this.waitFor('commit', this.underWay);
  }

  private async waitFor<T>(what: keyof TaskRunner['waitedMs'], act: Promise<T>): Promise<T> {
    const start = this.options.wallClock();
    const result = await act;
    this.waitedMs[what] += this.options.wallClock() - start;
    return result;
  }
}

function committedWithoutCheckpoint(state: ReadonlyMap<string, string>): TaskState | null {
  const text = state.get(taskKey);
  return text === undefined ? null : readTaskState(text);
}

function isBefore(record: StoredRecord, committed: TaskState): boolean {
  return record.offset < (committed.offsets[record.topic] ?? 0);
}

/** A log, and the handle of the task on it. */
interface TaskLogs {
  readonly log: Log;
  readonly taskLog: TaskLog;
}

/** Runs the records between checkpoint and last commit again; their outputs are committed already and are dropped. */
async function rerun(task: Task, logs: TaskLogs, committed: TaskState): Promise<Recovery> {
  const topics = [marketTopic, ...task.graph.topics];
  const behind = (): string | undefined =>
    topics.find((topic) => (task.offsets[topic] ?? 0) < (committed.offsets[topic] ?? 0));
  let [records, waits] = [0, 0];
  const others = behind() === undefined ? {} : await endsOf(task, logs.log, topics, committed);
  for (let topic = behind(); topic !== undefined; topic = behind()) {
    const positions = { ...others, ...task.offsets };
    const waitMs = waits === 0 ? 0 : late.waitMs;
    const batch = await logs.taskLog.read(positions, recordsPerRead, waitMs);
    const again = batch.filter((record) => isBefore(record, committed));
    waits = again.length > 0 ? 0 : waits + 1;
    // In the one order of the log nothing that was read before comes after what was not.
    if ((again.length === 0 && batch.length > 0) || waits > late.reads)
      throw await missing(task, logs.log, topic, committed);
    for (const record of again) task.step(record);
    records += again.length;
    task.output.take();
  }
  assertRecovered(task, committed);
  return {
    records,
    seq: task.journal.seq,
    flowChanged: committed.flowHash !== task.graph.hash,
  };
}

/** Returns where topics end of which nothing was read before the commit: what they hold is none of what is run again. */
async function endsOf(
  { instrument }: Task,
  log: Log,
  topics: readonly string[],
  committed: TaskState,
): Promise<Record<string, number>> {
  const unread = topics.filter((topic) => committed.offsets[topic] === undefined);
  const ends = await Promise.all(unread.map((topic) => log.end(topic, instrument.number)));
  return Object.fromEntries(unread.map((topic, i) => [topic, ends[i] ?? 0]));
}

async function missing(
  { graph, instrument, offsets }: Task,
  log: Log,
  topic: string,
  committed: TaskState,
): Promise<OrderflowError> {
  const partition = instrument.number;
  const [from, until] = [offsets[topic] ?? 0, committed.offsets[topic] ?? 0];
  const end = await log.end(topic, partition);
  const was = end < until ? `an end at offset ${end}` : 'a gap there';
  const name = `${graph.name}.${instrument.symbol}`;
  return new OrderflowError('OF_LOG_MISSING', { topic, partition, task: name, from, until, was });
}
