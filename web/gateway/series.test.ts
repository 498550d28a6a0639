import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OrderflowError } from '#engine';
import { findInstrument } from '#engine/market/instrument.ts';
import type { Log } from '#engine/runtime/ports.ts';
import { openMemoryLog } from '#kafka';
import { latestRows, sampledRows } from './series.ts';

const instrument = findInstrument('ES');
const schema = z.object({
  anchor: z.string(),
  price: z.number().meta({ unit: 'price' }),
});

/** A topic with two rows a second: one for each of two anchors. */
async function placeWith(seconds: number) {
  const log: Log = openMemoryLog();
  const task = await log.openTask('made.ES', instrument.number, []);
  const outputs = Array.from({ length: seconds * 2 }, (_, i) => ({
    topic: 'made.vwap.bands',
    key: 'ES',
    ts: Math.floor(i / 2),
    schema: 'made/1',
    value: JSON.stringify({
      ts: Math.floor(i / 2),
      anchor: i % 2 === 0 ? 'globex' : 'rth',
      price: 24_000 + i,
    }),
  }));
  await task.commit({ outputs, state: [] });
  return { log, topic: 'made.vwap.bands', instrument, schema };
}

describe('a series of a topic', () => {
  it('gives the newest rows oldest first, prices as decimals', async () => {
    const rows = await latestRows(await placeWith(10), 3);
    expect(rows.map(({ ts }) => ts)).toEqual([8, 9, 9]);
    expect(rows.at(-1)?.['price']).toBe((24_000 + 19) / 4);
  });

  it('finds the newest rows where marks of Kafka take offsets, and the beginning was trimmed', async () => {
    const place = await placeWith(10);
    const log: Log = Object.assign(Object.create(place.log) as Log, {
      // Each record and the mark of its transaction; the first four records are no longer kept.
      end: async () => 40,
      read: async (topic: string, partition: number, from: number, limit: number) => {
        if (from < 8)
          throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first: 8, from });
        const records = await place.log.read(topic, partition, Math.ceil(from / 2), limit);
        return records.map((record) => ({ ...record, offset: record.offset * 2 }));
      },
    });
    const tsOf = async (count: number) =>
      (await latestRows({ ...place, log }, count)).map(({ ts }) => ts);
    expect(await tsOf(1)).toEqual([9]);
    expect(await tsOf(3)).toEqual([8, 9, 9]);
    expect((await tsOf(100)).length).toBe(16);
    const rows = await sampledRows({ ...place, log }, 0, 4, (row) => row['anchor'] === 'rth');
    expect(rows[0]?.['ts']).toBe(2);
  });

  it('gives what there is of a topic that is short or empty', async () => {
    expect((await latestRows(await placeWith(1), 100)).length).toBe(2);
    expect(await latestRows(await placeWith(0), 100)).toEqual([]);
  });

  it('spreads its points over the time asked for, one anchor only, ascending', async () => {
    const place = await placeWith(1_000);
    const rows = await sampledRows(place, 600, 20, (row) => row['anchor'] === 'rth');
    const times = rows.map(({ ts }) => Number(ts));
    expect(rows.every((row) => row['anchor'] === 'rth')).toBe(true);
    expect(times[0]).toBe(600);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(rows.length).toBeGreaterThanOrEqual(19);
    expect(rows.length).toBeLessThanOrEqual(21);
    expect(times.at(-1)).toBeGreaterThan(960);
  });
});
