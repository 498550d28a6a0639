import { OrderflowError } from '#engine';
import type { NewRecord } from '#engine/runtime/ports.ts';

import { sizeOf } from './kafka-batch.ts';
import { Producer } from './kafka-producer.ts';
import { boundsOf, fetchCommitted, highestOf } from './kafka-reader.ts';
import { type KafkaTopics, ownTopics } from './kafka-topics.ts';
import type { Wire } from './kafka-wire.ts';
import type { RecordWriter } from './kafka-writer.ts';

/** Who appends, and through what. */
export interface SourceOptions {
  /** Null for records that no source leaves. */
  readonly source: string | null;
  readonly partition: number;
  readonly transactionalId: string;
  /** After how long the cluster gives up a transaction that nobody ends. */
  readonly transactionMs: number;
  readonly wire: Wire;
  readonly topics: KafkaTopics;
  readonly writer: RecordWriter;
}

interface Waiting {
  readonly records: readonly NewRecord[];
  readonly resume: string | null;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What one transaction takes of the appends that wait. */
const maxTransactionBytes = 4 * 2 ** 20;
const resumeBytes = 2 ** 20;
const lookAgainMs = 10;

/** Appends of one source to one partition: those that wait while a transaction is under way go together in the next. */
export class SourceWriter {
  readonly #options: SourceOptions;
  #producer: Promise<Producer> | null = null;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #isTakingOver = false;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** Appends checked records with what the source needs to go on after them. */
  append(records: readonly NewRecord[], resume: string | null): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isTakingOver) return reject(this.#fenced());
      this.#waiting.push({ records, resume, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  /** Takes the source over from whoever wrote it before, and returns what that one left. */
  async resume(): Promise<string | null> {
    const { topics, partition, wire, source } = this.#options;
    await topics.ensure([ownTopics.resume], partition);
    await this.#takeOver();
    const place = { topic: topics.nameOf(ownTopics.resume), partition };
    const [bounds] = await boundsOf(wire, [place]);
    // Not what readers see as the end: a transaction that another source of the instrument has open hides what comes after
    // it. That one ends soon, at the latest when the cluster gives it up.
    const end = await highestOf(wire, place);
    let left: string | null = null;
    for (let from = bounds?.first ?? 0; from < end; ) {
      const limits = { maxBytes: resumeBytes, waitMs: 0 };
      const { messages, next } = await fetchCommitted(wire, place, ownTopics.resume, from, limits);
      for (const { key, value } of messages)
        if (key?.toString('utf8') === source) left = value?.toString('utf8') ?? null;
      // Not by waiting in the broker: that would hold up the very request that ends the transaction.
      if (next === from) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      from = next;
    }
    return left;
  }

  /**
   * Starts anew. What an earlier run of the source in this process still wants to write would come after a place that is
   * read next, and be written once more by whoever goes on from it: it is refused.
   */
  async #takeOver(): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(this.#fenced());
    this.#isTakingOver = true;
    try {
      this.#producer = this.#start();
      await this.#producer;
    } finally {
      this.#isTakingOver = false;
    }
  }

  #fenced(): OrderflowError {
    const facts = { epoch: 'an earlier one', newer: 'a newer one' };
    return new OrderflowError('OF_LOG_FENCED', { task: this.#options.transactionalId, ...facts });
  }

  async #start(): Promise<Producer> {
    const { wire, transactionalId, transactionMs } = this.#options;
    const producer = new Producer(wire, transactionalId, transactionMs);
    await producer.start();
    return producer;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    // Appends of the same turn go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        await this.#writeGroup(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
        // A source goes on by reading where it stands. Records without one have nothing to read: the next begin anew.
        if (this.#options.source === null) this.#producer = null;
      }
    }
    this.#isWriting = false;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const { topics, partition, writer, source } = this.#options;
    // Whose group this is was settled when it was taken: while topics are made another run may take the source over.
    const starting = (this.#producer ??= this.#start());
    const ensuring = topics.ensure([ownTopics.order, ownTopics.resume], partition);
    const [producer] = await Promise.all([starting, ensuring]);
    const records = group.flatMap((one) => one.records);
    const resume = group.findLast((one) => one.resume !== null)?.resume ?? null;
    const messages =
      source === null || resume === null ? [] : [{ key: source, value: resume, headers: {} }];
    await writer.write(producer, partition, records, [{ topic: ownTopics.resume, messages }]);
  }

  #nextGroup(): readonly Waiting[] {
    const group: Waiting[] = [];
    for (let bytes = 0; bytes < maxTransactionBytes; ) {
      const next = this.#waiting.shift();
      if (!next) break;
      group.push(next);
      for (const { key, value } of next.records)
        bytes += sizeOf({ key, value: value as string, headers: {} });
    }
    return group;
  }
}
