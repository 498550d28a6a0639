import { OrderflowError } from '#engine';
import type { Positions, StoredRecord } from '#engine/runtime/ports.ts';

import { OrderReader, type Run } from './kafka-order.ts';
import { type Bounds, boundsOf, type Fetched, fetchCommitted } from './kafka-reader.ts';
import { recordOf } from './kafka-record.ts';
import { type KafkaTopics, ownTopics } from './kafka-topics.ts';
import type { Visible } from './kafka-visible.ts';
import type { Wire } from './kafka-wire.ts';

/** A place in the order: all that lies before `order` lies before `positions` too. */
export interface OrderHint {
  readonly order: number;
  readonly positions: Positions;
}

/** What inputs are read from. */
export interface InputsOptions {
  readonly wire: Wire;
  readonly topics: KafkaTopics;
  readonly visible: Visible;
  readonly partition: number;
  /** Topics of the task. */
  readonly wanted: readonly string[];
  /** Places that earlier commits left, so that a start need not read the order from its beginning. */
  readonly hints: readonly OrderHint[];
}

/** One topic: records fetched and not yet handed out. */
interface Stream {
  readonly topic: string;
  records: StoredRecord[];
  at: number;
  /** Offset of the next record to hand out; past marks and records that were given up. */
  position: number;
  /** The position that the reader names when it goes on from here. */
  named: number | undefined;
  /** Offset to fetch from next. */
  next: number;
  /** What was asked for while records before it are worked on. */
  ahead: Promise<Fetched> | null;
}

const maxFetchBytes = 2 ** 20;
/**
 * One read hands out no more than this, and one record more: what a fetch brings. A task works a read off at one go, and
 * the source that writes in the same process has its turn between two of them.
 */
const maxReadBytes = maxFetchBytes;
/** A record whose order is known is committed: its partition shows it within milliseconds, unless a writer before it hangs. */
const graceMs = 2_000;

/** Reads the topics of a task in the one order of the log. */
export class KafkaInputs {
  readonly #options: InputsOptions;
  #streams: ReadonlyMap<string, Stream> | null = null;
  #order: OrderReader | null = null;
  #hint: OrderHint | null = null;
  /** Ends of topics as they were at the last look for strays. */
  readonly #suspects = new Map<string, number>();

  constructor(options: InputsOptions) {
    this.#options = options;
  }

  /** The place of the last read, for whoever commits what came before it. */
  get hint(): OrderHint | null {
    return this.#hint;
  }

  /** Returns the next records after these positions; when there are none it waits for them, at most `waitMs`. */
  async take(
    positions: Positions,
    limit: number,
    waitMs: number,
  ): Promise<readonly StoredRecord[]> {
    const order = await this.#goTo(positions);
    const taken: StoredRecord[] = [];
    for (let bytes = 0; taken.length < limit && bytes < maxReadBytes; ) {
      if (!order.head && !(await order.more(taken.length === 0 ? waitMs : 0))) break;
      const next = await this.#next(order);
      if (next === 'late') break;
      if (next === null) continue;
      taken.push(next);
      bytes += next.value.length;
    }
    return taken;
  }

  /** Returns the next record of the run that lies ahead; null when there is none, `late` when it is not there in time. */
  async #next(order: OrderReader): Promise<StoredRecord | null | 'late'> {
    const run = order.head;
    if (!run) return null;
    const stream = this.#streams?.get(run.topic);
    if (!stream || stream.position >= run.until) {
      order.pass();
      return null;
    }
    const record = stream.records[stream.at];
    if (record && record.offset < run.until) {
      stream.at += 1;
      stream.position = stream.named = record.offset + 1;
      return record;
    }
    if (!record && stream.next < run.until)
      return (await this.#fill(stream, run.until)) ? null : 'late';
    // What is left of the run are marks of transactions, and records that were given up.
    stream.position = run.until;
    return null;
  }

  /**
   * Returns runs for records that nobody has put in order since the last call: of programs that know nothing of the order,
   * and of writers that died right after a commit. Every reader of the topic may write them; the first one holds.
   */
  async strays(): Promise<readonly Run[]> {
    const order = this.#order;
    if (!order?.isAtEnd) return [];
    const runs: Run[] = [];
    const bounds = await this.#bounds();
    for (const [i, topic] of this.#options.wanted.entries()) {
      const end = bounds[i]?.end ?? 0;
      const known = Math.max(order.covered.get(topic) ?? 0, this.#positionOf(topic));
      const suspect = this.#suspects.get(topic) ?? 0;
      this.#suspects.set(topic, end);
      // What ended here a moment ago already had time to be put in order.
      if (suspect <= known) continue;
      const until = await this.#lastIn(topic, known, suspect);
      if (until > known) runs.push({ topic, until });
      else order.covered.set(topic, suspect);
    }
    return runs;
  }

  #positionOf(topic: string): number {
    return this.#streams?.get(topic)?.position ?? 0;
  }

  /** Returns the offset after the last committed record between two offsets; `from` when there is none. */
  async #lastIn(topic: string, from: number, end: number): Promise<number> {
    const { wire, topics, partition } = this.#options;
    const place = { topic: topics.nameOf(topic), partition };
    let last = from;
    for (let next = from; next < end; ) {
      const limits = { maxBytes: maxFetchBytes, waitMs: 0 };
      const fetched = await fetchCommitted(wire, place, topic, next, limits);
      const offsets = fetched.messages.map(({ offset }) => Number(offset));
      last = Math.max(last, ...offsets.filter((offset) => offset < end).map((o) => o + 1));
      if (fetched.next === next) break;
      next = fetched.next;
    }
    return last;
  }

  /** Fetches more of a stream; returns false when what the order promises is not there in time. */
  async #fill(stream: Stream, until: number): Promise<boolean> {
    for (const giveUpAt = performance.now() + graceMs; ; ) {
      const fetched = await (stream.ahead ?? this.#fetch(stream));
      stream.ahead = null;
      const isMore = fetched.next > stream.next;
      stream.next = fetched.next;
      if (fetched.messages.length > 0) {
        const { partition } = this.#options;
        stream.records = fetched.messages.map((m) => recordOf(m, stream.topic, partition));
        stream.at = 0;
        if (stream.next < fetched.end) this.#fetchAhead(stream);
      }
      if (fetched.messages.length > 0 || stream.next >= until) return true;
      if (!isMore && performance.now() > giveUpAt) return false;
      if (!isMore) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #fetch({ topic, next }: Stream): Promise<Fetched> {
    const { wire, topics, partition } = this.#options;
    const place = { topic: topics.nameOf(topic), partition };
    return fetchCommitted(wire, place, topic, next, { maxBytes: maxFetchBytes, waitMs: 0 });
  }

  /** Asks for what comes next, so that it is there when the records at hand are worked off. */
  #fetchAhead(stream: Stream): void {
    const fetching = this.#fetch(stream);
    // Whoever takes it gets the error as well; nobody may, where the task goes on from another place or is closed.
    fetching.catch(() => {});
    stream.ahead = fetching;
  }

  /** Makes the next record the one after these positions: most often it is so already. */
  async #goTo(positions: Positions): Promise<OrderReader> {
    const { wire, topics, partition, wanted } = this.#options;
    const isThere =
      this.#streams !== null &&
      [...this.#streams.values()].every(({ topic, named }) => positions[topic] === named);
    let order = this.#order;
    if (!isThere || !order) {
      const bounds = await this.#bounds();
      const streams = wanted.map((topic, i) => this.#stream(topic, positions[topic], bounds[i]));
      this.#streams = new Map(streams.map((stream) => [stream.topic, stream]));
      const place = { topic: topics.nameOf(ownTopics.order), partition };
      const [orderBounds] = await boundsOf(wire, [place]);
      const from = Math.max(orderBounds?.first ?? 0, this.#orderBefore(this.#streams));
      order = this.#order = new OrderReader(wire, place, from);
    }
    this.#hint = {
      order: order.offset,
      positions: Object.fromEntries(
        [...(this.#streams ?? [])].map(([topic, { named, position }]) => [
          topic,
          named ?? position,
        ]),
      ),
    };
    return order;
  }

  async #bounds(): Promise<readonly (Bounds | undefined)[]> {
    const { wire, topics, partition, wanted } = this.#options;
    const has = await Promise.all(wanted.map((topic) => topics.has(topic, partition)));
    const there = wanted.filter((_, i) => has[i]);
    const places = there.map((topic) => ({ topic: topics.nameOf(topic), partition }));
    const bounds = await boundsOf(wire, places);
    return wanted.map((topic) => bounds[there.indexOf(topic)]);
  }

  #stream(topic: string, position: number | undefined, bounds: Bounds | undefined): Stream {
    const { partition } = this.#options;
    const first = bounds?.first ?? 0;
    const from = position ?? first;
    if (from < first) throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first, from });
    return { topic, records: [], at: 0, position: from, named: position, next: from, ahead: null };
  }

  /** Returns the latest place that no record lies before which is still to come. */
  #orderBefore(streams: ReadonlyMap<string, Stream>): number {
    const usable = this.#options.hints.filter(({ positions }) =>
      [...streams.values()].every(({ topic, position }) => {
        const at = positions[topic];
        return at !== undefined && at <= position;
      }),
    );
    return Math.max(0, ...usable.map(({ order }) => order));
  }
}
