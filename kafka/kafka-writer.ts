import type { NewRecord } from '#engine/runtime/ports.ts';

import type { Message } from './kafka-batch.ts';
import { joinRuns, OrderWriter, type Run } from './kafka-order.ts';
import type { Part, Producer } from './kafka-producer.ts';
import { messageOf } from './kafka-record.ts';
import { isOwnTopic, type KafkaTopics } from './kafka-topics.ts';
import type { Visible } from './kafka-visible.ts';
import type { Wire } from './kafka-wire.ts';
import { checkRecord, refuseTopic } from './record.ts';
import { checkTopic } from './topics.ts';

/** Messages for one of the log's own topics, written along with records. */
export interface OwnMessages {
  readonly topic: string;
  readonly messages: readonly Message[];
}

/** Writes records in transactions, and after each one its place in the order. */
export class RecordWriter {
  readonly #topics: KafkaTopics;
  readonly #visible: Visible;
  readonly #order: OrderWriter;

  constructor(wire: Wire, topics: KafkaTopics, visible: Visible) {
    this.#topics = topics;
    this.#visible = visible;
    this.#order = new OrderWriter(wire, topics);
  }

  /**
   * Refuses records that some backend could not hold.
   *
   * @throws {OF_LOG_RECORD}
   */
  check(records: readonly NewRecord[]): void {
    let topic = '';
    for (const record of records) {
      if (record.topic !== topic) {
        checkTopic(record.topic);
        if (isOwnTopic(record.topic)) refuseTopic(record.topic);
      }
      checkRecord(record);
      topic = record.topic;
    }
  }

  /** Writes checked records and messages in one transaction of a producer. Throws as {@link Producer.transact} does. */
  async write(
    producer: Producer,
    partition: number,
    records: readonly NewRecord[],
    own: readonly OwnMessages[],
  ): Promise<void> {
    const byTopic = new Map<string, Message[]>();
    for (const record of records) {
      const messages = byTopic.get(record.topic);
      if (messages) messages.push(messageOf(record));
      else byTopic.set(record.topic, [messageOf(record)]);
    }
    await this.#topics.ensure([...byTopic.keys()], partition);
    const parts: Part[] = [...byTopic, ...own.map((o) => [o.topic, o.messages] as const)]
      .filter(([, messages]) => messages.length > 0)
      .map(([topic, messages]) => ({ topic: this.#topics.nameOf(topic), partition, messages }));
    const offsets = await producer.transact(parts);
    for (const [i, part] of parts.entries())
      this.#visible.note(part, (offsets[i]?.at(-1) ?? -1) + 1);
    this.#order.add(partition, runsOf(records, [...byTopic.keys()], offsets));
  }

  /** Resolves when the order of everything written so far is written as well. */
  settled(): Promise<void> {
    return this.#order.settled();
  }

  /** Adds runs for records that nobody has put in order. */
  addOrder(partition: number, runs: readonly Run[]): void {
    this.#order.add(partition, runs);
  }
}

/** Returns the order of records by the offsets that they were given. */
function runsOf(
  records: readonly NewRecord[],
  topics: readonly string[],
  offsets: readonly (readonly number[])[],
): readonly Run[] {
  const given = new Map(topics.map((topic, i) => [topic, { offsets: offsets[i] ?? [], at: 0 }]));
  const runs = records.map(({ topic }): Run => {
    const own = given.get(topic);
    const offset = own?.offsets[own.at] ?? 0;
    if (own) own.at += 1;
    return { topic, until: offset + 1 };
  });
  return joinRuns(runs);
}
