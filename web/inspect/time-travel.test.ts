import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { readHistory } from '#engine/cli/log-history.ts';
import { type JournalRecord, readingsOf } from '#engine/contracts/journal.ts';
import { FaultyLog } from '#engine/faults/faulty-log.ts';
import { EdgeCounts } from '#engine/inspect/edge-counts.ts';
import { JournalBook } from '#engine/inspect/journal-book.ts';
import { sayReading } from '#engine/inspect/say-why.ts';
import { summaryOf } from '#engine/inspect/summary.ts';
import { toDecimal } from '#engine/market/price.ts';
import { sessionAt } from '#engine/market/session.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import { edgesThen } from './edges-then.ts';
import { PageRefusal } from './inspector.ts';
import { edgeFacts } from './machine-value.ts';
import { priceThen } from './market-then.ts';
import { probesThen } from './probes-then.ts';
import { graphOf, runOver, stage } from './staged-fixture.ts';
import { stepAsked } from './step-asked.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const pause = async (): Promise<void> => {};

/** What every machine was right after each of some macrosteps, as the task itself had it. */
type Truth = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

const { tape } = await stage({ seed: 5, days: 3, tradesPerDay: 20_000, stage: ['absorption'] });
const graph = graphOf();
const truth = new Map<number, Readonly<Record<string, unknown>>>();
const prices = new Map<number, number | null>();
const every = 7;
const { task, log } = await runOver(graph, tape, (fresh) => {
  const { journal, nodes, aggressor, instrument } = fresh;
  const add = journal.add.bind(journal);
  journal.add = (...of) => {
    const text = add(...of);
    const isTraded = aggressor.traded === 1;
    prices.set(journal.seq, isTraded ? toDecimal(instrument, aggressor.lastPrice) : null);
    if (journal.seq % every === 0)
      truth.set(
        journal.seq,
        plain(
          Object.fromEntries(
            nodes.flatMap(({ id, machine }) =>
              machine?.started ? [[id, [machine.state, machine.context]]] : [],
            ),
          ),
        ) as Truth extends ReadonlyMap<number, infer V> ? V : never,
      );
    return text;
  };
});
const book = new JournalBook(log, graph, task.instrument);
await book.advance(pause);

async function folded(seq: number): Promise<unknown> {
  const { machines } = await book.moment(seq);
  return plain(
    Object.fromEntries(
      [...machines].flatMap(([id, { state, context }]) =>
        state === '' ? [] : [[id, [state, context]]],
      ),
    ),
  );
}

describe('time travel over the course', () => {
  it('knows every macrostep', () => {
    expect(book.last?.seq).toBe(task.journal.seq);
    expect(book.first?.seq).toBe(1);
    expect(task.journal.seq).toBeGreaterThan(2_000);
  });

  it('shows states and contexts as the task itself had them, at any macrostep', async () => {
    const seqs = [...truth.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seqs), async (seq) => {
        expect(await folded(seq)).toEqual(truth.get(seq));
      }),
      { numRuns: 150 },
    );
  });

  it('shows the price the engine had then, at any macrostep', async () => {
    const seqs = [...prices.keys()];
    expect(new Set(prices.values()).size).toBeGreaterThan(50);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seqs), async (seq) => {
        const [record] = await book.records(seq, seq);
        const found = await priceThen(log, task, record as JournalRecord);
        expect('price' in found ? found.price : null).toBe(prices.get(seq));
        if ('ts' in found) expect(found.ts).toBeLessThanOrEqual(record?.ts ?? 0);
      }),
      { numRuns: 150 },
    );
  });

  it('says that there was no trade yet, and that the log no longer holds it', async () => {
    const [first] = await book.records(1, 1);
    const record = first as JournalRecord;
    expect(await priceThen(log, task, record)).toEqual({ missing: 'no trade yet' });
    const [late] = await book.records(900, 900);
    expect(await priceThen(new FaultyLog(), task, late as JournalRecord)).toEqual({
      missing: 'the log no longer holds the market of then',
    });
  });

  it('shows of each probe the last reading the log has by then', async () => {
    const topic = flowTopics(graph.name).probes;
    const windows = await log.read(topic, task.instrument.number, 0, 100_000);
    const all = windows.flatMap(({ value }) => readingsOf(JSON.parse(String(value))));
    const words = { instrument: task.instrument, zone: graph.zone };
    const ids = graph.nodes.map(({ id }) => id);
    expect(all.length).toBeGreaterThan(100);
    const ends = windows.map(({ ts }) => ts);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ends),
        fc.integer({ min: -1, max: 1 }),
        async (end, d) => {
          const ts = end + d;
          const shown = await probesThen(log, task, ids, ts, words);
          expect(shown.length).toBeGreaterThan(5);
          for (const { node, probe, ...said } of shown) {
            const last = all.findLast((r) => r.node === node && r.probe === probe && r.ts <= ts);
            // What is further back than so many windows is not looked for.
            const between = windows.filter((w) => w.ts > (last?.ts ?? 0) && w.ts <= ts).length;
            if (said.ts === null && last) expect(between).toBeGreaterThanOrEqual(384);
            else expect(said.ts).toBe(last?.ts ?? null);
            if (said.ts !== null && last) expect(said.text).toBe(sayReading(last, words));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  const { open } = sessionAt(task.instrument.calendar, book.last?.ts ?? 0);
  const nodes = task.nodes.filter(({ machine }) => machine !== null);

  it('counts edges of a day up to a moment as one would who counts them all anew', async () => {
    const words = { instrument: task.instrument, zone: graph.zone };
    const day = (await book.records(1, book.last?.seq ?? 0)).filter(({ ts }) => ts >= open);
    for (const { id: node, machine } of nodes) {
      const infos = [...(machine?.transitions.values() ?? [])];
      const steps = book.stepsOf(node);
      for (const part of [0.8, 0.9, 1]) {
        const until = steps.slice(0, Math.floor(steps.length * part));
        const last = until.at(-1)?.seq ?? 0;
        const anew = new EdgeCounts(infos);
        for (const record of day.filter((one) => one.node === node && one.seq <= last))
          anew.take(record);
        const asked = { node, infos, open, until, words };
        expect(await edgesThen(book, asked)).toEqual(edgeFacts(anew, until, words));
      }
    }
  });

  it('finds the near misses of a day that a summary of it finds', async () => {
    const range = { from: open, to: book.last?.ts ?? 0 };
    const data = (await readHistory(log, task, range)).data(false);
    for (const { id: node } of nodes) {
      const { nearMisses } = summaryOf(data, node, range);
      const counted = [...(book.countsOf(node)?.nearMisses ?? [])];
      for (const [id, { count, seq, shortfall }] of counted) {
        const own = nearMisses.filter(({ info }) => info.id === id);
        expect([id, own.length, own[0]?.shortfall]).toEqual([id, count, shortfall]);
        expect(own.map((miss) => miss.seq)).toContain(seq);
      }
      const ids = new Set(nearMisses.map(({ info }) => info.id));
      expect(ids).toEqual(new Set(counted.map(([id]) => id)));
    }
  });

  it('ends where the task stands', async () => {
    const { machines } = await book.moment(task.journal.seq);
    for (const { id, machine } of task.nodes) {
      if (!machine) continue;
      expect([id, machines.get(id)?.state]).toEqual([id, machine.state]);
      expect([id, plain(machines.get(id)?.context)]).toEqual([id, plain(machine.context)]);
    }
  });

  it('finds the macrostep of a time, which is the last one at or before it', () => {
    const steps = book.stepsOf(null);
    fc.assert(
      fc.property(fc.nat({ max: steps.length - 1 }), fc.integer({ min: 0, max: 1 }), (i, off) => {
        const ts = (steps[i]?.ts ?? 0) + off;
        const seq = book.seqAt(ts) ?? 0;
        expect(steps[seq - 1]?.ts).toBeLessThanOrEqual(ts);
        expect(steps[seq]?.ts ?? Number.POSITIVE_INFINITY).toBeGreaterThan(ts);
      }),
    );
  });
});

describe('a step that is asked for', () => {
  const live = { log, runner: { task }, book } as unknown as LiveTask;
  const step = (text: string, node: string | null = null) =>
    stepAsked(live, node, new URLSearchParams(text));
  const last = task.journal.seq;

  it('back from now leads to the newest macrostep there is, not to one of when the page was made', async () => {
    expect(await step('step=previous')).toBe(last);
    const own = book.stepsOf('eighty').at(-1)?.seq;
    expect(await step('step=previous', 'eighty')).toBe(own);
    expect(await step(`at=${last}&step=previous`)).toBe(last - 1);
  });

  it('leads nowhere at an end, and is not taken for granted', async () => {
    expect(await step(`at=${last}&step=next`)).toBe(last);
    expect(await step('step=next')).toBeNull();
    expect(await step('at=4')).toBeUndefined();
    await expect(step('step=up')).rejects.toBeInstanceOf(PageRefusal);
  });
});
