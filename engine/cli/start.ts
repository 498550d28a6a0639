import { isOrderflowError } from '../errors.ts';
import type { FlowGraph, GraphSource } from '../flow/graph.ts';
import { previousNodes } from '../runtime/previous-nodes.ts';
import type { Arguments, Option } from './arguments.ts';
import type { Command } from './command.ts';
import { disk } from './disk.ts';
import { FlowDesk } from './flow-desk.ts';
import { opsOptions, withOps } from './health-run.ts';
import { homeOf, homeOption } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { HotReload } from './hot-reload.ts';
import type { LiveEngine } from './live-engine.ts';
import { setLogAside } from './live-run.ts';
import { checkFlow, defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { isOnKafka, logOption, openLog } from './open-log.ts';
import { setStoreAside, storeOptions, withoutStore, withStore } from './store-run.ts';
import { declareTopics } from './topics-plan.ts';
import { webOptions, withWeb } from './web-run.ts';

const defaultPace = 60;
/** Enough sessions for a composite of five, and the night before the next: what is watched first is an open. */
const defaultCatchUpDays = 5.67;
/** Errors that a log of its own would not have. */
const oldLogCodes = [
  'OF_SNAPSHOT_VERSION',
  'OF_SNAPSHOT_SHAPE',
  'OF_SNAPSHOT_DIVERGED',
  'OF_SOURCE_OTHER',
  'OF_CLI_FLOW',
] as const;

/** The option that begins a new log. */
export const freshOption: Option = {
  name: 'fresh',
  summary: 'Set the log aside (as log-1, log-2, …) and begin a new one',
};

/** The option that leaves the sources to other processes. */
export const noSourcesOption: Option = {
  name: 'no-sources',
  summary:
    "Start no source: run beside the process that brings the market, on its log; the default for a flow that reads other flows' topics only",
};

/** Whether a run reads only what other processes write. */
function follows(args: Arguments, graph: FlowGraph | null): boolean {
  if (args.has('no-sources')) return true;
  return graph !== null && graph.sources.length === 0 && graph.topics.length > 0;
}

/** Paces a source that can be paced: `--speed`, else what the flow says, else a market that a person can watch. */
function paced(source: GraphSource, args: Arguments): GraphSource {
  const { shape } = source.plugin.config;
  if (!('pace' in shape)) {
    if (!args.has('speed')) return source;
    const expected = `a flow whose source can be paced ('${source.plugin.id}' cannot)`;
    throw args.refuse('--speed', expected, args.text('speed') ?? '');
  }
  const asked = args.text('speed') === 'max' ? 'max' : args.number('speed', 0.001);
  const { pace: own, catchUpDays } = source.config;
  const pace = asked ?? (own === undefined || own === 'max' ? defaultPace : own);
  const catchUp = catchUpDays === 0 ? { catchUpDays: defaultCatchUpDays } : {};
  const limit = args.number('days', 1);
  const days = limit === null ? {} : { days: limit };
  return {
    ...source,
    config: source.plugin.config.parse({ ...source.config, pace, ...catchUp, ...days }),
  };
}

/** A log that others write, or that is no folder, cannot be set aside here. */
function refuseFresh(args: Arguments, follow: boolean): void {
  if (!args.has('fresh')) return;
  if (follow)
    throw args.refuse(
      '--fresh',
      'a run with sources of its own',
      'a run on the log of another process',
    );
  if (isOnKafka(args))
    throw args.refuse(
      '--fresh',
      'a log in a folder (on Kafka another KAFKA_PREFIX begins a new log)',
      'a log on Kafka',
    );
}

/** Sets the log aside, and the store that was made from it. */
function beginAnew(host: Host, home: string): void {
  const aside = setLogAside(host, home);
  if (aside === null) return;
  host.stdout.write(`The log was set aside as ${aside}.\n`);
  setStoreAside(host, home, aside);
}

/**
 * Runs a flow live over the log of the home folder, or of a Kafka cluster.
 *
 * @param adapt - Changes the checked flow before it runs.
 * @param engine - Told of the run as it goes; null when nobody watches.
 */
export async function startFlow(
  host: Host,
  args: Arguments,
  file: string,
  adapt: (graph: FlowGraph) => FlowGraph,
  engine: LiveEngine | null = null,
): Promise<ExitCode> {
  const { graph } = await checkFlow(host, file, args);
  if (!graph) await loadFlow(host, file, args);
  const home = homeOf(host, args);
  const reload = new HotReload();
  const desk = engine && new FlowDesk({ host, args, flowFile: file, home, engine, reload, disk });
  if (engine) engine.desk = desk;
  const follow = follows(args, graph);
  refuseFresh(args, follow);
  if (args.has('fresh')) beginAnew(host, home);
  const log = await openLog(host, args, follow ? 'guest' : 'owner');
  try {
    const nodes = graph ? await previousNodes(log, graph) : {};
    const fitted = (checked: FlowGraph): FlowGraph =>
      follow ? { ...adapt(checked), sources: [] } : adapt(checked);
    const loaded = fitted(await loadFlow(host, file, args, { previous: { nodes } }));
    declareTopics(log, loaded);
    await desk?.begin(loaded, fitted, log);
    const beside = follow ? withoutStore : withStore;
    return await beside(host, args, { graph: loaded, log, engine }, (store) =>
      withOps(host, args, { graph: loaded, log }, (ops) => {
        ops.metrics.watchStore(() => store.status());
        return reload.run(host, loaded, ops.log, home, {
          ...{ follow, ...ops, notice: () => store.notice() },
          ...(engine ? { engine } : {}),
        });
      }),
    );
  } catch (error) {
    if (oldLogCodes.some((code) => isOrderflowError(error, code))) {
      host.stderr.write(
        'The log was written by another flow; --fresh sets it aside and begins a new one.\n',
      );
    }
    throw error;
  } finally {
    await log.close();
  }
}

/** `orderflow start`: everything on one machine, watched live. */
export const command: Command = {
  name: 'start',
  summary:
    'Run a flow live over a local log and watch it; the market is simulated unless the flow has a feed',
  words: ['[FLOW]'],
  options: [
    {
      name: 'speed',
      value: 'N',
      summary: `Event time per wall time of a simulated market, or max (default ${defaultPace})`,
    },
    { name: 'days', value: 'N', summary: 'Trade days of a simulated market, then stop' },
    homeOption,
    logOption,
    freshOption,
    noSourcesOption,
    ...opsOptions,
    ...storeOptions,
    ...webOptions,
    ...flowOptions,
  ],
  examples: [
    ['orderflow start', `runs ${defaultFlow}; Ctrl-C stops, the next start goes on from there`],
    ['orderflow start --speed max --days 20 --fresh', 'runs twenty simulated days and stops'],
    ['orderflow start --speed 1', 'lets the simulated market run as fast as a real one'],
    ['orderflow start flows/my.flow.yaml --home ~/runs/1', 'keeps log and state in another folder'],
  ],
  run: (host, args) => {
    const file = args.words[0] ?? defaultFlow;
    const adapt = (graph: FlowGraph): FlowGraph => ({
      ...graph,
      sources: graph.sources.map((source) => paced(source, args)),
    });
    return withWeb(host, args, file, (own, engine) => startFlow(own, args, file, adapt, engine));
  },
};
