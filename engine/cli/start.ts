import { isOrderflowError } from '../errors.ts';
import type { FlowGraph, GraphSource } from '../flow/graph.ts';
import type { Arguments } from './arguments.ts';
import type { Command, Option } from './command.ts';
import { homeOf, homeOption } from './home.ts';
import type { Host } from './host.ts';
import { runLive, setLogAside } from './live-run.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';

const defaultPace = 60;
const defaultCatchUpDays = 6;

export const freshOption: Option = {
  name: 'fresh',
  summary: 'Set the log aside (as log-1, log-2, …) and begin a new one',
};

/** Paces a source that can be paced: `--speed`, else what the flow says, else a market that a person can watch. */
function paced(source: GraphSource, args: Arguments): GraphSource {
  const { shape } = source.plugin.config;
  if (!('pace' in shape)) {
    if (args.has('speed'))
      throw args.refuse(
        '--speed',
        `a flow whose source can be paced ('${source.plugin.id}' cannot)`,
        args.text('speed') ?? '',
      );
    return source;
  }
  const asked = args.text('speed') === 'max' ? 'max' : args.number('speed', 0.001);
  const own = source.config['pace'];
  const pace = asked ?? (own === undefined || own === 'max' ? defaultPace : own);
  const ownDays = source.config['catchUpDays'];
  const catchUpDays = 'catchUpDays' in shape && ownDays === 0 ? defaultCatchUpDays : ownDays;
  const config = source.plugin.config.parse({
    ...source.config,
    pace,
    ...(catchUpDays === undefined ? {} : { catchUpDays }),
  });
  return { ...source, config };
}

/** Runs a flow live; an error that a new log would not have says so. */
export async function startFlow(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
): Promise<0 | 1 | 2 | 3> {
  const home = homeOf(host, args);
  if (args.has('fresh')) {
    const aside = setLogAside(host, home);
    if (aside !== null) host.stdout.write(`The log was set aside as ${aside}.\n`);
  }
  try {
    return await runLive(host, graph, home);
  } catch (error) {
    const isOfOldLog = [
      'OF_SNAPSHOT_VERSION',
      'OF_SNAPSHOT_SHAPE',
      'OF_SNAPSHOT_DIVERGED',
      'OF_SOURCE_OTHER',
    ] as const;
    if (isOfOldLog.some((code) => isOrderflowError(error, code))) {
      host.stderr.write(
        'The flow changed since the log was written; --fresh sets the log aside and begins a new one.\n',
      );
    }
    throw error;
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
    homeOption,
    freshOption,
    ...flowOptions,
  ],
  examples: [
    ['orderflow start', `runs ${defaultFlow}; Ctrl-C stops, the next start goes on from there`],
    ['orderflow start --speed 1', 'lets the simulated market run as fast as a real one'],
    ['orderflow start flows/my.flow.yaml --home ~/runs/1', 'keeps log and state in another folder'],
  ],
  async run(host, args) {
    const graph = await loadFlow(host, args.words[0] ?? defaultFlow, args);
    return startFlow(host, args, {
      ...graph,
      sources: graph.sources.map((source) => paced(source, args)),
    });
  },
};
