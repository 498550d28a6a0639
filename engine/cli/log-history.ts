import type { JournalRecord } from '../contracts/journal.ts';
import { isOrderflowError } from '../errors.ts';
import { History } from '../inspect/history.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import type { Task } from '../runtime/task.ts';

const perRead = 512;
/** Records before the range that are looked through for the state a machine was in. */
const mostBefore = 50_000;

/** One topic of a log, of which times ascend. */
class TopicReader {
  private readonly log: Log;
  private readonly topic: string;
  private readonly partition: number;

  constructor(log: Log, topic: string, partition: number) {
    this.log = log;
    this.topic = topic;
    this.partition = partition;
  }

  /** Returns the record at an offset, or null at the end; of a trimmed topic the oldest that is kept. */
  async at(offset: number): Promise<StoredRecord | null> {
    const [record] = await this.page(offset, 1);
    return record ?? null;
  }

  /** Returns the offset of the first record at or after a time. */
  async offsetAt(ts: number): Promise<number> {
    let low = (await this.at(0))?.offset ?? 0;
    let high = await this.log.end(this.topic, this.partition);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const record = await this.at(middle);
      if (record && record.ts < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Hands over the records from an offset up to a time. */
  async each(from: number, until: number, take: (record: StoredRecord) => void): Promise<void> {
    for (let offset = from; ; ) {
      const records = await this.page(offset, perRead);
      for (const record of records) {
        if (record.ts > until) return;
        take(record);
        offset = record.offset + 1;
      }
      if (records.length === 0) return;
    }
  }

  async page(from: number, limit: number): Promise<readonly StoredRecord[]> {
    try {
      return await this.log.read(this.topic, this.partition, from, limit);
    } catch (error) {
      if (!isOrderflowError(error, 'OF_LOG_TRIMMED')) throw error;
      return this.log.read(this.topic, this.partition, Number(error.facts['first']), limit);
    }
  }
}

function nodeOf(record: StoredRecord): string {
  return (JSON.parse(String(record.value)) as JournalRecord).node;
}

/** Returns the offset of the last record of a node before `offset`, not searched for too far; `offset` when there is none. */
async function lastBefore(journal: TopicReader, offset: number, node: string): Promise<number> {
  const least = Math.max(0, offset - mostBefore);
  for (let end = offset; end > least; ) {
    const start = Math.max(least, end - perRead);
    const records = (await journal.page(start, end - start)).filter(
      (record) => record.offset < end,
    );
    const found = records.findLast((record) => nodeOf(record) === node);
    if (found) return found.offset;
    const [first] = records;
    if (!first || first.offset > start) return offset;
    end = start;
  }
  return offset;
}

/** When a task's journal in a log begins and ends; null when the log holds none. */
export async function journalSpan(
  log: Log,
  { graph, instrument }: Task,
): Promise<{ readonly from: number; readonly to: number } | null> {
  const { journal } = flowTopics(graph.name);
  const reader = new TopicReader(log, journal, instrument.number);
  const end = await log.end(journal, instrument.number);
  const [first, last] = [await reader.at(0), end > 0 ? await reader.at(end - 1) : null];
  return first && last ? { from: first.ts, to: last.ts } : null;
}

/**
 * Reads what a task wrote about itself in a range of event time, from a log that may be written to at the same time; of
 * `node` also the macrostep before the range.
 */
export async function readHistory(
  log: Log,
  task: Task,
  node: string,
  range: { readonly from: number; readonly to: number },
): Promise<History> {
  const { graph, instrument } = task;
  const topics = flowTopics(graph.name);
  const history = new History(task);
  const open = (topic: string): TopicReader => new TopicReader(log, topic, instrument.number);
  const journal = open(topics.journal);
  const start = await journal.offsetAt(range.from);
  const before = await lastBefore(journal, start, node);
  if (before < start) for (const record of await journal.page(before, 1)) history.add(record);
  await journal.each(start, range.to, (record) => history.add(record));
  const probes = open(topics.probes);
  // A probe's window ends up to a minute after what it saw.
  await probes.each(await probes.offsetAt(range.from), range.to + 60_000_000, (record) =>
    history.add(record),
  );
  await open(topics.deadLetters).each(0, range.to, (record) => history.add(record));
  return history;
}
