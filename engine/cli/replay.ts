import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { canonicalJson } from '../contracts/canonical.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { homeOf, homeOption, logFolder } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { flowOptions, loadFlow, type MarketSource } from './load-flow.ts';
import { Progress } from './progress.ts';
import { replayJson, replayText, runProblems } from './replay-report.ts';
import { runFlow } from './run-flow.ts';
import { SessionCollector } from './session-report.ts';

/** A pipe has no width; nothing is cut there. */
const widePage = 200;
const logKinds = ['memory', 'local', 'kafka'] as const;

function sourceOf(args: Arguments): MarketSource {
  const [from, to] = [args.text('from'), args.text('to')];
  const range = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
  return { use: 'replay', with: { files: args.all('data'), ...range } };
}

/** Loads the flow with the files as its market, on the one instrument that they are of. */
async function flowOver(
  host: Host,
  args: Arguments,
  marketSource: MarketSource,
): Promise<FlowGraph> {
  const symbol = args.text('instrument');
  const instruments = symbol === null ? {} : { instruments: [symbol] };
  const graph = await loadFlow(host, args.words[0] ?? '', args, { marketSource, ...instruments });
  if (graph.instruments.length === 1) return graph;
  throw args.refuse(
    '--instrument',
    `one of ${graph.instruments.map((instrument) => instrument.symbol).join(', ')}`,
    'nothing',
  );
}

/** Name of a replay that is kept: the same for one flow and one input, so that a repetition replaces it. */
function replayName(graph: FlowGraph, source: MarketSource): string {
  const symbols = graph.instruments.map(({ symbol }) => symbol);
  const hash = createHash('sha256')
    .update(canonicalJson({ flow: graph.hash, source, symbols }))
    .digest('hex');
  return `${graph.name}-${hash.slice(0, 12)}`;
}

interface Target {
  readonly log: Log;
  /** Where a log is that is kept. */
  readonly place: string | null;
}

async function openTarget(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  source: MarketSource,
): Promise<Target> {
  const kind = args.choice('log', logKinds);
  if (kind === 'memory') return { log: host.openMemoryLog(), place: null };
  const name = replayName(graph, source);
  if (kind === 'kafka') {
    const part = `replay-${name}.`;
    const old = await host.openKafkaLog(part);
    await old.discard?.();
    await old.close();
    return { log: await host.openKafkaLog(part), place: `Kafka, topics ${part}*` };
  }
  const isNamed = args.has('home');
  const home = isNamed ? homeOf(host, args) : join(homeOf(host, args), 'replays', name);
  if (!isNamed) host.removeFolder(home);
  return { log: host.openLocalLog(logFolder(home), 'owner'), place: logFolder(home) };
}

/** Runs the files through the flow. Returns the exit code. */
async function replay(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  { log, place }: Target,
): Promise<ExitCode> {
  const stop = new AbortController();
  const forget = host.onStop(() => stop.abort());
  const bar = new Progress(
    host,
    `replaying ${args
      .all('data')
      .map((file) => basename(file))
      .join(', ')}`,
  );
  const startedAt = host.wallClock();
  let collector: SessionCollector | null = null;
  let done: number | null = null;
  try {
    const end = await runFlow({
      host,
      log,
      graph,
      explain: !args.has('no-explain'),
      keep: place !== null,
      signal: stop.signal,
      opened: ({ task }) => {
        collector = new SessionCollector(task);
      },
      stepped: ({ task }) => bar.show(done, task.clock.rows, 'rows'),
      progress: (share) => {
        done = share;
      },
    });
    const elapsedMs = host.wallClock() - startedAt;
    bar.end();
    const task = end.runners[0]?.task;
    if (!task || !collector) return 3;
    const sessions = (collector as SessionCollector).sessions();
    const problems = [
      ...end.sourceErrors.map((error) => (error instanceof Error ? error.message : String(error))),
      ...runProblems(end.deadLetters),
      ...(stop.signal.aborted ? ['The replay was stopped before its end.'] : []),
    ];
    const report = { task, sessions, elapsedMs, problems };
    host.stdout.write(
      args.has('json')
        ? `${JSON.stringify(replayJson(report))}\n`
        : replayText(report, host.stdout.isTerminal ? host.stdout.columns : widePage),
    );
    for (const problem of problems) host.stderr.write(`${problem}\n`);
    if (place !== null && !args.has('json')) host.stdout.write(`  log              ${place}\n`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    bar.end();
    forget();
    await log.close();
  }
}

/** `orderflow replay`: runs a flow over recorded files and reports. */
export const command: Command = {
  name: 'replay',
  summary: 'Run a flow over recorded market data and report each session',
  words: ['FLOW'],
  options: [
    {
      name: 'data',
      value: 'FILE',
      list: true,
      summary: 'CSV files of trades, bars or footprints, plain or gzip; merged by time',
    },
    {
      name: 'instrument',
      value: 'SYMBOL',
      summary: "What the files are of (default: the flow's only instrument)",
    },
    {
      name: 'from',
      value: 'DATE',
      summary: 'First trade date, or an instant like 2013-09-03T13:30:00Z',
    },
    { name: 'to', value: 'DATE', summary: 'Last trade date, included, or an instant, excluded' },
    {
      name: 'log',
      value: 'KIND',
      summary: 'memory (default), or local or kafka, which keep journal and outputs',
    },
    {
      ...homeOption,
      summary:
        'Folder for --log local; a log that is there goes on (default: a fresh one below ORDERFLOW_HOME)',
    },
    ...flowOptions,
    {
      name: 'no-explain',
      summary: 'Do not keep what guards compared; a little faster, the same hash',
    },
    { name: 'json', summary: 'Print one JSON object and nothing else' },
  ],
  examples: [
    [
      'orderflow replay flows/pro-course.flow.yaml --data ES_20130903.csv.gz',
      'replays a day and shows levels, signals and machines',
    ],
    [
      'orderflow replay flows/pro-course.flow.yaml --data *.csv.gz --from 2013-09-03 --json',
      'prints the same as JSON',
    ],
    [
      'orderflow replay flows/pro-course.flow.yaml --data day.csv.gz --log local',
      'keeps the journal, so that `orderflow verify` can check it',
    ],
  ],
  async run(host, args) {
    if (args.all('data').length === 0) throw args.refuse('--data', 'one or more files', 'nothing');
    args.choice('log', logKinds);
    const source = sourceOf(args);
    const graph = await flowOver(host, args, source);
    return replay(host, args, graph, await openTarget(host, args, graph, source));
  },
};
