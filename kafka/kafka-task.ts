import { isOrderflowError, OrderflowError } from '#engine';
import type { Commit, Positions, StoredRecord, TaskLog } from '#engine/runtime/ports.ts';

import type { Message } from './kafka-batch.ts';
import type { RawMessage } from './kafka-client.ts';
import { KafkaInputs, type OrderHint } from './kafka-inputs.ts';
import type { Producer } from './kafka-producer.ts';
import { boundsOf, fetchCommitted } from './kafka-reader.ts';
import { type KafkaTopics, stateTopicOf } from './kafka-topics.ts';
import type { Visible } from './kafka-visible.ts';
import type { Wire } from './kafka-wire.ts';
import type { RecordWriter } from './kafka-writer.ts';
import { checkText } from './record.ts';

/** What a task is opened with. */
export interface TaskOptions {
  readonly taskId: string;
  readonly partition: number;
  /** Input topics. */
  readonly wanted: readonly string[];
  /** Connections of its own: a read that waits holds up everything behind it. */
  readonly wire: Wire;
  readonly topics: KafkaTopics;
  readonly visible: Visible;
  readonly writer: RecordWriter;
  readonly producer: Producer;
  readonly closed: () => OrderflowError | null;
  /** Told when the handle is closed: a log that runs for months hands out many. */
  readonly left: (task: KafkaTask) => void;
}

const longestWaitMs = 500;
const stateBytes = 8 * 2 ** 20;
/** How often a task looks for records that nobody has put in order; a record of another program waits twice as long. */
const strayMs = 500;
const hintHeader = 'order';

interface StoredState {
  readonly state: ReadonlyMap<string, string>;
  readonly hints: readonly OrderHint[];
}

/** Reads the committed state of a task: for each key the last value. */
async function readState(
  wire: Wire,
  topics: KafkaTopics,
  taskId: string,
  partition: number,
): Promise<StoredState> {
  const { topic, owner } = stateTopicOf(taskId);
  const state = new Map<string, string>();
  const hints = new Map<string, OrderHint>();
  if (!(await topics.has(topic, partition))) return { state, hints: [] };
  const place = { topic: topics.nameOf(topic), partition };
  const [bounds] = await boundsOf(wire, [place]);
  const { first, end } = bounds ?? { first: 0, end: 0 };
  for (let from = first; from < end; ) {
    const limits = { maxBytes: stateBytes, waitMs: 0 };
    const fetched = await fetchCommitted(wire, place, topic, from, limits);
    for (const message of fetched.messages) takeState(message, owner, state, hints);
    from = fetched.next;
  }
  return { state, hints: [...hints.values()] };
}

function takeState(
  { key, value, headers }: RawMessage,
  owner: string,
  state: Map<string, string>,
  hints: Map<string, OrderHint>,
): void {
  const name = key?.toString('utf8') ?? '';
  if (!name.startsWith(`${owner}/`)) return;
  const own = name.slice(owner.length + 1);
  const hint = headers[hintHeader];
  if (value === null) state.delete(own);
  else state.set(own, value.toString('utf8'));
  if (hint) hints.set(own, JSON.parse(hint.toString('utf8')) as OrderHint);
}

/** The handle of a task: it holds the task's transactional id, and its state is of after it took it. */
export class KafkaTask implements TaskLog {
  readonly state: ReadonlyMap<string, string>;
  readonly #options: TaskOptions;
  readonly #inputs: KafkaInputs;
  #failure: Error | null = null;
  #isClosed = false;
  #lookAt = 0;
  #letGo: () => void = () => {};
  readonly #closing: Promise<void>;

  private constructor(options: TaskOptions, { state, hints }: StoredState) {
    this.#options = options;
    this.state = state;
    this.#inputs = new KafkaInputs({ ...options, hints });
    this.#closing = new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  /** Opens a task: first it fences every older handle, then it reads what that one left. */
  static async open(options: TaskOptions): Promise<KafkaTask> {
    const { producer, wire, topics, taskId, partition } = options;
    try {
      await producer.start();
      return new KafkaTask(options, await readState(wire, topics, taskId, partition));
    } catch (error) {
      await wire.close();
      throw error;
    }
  }

  async read(
    positions: Positions,
    limit: number,
    waitMs: number,
  ): Promise<readonly StoredRecord[]> {
    this.#check();
    const until = performance.now() + waitMs;
    try {
      for (;;) {
        await this.#options.writer.settled();
        if (waitMs > 0) await this.#orderStrays();
        const leftMs = Math.max(0, Math.min(until - performance.now(), longestWaitMs));
        const taking = this.#inputs.take(positions, limit, leftMs);
        const taken = await Promise.race([taking, this.#closing]);
        if (this.#isClosed || this.#options.closed()) return [];
        if (taken && (taken.length > 0 || performance.now() >= until)) return taken;
      }
    } catch (error) {
      if (this.#isClosed && isOrderflowError(error, 'OF_LOG_CLOSED')) return [];
      throw error;
    }
  }

  /** Now and then puts in order what nobody else has. */
  async #orderStrays(): Promise<void> {
    const now = performance.now();
    if (now < this.#lookAt) return;
    this.#lookAt = now + strayMs;
    const { writer, partition } = this.#options;
    writer.addOrder(partition, await this.#inputs.strays());
  }

  async commit({ outputs, state }: Commit): Promise<void> {
    this.#check();
    if (this.#failure) throw this.#failure;
    const { writer, producer, partition, topics, taskId } = this.#options;
    writer.check(outputs);
    for (const { key, value } of state) checkText(key, value ?? '');
    if (outputs.length === 0 && state.length === 0) return;
    const { topic, owner } = stateTopicOf(taskId);
    const hint = this.#inputs.hint;
    const headers: Record<string, string> = hint ? { [hintHeader]: JSON.stringify(hint) } : {};
    const messages = state.map(
      ({ key, value }): Message => ({ key: `${owner}/${key}`, value, headers }),
    );
    try {
      if (messages.length > 0) await topics.ensure([topic], partition);
      await writer.write(producer, partition, outputs, [{ topic, messages }]);
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#letGo();
    this.#options.left(this);
    await this.#options.wire.close();
  }

  #check(): void {
    const { taskId, wire, closed } = this.#options;
    const error = closed();
    if (error) throw error;
    if (this.#isClosed)
      throw new OrderflowError('OF_LOG_CLOSED', { log: `kafka ${wire.name}, task ${taskId}` });
  }
}
