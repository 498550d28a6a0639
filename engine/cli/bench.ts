import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { assert, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { AnySource } from '../plugin/define-plugin.ts';
import type { Arguments } from './arguments.ts';
import { type BenchCase, type BenchTape, collectTape } from './bench-cases.ts';
import { measureLogs } from './bench-log.ts';
import { printLogs } from './bench-log-report.ts';
import { measureNodes, type NodeCosts } from './bench-nodes.ts';
import {
  type BenchPlan,
  firstTrades,
  measure,
  memoryOf,
  plansOf,
  withRatio,
} from './bench-plans.ts';
import { measureStores, storesText } from './bench-store.ts';
import { measureGroups } from './bench-workers.ts';
import type { Command } from './command.ts';
import { formatCount } from './format-number.ts';
import { homeOption } from './home.ts';
import type { Host } from './host.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { StartedProgram } from './started-program.ts';
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
}

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
  const { commit, machine, node, flow, trades, tradesPerSecond } = report;
  host.stdout.write(
    `commit ${commit} · ${machine} · Node ${node}\n` +
      `flow ${flow} · ${formatCount(trades)} trades · ${(tradesPerSecond / 1e6).toFixed(3)} M/s\n\n`,
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

const skipped =
  'skipped: flow-real-2013 (no trade files of 2013; set ORDERFLOW_DATA or name some with --data)\n';
/** So many that a run is steady, and their tape, which lies in the memory that is measured, stays small. */
const simulatedTrades = 2_500_000;
const loggedTrades = 5_000_000;
const simulation = { seed: 7, tradesPerDay: 1_500_000, depth: false };

function runNodes(host: Host, args: Arguments, graph: FlowGraph, tape: BenchTape): 0 {
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const clock = (): number => host.wallClock();
  const runs = args.number('runs', 1) ?? 5;
  const note = (text: string): void => host.stderr.write(`${text}\n`);
  note('measuring the whole flow');
  const whole = { name: 'whole', graph, tape, repeats: 1, options: {} };
  const { medianMs: wholeMs } = measure(whole, runs, clock);
  const measuring = (id: string): void => note(`measuring ${id}`);
  const costs = measureNodes({ graph, instrument, tape, runs, wholeMs, measuring }, clock);
  const report: NodesReport = {
    commit: commitOf(host),
    machine: machineName(),
    node: process.versions.node,
    flow: graph.name,
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

/** Where the trades of a run come from. */
interface Tapes {
  readonly hasReal: boolean;
  collect(graph: FlowGraph, kind: BenchPlan['tape'], mostTrades: number): Promise<BenchTape>;
}

async function sourcesOf(host: Host): Promise<{ simulator: AnySource; replay: AnySource }> {
  const found = await host.loadPlugins();
  const source = (id: string): AnySource => {
    const plugin = found.find((f) => f.plugin.id === id)?.plugin;
    if (!plugin || plugin.kind !== 'source')
      throw new OrderflowError('OF_BENCH_SOURCE', { plugin: id });
    return plugin;
  };
  return { simulator: source('simulator'), replay: source('replay') };
}

async function tapesOf(host: Host, args: Arguments): Promise<Tapes> {
  const { simulator, replay } = await sourcesOf(host);
  const files = args.has('data') ? args.all('data') : sharedTrades(host);
  return {
    hasReal: files.length > 0,
    collect: ({ instruments: [instrument] }, kind, most) => {
      assert(instrument, 'a flow has an instrument');
      return kind === 'real'
        ? collectTape(replay, { files }, instrument, most)
        : collectTape(simulator, simulation, instrument, most);
    },
  };
}

/** Measures one case in this process. */
async function runCase(
  host: Host,
  args: Arguments,
  plan: BenchPlan,
  tapes: Tapes,
): Promise<BenchCase> {
  const trades = args.number('trades', 1) ?? simulatedTrades;
  const whole = await tapes.collect(
    plan.graph,
    plan.tape,
    plan.tape === 'real' ? Infinity : trades,
  );
  const tape = firstTrades(whole, plan.mostTrades);
  const runs = args.number('runs', 1) ?? 5;
  return withRatio(
    plan,
    measure({ ...plan, tape }, runs, () => host.wallClock()),
    [],
  );
}

/** Measures each case in a process of its own: one case leaves code and memory behind that are not the next one's. */
async function runCases(host: Host, plans: readonly BenchPlan[]): Promise<readonly BenchCase[]> {
  const words = host.args.filter((word) => word !== '--json');
  const cases: BenchCase[] = [];
  for (const plan of plans) {
    host.stderr.write(`measuring ${plan.name}\n`);
    const env = memoryOf(plan, host.env);
    const program = new StartedProgram([...words, '--case', plan.name, '--json'], env, host.cwd);
    const { code, out, err } = await program.ended;
    if (code !== 0)
      throw new OrderflowError('OF_BENCH_CASE', { name: plan.name, code: code ?? 'a signal', err });
    const { cases: own } = JSON.parse(out) as BenchReport;
    for (const measured of own) cases.push(withRatio(plan, measured, cases));
  }
  return cases;
}

async function run(host: Host, args: Arguments): Promise<0> {
  const tapes = await tapesOf(host, args);
  const graph = await loadFlow(host, args.words[0] ?? defaultFlow, args);
  const trades = args.number('trades', 1) ?? (args.has('log') ? loggedTrades : simulatedTrades);
  if (args.has('nodes')) {
    const kind = tapes.hasReal ? 'real' : 'simulated';
    return runNodes(host, args, graph, await tapes.collect(graph, kind, trades));
  }
  if (args.has('log'))
    return runLogs(host, args, graph, await tapes.collect(graph, 'simulated', trades));
  const cases = await casesOf(host, args, graph, tapes);
  const about = { commit: commitOf(host), machine: machineName(), node: process.versions.node };
  if (args.has('json')) host.stdout.write(`${JSON.stringify({ ...about, cases })}\n`);
  else print(host, { ...about, cases });
  return 0;
}

async function casesOf(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  tapes: Tapes,
): Promise<readonly BenchCase[]> {
  const plans = plansOf(graph, tapes.hasReal);
  const name = args.text('case');
  if (name === null) {
    if (!tapes.hasReal) host.stderr.write(skipped);
    return runCases(host, plans);
  }
  const plan = plans.find((p) => p.name === name);
  if (!plan) throw args.refuse('--case', plans.map((p) => p.name).join(', '), name);
  return [await runCase(host, args, plan, tapes)];
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
    { name: 'trades', value: 'N', summary: 'Simulated trades (default 2500000, for logs 5000000)' },
    {
      name: 'case',
      value: 'NAME',
      summary: 'Measure one case alone, in this process; without it each has a process of its own',
    },
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
