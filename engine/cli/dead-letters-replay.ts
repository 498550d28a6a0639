import type { DeadLetter } from '../contracts/journal.ts';
import { marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import { Task } from '../runtime/task.ts';
import type { NamedLetter } from './dead-letters-read.ts';

/** What running the input again came to. */
export interface LetterReplay {
  /** Input records that were run again. */
  readonly records: number;
  /** The letter the same node leaves at the same place now; null when it takes the record. */
  readonly again: DeadLetter | null;
  /** What else fails on the way there, oldest first. */
  readonly others: readonly DeadLetter[];
  /** False when the log ends, or begins, without the record the letter is about. */
  readonly isReached: boolean;
  /** False when older records were trimmed: states are then not those of the run. */
  readonly isWhole: boolean;
}

const recordsPerRead = 256;

function isSamePlace(a: DeadLetter, b: DeadLetter): boolean {
  const { topic, p, o, i } = a.input;
  return (
    a.node === b.node &&
    topic === b.input.topic &&
    p === b.input.p &&
    o === b.input.o &&
    i === b.input.i
  );
}

/**
 * Runs the inputs of a task again from the oldest on, with the plugins of now, up to and past the record that a letter is
 * about. Nothing is written.
 *
 * @param progress - Told how many of how many records are done.
 */
export async function replayLetter(
  log: Log,
  graph: FlowGraph,
  { letter, instrument }: NamedLetter,
  progress: (done: number) => void,
): Promise<LetterReplay> {
  const id = `dead-letters.${graph.name}.${instrument.symbol}`;
  const inputs = await log.openTask(id, instrument.number, [marketTopic, ...graph.topics]);
  // As a live run does: a payload off its contract is an error too.
  const task = new Task(graph, instrument, { publish: false, hash: false, validate: true });
  let records = 0;
  let isReached = false;
  let isWhole = true;
  while (!isReached) {
    const batch = await inputs.read(task.offsets, recordsPerRead, 0);
    if (batch.length === 0) break;
    for (const record of batch) {
      if (task.offsets[record.topic] === undefined && record.offset > 0) isWhole = false;
      task.step(record);
      records += 1;
      isReached = record.topic === letter.input.topic && record.offset === letter.input.o;
      if (isReached) break;
    }
    progress(records);
  }
  await inputs.close();
  const letters = task.output.take().map(({ value }) => JSON.parse(String(value)) as DeadLetter);
  const again = letters.find((found) => isSamePlace(found, letter)) ?? null;
  return { records, again, others: letters.filter((found) => found !== again), isReached, isWhole };
}
