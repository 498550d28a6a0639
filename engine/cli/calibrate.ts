import { basename, join } from 'node:path';
import { assert, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { AnySource } from '../plugin/define-plugin.ts';
import { chanceFrom } from '../study/chance.ts';
import type { Arguments } from './arguments.ts';
import { collectTape } from './bench-cases.ts';
import { type CalibrationReport, printCalibration, type TapeReport } from './calibrate-report.ts';
import {
  countFirings,
  runTapeForFirings,
  tradedMinutes,
  type WatchedPort,
  watchedPorts,
} from './calibrate-run.ts';
import { findStaged, type StagedMarket, stageMarket } from './calibrate-staged.ts';
import type { Command } from './command.ts';
import type { Host } from './host.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { type NullKind, nullOrder, readMarks, writeNullTape } from './null-tape.ts';
import { Progress } from './progress.ts';

const nullKinds: readonly NullKind[] = ['permuted', 'shifted'];
/** Ordinary days a staged market has before its episodes are asked for: medians need them. */
const warmUpDays = 8;
const dayUs = 86_400_000_000;
/** Kinds staged together; minutes and whole days apart, since a burst changes the value area of its day. */
const stagedKinds = [
  ['absorption', 'exhaustion', 'news'],
  ['drive', 'traverse'],
];

interface TapeFiles {
  readonly name: string;
  readonly files: readonly string[];
}

/** Finds the real tapes of the shared data: the days of 2013 with trades alone, the hour of 2023 with its book. */
function sharedTapes(host: Host): TapeFiles[] {
  const root = host.env['ORDERFLOW_DATA'] ?? join('..', 'shared', 'data');
  const inFolder = (folder: string, pattern: RegExp): string[] =>
    host
      .listFolder(join(root, folder))
      .filter((name) => pattern.test(name))
      .map((name) => join(root, folder, name));
  const days = inFolder('trades', /^ES_2013.*tickdata\.csv/);
  const hour = [
    ...inFolder('depth', /^ES_20231225T2300Z_.*mbp10\.csv/),
    ...inFolder('trades', /^EShour_20231225T2300Z_.*\.csv/),
  ];
  return [
    ...(days.length > 0 ? [{ name: '2013-09 trades, sides inferred', files: days }] : []),
    ...(hour.length > 1 ? [{ name: '2023-12-25 one hour with book', files: hour }] : []),
  ];
}

function tapesOf(host: Host, args: Arguments): TapeFiles[] {
  if (!args.has('data')) return sharedTapes(host);
  const files = args.all('data');
  return [{ name: files.map((file) => basename(file)).join(', '), files }];
}

/** Everything a calibration needs. */
interface Work {
  readonly host: Host;
  readonly graph: FlowGraph;
  readonly instrument: Instrument;
  readonly seeds: number;
  readonly ports: readonly WatchedPort[];
  readonly bar: Progress;
}

async function calibrateTape(
  work: Work,
  replay: AnySource,
  { name, files }: TapeFiles,
): Promise<TapeReport> {
  const { host, graph, instrument, seeds, ports, bar } = work;
  const { batches } = await collectTape(replay, { files }, instrument, Number.MAX_SAFE_INTEGER);
  const { minutes, hours } = tradedMinutes(batches, instrument);
  const marks = readMarks(batches, instrument);
  const counted = (tape: readonly Uint8Array[]): ReturnType<typeof countFirings>[] => {
    const firings = runTapeForFirings(graph, instrument, tape, ports);
    return ports.map(({ key }) => countFirings(firings.get(key) ?? [], minutes));
  };
  const real = counted(batches);
  const nulls: Record<NullKind, ReturnType<typeof counted>[]> = { permuted: [], shifted: [] };
  for (const kind of nullKinds) {
    for (let seed = 1; seed <= seeds; seed += 1) {
      bar.show((nulls.permuted.length + nulls.shifted.length) / (2 * seeds), seed, name);
      const order = nullOrder(marks, kind, chanceFrom(seed));
      nulls[kind].push(counted(writeNullTape(batches, instrument, marks, order)));
      await host.turn();
    }
  }
  const ofPort = (kind: NullKind, i: number) =>
    nulls[kind].map((counts) => ({ count: counts[i]!.count, minutes: counts[i]!.minutes }));
  return {
    tape: name,
    minutes: minutes.size,
    hours,
    trades: marks.sizes.length,
    signals: ports.map(({ key, plugin, port, isSignal }, i) => ({
      key,
      plugin,
      port,
      isSignal,
      real: real[i]!,
      permuted: ofPort('permuted', i),
      shifted: ofPort('shifted', i),
    })),
  };
}

async function stageMarkets(
  work: Work,
  simulator: AnySource,
  days: number,
): Promise<StagedMarket[]> {
  const markets: StagedMarket[] = [];
  for (let seed = 1; seed <= work.seeds; seed += 1) {
    work.bar.show(seed / work.seeds, seed, 'staged markets');
    for (const stage of stagedKinds) {
      const config = { seed, days: days + warmUpDays, depth: false, stage };
      markets.push(await stageMarket(simulator, work.instrument, config));
      await work.host.turn();
    }
  }
  return markets;
}

/** The first episode lies in the first day, so the warm-up ends so many calendar days later. */
function endOfWarmUp({ truth }: StagedMarket): number {
  return (truth[0]?.from ?? 0) + (warmUpDays * 7 * dayUs) / 5;
}

async function run(host: Host, args: Arguments): Promise<0> {
  const found = await host.loadPlugins();
  const source = (id: string): AnySource => {
    const plugin = found.find((f) => f.plugin.id === id)?.plugin;
    if (plugin?.kind === 'source') return plugin;
    throw new OrderflowError('OF_BENCH_SOURCE', { plugin: id });
  };
  const graph = await loadFlow(host, args.words[0] ?? defaultFlow, args);
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const bar = new Progress(host, 'calibrating');
  const seeds = args.number('seeds', 1) ?? 3;
  const work: Work = { host, graph, instrument, seeds, ports: watchedPorts(graph), bar };
  const tapes = tapesOf(host, args);
  if (tapes.length === 0)
    host.stderr.write(
      'skipped: real tapes (no trade files; set ORDERFLOW_DATA or name some with --data)\n',
    );
  const reports: TapeReport[] = [];
  for (const tape of tapes) reports.push(await calibrateTape(work, source('replay'), tape));
  const days = args.number('days', 1) ?? 12;
  const markets = await stageMarkets(work, source('simulator'), days);
  const staged = findStaged(graph, instrument, markets, endOfWarmUp);
  bar.end();
  const report: CalibrationReport = { flow: graph.name, seeds, days, tapes: reports, staged };
  host.stdout.write(
    args.has('json')
      ? `${JSON.stringify(report)}\n`
      : printCalibration(report, args.has('markdown')),
  );
  return 0;
}

/** `orderflow calibrate`: how often signals fire on real tapes, on null tapes, and on staged episodes. */
export const command: Command = {
  name: 'calibrate',
  summary: 'Hold signals against chance: real tapes, null tapes, and episodes staged on purpose',
  words: ['[FLOW]'],
  options: [
    {
      name: 'data',
      value: 'FILE',
      list: true,
      summary: 'Trade files (and their book) as one tape (default: those of ORDERFLOW_DATA)',
    },
    {
      name: 'seeds',
      value: 'N',
      summary: 'Null tapes of each kind, and staged markets (default 3)',
    },
    { name: 'days', value: 'N', summary: 'Days of a staged market after its warm-up (default 12)' },
    ...flowOptions,
    { name: 'markdown', summary: 'Print tables for a page' },
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    ['orderflow calibrate', 'holds the signals of the default flow against chance'],
    [
      'orderflow calibrate flows/pro-course.flow.yaml --data day.csv.gz --seeds 5',
      'does it on a day of your own, with five null tapes of each kind',
    ],
  ],
  run,
};
