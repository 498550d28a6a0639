import { isOrderflowError } from '#engine';
import type { LogSizes } from '#engine/runtime/ports.ts';

import type { Broker } from './kafka-client.ts';
import { askRaw, type Decoder, newEncoder } from './kafka-raw.ts';
import type { Place } from './kafka-reader.ts';
import type { KafkaTopics } from './kafka-topics.ts';
import type { Wire } from './kafka-wire.ts';

interface SizedPlace extends Place {
  readonly bytes: number;
}

function decoded(decoder: Decoder): readonly SizedPlace[] {
  decoder.readInt32();
  const folders = decoder.readArray((folder) => {
    // A folder that failed lists no partition.
    folder.readInt16();
    folder.readString();
    return folder.readArray((of) => {
      const topic = of.readString();
      return of.readArray((from) => {
        const place = { topic, partition: from.readInt32(), bytes: Number(from.readInt64()) };
        from.readInt64();
        // A copy that is on its way to another folder is one too many.
        return from.readBoolean() ? null : place;
      });
    });
  });
  return folders.flat(2).filter((place) => place !== null);
}

/** Asks a broker how large its partitions are; null when it is too old to say: before Kafka 1.0. */
function describeFolders(
  broker: Broker,
  places: readonly Place[],
): Promise<readonly SizedPlace[] | null> {
  const topics = Map.groupBy(places, ({ topic }) => topic);
  return askRaw(broker, {
    apiKey: 35,
    // The last version that is not flexible, and the first that Kafka 4 still takes.
    apiVersion: 1,
    apiName: 'DescribeLogDirs',
    encode: () =>
      newEncoder().writeArray(
        [...topics].map(([topic, own]) =>
          newEncoder()
            .writeString(topic)
            .writeArray(own.map(({ partition }) => partition)),
        ),
      ),
    decode: decoded,
    errorOf: () => 0,
  });
}

/** Adds up the partitions of topics; one of which a partition is not told of is left out. */
function sumOf(
  places: readonly Place[],
  found: readonly SizedPlace[],
): ReadonlyMap<string, number> {
  const bytesAt = new Map(
    found.map(({ topic, partition, bytes }) => [`${topic} ${partition}`, bytes]),
  );
  const sums = new Map<string, number>();
  for (const { topic, partition } of places)
    sums.set(topic, (sums.get(topic) ?? 0) + (bytesAt.get(`${topic} ${partition}`) ?? Number.NaN));
  return new Map([...sums].filter(([, bytes]) => !Number.isNaN(bytes)));
}

/** Returns how many bytes each topic takes at the leaders of its partitions: one copy of it, marks of transactions included. */
export async function sizesOf(
  wire: Wire,
  topics: KafkaTopics,
  names: readonly string[],
): Promise<LogSizes> {
  const counts = await Promise.all(names.map((name) => topics.partitionsOf(name)));
  const places = names.flatMap((name, i) =>
    Array.from({ length: counts[i] ?? 0 }, (_, partition) => ({
      topic: topics.nameOf(name),
      partition,
    })),
  );
  const none = { topics: {}, files: null };
  if (places.length === 0) return { ...none, reason: null };
  try {
    const answers = await wire.leaders(places, describeFolders);
    const sums = sumOf(
      places,
      answers.flatMap((answer) => answer ?? []),
    );
    const reason = 'the brokers do not tell: too old, or without the right to describe the cluster';
    if (sums.size === 0) return { ...none, reason };
    const known = names.flatMap((name) => {
      const bytes = sums.get(topics.nameOf(name));
      return bytes === undefined ? [] : [[name, bytes] as const];
    });
    return { topics: Object.fromEntries(known), files: null, reason: null };
  } catch (error) {
    if (isOrderflowError(error, 'OF_KAFKA_REFUSED')) return { ...none, reason: error.message };
    throw error;
  }
}
