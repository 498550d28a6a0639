import { randomUUID } from 'node:crypto';

import { writePlain } from './kafka-producer.ts';
import { boundsOf, fetchCommitted, type Place } from './kafka-reader.ts';
import { type KafkaTopics, ownTopics } from './kafka-topics.ts';
import type { Wire } from './kafka-wire.ts';

const maxBytes = 2 ** 16;

async function firstId(wire: Wire, place: Place): Promise<string | null> {
  const [bounds] = await boundsOf(wire, [place]);
  const { first, end } = bounds ?? { first: 0, end: 0 };
  for (let from = first; from < end; ) {
    const limits = { maxBytes, waitMs: 0 };
    const { messages, next } = await fetchCommitted(wire, place, ownTopics.meta, from, limits);
    const id = messages[0]?.value?.toString('utf8');
    if (id !== undefined) return id;
    from = next;
  }
  return null;
}

/**
 * Returns the id of a log, and draws it the first time. Processes that start at once each propose one; the first in the
 * topic holds, for ever: every proposal has a key of its own, so compaction removes none.
 */
export async function drawLogId(wire: Wire, topics: KafkaTopics): Promise<string> {
  const place = { topic: topics.nameOf(ownTopics.meta), partition: 0 };
  const known = await firstId(wire, place);
  if (known !== null) return known;
  const id = randomUUID();
  await writePlain(wire, { ...place, messages: [{ key: id, value: id, headers: {} }] });
  return (await firstId(wire, place)) ?? id;
}
