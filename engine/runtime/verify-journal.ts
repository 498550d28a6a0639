import type { TaskState } from '../contracts/journal.ts';
import { marketTopic } from '../contracts/market-batch.ts';
import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { readTaskState, taskKey } from './checkpoint.ts';
import { type Difference, endDifference, JournalComparison } from './journal-comparison.ts';
import { flowTopics } from './output.ts';
import type { Log, StoredRecord, TaskLog } from './ports.ts';
import { Task } from './task.ts';

/** What a verification found. */
export interface Verification {
  /** Input records that were run again. */
  readonly records: number;
  /** Market rows in them. */
  readonly rows: number;
  readonly macrosteps: number;
  readonly hash: string;
  readonly difference: Difference | null;
}

/** What is verified. */
export interface VerifyOptions {
  readonly log: Log;
  /** Names the log in messages. */
  readonly directory: string;
  readonly graph: FlowGraph;
  readonly instrument: Instrument;
  /** Nobody runs the task: its last commit can be read, which fences an older handle. */
  readonly isOwner: boolean;
  /** Told how many of how many macrosteps were compared. */
  readonly progress?: (done: number, all: number) => void;
}

const recordsPerRead = 256;

/** Where the outputs to compare end. */
interface Bound {
  /** The last commit; null while another process runs the task. */
  readonly committed: TaskState | null;
  /** Macrosteps in the journal. */
  readonly macrosteps: number;
}

async function boundOf(options: VerifyOptions, inputs: TaskLog, id: string): Promise<Bound> {
  const { log, directory, graph, instrument, isOwner } = options;
  const text = inputs.state.get(taskKey);
  const committed = text === undefined ? null : readTaskState(text);
  const macrosteps = await log.end(flowTopics(graph.name).journal, instrument.number);
  if (isOwner ? committed === null : macrosteps === 0) {
    throw new OrderflowError('OF_VERIFY_EMPTY', { directory, task: id });
  }
  if (committed !== null && committed.flowHash !== graph.hash) {
    const was = committed.flowHash.slice(0, 12);
    throw new OrderflowError('OF_VERIFY_FLOW', {
      task: id,
      was,
      expected: graph.hash.slice(0, 12),
    });
  }
  return { committed, macrosteps };
}

function isCommitted(record: StoredRecord, committed: TaskState | null): boolean {
  return committed === null || record.offset < (committed.offsets[record.topic] ?? 0);
}

/** Runs the inputs up to the bound; returns their number and the first difference. */
async function compareInputs(
  task: Task,
  inputs: TaskLog,
  comparison: JournalComparison,
  { committed, macrosteps }: Bound,
  progress: VerifyOptions['progress'],
): Promise<Pick<Verification, 'records' | 'difference'>> {
  for (let records = 0; ; ) {
    const read = await inputs.read(task.offsets, recordsPerRead, 0);
    const batch = read.filter((record) => isCommitted(record, committed));
    for (const record of batch) {
      task.step(record);
      records += 1;
      const difference = await comparison.take(committed === null);
      if (difference) return { records, difference };
    }
    progress?.(task.journal.seq, macrosteps);
    const isAtEnd = committed === null && task.journal.seq >= macrosteps;
    if (batch.length === 0 || isAtEnd) return { records, difference: null };
  }
}

/**
 * Runs the inputs of a log again through a fresh task and compares every record it makes with what the log holds:
 * journal, out-ports, dead letters. Stops at the first difference.
 *
 * @throws {OF_VERIFY_EMPTY} when the log has no commit of the task.
 * @throws {OF_VERIFY_FLOW} when another flow wrote it.
 */
export async function verifyJournal(options: VerifyOptions): Promise<Verification> {
  const { log, graph, instrument, isOwner, progress } = options;
  const id = `${graph.name}.${instrument.symbol}`;
  const name = isOwner ? id : `verify.${id}`;
  const inputs = await log.openTask(name, instrument.number, [marketTopic, ...graph.topics]);
  const bound = await boundOf(options, inputs, id);
  const task = new Task(graph, instrument, { validate: true });
  const comparison = new JournalComparison(log, task);
  const { records, difference } = await compareInputs(task, inputs, comparison, bound, progress);
  await inputs.close();
  const { committed } = bound;
  const atEnd = committed ? ((await comparison.surplus()) ?? endDifference(task, committed)) : null;
  return {
    records,
    rows: task.clock.rows,
    macrosteps: task.journal.seq,
    hash: task.journal.hash,
    difference: difference ?? atEnd,
  };
}
