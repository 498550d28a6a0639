import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalDay } from '#engine/cli/journal-day.ts';
import { FaultyLog } from '#engine/faults/faulty-log.ts';
import { trimmedLog } from '#engine/faults/trimmed-log.ts';
import { findInstrument } from '#engine/market/instrument.ts';
import type { RunningStore, StoreStatus } from '#engine/runtime/store-port.ts';
import { Projector } from '#engine/store/projector.ts';
import { answer, type QueryName } from '#engine/store/queries.ts';
import { appendDays, dateOf, firstDay, madePartitions } from '#engine/store/store-fixture.ts';
import { StoreSession } from '#engine/store/store-session.ts';
import { inMemory } from '#engine/store/target.ts';
import { madeFlow, madeSource } from '#engine/testing/made-flow.ts';
import { readJournal } from './journal-store.ts';

const graph = madeFlow(madeSource(async () => {}));
const instrument = findInstrument('ES');
const subject = { flow: 'made', instrument, isRemote: false };
const now = firstDay + 3 * 86_400_000_000;
const [first, second] = [dateOf(0), dateOf(1)];

interface Asked {
  readonly store: RunningStore | null;
  readonly of: typeof subject;
  readonly from: FaultyLog;
}

describe('the journal of a day from the store', () => {
  const log = new FaultyLog();
  /** What is left of it: the second day. */
  const rest = trimmedLog(log, 'made.journal', 12);
  let session: StoreSession;

  beforeAll(async () => {
    await appendDays(log, 0, 2);
    await log.append(
      instrument.number,
      Array.from({ length: 450 }, (_, i) => {
        const ts = firstDay + 86_400_000_000 + 60_000_000_000 + i * 1_000_000;
        const about = { side: 'short', price: 24_000 + i, reason: 'many', tradeDate: second };
        const value = JSON.stringify({ ts, ...about, evidence: [] });
        const from = { topic: 'made.many.signal', node: 'many', port: 'signal' };
        return { ...from, key: 'ES', ts, schema: 'many.signal/1', value };
      }),
    );
    session = await StoreSession.open(inMemory);
    const projector = new Projector({ log, session, partitions: madePartitions });
    await projector.open();
    await projector.catchUp();
  });
  afterAll(() => session.close());

  function storeIn(state: StoreStatus['state']): RunningStore {
    return {
      name: 'the store',
      status: { state, done: null, all: null, problem: null },
      ask: (name, about) => answer(session.em(), name as QueryName, about as never),
      close: async () => {},
    };
  }

  async function read(date: string, { store, of = subject, from = rest }: Partial<Asked> = {}) {
    const day = await journalDay(from, graph, instrument, date, now);
    return readJournal(day!, store === undefined ? storeIn('current') : store, of);
  }

  it('is read where the log begins later, and says as of when', async () => {
    const { day, source } = await read(first);
    expect(source).toEqual({
      from: 'store',
      store: 'the store',
      topic: 'made.journal',
      offset: 24,
      behind: 0,
      why: `the log begins with ${second}`,
    });
    const of = (chapter: string) =>
      day.entries
        .filter((e) => e.chapter === chapter)
        .map(({ node, payload }) => ({ node, ...payload }));
    expect(of('plan')).toMatchObject([
      { node: 'hypothesis', version: 0, reason: 'pre-market', scenarios: [] },
      { version: 1, reason: 'open' },
    ]);
    expect(of('score')).toMatchObject([{ node: 'hypothesis', version: 1 }]);
    expect(of('score')[0]).toHaveProperty('conditionHit');
    expect(of('signal')).toMatchObject([
      { node: 'absorb', side: 'long', price: 6_000 },
      { node: 'tape', side: 'long', price: 6_000 },
    ]);
    expect(of('idea')).toMatchObject([{ node: 'rotational', entry: 6_000, reason: 'edge held' }]);
    expect(of('expectation')).toMatchObject([
      { status: 'active', target: 6_002.5 },
      { status: 'fulfilled', failure: null },
    ]);
    expect(of('outcome')).toMatchObject([
      { setup: 'eighty', result: 'completed', entry: 6_000, price: 6_002.25, resultTicks: 9 },
    ]);
    const times = day.entries.map(({ ts }) => ts);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(day.chapters).toEqual(
      expect.arrayContaining(['plan', 'score', 'signal', 'idea', 'expectation', 'outcome']),
    );
  });

  it('knows the nearest days of which either has something', async () => {
    expect((await read(first)).day).toMatchObject({ before: null, after: second });
    expect((await read(second)).day).toMatchObject({ before: first, after: null });
    // The day after both: the log knows the second, the store nothing nearer.
    expect((await read('2025-11-24')).day).toMatchObject({ before: second, after: null });
  });

  it('keeps the newest of a topic with too many, and names it', async () => {
    const { day } = await read(second);
    const many = day.entries.filter(({ node }) => node === 'many');
    expect(many).toHaveLength(400);
    expect(many[0]?.payload).toMatchObject({ price: 6_000 + 50 / 4 });
    expect(day.cut).toEqual(['made.many.signal']);
  });

  it('leaves out what other flows said of the day', async () => {
    const { day, source } = await read(first, { of: { ...subject, flow: 'other' } });
    expect(source.from).toBe('store');
    expect(day.entries).toEqual([]);
  });

  it('is left alone where the log has the whole day', async () => {
    const whole = new FaultyLog();
    await appendDays(whole, 0, 2);
    const { source } = await read(second, { from: whole });
    expect(source).toMatchObject({ from: 'log', store: null, offset: 24, why: null });
  });

  it('is preferred to a log on other machines, once it is level with it', async () => {
    const whole = new FaultyLog();
    await appendDays(whole, 0, 2);
    const of = { ...subject, isRemote: true };
    const far = await read(first, { from: whole, of });
    expect(far.source).toMatchObject({ from: 'store', why: 'the log is on other machines' });
    const late = await read(first, { from: whole, of, store: storeIn('behind') });
    expect(late.source).toMatchObject({ from: 'log', why: null });
  });

  it('says how far it is behind the log', async () => {
    const longer = new FaultyLog();
    await appendDays(longer, 0, 3);
    const { source } = await read(first, { from: trimmedLog(longer, 'made.journal', 30) });
    expect(source).toMatchObject({ offset: 24, behind: 12 });
  });

  it('is missed in words where there is none, or it cannot answer', async () => {
    const none = await read(first, { store: null });
    expect(none.source).toMatchObject({
      from: 'log',
      why: `the log begins with ${second}, and this run has no store beside it`,
    });
    expect(none.day.entries).toEqual([]);
    const broken = { ...storeIn('waiting'), ask: () => Promise.reject(new Error('disk full')) };
    const { source } = await read(first, { store: broken });
    expect(source).toMatchObject({
      from: 'log',
      why: `the log begins with ${second}, and the store cannot be asked: disk full`,
    });
  });
});
