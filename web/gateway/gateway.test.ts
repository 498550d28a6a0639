import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import type { Frame, ServerMessage } from '../live/wire.ts';
import { EngineFeed } from './engine-feed.ts';
import { FrameMeter } from './frame-meter.ts';
import { Gateway } from './gateway.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A window that paints at once, on a run that is as far as its signals. */
async function opened(keys: readonly string[], hidden = false) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home: 'data' });
  Object.assign(engine, {
    runner: { task: { clock: { now: 5 }, nodes: [] } },
    watch: { signals: [] },
  });
  const now = (): number => performance.now();
  const feed = new EngineFeed(engine);
  const meter = new FrameMeter();
  const gateway = new Gateway({
    server,
    engine,
    feed,
    meter,
    run: 'r',
    now,
    admit: () => ({ isWelcome: () => true, leave: () => {} }),
  });
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
  const frames: Frame[] = [];
  const hello = { kind: 'hello', run: null, lastSeq: 0, keys, hidden, hz: 20 };
  socket.on('open', () => socket.send(JSON.stringify(hello)));
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as ServerMessage;
    if (message.kind !== 'frame') return;
    frames.push(message);
    socket.send(JSON.stringify({ kind: 'ack', n: message.n }));
  });
  ends.push(() => {
    socket.terminate();
    gateway.close();
    server.close();
  });
  return { engine, feed, frames };
}

describe('the gateway', () => {
  it('takes a value back that is there no more', async () => {
    const { engine, frames } = await opened(['signals', 'table:no.where']);
    await vi.waitFor(() => expect(frames.map(({ t1 }) => t1)).toEqual([{ signals: [] }]));
    expect(frames[0]?.gone).toEqual([]);
    engine.watch = null;
    await vi.waitFor(() => expect(frames.at(-1)?.gone).toEqual(['signals']));
    expect(frames.length).toBe(2);
  });

  it('tells a hidden window of events at once, and of values once a second', async () => {
    const { engine, feed, frames } = await opened(['signals'], true);
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    const begun = performance.now();
    Object.assign(engine, { watch: { signals: ['new'] } });
    feed.notice('alarm');
    await vi.waitFor(() => expect(frames.flatMap(({ ev }) => ev)).toHaveLength(1), { interval: 5 });
    expect(frames.at(-1)?.t1).toEqual({});
    expect(performance.now() - begun).toBeLessThan(700);
    await vi.waitFor(() => expect(frames.at(-1)?.t1).toEqual({ signals: ['new'] }), 3_000);
  });
});
