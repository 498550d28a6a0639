import type { JournalRecord } from '../contracts/journal.ts';
import { History } from '../inspect/history.ts';
import { TopicReader } from '../inspect/topic-reader.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import type { Task } from '../runtime/task.ts';

const perRead = 512;
/** Records before the range that are looked through for the state a machine was in. */
const mostBefore = 20_000;

function nodeOf(record: StoredRecord): string {
  return (JSON.parse(String(record.value)) as JournalRecord).node;
}

/** Returns the last record of each node before `offset`, ascending; nodes that were silent for too long are left out. */
async function lastBefore(
  journal: TopicReader,
  offset: number,
  nodes: readonly string[],
): Promise<readonly StoredRecord[]> {
  const wanted = new Set(nodes);
  const found: StoredRecord[] = [];
  const least = Math.max(0, offset - mostBefore);
  for (let end = offset; end > least && wanted.size > 0; ) {
    const start = Math.max(least, end - perRead);
    const records = (await journal.page(start, end - start)).filter(
      (record) => record.offset < end,
    );
    for (const record of records.toReversed())
      if (wanted.delete(nodeOf(record))) found.push(record);
    // Older records were trimmed.
    if (records.length === 0) break;
    end = start;
  }
  return found.reverse();
}

/** Returns the event time of the last thing a task wrote about itself; null when the log holds nothing. */
export async function lastWritten(log: Log, { graph, instrument }: Task): Promise<number | null> {
  const { journal, probes } = flowTopics(graph.name);
  const times: number[] = [];
  for (const topic of [journal, probes]) {
    const reader = new TopicReader(log, topic, instrument.number);
    const last = await reader.last();
    if (last) times.push(last.ts);
  }
  return times.length === 0 ? null : Math.max(...times);
}

/**
 * Reads what a task wrote about itself in a range of event time, from a log that may be written to at the same time; of
 * each node also the macrostep before the range.
 *
 * @param pause - Waited for between two pages; a reader beside a run lets the run have its turn.
 */
export async function readHistory(
  log: Log,
  task: Task,
  range: { readonly from: number; readonly to: number },
  pause: () => Promise<unknown> = async () => null,
): Promise<History> {
  const { graph, instrument } = task;
  const topics = flowTopics(graph.name);
  const history = new History(task);
  const open = (topic: string): TopicReader => new TopicReader(log, topic, instrument.number);
  const journal = open(topics.journal);
  const start = await journal.offsetAt(range.from);
  const machines = task.nodes.filter(({ machine }) => machine !== null).map(({ id }) => id);
  for (const record of await lastBefore(journal, start, machines)) history.add(record);
  const keep = (record: StoredRecord): boolean => history.add(record);
  await journal.each(start, range.to, keep, pause);
  const probes = open(topics.probes);
  // A probe's window ends up to a minute after what it saw.
  const first = await probes.offsetAt(range.from);
  await probes.each(first, range.to + 60_000_000, keep, pause);
  await open(topics.deadLetters).each(0, range.to, keep, pause);
  return history;
}
