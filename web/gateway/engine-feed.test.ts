import { describe, expect, it } from 'vitest';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { findInstrument } from '#engine/market/instrument.ts';
import type { NewRecord } from '#engine/runtime/ports.ts';
import { EngineFeed } from './engine-feed.ts';

const graph = {
  name: 'made',
  hash: 'h',
  sources: [],
  instruments: [{ symbol: 'ES' }, { symbol: 'NQ' }],
} as unknown as FlowGraph;

function taskOf(symbol: string, now: number, nodes: readonly object[] = []): LiveTask {
  const task = {
    ...{ clock: { now, rows: 0, trades: 0 }, aggressor: { quoteTs: 0 } },
    ...{ nodes, instrument: findInstrument(symbol) },
  };
  return { graph, symbol, watch: {}, rate: { pace: 0 }, runner: { task } } as unknown as LiveTask;
}

function made() {
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home: 'data' });
  return { engine, feed: new EngineFeed(engine, 'r') };
}

function opened() {
  const { engine, feed } = made();
  for (const task of [taskOf('ES', 7), taskOf('NQ', 9)]) engine.opened(task);
  return { engine, feed };
}

function record(key: string, more: Partial<NewRecord> = {}): NewRecord {
  return { topic: 'made.vwap.bands', key, ts: 1, schema: 's', value: key, ...more };
}

describe('what a run commits, by instrument', () => {
  it('is of one instrument each, counted for itself', () => {
    const { engine, feed } = opened();
    engine.tasks.get('NQ')?.watch.onSignal?.({ ts: 5, node: 'a', port: 'b', seq: 3, payload: {} });
    expect(feed.of('NQ')?.ring.latest(9)).toMatchObject([{ s: 1, type: 'signal', node: 'a' }]);
    expect(feed.of('ES')?.run).not.toBe(feed.of('NQ')?.run);
  });

  it('keeps the newest record of each, and the letters of each', () => {
    const { engine, feed } = opened();
    const letter = JSON.stringify({ ts: 1, node: 'x', seq: 1, error: 'threw', policy: 'skip' });
    const ofBands = { node: 'vwap', port: 'bands' };
    engine.committed({ outputs: [record('ES', ofBands)] } as never);
    engine.committed({
      outputs: [record('NQ', ofBands), record('NQ', { topic: 'made.dead-letters', value: letter })],
    } as never);
    expect(feed.of('ES')?.lastOf('vwap', 'bands')?.value).toBe('ES');
    expect(feed.of('NQ')?.lastOf('vwap', 'bands')?.value).toBe('NQ');
    expect(
      feed
        .of('NQ')
        ?.ring.latest(9)
        .map(({ type }) => type),
    ).toEqual(['dead-letter']);
  });

  it('is told to windows of the other instruments too, with its own name: signals and dead letters', () => {
    const { engine, feed } = opened();
    engine.tasks.get('NQ')?.watch.onSignal?.({ ts: 5, node: 'a', port: 'b', seq: 3, payload: {} });
    const letter = JSON.stringify({ ts: 1, node: 'x', seq: 1, error: 'threw', policy: 'skip' });
    const outputs = [record('NQ', { topic: 'made.dead-letters', value: letter })];
    engine.committed({ outputs } as never);
    const told = (symbol: string) =>
      feed
        .of(symbol)
        ?.ring.latest(9)
        .map(({ type, symbol: of }) => `${type} ${of ?? 'own'}`);
    expect(told('ES')).toEqual(['signal NQ', 'dead-letter NQ']);
    expect(told('NQ')).toEqual(['signal own', 'dead-letter own']);
    expect(feed.alerts.value).toMatchObject({ open: 1, newest: { symbol: 'NQ', node: 'x' } });
  });

  it('keeps alerts of feeds, refusals, flows that take over and nodes that are out already', () => {
    const { engine, feed } = opened();
    let isPaused = false;
    engine.control.state = () =>
      ({ state: isPaused ? 'paused' : 'running', pace: 1, jumpingTo: null, ageMs: 1 }) as never;
    feed.look();
    isPaused = true;
    feed.look();
    feed.look();
    feed.refused('market.jump', 'that moment is past');
    const next = taskOf('NQ', 9, [{ id: 'eighty', quarantined: true }]);
    Object.assign(next, { graph: { ...graph, hash: 'other', version: '2.0.0' } });
    engine.opened(next);
    const { alerts } = feed.alerts.list;
    expect(alerts.map(({ kind, symbol, text }) => `${kind} ${symbol} ${text}`)).toEqual([
      'node-out NQ threw in an earlier run and is out of the flow',
      'deployed NQ made 2.0.0 took over',
      'refused null market.jump: that moment is past',
      "feed NQ feed 'market' was paused",
      "feed ES feed 'market' was paused",
    ]);
    expect(feed.alerts.value.open).toBe(1);
  });

  it('tells windows on every instrument what a command did, each at its own time', () => {
    const { feed } = opened();
    feed.notice('market paused');
    expect(feed.of('ES')?.ring.latest(1)).toMatchObject([{ type: 'notice', ts: 7 }]);
    expect(feed.of('NQ')?.ring.latest(1)).toMatchObject([{ type: 'notice', ts: 9 }]);
  });

  it('is the same for all before a task is open, and is nothing of what the flow does not run on', () => {
    const { engine, feed } = made();
    const early = feed.of('NQ');
    expect(early).toBe(feed.of(null));
    engine.opened(taskOf('ES', 7));
    expect(feed.of('ES')).toBe(early);
    expect(feed.of('NQ')).not.toBe(early);
    expect(feed.of('XX')).toBeNull();
  });
});
