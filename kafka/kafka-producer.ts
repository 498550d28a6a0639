import { isOrderflowError, OrderflowError } from '#engine';

import { type Message, sizeOf } from './kafka-batch.ts';
import { type Broker, failureOf, failureText } from './kafka-client.ts';
import { describeTransaction, type TransactionState } from './kafka-owner.ts';
import type { Place } from './kafka-reader.ts';
import type { Wire } from './kafka-wire.ts';

/** Messages for one partition, in order. */
export interface Part extends Place {
  readonly messages: readonly Message[];
}

/** What a part of a request became: the offset of its first message. */
interface Written extends Place {
  readonly baseOffset: number;
}

interface Chunk extends Part {
  readonly firstSequence: number;
}

/** A batch of the part of that index. */
interface PartChunk extends Chunk {
  readonly part: number;
}

/** One batch: below the 1 MiB that brokers take as they are delivered. */
const maxBatchBytes = 900_000;
const produceTimeoutMs = 30_000;
/** Sequence numbers are 31 bits and begin again. */
const sequenceMask = 0x7f_ff_ff_ff;
/** States of a transaction that the cluster has given up, or is giving up. */
const givenUp = ['PrepareEpochFence', 'PrepareAbort', 'CompleteAbort'];

/** Who writes; nobody in particular, for what belongs to no transaction. */
interface Identity {
  readonly transactionalId?: string;
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
}

async function send(
  broker: Broker,
  chunks: readonly Chunk[],
  identity: Identity,
): Promise<readonly Written[]> {
  const { topics } = await broker.produceRecords({
    ...identity,
    acks: -1,
    timeout: produceTimeoutMs,
    topicData: chunks.map(({ topic, partition, firstSequence, messages }) => ({
      topic,
      partitions: [{ partition, firstSequence, messages }],
    })),
  });
  return topics.flatMap(({ topicName, partitions }) =>
    partitions.map(({ partition, baseOffset }) => ({
      topic: topicName,
      partition,
      baseOffset: Number(baseOffset),
    })),
  );
}

/** Sends a batch for each of several partitions to their leaders; a batch that arrives twice is written once. */
async function produce(
  wire: Wire,
  chunks: readonly Chunk[],
  identity: Identity,
): Promise<readonly Written[]> {
  const answers = await wire.leaders(chunks, (broker, own) => send(broker, own, identity));
  return answers.flat();
}

/** Writes messages that belong to no transaction; a message whose answer was lost may be there twice. */
export async function writePlain(wire: Wire, part: Part): Promise<number> {
  const [written] = await produce(wire, [{ ...part, firstSequence: 0 }], {});
  return written?.baseOffset ?? 0;
}

/** Cuts the messages of a part into batches. */
function batchesOf({ messages }: Part): (readonly Message[])[] {
  const batches: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > maxBatchBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(message);
    bytes += size;
  }
  return batches;
}

/** Gives each message of a round the offset that its batch was given. */
function takeOffsets(
  round: readonly PartChunk[],
  written: readonly Written[],
  offsets: readonly number[][],
): void {
  for (const { topic, partition, part, messages } of round) {
    const place = written.find((one) => one.topic === topic && one.partition === partition);
    const base = place?.baseOffset ?? Number.NaN;
    for (let i = 0; i < messages.length; i += 1) offsets[part]?.push(base + i);
  }
}

/** A transactional id, held by the newest producer that started with it. */
export class Producer {
  readonly transactionalId: string;
  readonly #wire: Wire;
  readonly #transactionMs: number;
  readonly #sequences = new Map<string, number>();
  #identity: { readonly producerId: unknown; readonly producerEpoch: number } | null = null;
  #failure: Error | null = null;

  /** @param transactionMs - After how long the cluster gives up a transaction that nobody ends. */
  constructor(wire: Wire, transactionalId: string, transactionMs: number) {
    this.#wire = wire;
    this.transactionalId = transactionalId;
    this.#transactionMs = transactionMs;
  }

  /** Number of this holder among all that ever held the id; 0 before the start. */
  get epoch(): number {
    return this.#identity?.producerEpoch ?? 0;
  }

  /** Takes the id: everyone who held it before is fenced, and what they left open is given up. */
  async start(): Promise<void> {
    this.#identity = await this.#wire.coordinator(this.transactionalId, (broker) =>
      broker.initProducerId({
        transactionalId: this.transactionalId,
        transactionTimeout: this.#transactionMs,
      }),
    );
  }

  /**
   * Writes parts in one transaction; returns the offset of each message, by part. After an error this producer is of no
   * more use.
   *
   * @throws {OF_LOG_FENCED} when another one holds the id: it knows whether a commit that was asked for more than once happened.
   * @throws {OF_LOG_EXPIRED} when the cluster gave the transaction up and nobody else holds the id; nothing was written.
   * @throws {OF_KAFKA_UNSURE} when the commit was asked for and nobody answered: it happened or it did not.
   * @throws {OF_KAFKA_UNREACHABLE} or {OF_KAFKA_REFUSED} when it did not come to that; nothing was written.
   */
  async transact(parts: readonly Part[]): Promise<readonly (readonly number[])[]> {
    if (this.#failure) throw this.#failure;
    try {
      const offsets = await this.#fill(parts);
      await this.#commit();
      return offsets;
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }

  async #fill(parts: readonly Part[]): Promise<readonly (readonly number[])[]> {
    const identity = this.#identityOf();
    let isOpen = false;
    let attempts = 0;
    try {
      await this.#wire.coordinator(this.transactionalId, (broker) => {
        attempts += 1;
        return broker.addPartitionsToTxn({
          ...identity,
          topics: parts.map(({ topic, partition }) => ({ topic, partitions: [partition] })),
        });
      });
      isOpen = true;
      return await this.#produce(parts);
    } catch (error) {
      // Refused the first time it was asked for, the transaction was never open and cannot have been given up.
      if (failureOf(error) === 'fenced') throw await this.#lost(isOpen || attempts > 1);
      await this.#abort();
      throw error;
    }
  }

  async #produce(parts: readonly Part[]): Promise<readonly (readonly number[])[]> {
    const batches = parts.map((part) => batchesOf(part));
    const offsets = parts.map((): number[] => []);
    const count = Math.max(...batches.map(({ length }) => length));
    // One batch of a partition at a time: a cluster under load was seen to refuse one that overtook another.
    for (let round = 0; round < count; round += 1) {
      const chunks = this.#roundOf(parts, batches, round);
      takeOffsets(chunks, await produce(this.#wire, chunks, this.#identityOf()), offsets);
    }
    return offsets;
  }

  /** Returns the n-th batch of each part that has so many, and counts its messages. */
  #roundOf(
    parts: readonly Part[],
    batches: readonly (readonly (readonly Message[])[])[],
    round: number,
  ): readonly PartChunk[] {
    return parts.flatMap(({ topic, partition }, part) => {
      const messages = batches[part]?.[round];
      if (!messages) return [];
      const firstSequence = this.#next({ topic, partition });
      this.#advance({ topic, partition }, messages.length);
      return [{ topic, partition, messages, firstSequence, part }];
    });
  }

  async #commit(): Promise<void> {
    const identity = this.#identityOf();
    let attempts = 0;
    try {
      // Asked again until somebody answers: a commit that is done already is done once.
      await this.#wire.coordinator(this.transactionalId, (broker) => {
        attempts += 1;
        return broker.endTxn({ ...identity, transactionResult: true });
      });
    } catch (error) {
      if (failureOf(error) === 'fenced')
        throw await (attempts === 1 ? this.#lost(true) : this.#superseded(error));
      throw this.#unsure(error);
    }
  }

  #unsure(error: unknown): OrderflowError {
    const cause = isOrderflowError(error) ? error.message : failureText(error);
    const facts = { writer: this.transactionalId, cause };
    return new OrderflowError('OF_KAFKA_UNSURE', facts, { cause: error });
  }

  /** Gives the open transaction up, so that readers need not wait for its end; the next holder would do so as well. */
  async #abort(): Promise<void> {
    const identity = this.#identityOf();
    try {
      await this.#wire.coordinator(
        this.transactionalId,
        (broker) => broker.endTxn({ ...identity, transactionResult: false }),
        0,
      );
    } catch {
      // The error that led here is the one to tell.
    }
  }

  #identityOf(): { transactionalId: string; producerId: unknown; producerEpoch: number } {
    const { transactionalId } = this;
    return { transactionalId, producerId: -1, producerEpoch: -1, ...this.#identity };
  }

  /**
   * Returns why the cluster takes nothing more from this holder: to a holder it says the same when another one came and
   * when it gave an open transaction up. Giving up counts the epoch one on; whoever then takes the id counts it on again.
   */
  async #lost(wasOpen: boolean): Promise<OrderflowError> {
    const found = wasOpen ? await this.#holder() : null;
    if (found && this.#isGivenUp(found)) {
      const seconds = this.#transactionMs / 1_000;
      return new OrderflowError('OF_LOG_EXPIRED', { writer: this.transactionalId, seconds });
    }
    return this.#fencedBy(found);
  }

  /**
   * Returns what became of a commit whose answer was lost, where the cluster then takes nothing more from this holder. Only
   * another holder is sure: opening the id again would fence that one. A transaction that was given up may be this one, or
   * the first of another holder that came after this one was done.
   */
  async #superseded(error: unknown): Promise<OrderflowError> {
    let found: TransactionState | null;
    try {
      found = await this.#holder();
    } catch {
      return this.#unsure(error);
    }
    const isOther = found !== null && found.producerEpoch > this.epoch && !this.#isGivenUp(found);
    return isOther ? this.#fencedBy(found) : this.#unsure(error);
  }

  #isGivenUp({ producerEpoch, state }: TransactionState): boolean {
    return producerEpoch === this.epoch + 1 && givenUp.includes(state);
  }

  #fencedBy(found: TransactionState | null): OrderflowError {
    const { transactionalId, epoch } = this;
    const newer = found ? found.producerEpoch : 'a newer one';
    return new OrderflowError('OF_LOG_FENCED', { task: transactionalId, epoch, newer });
  }

  /** Returns who holds the id now; null where the cluster does not tell. */
  async #holder(): Promise<TransactionState | null> {
    const { transactionalId } = this;
    try {
      return await this.#wire.coordinator(transactionalId, (broker) =>
        describeTransaction(broker, transactionalId),
      );
    } catch (error) {
      if (isOrderflowError(error, 'OF_KAFKA_REFUSED')) return null;
      throw error;
    }
  }

  #next({ topic, partition }: Place): number {
    return this.#sequences.get(`${topic} ${partition}`) ?? 0;
  }

  #advance(place: Place, by: number): void {
    const sequence = (this.#next(place) + by) & sequenceMask;
    this.#sequences.set(`${place.topic} ${place.partition}`, sequence);
  }
}
