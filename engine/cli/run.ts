import type { Command } from './command.ts';
import { opsOptions } from './health-run.ts';
import { homeOption } from './home.ts';
import { flowOptions } from './load-flow.ts';
import { logOption } from './open-log.ts';
import { freshOption, noSourcesOption, startFlow } from './start.ts';
import { storeOptions } from './store-run.ts';

/** `orderflow run`: a flow with its sources exactly as the file says. */
export const command: Command = {
  name: 'run',
  summary:
    'Run a flow live with its sources exactly as written: no pacing, no days made in advance',
  words: ['FLOW'],
  options: [
    homeOption,
    logOption,
    freshOption,
    noSourcesOption,
    ...opsOptions,
    ...storeOptions,
    ...flowOptions,
  ],
  examples: [
    [
      'orderflow run flows/my.flow.yaml --environment flows/environments/live.yaml',
      'runs a flow with the values of an environment',
    ],
    [
      'orderflow run flows/other.flow.yaml --no-sources',
      'runs a second flow beside `orderflow start`, on the market and the topics of its log',
    ],
  ],
  run: (host, args) => startFlow(host, args, args.words[0] ?? '', (graph) => graph),
};
