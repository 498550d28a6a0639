import { randomUUID } from 'node:crypto';

import { assert, OrderflowError } from '#engine';
import type { Log, LogSizes, NewRecord, StoredRecord, TaskLog } from '#engine/runtime/ports.ts';

import { SourceWriter } from './kafka-append.ts';
import type { ClusterOptions } from './kafka-client.ts';
import { drawLogId } from './kafka-log-id.ts';
import { Producer } from './kafka-producer.ts';
import { boundsOf, fetchCommitted, type Place } from './kafka-reader.ts';
import { recordOf } from './kafka-record.ts';
import { sizesOf } from './kafka-sizes.ts';
import { KafkaTask } from './kafka-task.ts';
import { checkPrefix, isOwnTopic, KafkaTopics, ownTopics } from './kafka-topics.ts';
import { Visible } from './kafka-visible.ts';
import { type Patience, Wire } from './kafka-wire.ts';
import { RecordWriter } from './kafka-writer.ts';
import { checkText } from './record.ts';
import type { Resume } from './store-log.ts';

/** Where a Kafka log lives and how it is reached. */
export interface KafkaLogOptions extends ClusterOptions, Patience {
  /** Put before every topic and transactional id, so that several logs share a cluster. */
  readonly prefix?: string;
  /** Partitions of a topic that is made: instruments have numbers below it. */
  readonly partitions?: number;
  /** Copies of each partition; three where there are three brokers. */
  readonly replicas?: number;
  /** How long the cluster may be away at the start. */
  readonly startPatienceMs?: number;
  /** After how long the cluster gives up a transaction that nobody ends: one of a writer that died, or is cut off. */
  readonly transactionMs?: number;
}

const defaultPartitions = 16;
const defaultStartPatienceMs = 15_000;
/**
 * A writer that died holds up readers of its topics until it is started again, at most this long. A broker may be away
 * that long without costing an open transaction.
 */
const defaultTransactionMs = 60_000;
const maxFetchBytes = 2 ** 20;
const maxReadBytes = 16 * 2 ** 20;

/** The log on a Kafka cluster. */
export class KafkaLog implements Log {
  readonly kind = 'kafka';
  readonly logId: string;
  readonly topicAdmin: KafkaTopics;
  readonly #options: ClusterOptions & Patience & { readonly transactionMs: number };
  readonly #prefix: string;
  readonly #wire: Wire;
  readonly #visible: Visible;
  readonly #writer: RecordWriter;
  readonly #sources = new Map<string, SourceWriter>();
  readonly #tasks = new Set<KafkaTask>();
  readonly #handle = randomUUID();
  #isClosed = false;

  private constructor(options: KafkaLogOptions, wire: Wire, topics: KafkaTopics, logId: string) {
    this.#options = { transactionMs: defaultTransactionMs, ...options };
    this.#prefix = options.prefix ?? '';
    this.#wire = wire;
    this.topicAdmin = topics;
    this.#visible = new Visible(wire);
    this.#writer = new RecordWriter(wire, topics, this.#visible);
    this.logId = logId;
  }

  /** Opens the log of a cluster and prefix, and makes it the first time. Throws as {@link openKafkaLog} does. */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const { prefix = '', partitions = defaultPartitions } = options;
    checkPrefix(prefix);
    const wire = new Wire(options);
    try {
      await wire.any(async () => {}, options.startPatienceMs ?? defaultStartPatienceMs);
      const topics = new KafkaTopics(wire, { ...options, prefix, partitions });
      await topics.ensure(Object.values(ownTopics), 0);
      return new KafkaLog(options, wire, topics, await drawLogId(wire, topics));
    } catch (error) {
      await wire.close();
      throw error;
    }
  }

  async append(partition: number, records: readonly NewRecord[], resume?: Resume): Promise<void> {
    this.#check();
    this.#writer.check(records);
    if (resume) checkText(resume.source, resume.value);
    if (records.length === 0 && !resume) return;
    await this.#source(resume?.source ?? null, partition).append(records, resume?.value ?? null);
  }

  async resumeOf(source: string, partition: number): Promise<string | null> {
    this.#check();
    return this.#source(source, partition).resume();
  }

  async openTask(taskId: string, partition: number, topics: readonly string[]): Promise<TaskLog> {
    this.#check();
    await this.topicAdmin.ensure([ownTopics.order], partition);
    const { transactionMs } = this.#options;
    const task = await KafkaTask.open({
      taskId,
      partition,
      wanted: [...new Set(topics)],
      wire: new Wire(this.#options),
      topics: this.topicAdmin,
      visible: this.#visible,
      writer: this.#writer,
      producer: new Producer(this.#wire, `${this.#prefix}${taskId}.${partition}`, transactionMs),
      closed: () => (this.#isClosed ? this.#closedError() : null),
      left: (closed) => this.#tasks.delete(closed),
    });
    this.#tasks.add(task);
    return task;
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ): Promise<readonly StoredRecord[]> {
    this.#check();
    const place = await this.#place(topic, partition);
    if (!place) return [];
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (let next = from; records.length < limit && bytes < maxReadBytes; ) {
      const limits = { maxBytes: maxFetchBytes, waitMs: 0 };
      const fetched = await fetchCommitted(this.#wire, place, topic, next, limits);
      for (const message of fetched.messages) {
        if (records.length === limit) break;
        const record = recordOf(message, topic, partition);
        records.push(record);
        bytes += record.value.length;
      }
      if (fetched.next === next) break;
      next = fetched.next;
    }
    return records;
  }

  async end(topic: string, partition: number): Promise<number> {
    this.#check();
    const place = await this.#place(topic, partition);
    if (!place) return 0;
    return (await boundsOf(this.#wire, [place]))[0]?.end ?? 0;
  }

  async topics(): Promise<readonly string[]> {
    this.#check();
    const named = (await this.topicAdmin.list()).filter((topic) => !isOwnTopic(topic));
    const held = await Promise.all(named.map((topic) => this.#holdsRecords(topic)));
    return named.filter((_, i) => held[i]);
  }

  async sizes(topics: readonly string[]): Promise<LogSizes> {
    this.#check();
    return sizesOf(this.#wire, this.topicAdmin, topics);
  }

  async trim(topic: string, partition: number, before: number): Promise<void> {
    this.#check();
    const place = await this.#place(topic, partition);
    if (!place) return;
    const [bounds] = await boundsOf(this.#wire, [place]);
    const { first, end } = bounds ?? { first: 0, end: 0 };
    const offset = Math.min(before, end);
    if (offset <= first) return;
    await this.#wire.leader(place.topic, partition, (broker) =>
      broker.deleteRecords({
        topics: [{ topic: place.topic, partitions: [{ partition, offset: String(offset) }] }],
      }),
    );
  }

  /** Deletes every topic of the log's prefix with everything it holds; without a prefix that would be the cluster. */
  async discard(): Promise<void> {
    this.#check();
    assert(this.#prefix !== '', 'a log is discarded by its prefix');
    await this.topicAdmin.remove(await this.topicAdmin.list());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#writer.settled();
    await Promise.all([...this.#tasks].map((task) => task.close()));
    await this.#wire.close();
  }

  #source(source: string | null, partition: number): SourceWriter {
    // Records without a source have no earlier owner: each handle writes them under an id of its own.
    const name = source === null ? `writer.${this.#handle}` : `source.${source}`;
    const key = `${name}.${partition}`;
    let writer = this.#sources.get(key);
    if (!writer) {
      writer = new SourceWriter({
        source,
        partition,
        transactionalId: this.#prefix + key,
        transactionMs: this.#options.transactionMs,
        wire: this.#wire,
        topics: this.topicAdmin,
        writer: this.#writer,
      });
      this.#sources.set(key, writer);
    }
    return writer;
  }

  /** Returns a partition as Kafka names it, with everything of ours in it visible; null when there is none. */
  async #place(topic: string, partition: number): Promise<Place | null> {
    if (!(await this.topicAdmin.has(topic, partition))) return null;
    const place = { topic: this.topicAdmin.nameOf(topic), partition };
    await this.#visible.settled(place);
    return place;
  }

  async #holdsRecords(topic: string): Promise<boolean> {
    const count = await this.topicAdmin.partitionsOf(topic);
    const name = this.topicAdmin.nameOf(topic);
    const places = Array.from({ length: count }, (_, partition) => ({ topic: name, partition }));
    await Promise.all(places.map((place) => this.#visible.settled(place)));
    const all = await boundsOf(this.#wire, places);
    for (const [partition, bounds] of all.entries()) {
      if (bounds.first >= bounds.end) continue;
      if ((await this.read(topic, partition, bounds.first, 1)).length > 0) return true;
    }
    return false;
  }

  #check(): void {
    if (this.#isClosed) throw this.#closedError();
  }

  #closedError(): OrderflowError {
    return new OrderflowError('OF_LOG_CLOSED', { log: `kafka ${this.#wire.name}` });
  }
}
