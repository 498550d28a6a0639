import { describe, expect, it } from 'vitest';
import { z } from 'zod';
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
