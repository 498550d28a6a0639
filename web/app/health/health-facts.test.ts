import type { AppLoadContext } from '@remix-run/node';
import { describe, expect, it } from 'vitest';
import { HostDouble } from '#engine/cli/host-double.ts';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { EngineFeed } from '../../gateway/engine-feed.ts';
import { FrameMeter } from '../../gateway/frame-meter.ts';
import { readHealth } from './health-facts.server.ts';

function made() {
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home: 'data' });
  const meter = new FrameMeter();
  const feed = new EngineFeed(engine, 'r');
  const host = new HostDouble([]);
  const all = () => readHealth({ engine, feed, meter, host } as unknown as AppLoadContext, null);
  const read = async (what: string) => (await all()).vitals.find((vital) => vital.what === what);
  return { engine, feed, meter, all, read };
}

describe('the health of a process', () => {
  it('claims no order of records before the first', async () => {
    const { read } = made();
    expect(await read('Late records')).toMatchObject({ tone: 'plain', word: 'NONE YET' });
  });

  it('says of a log that cannot be read why, beside all the rest', async () => {
    const { engine, read } = made();
    const instrument = { number: 0, symbol: 'ES' };
    const task = { clock: { late: 0 }, nodes: [], offsets: {}, instrument };
    engine.graph = { instruments: [instrument], sources: [], hash: '' } as unknown as FlowGraph;
    engine.tasks.set('ES', {
      log: { kind: 'kafka', logId: 'made', end: () => Promise.reject(new Error('no broker')) },
      rate: { rowsPerSecond: 0, pace: 0 },
      runner: { task: { ...task, journal: { seq: 0, hash: '' } } },
    } as unknown as LiveTask);
    expect(await read('Log')).toMatchObject({
      tone: 'alarm',
      word: 'UNREADABLE',
      text: expect.stringContaining('no broker'),
    });
    expect(await read('Late records')).toMatchObject({ tone: 'ok' });
  });

  it('counts batches, and not what else takes offsets on Kafka', async () => {
    const { engine, read } = made();
    const instrument = { number: 0, symbol: 'ES' };
    const task = { clock: { late: 0 }, nodes: [], instrument, journal: { seq: 0, hash: '' } };
    engine.graph = { instruments: [instrument], sources: [], hash: '' } as unknown as FlowGraph;
    const log = {
      logId: 'made',
      end: async () => 1_000,
      // Every other offset is the mark of a transaction.
      read: async (_: string, __: number, from: number, limit: number) =>
        Array.from({ length: Math.min(limit, Math.ceil((1_000 - from) / 2)) }),
    };
    const textOf = async (kind: string, taken: number) => {
      const status = { state: 'current', done: 9, all: 9, problem: null };
      Object.assign(engine, { log: { ...log, kind }, store: { name: 'a', status } });
      engine.tasks.set('ES', {
        log: { ...log, kind },
        rate: { rowsPerSecond: 0, pace: 0 },
        runner: { task: { ...task, offsets: { 'market.data': taken } } },
      } as unknown as LiveTask);
      const vital = await read('Log');
      return `${vital?.word} ${vital?.text}`;
    };
    expect(await textOf('kafka', 990)).toBe(
      "CURRENT kafka log made, market data up to offset 1,000 (batches, and the marks of Kafka's transactions), the task is 5 batches behind",
    );
    expect(await textOf('kafka', 400)).toMatch(
      /^BEHIND .* the task is at most 600 batches behind$/,
    );
    expect((await read('Store'))?.text).toBe('a, 9 of 9 offsets');
    expect(await textOf('local', 400)).toBe(
      'BEHIND local log made, 1,000 market batches, the task is 600 batches behind',
    );
    expect((await read('Store'))?.text).toBe('a, 9 of 9 records');
  });

  it.each([
    [100_000, 'ok', 'CURRENT'],
    [99_744, 'ok', 'CURRENT'],
    [99_743, 'caution', 'BEHIND'],
  ])('calls a store at %i of 100,000 records %s', async (done, tone, word) => {
    const { engine, read } = made();
    const status = { state: 'behind', done, all: 100_000, problem: null };
    Object.assign(engine, { store: { name: 'sqlite', status } });
    expect(await read('Store')).toMatchObject({ tone, word });
  });

  it('calls a feed silent that brings nothing in regular hours, and not one that is closed', async () => {
    const { engine, read } = made();
    engine.control.state = () => ({
      state: 'running',
      canPace: true,
      pace: 1,
      jumpingTo: null,
      ageMs: 31_000,
    });
    const instrument = { number: 0, symbol: 'ES', calendar: 'cme-equity' };
    engine.graph = { instruments: [instrument], sources: [], hash: '' } as unknown as FlowGraph;
    const at = async (now: number): Promise<string | undefined> => {
      const task = { clock: { now, late: 0 }, nodes: [], offsets: {}, instrument };
      engine.tasks.set('ES', {
        symbol: 'ES',
        log: { kind: 'memory', logId: 'made', end: () => Promise.resolve(0) },
        rate: { rowsPerSecond: 0, pace: 0 },
        runner: { task: { ...task, journal: { seq: 0, hash: '' } } },
      } as unknown as LiveTask);
      return (await read('Market feed'))?.word;
    };
    const minute = 60_000_000;
    const tenInTheMorning = 1_763_996_400_000_000;
    expect(await at(tenInTheMorning)).toBe('SILENT');
    expect(await at(tenInTheMorning + 450 * minute)).toBe('RUNNING');
  });

  it('tells of every instrument, and whether quotes or trades stopped', async () => {
    const { engine, feed, all } = made();
    const tenInTheMorning = 1_763_996_400_000_000;
    engine.status = 'running';
    const instruments = ['ES', 'NQ'].map((symbol, number) => ({
      ...{ symbol, number, calendar: 'cme-equity' },
    }));
    engine.graph = { instruments, sources: [], hash: '' } as unknown as FlowGraph;
    engine.control.state = () =>
      ({ state: 'running', pace: 1, jumpingTo: null, ageMs: 20 }) as never;
    for (const instrument of instruments) {
      const clock = { now: tenInTheMorning, rows: 1, trades: 1, late: 2 };
      const nodes = [{ id: 'eighty', quarantined: instrument.symbol === 'NQ' }];
      const task = { clock, instrument, nodes, offsets: {}, aggressor: { quoteTs: 1 } };
      engine.tasks.set(instrument.symbol, {
        symbol: instrument.symbol,
        log: { kind: 'memory', logId: 'made', end: () => Promise.resolve(0) },
        rate: { rowsPerSecond: 12.4, pace: 1 },
        runner: { task: { ...task, journal: { seq: 0, hash: '' } } },
      } as unknown as LiveTask);
    }
    feed.ageOf = (symbol) => ({
      ...{ quoteMs: symbol === 'NQ' ? 31_000 : 400, tradeMs: null, usualGapMs: 0 },
    });
    expect((await all()).markets).toMatchObject([
      { symbol: 'ES', word: 'RUNNING', quoteMs: 400, tradeMs: null, limitMs: 30_000, out: [] },
      { symbol: 'NQ', tone: 'caution', word: 'NO QUOTES', rowsPerSecond: 12, out: ['eighty'] },
    ]);
  });

  it('never calls a store current that waits for its database', async () => {
    const { engine, read } = made();
    const status = { state: 'waiting', done: 9, all: 9, problem: 'no server' };
    Object.assign(engine, { store: { name: 'postgres', status } });
    expect(await read('Store')).toMatchObject({ tone: 'alarm', word: 'WAITING' });
  });

  it('says what the windows cost the engine, and when that is too much', async () => {
    const { meter, read } = made();
    expect(await read('Windows')).toMatchObject({ tone: 'plain', word: 'NONE' });
    meter.sent(2_048, true);
    meter.turn(1);
    meter.second(3);
    expect(await read('Windows')).toMatchObject({
      tone: 'ok',
      word: '3',
      text: '1.0 frames/s, 1.00 ms each, 2.0 KB/s, all windows together',
    });
    meter.turn(30);
    meter.second(3);
    expect(await read('Windows')).toMatchObject({ tone: 'caution', word: 'DEAR' });
  });
});
