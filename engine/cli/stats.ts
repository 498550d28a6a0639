import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { assert, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument, type Instrument } from '../market/instrument.ts';
import type { Costs } from '../study/fills.ts';
import { type Ended, hitRates } from '../study/hit-rates.ts';
import { leanFlow, outcomePorts } from '../study/lean-flow.ts';
import { endedOf, type NullPlan, runSeed } from '../study/null-run.ts';
import { runStudy } from '../study/study-run.ts';
import { tapeOf } from '../study/tape.ts';
import { type ContractDates, contractLookup, tradeDays } from '../study/trade-days.ts';
import type { Arguments } from './arguments.ts';
import { collectTape } from './bench-cases.ts';
import type { Command } from './command.ts';
import type { Host } from './host.ts';
import { flowOptions, loadFlow } from './load-flow.ts';
import { Progress } from './progress.ts';
import { dataFacts, type StatsReport, statsMarkdown, statsText } from './stats-report.ts';
import { seedsInThreads } from './stats-seeds.ts';
import { writeText } from './write-text.ts';

const defaultSeeds = 4;

/** Days between two looks at signals and the clock. */
const daysPerTurn = 16;

function sourceConfig(args: Arguments): { readonly files: readonly string[] } {
  const [from, to] = [args.text('from'), args.text('to')];
  const files = args.all('data');
  return { files, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
}

async function flowOver(host: Host, args: Arguments): Promise<FlowGraph> {
  const symbol = args.text('instrument');
  const file = args.words[0] ?? '';
  const graph = await loadFlow(host, file, args, {
    marketSource: { use: 'replay', with: sourceConfig(args) },
    ...(symbol === null ? {} : { instruments: [symbol] }),
  });
  if (graph.instruments.length !== 1) {
    const symbols = graph.instruments.map((instrument) => instrument.symbol).join(', ');
    throw args.refuse('--instrument', `one of ${symbols}`, 'nothing');
  }
  if (outcomePorts(graph).size === 0)
    throw new OrderflowError('OF_STATS_OUTCOME', { flow: graph.name });
  return graph;
}

function isContractDates(value: unknown): value is ContractDates {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([date, code]) => /^\d{4}-\d{2}-\d{2}$/.test(date) && typeof code === 'string',
    )
  );
}

function contractsOf(host: Host, args: Arguments): ContractDates | null {
  const file = args.text('contracts');
  if (file === null) return null;
  const text = host.readText(file);
  if (text === null) throw new OrderflowError('OF_CLI_FILE', { file, was: 'absent or unreadable' });
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OrderflowError('OF_CLI_FILE', { file, was: 'not JSON' });
  }
  if (isContractDates(value)) return value;
  throw args.refuse('--contracts', 'a JSON object like { "2015-03-20": "ESM15" }', file);
}

/** Micro contract of the instrument, the one a small account trades; the instrument itself without one. */
function microOf({ symbol }: Instrument): Instrument {
  try {
    return findInstrument(`M${symbol}`);
  } catch {
    return findInstrument(symbol);
  }
}

function costsOf(args: Arguments, instrument: Instrument): Costs {
  return {
    slippageTicks: args.number('slippage', 0) ?? 1,
    commissionUsd: args.number('commission', 0) ?? 1.24,
    tickUsd: args.number('tick-value', 0.000_1) ?? microOf(instrument).tickValueCents / 100,
  };
}

/** Shuffled runs one after the other, or in threads. */
async function runSeeds(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  plan: NullPlan,
): Promise<readonly (readonly Ended[])[]> {
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const seeds = Array.from({ length: args.number('seeds', 0) ?? defaultSeeds }, (_, i) => i + 1);
  const threads = Math.min(args.number('workers', 1) ?? availableParallelism(), seeds.length);
  const bar = new Progress(host, `shuffling days, ${seeds.length} seeds`);
  const show = (done: number): void => bar.show(done, done * seeds.length, 'seeds');
  try {
    if (threads > 1) {
      const task = {
        cwd: host.cwd,
        env: { ...host.env },
        file: args.words[0] ?? '',
        params: args.all('param'),
        environment: args.text('environment'),
        symbol: instrument.symbol,
        files: args.all('data'),
        plan,
      };
      return await seedsInThreads(task, seeds, threads, show);
    }
    const all: (readonly Ended[])[] = [];
    for (const [i, seed] of seeds.entries()) {
      const progress = takingTurns(host, (done) => show((i + done) / seeds.length));
      all.push(await runSeed(graph, instrument, plan, seed, progress));
    }
    return all;
  } finally {
    bar.end();
  }
}

function takingTurns(host: Host, show: (done: number) => void): (done: number) => Promise<void> {
  let calls = 0;
  return async (done) => {
    calls += 1;
    if (calls % daysPerTurn !== 0) return;
    show(done);
    await host.turn();
  };
}

async function study(host: Host, args: Arguments): Promise<StatsReport> {
  const startedAt = host.wallClock();
  const contracts = contractsOf(host, args);
  const graph = leanFlow(await flowOver(host, args));
  const [instrument] = graph.instruments;
  const [source] = graph.sources;
  assert(instrument && source, 'a flow over files has an instrument and a source');
  const names = args.all('data').map((file) => basename(file));
  const bar = new Progress(host, `studying ${names.join(', ')}`);
  bar.show(null, 0, 'days');
  const { plugin, config } = source;
  const { batches } = await collectTape(plugin, config, instrument, Number.MAX_SAFE_INTEGER);
  const tape = tapeOf(batches);
  const contractOf = contracts ? contractLookup(contracts) : null;
  const days = tradeDays(tape, instrument, contractOf ?? (() => null));
  const costs = costsOf(args, instrument);
  const progress = takingTurns(host, (done) => bar.show(done, done * days.length, 'days'));
  const run = { graph, instrument, tape, days, contractOf, levels: null, progress };
  const { outcomes, levels } = await runStudy(run).finally(() => bar.end());
  const plan: NullPlan = { tape, days, contracts, levels, costs };
  const seeds = await runSeeds(host, args, graph, plan);
  return {
    flow: graph.name,
    files: names,
    instrument: instrument.symbol,
    data: dataFacts(days, tape),
    costs,
    seeds: seeds.length,
    setups: hitRates(endedOf(outcomes, tape, costs), seeds),
    elapsedMs: Math.round(host.wallClock() - startedAt),
  };
}

/** `orderflow stats`: hit rates of a flow's setups, beside shuffled days. */
export const command: Command = {
  name: 'stats',
  summary: "Count what became of a flow's setups over years, beside days shuffled at random",
  words: ['FLOW'],
  options: [
    {
      name: 'data',
      value: 'FILE',
      list: true,
      summary: 'CSV files of bars (or trades), plain or gzip; merged by time',
    },
    {
      name: 'contracts',
      value: 'FILE',
      summary:
        'JSON of trade date to contract: nothing is carried over a change (default: the calendar)',
    },
    {
      name: 'instrument',
      value: 'SYMBOL',
      summary: "What the files are of (default: the flow's only instrument)",
    },
    { name: 'from', value: 'DATE', summary: 'First trade date' },
    { name: 'to', value: 'DATE', summary: 'Last trade date, included' },
    {
      name: 'seeds',
      value: 'N',
      summary: `Runs over shuffled days; 0 for none (default ${defaultSeeds})`,
    },
    { name: 'workers', value: 'N', summary: 'Threads for them (default: one a core)' },
    { name: 'slippage', value: 'TICKS', summary: 'Given away by a fill at the market (default 1)' },
    { name: 'commission', value: 'USD', summary: 'Of a round turn, one contract (default 1.24)' },
    {
      name: 'tick-value',
      value: 'USD',
      summary: 'Worth of a tick (default: that of the micro contract)',
    },
    ...flowOptions,
    { name: 'json', summary: 'Print one JSON object' },
    { name: 'markdown', value: 'FILE', summary: 'Write the report as a page too' },
  ],
  examples: [
    [
      'orderflow stats flows/pro-course.flow.yaml --data ES_5m.csv.gz --contracts fronts.json',
      'shows hit rates of each setup with intervals, costs and what chance would give',
    ],
    [
      'orderflow stats flows/pro-course.flow.yaml --data ES_5m.csv.gz --seeds 0 --json',
      'prints the real figures alone, as JSON',
    ],
  ],
  async run(host, args) {
    if (args.all('data').length === 0) throw args.refuse('--data', 'one or more files', 'nothing');
    const report = await study(host, args);
    const page = args.text('markdown');
    if (page !== null) writeText(host, page, statsMarkdown(report));
    host.stdout.write(args.has('json') ? `${JSON.stringify(report)}\n` : statsText(report));
    return 0;
  },
};
