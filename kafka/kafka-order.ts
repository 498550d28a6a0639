import type { Message } from './kafka-batch.ts';
import type { RawMessage } from './kafka-client.ts';
import { writePlain } from './kafka-producer.ts';
import { fetchCommitted, type Place } from './kafka-reader.ts';
import type { KafkaTopics } from './kafka-topics.ts';
import { ownTopics } from './kafka-topics.ts';
import type { Wire } from './kafka-wire.ts';

/**
 * A stretch of the order between topics: next comes what this topic holds up to this offset. Kafka orders the records of
 * one topic only; these runs, in a topic of their own, are the one order of all topics of a partition.
 */
export interface Run {
  readonly topic: string;
  /** First offset that is no longer of the run. */
  readonly until: number;
}

/** Runs as the topic `log.order` holds them: topics by name, and pairs of topic and end. */
interface OrderValue {
  readonly topics: readonly string[];
  readonly runs: readonly number[];
}

const maxFetchBytes = 2 ** 20;

/** Returns runs without those that the next one of their topic makes needless because nothing lies between. */
export function joinRuns(runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ topic }, i) => runs[i + 1]?.topic !== topic);
}

function messageOf(runs: readonly Run[]): Message {
  const topics = [...new Set(runs.map(({ topic }) => topic))];
  const pairs = runs.flatMap(({ topic, until }) => [topics.indexOf(topic), until]);
  const value: OrderValue = { topics, runs: pairs };
  return { key: null, value: JSON.stringify(value), headers: { schema: 'log-order/1' } };
}

function valueOf({ value }: RawMessage): OrderValue {
  try {
    const { topics, runs } = JSON.parse(value?.toString('utf8') ?? '') as OrderValue;
    if (Array.isArray(topics) && Array.isArray(runs)) return { topics, runs };
  } catch {
    // Of another program. Every reader passes it over, so the order stays one.
  }
  return { topics: [], runs: [] };
}

function runsOf(message: RawMessage): readonly Run[] {
  const { topics, runs } = valueOf(message);
  const read: Run[] = [];
  for (let i = 0; i + 1 < runs.length; i += 2)
    read.push({ topic: topics[runs[i] ?? 0] ?? '', until: runs[i + 1] ?? 0 });
  return read;
}

/** Writes the order of what one process has committed, in that order. */
export class OrderWriter {
  readonly #wire: Wire;
  readonly #topics: KafkaTopics;
  readonly #waiting = new Map<number, Run[]>();
  #writing: Promise<void> | null = null;

  constructor(wire: Wire, topics: KafkaTopics) {
    this.#wire = wire;
    this.#topics = topics;
  }

  /** Notes the runs of a transaction that is committed. They are written soon; a reader that finds none adds its own. */
  add(partition: number, runs: readonly Run[]): void {
    if (runs.length === 0) return;
    const waiting = this.#waiting.get(partition);
    if (waiting) waiting.push(...runs);
    else this.#waiting.set(partition, [...runs]);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything noted so far is written. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    // What is noted in the same turn goes together.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const [[partition, runs] = [0, []]] = this.#waiting;
      this.#waiting.delete(partition);
      try {
        const place = { topic: this.#topics.nameOf(ownTopics.order), partition };
        await writePlain(this.#wire, { ...place, messages: [messageOf(joinRuns(runs))] });
      } catch {
        // The records are committed; whoever reads them finds no order and writes one.
      }
    }
    this.#writing = null;
  }
}

/** Reads the order of a partition, from some place on. */
export class OrderReader {
  readonly #wire: Wire;
  readonly #place: Place;
  #runs: { readonly run: Run; readonly offset: number }[] = [];
  #at = 0;
  #next: number;
  #isAtEnd = false;
  /** Furthest end of a run seen, by topic. */
  readonly covered = new Map<string, number>();

  /** @param from - Offset of the first order record to read. */
  constructor(wire: Wire, place: Place, from: number) {
    this.#wire = wire;
    this.#place = place;
    this.#next = from;
  }

  /** Offset in the order topic from which a later reader has to read in order to miss nothing that lies ahead here. */
  get offset(): number {
    return this.#runs[this.#at]?.offset ?? this.#next;
  }

  /** Whether the last look found no more order than was known. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** The run that lies ahead; null when none was read yet. */
  get head(): Run | null {
    return this.#runs[this.#at]?.run ?? null;
  }

  /** Goes past the run that lies ahead. */
  pass(): void {
    this.#at += 1;
    if (this.#at < this.#runs.length) return;
    this.#runs = [];
    this.#at = 0;
  }

  /** Reads more runs, waiting up to `waitMs` for the first; returns whether any came. */
  async more(waitMs: number): Promise<boolean> {
    const limits = { maxBytes: maxFetchBytes, waitMs };
    const { messages, next } = await fetchCommitted(
      this.#wire,
      this.#place,
      ownTopics.order,
      this.#next,
      limits,
    );
    this.#next = next;
    this.#isAtEnd = messages.length === 0;
    for (const message of messages) {
      const offset = Number(message.offset);
      for (const run of runsOf(message)) {
        this.#runs.push({ run, offset });
        this.covered.set(run.topic, Math.max(this.covered.get(run.topic) ?? 0, run.until));
      }
    }
    return messages.length > 0;
  }
}
