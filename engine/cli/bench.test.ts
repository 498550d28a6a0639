import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { zonedToUtc } from '../market/time.ts';
import type { AnySensor } from '../runtime/node.ts';
import { Task } from '../runtime/task.ts';
import { largeLot } from '../testing/large-lot.ts';
import { readArguments } from './arguments.ts';
import { command, sharedTrades } from './bench.ts';
import {
  type BenchTape,
  everyTradeToEveryMachine,
  fiveComponents,
  medianOf,
  runTape,
  sensorsOnly,
} from './bench-cases.ts';
import { printLogs } from './bench-log-report.ts';
import { firstTrades, measure, memoryOf, plansOf } from './bench-plans.ts';
import { HostDouble } from './host-double.ts';
import { StartedProgram } from './started-program.ts';

const es = findInstrument('ES');
const trades = 1_000;

function tapeOf(): BenchTape {
  const batches: Uint8Array[] = [];
  const builder = new MarketBatchBuilder('ES');
  const open = zonedToUtc('America/New_York', 20251119, '09:30');
  for (let i = 0; i < trades; i += 1) {
    builder.trade(open + i * 100_000, 24_000 + (i % 9), 1 + (i % 3), 0, 0);
    if (builder.count === 500) batches.push(builder.finish());
  }
  return { batches, trades };
}

function withNode(graph: FlowGraph): FlowGraph {
  const [first] = graph.nodes;
  if (!first) throw new Error('no node');
  return {
    ...graph,
    nodes: [{ ...first, id: 'lots', plugin: largeLot, config: { minSize: 3, neededSize: 100 } }],
  };
}

const folder = mkdtempSync(join(tmpdir(), 'orderflow-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tape = tapeOf();
const options = { explain: true };

describe('the benchmark', () => {
  it('feeds every trade of the tape to a fresh task on each pass', () => {
    const seen: number[] = [];
    runTape(
      {
        graph: fiveComponents(es),
        instrument: es,
        tape,
        options,
        repeats: 2,
        passed: (task) => seen.push(task.clock.trades),
      },
      () => 0,
    );
    expect(seen).toEqual([trades, trades]);
  });

  it('does the work of the five components: each has its numbers afterwards', () => {
    let last: Task | null = null;
    runTape(
      {
        graph: fiveComponents(es),
        instrument: es,
        tape,
        options,
        repeats: 1,
        passed: (task) => (last = task),
      },
      () => 0,
    );
    const task = last as Task | null;
    const volume = task?.clock.volume ?? 0;
    const rows = task?.nodes.map((node) =>
      task.readTable(node.id, Object.keys(node.graphNode.plugin.out)[0] ?? ''),
    );
    expect(rows?.[0]).toEqual({ volume });
    expect(rows?.[1]).toMatchObject({ vwap: expect.closeTo(24_004, 0) });
    expect(rows?.[2]).toHaveProperty('close');
    expect(rows?.[3]).toMatchObject({ bars: 2 });
    expect(rows?.[4]).toEqual({ high: 24_008, low: 24_000 });
  });

  it('sends every trade to every machine in its baseline', () => {
    const task = new Task(everyTradeToEveryMachine(withNode(fiveComponents(es))), es);
    runTape(
      {
        graph: task.graph,
        instrument: es,
        tape,
        options,
        repeats: 1,
        passed: (t) => expect(t.journal.seq).toBeGreaterThan(trades),
      },
      () => 0,
    );
  });

  it('keeps the machines out of sensors-only, and the sensors in', () => {
    const graph = sensorsOnly(withNode(fiveComponents(es)));
    expect(graph.nodes[0]?.plugin).toHaveProperty('machine', undefined);
    runTape(
      {
        graph,
        instrument: es,
        tape,
        options,
        repeats: 1,
        passed: (t) => expect([t.journal.seq, t.nodes[0]?.slots?.f[2]]).toEqual([0, 1]),
      },
      () => 0,
    );
  });

  it('shows workers beside the logs where there is a cluster', () => {
    const host = new HostDouble([]);
    const times = { p50: 2.5, p99: 30 };
    const made = {
      trades: 10,
      flowTradesPerSecond: 1e6,
      appendTradesPerSecond: 1,
      readTradesPerSecond: 1,
    };
    const shares = { readShare: 0, commitShare: 0, taskShare: 1 };
    const of = { commit: 'abc', machine: 'm', node: '24', flow: 'f' };
    const cases = [{ log: 'kafka' as const, ...made, ...shares, commitMs: times, outputMs: times }];
    printLogs(host, { ...of, cases, workers: [] });
    expect(host.written).not.toContain('worker');
    const workers = [1, 2].map((count) => ({
      ...{ workers: count, instruments: 2, trades: 9_000_000 },
      ...{ tradesPerSecond: count * 400_000, committedMs: times },
    }));
    printLogs(host, { ...of, cases, workers });
    expect(host.written).toMatch(/^1 worker +2 +9,000,000 +0\.400 M\/s +2\.5 ms +30 ms$/m);
    expect(host.written).toMatch(/^2 workers +2 +9,000,000 +0\.800 M\/s/m);
  });

  it('takes the median, so that one slow run says nothing', () => {
    expect(medianOf([5, 900, 4, 6, 5])).toBe(5);
  });

  it('refuses a time of a flow whose nodes broke', () => {
    const broken: AnySensor = {
      slots: [],
      init: () => {},
      trade: () => {
        throw new Error('broken');
      },
    };
    const base = fiveComponents(es);
    const nodes = base.nodes
      .slice(0, 1)
      .map((node) => ({ ...node, plugin: { ...node.plugin, sensor: broken as never } }));
    const timed = { name: 'broken', graph: { ...base, nodes }, tape, repeats: 1, options };
    expect(() => measure(timed, 1, () => 0)).toThrow('OF_BENCH_QUARANTINED');
  });

  it('finds the real trades of 2013 where the shared data is, and nothing else', () => {
    const host = new HostDouble(['bench']);
    expect(sharedTrades(host)).toEqual([]);
    for (const name of ['ES_20130904_ESU13_tickdata.csv.gz', 'EShour_20231225T2300Z_ESH4.csv.gz'])
      host.files.set(`market/trades/${name}`, '');
    host.env['ORDERFLOW_DATA'] = 'market';
    expect(sharedTrades(host)).toEqual(['market/trades/ES_20130904_ESU13_tickdata.csv.gz']);
  });

  it('holds each case against one that was measured before it', () => {
    for (const hasReal of [false, true]) {
      const plans = plansOf(fiveComponents(es), hasReal);
      for (const [i, { baseline }] of plans.entries())
        expect(
          plans
            .slice(0, i)
            .map(({ name }) => name)
            .includes(baseline ?? ''),
        ).toBe(i > 0);
      expect(plans.some((plan) => plan.tape === 'real')).toBe(hasReal);
    }
    const [slow, whole] = plansOf(fiveComponents(es), true);
    expect(memoryOf(slow!, {})).toEqual({});
    expect(memoryOf(whole!, { NODE_OPTIONS: '--enable-source-maps' })['NODE_OPTIONS']).toMatch(
      /^--enable-source-maps --max-old-space-size=\d+ --max-semi-space-size=\d+$/,
    );
    expect(firstTrades(tape, 1)).toEqual({ batches: tape.batches.slice(0, 1), trades: 512 });
    expect(firstTrades(tape, null)).toBe(tape);
  });

  it('measures each case in a process of its own, which finds the files of this one', async () => {
    const words = ['bench', 'tape/profile.flow.yaml', '--trades', '2000', '--runs', '1'];
    mkdirSync(join(folder, 'tape'));
    copyFileSync('flows/profile.flow.yaml', join(folder, 'tape/profile.flow.yaml'));
    const env = { ORDERFLOW_DATA: folder };
    const { code, out, err } = await new StartedProgram(words, env, folder).ended;
    expect(err).toContain('skipped: flow-real-2013');
    expect(code).toBe(0);
    const rows = out.trim().split('\n').slice(3);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(
      plansOf(fiveComponents(es), false).map(({ name }) => name),
    );
    for (const row of rows.slice(1)) expect(row).toMatch(/ M\/s +\d+ MB +[\d.]+× {2}/);
  });

  it('says which case could not be measured, and what its process said', async () => {
    const program = new StartedProgram(['bench', '--data', 'nowhere.csv', '--runs', '1']);
    const { code, err } = await program.ended;
    expect(code).not.toBe(0);
    expect(err).toMatch(/OF_BENCH_CASE bench case 'every-trade-to-every-machine' ended with \d/);
    expect(err).toContain('nowhere.csv');
  });

  it('names the cases there are', async () => {
    const program = new StartedProgram(['bench', '--case', 'flow'], { ORDERFLOW_DATA: folder });
    const { code, err } = await program.ended;
    expect(code).toBe(2);
    expect(err).toContain("five-components, was 'flow'");
  });

  it('says which source it lacks', async () => {
    const host = new HostDouble(['bench']);
    await expect(
      command.run(host, readArguments(command, ['--trades', '10'])),
    ).rejects.toMatchObject({ code: 'OF_BENCH_SOURCE' });
  });
});
