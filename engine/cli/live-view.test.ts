import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { signal as signalSchema } from '../contracts/signal.ts';
import { priorProfile } from '../contracts/volume-profile.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { Task } from '../runtime/task.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeFlow, madeSource } from '../testing/made-flow.ts';
import { driveNode } from '../testing/node-run.ts';
import { LiveWatch } from './live-state.ts';
import { type LiveFrame, plainLine, plainSignal, renderLive } from './live-view.ts';

const es = findInstrument('ES');
const setup = definePlugin({
  ...{
    id: 'setup',
    version: '1.0.0',
    api: 1,
    summary: 'A setup',
    config: z.object({}),
    in: {},
    examples: [],
  },
  out: { signal: { kind: 'event', schema: signalSchema } },
});

function frameOf(watch: LiveWatch, more: Partial<LiveFrame> = {}): LiveFrame {
  return {
    state: watch.state(),
    columns: 80,
    rows: 24,
    rowsPerSecond: 1_240,
    pace: 60,
    hint: 'Ctrl-C stops',
    ...more,
  };
}

/** A task that has seen a large lot at 10:00:01 and ran on to 10:00:31. */
function watchedRun(): LiveWatch {
  const run = driveNode(largeLot, { tradeDate: '2025-11-19' });
  const watch = new LiveWatch(run.task);
  run.quote('10:00:00', 6_000, 5, 6_000.25, 5);
  run.trade('10:00:01', 6_000.25, 120, 'buy');
  run.trade('10:00:31', 6_000, 3);
  watch.take(run.outputs);
  return watch;
}

function text(frame: LiveFrame): string {
  return renderLive(frame).join('\n');
}

describe('the live view', () => {
  it('shows market, machines with their time in state, input and journal', () => {
    const shown = text(frameOf(watchedRun()));
    expect(shown).toContain('test 0.0.0   Wed 2025-11-19 10:00:31 ET');
    expect(shown).toContain('ES 6000.00   bid 6000.00  ask 6000.25   rth-opening');
    expect(shown).toMatch(/large-lot {2}waiting {2}30\.0 s/);
    expect(shown).toMatch(
      /1\.24 k rows\/s {2}60× life {2}2 trades {2}aggressor unknown 0\.0 % {2}late 0/,
    );
    expect(shown).toMatch(/journal 2 {2}[0-9a-f]{16}/);
  });

  it('says why a value is missing', () => {
    const graph: FlowGraph = madeFlow(madeSource(async () => {}));
    const empty = text(frameOf(new LiveWatch(new Task(graph, es))));
    expect(empty).toContain('no market data yet');
    expect(empty).toContain('– (no trade yet)');
    expect(empty).toContain('prior session  – (no node of this flow publishes it)');
    const prior = definePlugin({
      ...{
        id: 'prior',
        version: '1.0.0',
        api: 1,
        summary: 'Publishes nothing yet',
        config: z.object({}),
        in: {},
        examples: [],
      },
      out: { prior: { kind: 'table', schema: priorProfile } },
    });
    const wired = {
      ...graph,
      nodes: graph.nodes.map((node) => ({ ...node, plugin: prior, wires: [] })),
    } as unknown as FlowGraph;
    expect(text(frameOf(new LiveWatch(new Task(wired, es))))).toContain(
      'prior session  – (no session was completed yet)',
    );
  });

  it('fits windows of 80 and 120 columns, and of few lines', () => {
    const watch = watchedRun();
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [40, 10],
    ] as const) {
      const lines = renderLive(frameOf(watch, { columns, rows }));
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(line.length).toBeLessThan(columns);
    }
  });

  it('shows the last signals, newest first, in ticks of the instrument', () => {
    const run = driveNode(setup, { tradeDate: '2025-11-19' });
    const watch = new LiveWatch(run.task);
    run.trade('10:00:01', 6_000, 1);
    const record = (time: string, price: number, seq: number, symbol = 'ES') => {
      const ts = run.at(time);
      const value = JSON.stringify({ ts, side: 'long', price, reason: `number ${seq}` });
      return {
        topic: 'test.setup.signal',
        key: symbol,
        schema: 'signal/1',
        node: 'setup',
        port: 'signal',
        ts,
        seq,
        value,
      };
    };
    expect(text(frameOf(watch))).toContain('– (none yet)');
    const taken = watch.take([
      record('10:00:02', 24_000, 1),
      record('10:00:05', 24_004, 2),
      record('10:00:05', 24_008, 3),
      record('10:00:09', 1, 4, 'NQ'),
    ]);
    expect(taken).toHaveLength(3);
    const shown = text(frameOf(watch))
      .split('\n')
      .filter((line) => line.includes('setup.signal'));
    expect(shown).toEqual([
      '  10:00:05  setup.signal  long 6002.00  number 3',
      '  10:00:05  setup.signal  long 6001.00  number 2',
      '  10:00:02  setup.signal  long 6000.00  number 1',
    ]);
    const tomorrow = { ...watch.state(), now: run.at('10:00:05') + 86_400_000_000 };
    expect(text(frameOf(watch, { state: tomorrow }))).toContain('  11-19 10:00:05  setup.signal');
    expect(text(frameOf(watch, { rows: 16 })).match(/setup\.signal/g)).toHaveLength(1);
  });

  it('is one line in a pipe', () => {
    const frame = frameOf(watchedRun());
    expect(plainLine(frame)).toMatch(
      /^Wed 2025-11-19 10:00:31 ET {2}rth-opening {2}ES 6000\.00 {2}1\.24 k rows\/s {2}2 trades/,
    );
    const payload = {
      side: 'short',
      price: 6_001.5,
      target: 5_999,
      reason: 'sellers',
      tradeDate: '2025-11-19',
    };
    const signal = { ts: frame.state.now, node: 'eighty', port: 'signal', seq: 3, payload };
    expect(plainSignal(signal, frame.state)).toBe(
      'signal  2025-11-19 10:00:31  eighty.signal  short 6001.50 to 5999.00  sellers',
    );
    const shown = text({ ...frame, state: { ...frame.state, signals: [signal] } });
    expect(shown).toContain('  10:00:31  eighty.signal  short 6001.50 to 5999.00  sellers');
  });
});
