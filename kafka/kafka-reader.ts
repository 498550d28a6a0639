import { OrderflowError } from '#engine';

import { committedOf, errorType, type RawMessage } from './kafka-client.ts';
import type { Wire } from './kafka-wire.ts';

/** A topic's partition, under the name that Kafka knows. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Where a partition begins, and where what is committed or given up ends. */
export interface Bounds {
  readonly first: number;
  /** The last stable offset: beyond it transactions are still open. */
  readonly end: number;
}

/** What one fetch brought. */
export interface Fetched {
  readonly messages: readonly RawMessage[];
  /** Offset to fetch from next. */
  readonly next: number;
  /** The last stable offset when it was fetched. */
  readonly end: number;
}

/** How much a fetch may bring and how long it may wait for the first byte. */
export interface FetchLimits {
  readonly maxBytes: number;
  readonly waitMs: number;
}

const earliest = -2;
const latest = -1;

/** Returns the bounds of partitions, in the order they were asked for. */
export async function boundsOf(wire: Wire, places: readonly Place[]): Promise<readonly Bounds[]> {
  const [first, end] = await Promise.all([earliest, latest].map((t) => offsetsAt(wire, places, t)));
  return places.map(({ topic, partition }) => ({
    first: first?.get(`${topic} ${partition}`) ?? 0,
    end: end?.get(`${topic} ${partition}`) ?? 0,
  }));
}

/** Returns where a partition ends, transactions that are still open included. */
export async function highestOf(wire: Wire, place: Place): Promise<number> {
  const found = await offsetsAt(wire, [place], latest, 0);
  return found.get(`${place.topic} ${place.partition}`) ?? 0;
}

async function offsetsAt(
  wire: Wire,
  places: readonly Place[],
  timestamp: number,
  isolationLevel: 0 | 1 = 1,
): Promise<ReadonlyMap<string, number>> {
  const answers = await wire.leaders(places, async (broker, own) => {
    const topics = [...new Set(own.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: own
        .filter((place) => place.topic === topic)
        .map(({ partition }) => ({ partition, timestamp })),
    }));
    const { responses } = await broker.listOffsets({ replicaId: -1, isolationLevel, topics });
    return responses.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic} ${partition}`, Number(offset)] as const),
    );
  });
  return new Map(answers.flat());
}

/**
 * Fetches what is committed of a partition.
 *
 * @param name - The topic as messages call it.
 * @throws {OF_LOG_TRIMMED} when records from `from` on are no longer kept.
 */
export async function fetchCommitted(
  wire: Wire,
  place: Place,
  name: string,
  from: number,
  limits: FetchLimits,
): Promise<Fetched> {
  try {
    return await fetchOnce(wire, place, from, limits);
  } catch (error) {
    if (errorType(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
    const [bounds] = await boundsOf(wire, [place]);
    const { first, end } = bounds ?? { first: 0, end: 0 };
    if (from < first)
      throw new OrderflowError('OF_LOG_TRIMMED', {
        topic: name,
        partition: place.partition,
        first,
        from,
      });
    return { messages: [], next: from, end };
  }
}

async function fetchOnce(
  wire: Wire,
  { topic, partition }: Place,
  from: number,
  { maxBytes, waitMs }: FetchLimits,
): Promise<Fetched> {
  const { responses } = await wire.leader(topic, partition, (broker) =>
    broker.fetch({
      isolationLevel: 1,
      maxWaitTime: Math.round(waitMs),
      minBytes: 1,
      maxBytes,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }],
    }),
  );
  const fetched = responses[0]?.partitions[0];
  if (!fetched) return { messages: [], next: from, end: from };
  const end = Number(fetched.lastStableOffset);
  const last = fetched.messages.at(-1);
  // Compaction leaves batches without records, which take offsets and bring nothing.
  const skipped = from < end ? from + 1 : from;
  const next = last === undefined ? skipped : Math.max(Number(last.offset) + 1, from);
  return { messages: committedOf(fetched, from), next, end };
}
