import { randomUUID } from 'node:crypto';

import { OrderflowError } from '#engine';
import type { Commit, NewRecord, Positions, StoredRecord } from '#engine/runtime/ports.ts';

import { type Cursor, checkKept, merge } from './merge.ts';
import { checkRecord, checkText, storedRecord } from './record.ts';
import type { OpenTask, Resume, Store } from './store-log.ts';
import { checkTopic } from './topics.ts';

/** The records of one topic and partition; `places[i]` is the place of `records[i]` among all records of the log. */
interface Stream {
  first: number;
  readonly records: StoredRecord[];
  readonly places: number[];
}

interface Task {
  epoch: number;
  readonly state: Map<string, string>;
}

/** The store of tests and backtests: arrays. Values are kept, not copied, so who appends bytes must leave them alone. */
export class MemoryStore implements Store {
  readonly logId = randomUUID();
  readonly #streams = new Map<number, Map<string, Stream>>();
  readonly #resume = new Map<string, string>();
  readonly #tasks = new Map<string, Task>();
  #written = 0;

  append(partition: number, records: readonly NewRecord[], resume?: Resume): void {
    if (resume) checkText(resume.source, resume.value);
    this.#write(partition, records);
    if (resume) this.#resume.set(`${partition} ${resume.source}`, resume.value);
  }

  resumeOf(source: string, partition: number): string | null {
    return this.#resume.get(`${partition} ${source}`) ?? null;
  }

  openTask(name: string, partition: number): OpenTask {
    const task = this.#tasks.get(`${partition} ${name}`) ?? {
      epoch: 0,
      state: new Map<string, string>(),
    };
    this.#tasks.set(`${partition} ${name}`, task);
    task.epoch += 1;
    return { name, partition, epoch: task.epoch, state: new Map(task.state) };
  }

  commit({ name, partition, epoch }: OpenTask, { outputs, state }: Commit): void {
    const task = this.#tasks.get(`${partition} ${name}`);
    if (task?.epoch !== epoch)
      throw new OrderflowError('OF_LOG_FENCED', { task: name, epoch, newer: task?.epoch ?? 0 });
    for (const { key, value } of state) checkText(key, value ?? '');
    this.#write(partition, outputs);
    for (const { key, value } of state) {
      if (value === null) task.state.delete(key);
      else task.state.set(key, value);
    }
  }

  read(
    partition: number,
    topics: Iterable<string>,
    positions: Positions,
    limit: number,
  ): readonly StoredRecord[] {
    const cursors: Cursor[] = [];
    for (const topic of topics) {
      const stream = this.#streams.get(partition)?.get(topic);
      if (!stream) continue;
      const from = positions[topic] ?? stream.first;
      checkKept(topic, partition, from, stream.first);
      let at = from - stream.first;
      cursors.push({
        place: () => stream.places[at] ?? Infinity,
        take: () => stream.records[at++]!,
      });
    }
    return merge(cursors, limit);
  }

  end(topic: string, partition: number): number {
    const stream = this.#streams.get(partition)?.get(topic);
    return stream ? stream.first + stream.records.length : 0;
  }

  topics(): readonly string[] {
    const held = new Set<string>();
    for (const byTopic of this.#streams.values()) {
      for (const [topic, { records }] of byTopic) if (records.length > 0) held.add(topic);
    }
    return [...held].sort((a, b) => (a < b ? -1 : 1));
  }

  trim(topic: string, partition: number, before: number): void {
    const stream = this.#streams.get(partition)?.get(topic);
    if (!stream) return;
    const dropped = Math.min(Math.max(before - stream.first, 0), stream.records.length);
    stream.records.splice(0, dropped);
    stream.places.splice(0, dropped);
    stream.first += dropped;
  }

  bytes(): null {
    return null;
  }

  close(): void {
    this.#streams.clear();
  }

  /** Checks all records before it keeps the first. */
  #write(partition: number, records: readonly NewRecord[]): void {
    let topic = '';
    for (const record of records) {
      if (record.topic !== topic) checkTopic(record.topic);
      checkRecord(record);
      topic = record.topic;
    }
    let stream: Stream | null = null;
    for (const record of records) {
      if (stream === null || record.topic !== topic) stream = this.#stream(partition, record.topic);
      topic = record.topic;
      stream.records.push(
        storedRecord(record, record.topic, partition, stream.first + stream.records.length),
      );
      stream.places.push(this.#written);
      this.#written += 1;
    }
  }

  #stream(partition: number, topic: string): Stream {
    let byTopic = this.#streams.get(partition);
    if (!byTopic) this.#streams.set(partition, (byTopic = new Map()));
    let stream = byTopic.get(topic);
    if (!stream) byTopic.set(topic, (stream = { first: 0, records: [], places: [] }));
    return stream;
  }
}
