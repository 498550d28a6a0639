import type { z } from 'zod';
import { TopicReader } from '#engine/inspect/topic-reader.ts';
import type { Instrument } from '#engine/market/instrument.ts';
import { toEdge } from '#engine/plugin/edge.ts';
import type { Log, NewRecord } from '#engine/runtime/ports.ts';
import type { Row } from '../live/values.ts';

/** Returns a record's payload with its event time, prices as decimals. */
export function edgeRow({ value }: NewRecord, schema: z.ZodObject, instrument: Instrument): Row {
  return toEdge(schema, JSON.parse(String(value)) as Row, instrument);
}

/** Where a series lies. */
export interface SeriesPlace {
  readonly log: Log;
  readonly topic: string;
  readonly instrument: Instrument;
  readonly schema: z.ZodObject;
}

/** Returns the newest rows of a topic, oldest first. */
export async function latestRows(place: SeriesPlace, count: number): Promise<readonly Row[]> {
  const { log, topic, instrument, schema } = place;
  const reader = new TopicReader(log, topic, instrument.number);
  const end = await reader.end();
  // On Kafka marks of transactions take offsets too, so as many offsets hold fewer records.
  for (let back = count; ; back *= 4) {
    const from = Math.max(0, end - back);
    const records = await reader.page(from, back);
    if (records.length >= count || from === 0)
      return records.slice(-count).map((record) => edgeRow(record, schema, instrument));
  }
}

/**
 * Returns about `count` rows spread over the records since `from`, oldest first: for a line whose every point would be
 * too much. `picks` says which of the rows of one moment is meant.
 */
export async function sampledRows(
  place: SeriesPlace,
  from: number,
  count: number,
  picks: (row: Row) => boolean,
): Promise<readonly Row[]> {
  const { log, topic, instrument, schema } = place;
  const partition = instrument.number;
  const end = await log.end(topic, partition);
  const first = await new TopicReader(log, topic, partition).offsetAt(from);
  const step = Math.max(1, (end - first) / count);
  const rows: Row[] = [];
  for (let at = first; at < end; at += step) {
    // A few in a row: tables with a key write one record for each key.
    const records = await log.read(topic, partition, Math.floor(at), 4);
    const row = records.map((record) => edgeRow(record, schema, instrument)).find(picks);
    if (row && row['ts'] !== rows.at(-1)?.['ts']) rows.push(row);
  }
  return rows;
}
