import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { assert, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { AnySource } from '../plugin/define-plugin.ts';
import type { Task, TaskOptions } from '../runtime/task.ts';
import type { Arguments } from './arguments.ts';
import {
  type BenchCase,
  type BenchTape,
  collectTape,
  everyTradeToEveryMachine,
  fiveComponents,
  medianOf,
  runTape,
  sensorsOnly,
} from './bench-cases.ts';
import { measureLogs } from './bench-log.ts';
import { printLogs } from './bench-log-report.ts';
import { measureNodes, type NodeCosts } from './bench-nodes.ts';
import { measureStores, storesText } from './bench-store.ts';
import { measureGroups } from './bench-workers.ts';
import type { Command } from './command.ts';
import { formatCount } from './format-number.ts';
import { homeOption } from './home.ts';
import type { Host } from './host.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { alignColumns } from './text-table.ts';

/** What `bench --json` prints. */
interface BenchReport {
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
  readonly cases: readonly BenchCase[];
}

/** What `bench --nodes --json` prints. */
interface NodesReport extends Omit<BenchReport, 'cases'>, NodeCosts {
  readonly flow: string;
  readonly rssMb: number;
}

/** One case before it is measured. */
export interface BenchPlan {
  readonly name: string;
  readonly graph: FlowGraph;
  readonly tape: BenchTape;
  readonly repeats: number;
  readonly options: TaskOptions;
  readonly baseline: string | null;
}

/** Trades the slow baseline is given: enough to be steady, few enough to end. */
const baselineTrades = 40_000;

function commitOf(host: Host): string {
  const head = host.readText('.git/HEAD')?.trim() ?? '';
  if (!head.startsWith('ref: ')) return head === '' ? 'unknown' : head.slice(0, 12);
  const ref = head.slice(5);
  const packed = host
    .readText('.git/packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return (host.readText(`.git/${ref}`)?.trim() ?? packed?.split(' ')[0] ?? 'unknown').slice(0, 12);
}

function machineName(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

function firstBatches(tape: BenchTape, trades: number): BenchTape {
  const batches = tape.batches.slice(0, Math.ceil(trades / 512));
  return { batches, trades: Math.min(tape.trades, batches.length * 512) };
}

function plansOf(graph: FlowGraph, real: BenchTape | null, simulated: BenchTape): BenchPlan[] {
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const on = { explain: true };
  const main = real ?? simulated;
  const repeats = real ? 3 : 1;
  const plans: BenchPlan[] = [
    {
      name: 'every-trade-to-every-machine',
      graph: everyTradeToEveryMachine(graph),
      tape: firstBatches(main, baselineTrades),
      repeats: 1,
      options: on,
      baseline: null,
    },
  ];
  if (real)
    plans.push({
      name: 'flow-real-2013',
      graph,
      tape: real,
      repeats,
      options: on,
      baseline: 'every-trade-to-every-machine',
    });
  plans.push(
    {
      name: 'flow-simulated',
      graph,
      tape: simulated,
      repeats: 1,
      options: on,
      baseline: real ? 'flow-real-2013' : 'every-trade-to-every-machine',
    },
    {
      name: 'flow-explain-off',
      graph,
      tape: main,
      repeats,
      options: { explain: false },
      baseline: real ? 'flow-real-2013' : 'flow-simulated',
    },
    {
      name: 'sensors-only',
      graph: sensorsOnly(graph),
      tape: main,
      repeats,
      options: on,
      baseline: real ? 'flow-real-2013' : 'flow-simulated',
    },
    {
      name: 'five-components',
      graph: fiveComponents(instrument),
      tape: main,
      repeats,
      options: on,
      baseline: real ? 'flow-real-2013' : 'flow-simulated',
    },
  );
  return plans;
}

function rssMb(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

export function measure(
  plan: BenchPlan,
  runs: number,
  wallClock: () => number,
): Omit<BenchCase, 'baseline' | 'ratio'> {
  const [instrument] = plan.graph.instruments;
  assert(instrument, 'a flow has an instrument');
  let quarantined: readonly string[] = [];
  const passed = (task: Task): void => {
    quarantined = task.nodes.filter((node) => node.quarantined).map((node) => node.id);
  };
  const { graph, tape, options, repeats } = plan;
  const times: number[] = [];
  // One run more than counted: the first warms the code up.
  for (let count = 0; count <= runs; count += 1)
    times.push(runTape({ graph, instrument, tape, options, repeats, passed }, wallClock));
  if (quarantined.length > 0)
    throw new OrderflowError('OF_BENCH_QUARANTINED', {
      name: plan.name,
      nodes: quarantined.join(', '),
    });
  const medianMs = medianOf(times.slice(1));
  const trades = tape.trades * repeats;
  return {
    name: plan.name,
    trades,
    medianMs: Math.round(medianMs * 10) / 10,
    tradesPerSecond: Math.round((trades / medianMs) * 1_000),
    rssMb: rssMb(),
  };
}

function withRatio(
  plan: BenchPlan,
  measured: Omit<BenchCase, 'baseline' | 'ratio'>,
  done: readonly BenchCase[],
): BenchCase {
  const baseline = done.find((c) => c.name === plan.baseline);
  const ratio = baseline
    ? Math.round((measured.tradesPerSecond / baseline.tradesPerSecond) * 100) / 100
    : null;
  return { ...measured, baseline: baseline?.name ?? null, ratio };
}

function print(host: Host, report: BenchReport): void {
  host.stdout.write(`commit ${report.commit} · ${report.machine} · Node ${report.node}\n\n`);
  const heading = ['case', 'trades', 'median', 'rate', 'RSS', 'ratio', 'to baseline'];
  const rows = report.cases.map((c) => [
    c.name,
    formatCount(c.trades),
    `${c.medianMs.toFixed(1)} ms`,
    `${(c.tradesPerSecond / 1e6).toFixed(3)} M/s`,
    `${c.rssMb} MB`,
    c.ratio === null ? '–' : `${c.ratio}×`,
    c.baseline ?? '–',
  ]);
  host.stdout.write(`${alignColumns([heading, ...rows], [1, 2, 3, 4, 5]).join('\n')}\n`);
}

function printNodes(host: Host, report: NodesReport): void {
  const { commit, machine, node, flow, trades, tradesPerSecond, rssMb: rss } = report;
  host.stdout.write(
    `commit ${commit} · ${machine} · Node ${node}\n` +
      `flow ${flow} · ${formatCount(trades)} trades · ${(tradesPerSecond / 1e6).toFixed(3)} M/s · RSS ${rss} MB\n\n`,
  );
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const heading = ['node', 'plugin', 'ns/trade', 'events', 'µs/event', 'records', 'views', 'share'];
  const rows = report.nodes.map((n) => [
    n.node,
    n.plugin,
    n.nsPerTrade.toFixed(1),
    formatCount(n.events),
    n.microsPerEvent === null ? '–' : n.microsPerEvent.toFixed(1),
    formatCount(n.records),
    `${n.viewMs.toFixed(1)} ms`,
    percent(n.share),
  ]);
  const loop = ['(loop)', '', report.loopNsPerTrade.toFixed(1), '', '', '', ''];
  const rest = ['(rest)', '', '', '', '', '', ''];
  const lines = [
    heading,
    ...rows,
    [...loop, percent(report.loopShare)],
    [...rest, percent(report.restShare)],
  ];
  host.stdout.write(`${alignColumns(lines, [2, 3, 4, 5, 6, 7]).join('\n')}\n`);
}

/** Returns the real trade files of 2013 in the shared data, in time order; none where there is no shared data. */
export function sharedTrades(host: Host): string[] {
  const folder = join(host.env['ORDERFLOW_DATA'] ?? join('..', 'shared', 'data'), 'trades');
  const names = host
    .listFolder(folder)
    .filter((name) => /^ES_2013\d{4}_.*tickdata\.csv/.test(name));
  return names.map((name) => join(folder, name));
}

const simulation = { seed: 7, tradesPerDay: 1_500_000, depth: false };

function runNodes(host: Host, args: Arguments, graph: FlowGraph, tape: BenchTape): 0 {
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const clock = (): number => host.wallClock();
  const runs = args.number('runs', 1) ?? 5;
  const note = (text: string): void => host.stderr.write(`${text}\n`);
  note('measuring the whole flow');
  const plan = { name: 'whole', graph, tape, repeats: 1, options: {}, baseline: null };
  const { medianMs: wholeMs } = measure(plan, runs, clock);
  const measuring = (id: string): void => note(`measuring ${id}`);
  const costs = measureNodes({ graph, instrument, tape, runs, wholeMs, measuring }, clock);
  const report: NodesReport = {
    commit: commitOf(host),
    machine: machineName(),
    node: process.versions.node,
    flow: graph.name,
    rssMb: rssMb(),
    ...costs,
  };
  if (args.has('json')) host.stdout.write(`${JSON.stringify(report)}\n`);
  else printNodes(host, report);
  return 0;
}

async function runLogs(host: Host, args: Arguments, graph: FlowGraph, tape: BenchTape): Promise<0> {
  const note = (text: string): void => host.stderr.write(`${text}\n`);
  const bench = { host, graph, tape, home: tmpdir(), note };
  const cases = await measureLogs(bench);
  const workers = cases.some(({ log }) => log === 'kafka') ? await measureGroups(bench) : [];
  const report = {
    commit: commitOf(host),
    machine: machineName(),
    node: process.versions.node,
    flow: graph.name,
    cases,
    workers,
  };
  if (args.has('json')) host.stdout.write(`${JSON.stringify(report)}\n`);
  else printLogs(host, report);
  return 0;
}

async function runStores(host: Host, args: Arguments): Promise<0> {
  const cases = await measureStores(host, args);
  const about = { commit: commitOf(host), machine: machineName(), node: process.versions.node };
  if (args.has('json')) host.stdout.write(`${JSON.stringify({ ...about, cases })}\n`);
  else
    host.stdout.write(
      `commit ${about.commit} · ${about.machine} · Node ${about.node}\n\n${storesText(cases)}`,
    );
  return 0;
}

async function run(host: Host, args: Arguments): Promise<0> {
  const found = await host.loadPlugins();
  const source = (id: string): AnySource => {
    const plugin = found.find((f) => f.plugin.id === id)?.plugin;
    if (!plugin || plugin.kind !== 'source')
      throw new OrderflowError('OF_BENCH_SOURCE', { plugin: id });
    return plugin;
  };
  const [simulator, replay] = [source('simulator'), source('replay')];
  const graph = await loadFlow(host, args.words[0] ?? defaultFlow, args);
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const files = args.has('data') ? args.all('data') : sharedTrades(host);
  const note = (text: string): void => host.stderr.write(`${text}\n`);
  const trades = args.number('trades', 1) ?? 5_000_000;
  if (args.has('nodes')) {
    const tape =
      files.length > 0
        ? await collectTape(replay, { files }, instrument, trades)
        : await collectTape(simulator, simulation, instrument, trades);
    return runNodes(host, args, graph, tape);
  }
  if (args.has('log')) {
    note(`making ${formatCount(trades)} simulated trades`);
    const tape = await collectTape(simulator, simulation, instrument, trades);
    return runLogs(host, args, graph, tape);
  }
  note(`making ${formatCount(trades)} simulated trades`);
  const simulated = await collectTape(simulator, simulation, instrument, trades);
  const real =
    files.length > 0
      ? await collectTape(replay, { files }, instrument, Number.MAX_SAFE_INTEGER)
      : null;
  if (!real)
    note(
      'skipped: flow-real-2013 (no trade files of 2013; set ORDERFLOW_DATA or name some with --data)',
    );
  const cases: BenchCase[] = [];
  for (const plan of plansOf(graph, real, simulated)) {
    note(`measuring ${plan.name}`);
    cases.push(
      withRatio(
        plan,
        measure(plan, args.number('runs', 1) ?? 5, () => host.wallClock()),
        cases,
      ),
    );
    await host.turn();
  }
  const report: BenchReport = {
    commit: commitOf(host),
    machine: machineName(),
    node: process.versions.node,
    cases,
  };
  if (args.has('json')) host.stdout.write(`${JSON.stringify(report)}\n`);
  else print(host, report);
  return 0;
}

/** Measures how many trades a second the engine takes. */
export const command: Command = {
  name: 'bench',
  summary: 'Measure how many trades a second a flow takes, against stated baselines',
  words: ['[FLOW]'],
  options: [
    ...flowOptions,
    {
      name: 'data',
      value: 'FILE',
      list: true,
      summary: 'Real trade files for the case flow-real-2013 (default those of ORDERFLOW_DATA)',
    },
    { name: 'trades', value: 'N', summary: 'Simulated trades (default 5000000)' },
    { name: 'runs', value: 'N', summary: 'Timed runs a case; the median counts (default 5)' },
    {
      name: 'nodes',
      summary: 'Measure what each node of the flow costs instead: sensor, machine, records, views',
    },
    {
      name: 'log',
      summary:
        'Measure the logs instead: memory, local and, where it answers, Kafka with one worker and two',
    },
    {
      name: 'store',
      summary: 'Measure the store instead: how fast it is made from the log of the home folder',
    },
    homeOption,
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    [
      'orderflow bench',
      'measures the default flow on simulated trades, and on real ones where they are found',
    ],
    ['orderflow bench --data trades.csv.gz', 'measures it on real trades of your own as well'],
    [
      'orderflow bench --nodes --runs 3',
      'shows what each node costs, on real trades where they are',
    ],
  ],
  run: (host, args) => (args.has('store') ? runStores(host, args) : run(host, args)),
};
