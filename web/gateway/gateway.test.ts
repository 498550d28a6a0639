import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { findInstrument } from '#engine/market/instrument.ts';
import { closeCodes } from '../live/close-codes.ts';
import type { Frame, Hello, ServerMessage } from '../live/wire.ts';
import { EngineFeed } from './engine-feed.ts';
import { FrameMeter } from './frame-meter.ts';
import { Gateway } from './gateway.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const graph = {
  name: 'made',
  sources: [],
  instruments: [{ symbol: 'ES' }, { symbol: 'NQ' }],
} as unknown as FlowGraph;

/** A task that is as far as its signals. */
function taskOf(symbol: string, now: number, signals: readonly string[] = []): LiveTask {
  const task = {
    ...{ clock: { now, rows: 0, trades: 0 }, aggressor: { quoteTs: 0 } },
    ...{ nodes: [], instrument: findInstrument(symbol) },
  };
  const rate = { pace: 0 };
  return { graph, symbol, rate, watch: { signals }, runner: { task } } as unknown as LiveTask;
}

/** A run on two instruments; `open` is a window that paints at once. */
async function served(tasks: readonly LiveTask[]) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home: 'data' });
  for (const task of tasks) engine.opened(task);
  const feed = new EngineFeed(engine, 'r');
  const gateway = new Gateway({
    server,
    engine,
    feed,
    meter: new FrameMeter(),
    now: () => performance.now(),
    admit: () => ({ isWelcome: () => true, leave: () => {} }),
  });
  const { port } = server.address() as AddressInfo;
  ends.push(() => {
    gateway.close();
    server.close();
  });
  const open = (keys: readonly string[], query = '', more = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`);
    const frames: Frame[] = [];
    const hellos: Hello[] = [];
    const closed = new Promise<number>((resolve) => {
      socket.on('close', resolve);
    });
    const hello = { kind: 'hello', run: null, lastSeq: 0, keys, hidden: false, hz: 20, ...more };
    socket.on('open', () => socket.send(JSON.stringify(hello)));
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as ServerMessage;
      if (message.kind === 'hello') hellos.push(message);
      if (message.kind !== 'frame') return;
      frames.push(message);
      socket.send(JSON.stringify({ kind: 'ack', n: message.n }));
    });
    ends.push(() => socket.terminate());
    return { frames, hellos, closed };
  };
  return { engine, feed, open };
}

/** A window on a run that is as far as its signals. */
async function opened(keys: readonly string[], hidden = false) {
  const { engine, feed, open } = await served([taskOf('ES', 5)]);
  return { engine, feed, ...open(keys, '', { hidden }) };
}

describe('the gateway', () => {
  it('takes a value back that is there no more', async () => {
    const { engine, frames } = await opened(['signals', 'table:no.where']);
    await vi.waitFor(() => expect(frames.map(({ t1 }) => t1)).toEqual([{ signals: [] }]));
    expect(frames[0]?.gone).toEqual([]);
    engine.tasks.clear();
    await vi.waitFor(() => expect(frames.at(-1)?.gone).toEqual(['signals']));
    expect(frames.length).toBe(2);
  });

  it('tells a hidden window of events at once, and of values once a second', async () => {
    const { engine, feed, frames } = await opened(['signals'], true);
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    const begun = performance.now();
    engine.tasks.set('ES', taskOf('ES', 5, ['new']));
    feed.notice('alarm');
    await vi.waitFor(() => expect(frames.flatMap(({ ev }) => ev)).toHaveLength(1), { interval: 5 });
    expect(frames.at(-1)?.t1).toEqual({});
    expect(performance.now() - begun).toBeLessThan(700);
    await vi.waitFor(() => expect(frames.at(-1)?.t1).toEqual({ signals: ['new'] }), 3_000);
  });

  it('tells each window of its own instrument only, values and events alike', async () => {
    const { feed, open } = await served([taskOf('ES', 5, ['es']), taskOf('NQ', 6, ['nq'])]);
    const [first, es, nq] = ['', '?instrument=ES', '?instrument=NQ'].map((query) =>
      open(['signals'], query),
    );
    await vi.waitFor(() => expect(nq?.frames).toHaveLength(1));
    await vi.waitFor(() => expect(es?.frames).toHaveLength(1));
    expect(nq?.frames[0]).toMatchObject({ asOf: 6, t1: { signals: ['nq'] } });
    expect(es?.frames[0]).toMatchObject({ asOf: 5, t1: { signals: ['es'] } });
    await vi.waitFor(() => expect(first?.frames[0]?.t1).toEqual({ signals: ['es'] }));
    const event = { type: 'signal', ts: 6, node: 'n', port: 'p', seq: 1, payload: {} } as const;
    feed.of('NQ')?.add(event);
    await vi.waitFor(() =>
      expect(nq?.frames.flatMap(({ ev }) => ev)).toEqual([{ ...event, s: 1 }]),
    );
    expect([...(es?.frames ?? []), ...(first?.frames ?? [])].flatMap(({ ev }) => ev)).toEqual([]);
  });

  it('never takes what a window saw of one instrument for what it saw of another', async () => {
    const { feed, open } = await served([taskOf('ES', 5), taskOf('NQ', 6)]);
    feed.notice('one');
    feed.of('NQ')?.add({ type: 'notice', ts: 1, node: '', port: null, seq: null, payload: {} });
    const saw = { run: feed.of('ES')?.run, lastSeq: 1 };
    const { hellos, frames } = open(['signals'], '?instrument=NQ', saw);
    await vi.waitFor(() => expect(hellos).toMatchObject([{ lastSeq: 2, gap: false }]));
    expect(hellos[0]?.run).not.toBe(saw.run);
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(frames[0]?.ev).toEqual([]);
  });

  it('turns a window away that asks for what the flow does not run on', async () => {
    const { open } = await served([taskOf('ES', 5)]);
    expect(await open([], '?instrument=XX').closed).toBe(closeCodes.noInstrument);
  });

  it('lets a window begin anew that came before its instrument was there', async () => {
    const { engine, open } = await served([]);
    const [es, nq, no] = ['?instrument=ES', '?instrument=NQ', '?instrument=XX'].map((query) =>
      open(['signals'], query),
    );
    await vi.waitFor(() => expect(no?.hellos).toHaveLength(1));
    engine.opened(taskOf('ES', 5, ['es']));
    expect(await nq?.closed).toBe(1012);
    expect(await no?.closed).toBe(closeCodes.noInstrument);
    await vi.waitFor(() => expect(es?.frames.at(-1)?.t1).toEqual({ signals: ['es'] }));
    expect(es?.hellos).toHaveLength(1);
  });
});
