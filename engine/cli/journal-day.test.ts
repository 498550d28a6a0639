import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contracts, price } from '../contracts/units.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import { trimmedLog } from '../faults/trimmed-log.ts';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { HostDouble } from './host-double.ts';
import { journalDay } from './journal-day.ts';
import { runLive } from './live-run.ts';
import { sampleTopic, topicFacts } from './topic-facts.ts';

const made = madeFlow(madeSource((a) => writeBatches(a, 40)));
const [lots] = made.nodes as readonly [GraphNode];
/** Large lots as a signal with a side and a reason; what it emits is what the plugin of the fixture emits. */
const signalling = {
  ...lots.plugin,
  out: {
    ...lots.plugin.out,
    signal: {
      kind: 'event' as const,
      schema: z.object({
        price: price(),
        size: contracts(),
        side: z.enum(['long', 'short']).default('long'),
        reason: z.string().default('a large lot'),
      }),
    },
  },
};
const flow: FlowGraph = { ...made, nodes: [{ ...lots, plugin: signalling }] };
const [instrument] = flow.instruments;

async function ran() {
  const log = new FaultyLog();
  await runLive(new HostDouble([]), made, log, 'data');
  return log;
}

const morning = Date.UTC(2025, 10, 19, 15, 0) * 1_000;

/** A log with a signal each minute, prices in ticks as a task writes them. */
async function withSignals(count: number) {
  const log = new FaultyLog();
  const records = Array.from({ length: count }, (_, i) => {
    const ts = morning + i * 60_000_000;
    const payload = { ts, price: 24_000 + i, size: 120, side: 'long', reason: 'a large lot' };
    const value = JSON.stringify(payload);
    return { topic: 'made.lots.signal', key: 'ES', ts, schema: 'x/1', value };
  });
  await log.append(instrument!.number, records);
  return log;
}

/** A log with one macrostep at noon of each date. */
async function withDays(...dates: readonly string[]) {
  const log = new FaultyLog();
  const records = dates.map((date) => {
    const ts = Date.parse(`${date}T17:00:00Z`) * 1_000;
    return { topic: 'made.journal', key: 'ES', ts, schema: 'journal/1', value: '{}' };
  });
  await log.append(instrument!.number, records);
  return log;
}

const noon = Date.UTC(2025, 10, 19, 17, 0) * 1_000;

describe('the journal of a day', () => {
  it('shows what a trimmed topic still holds', async () => {
    const log = await withSignals(20);
    const trimmed = trimmedLog(log, 'made.lots.signal', 12);
    const day = await journalDay(trimmed, flow, instrument!, '2025-11-19', noon);
    expect(day?.entries.map(({ ts }) => (ts - morning) / 60_000_000)).toEqual([
      12, 13, 14, 15, 16, 17, 18, 19,
    ]);
  });

  it('knows the day its log begins with', async () => {
    const log = await ran();
    const day = await journalDay(log, flow, instrument!, '2025-11-18', noon);
    expect(day).toMatchObject({ tradeDate: '2025-11-18', logFrom: '2025-11-19', entries: [] });
    const empty = await journalDay(new FaultyLog(), flow, instrument!, null, noon);
    expect(empty?.logFrom).toBeNull();
  });

  it('tells what the flow signalled on that day, prices as decimals, and of no other', async () => {
    const log = await withSignals(5);
    const day = await journalDay(log, flow, instrument!, '2025-11-19', noon);
    expect(day).toMatchObject({
      tradeDate: '2025-11-19',
      isToday: true,
      chapters: ['signal'],
      cut: [],
    });
    expect(day?.entries.map(({ payload }) => payload['price'])).toEqual([
      6_000, 6_000.25, 6_000.5, 6_000.75, 6_001,
    ]);
    expect(day?.entries[0]).toMatchObject({ node: 'lots', chapter: 'signal', ts: morning });
    const other = await journalDay(log, flow, instrument!, '2025-11-18', noon);
    expect(other).toMatchObject({ entries: [], isToday: false });
  });

  it('knows the nearest days before and after of which there is something', async () => {
    const log = await withDays('2025-11-18', '2025-11-21', '2025-11-24');
    const of = (date: string) => journalDay(log, flow, instrument!, date, noon + 9e11);
    expect(await of('2025-11-21')).toMatchObject({ before: '2025-11-18', after: '2025-11-24' });
    expect(await of('2025-11-19')).toMatchObject({ before: '2025-11-18', after: '2025-11-21' });
    expect(await of('2025-11-18')).toMatchObject({ before: null, after: '2025-11-21' });
    expect(await of('2025-11-25')).toMatchObject({ before: '2025-11-24', after: null });
  });

  it('knows whether the log has the whole of it', async () => {
    const log = await withDays('2025-11-18', '2025-11-19', '2025-11-20');
    const wholes = async (from: FaultyLog) => {
      const all = ['2025-11-17', '2025-11-18', '2025-11-19', '2025-11-20'].map((date) =>
        journalDay(from, flow, instrument!, date, noon),
      );
      return (await Promise.all(all)).map((day) => day?.isWhole);
    };
    expect(await wholes(log)).toEqual([false, true, true, true]);
    // What is left of the 19th may be its end only.
    const trimmed = trimmedLog(log, 'made.journal', 1);
    expect(await wholes(trimmed)).toEqual([false, false, false, true]);
    const day = await journalDay(trimmed, flow, instrument!, '2025-11-19', noon);
    expect(day).toMatchObject({
      logFrom: '2025-11-19',
      journal: { topic: 'made.journal', end: 3 },
    });
  });

  it('says which topics have more on a day than is shown', async () => {
    const log = await withSignals(450);
    const day = await journalDay(log, flow, instrument!, '2025-11-19', noon);
    expect(day?.entries).toHaveLength(400);
    expect(day?.cut).toEqual(['made.lots.signal']);
  });

  it('has no day before the first record, and none for what is no date', async () => {
    const log = new FaultyLog();
    expect(await journalDay(log, flow, instrument!, null, 0)).toBeNull();
    expect(await journalDay(log, flow, instrument!, '2025-13-45', noon)).toBeNull();
  });
});

describe('topics of a log', () => {
  it('are those of the flow with contract and end, and those of others', async () => {
    const log = await ran();
    const record = { topic: 'else.where', key: 'ES', ts: 1, schema: 'x/1', value: '{}' };
    await log.append(instrument!.number, [record]);
    const sized = Object.assign(Object.create(log) as FaultyLog, {
      sizes: async () => ({ topics: { 'market.data': 99 }, files: null, reason: null }),
    });
    const { topics: facts, reason } = await topicFacts(sized, flow);
    expect(reason).toBeNull();
    expect((await topicFacts(log, flow)).reason).toBe('this log does not measure itself');
    expect(facts.find(({ topic }) => topic === 'market.data')).toMatchObject({
      way: 'in',
      kind: 'market',
      ends: { ES: 40 },
      bytes: 99,
    });
    expect(facts.at(-1)).toMatchObject({
      ...{ topic: 'else.where', way: 'other', ends: { ES: 1 }, bytes: null },
    });
  });

  it('are sampled by their few newest records, newest first', async () => {
    const log = await ran();
    const market = await sampleTopic(log, flow, 'market.data', 'ES');
    expect(market.map(({ offset }) => offset)).toEqual([39, 38, 37, 36, 35]);
    expect(market[0]?.text).toMatch(/^\d+ bytes: 4 rows/);
    expect(await sampleTopic(log, flow, 'market.data', 'NQ')).toEqual([]);
  });
});
