import { completedProfile, compositeArea, definePlugin, level } from '#engine';
import { config } from './config.ts';
import { createMachine } from './machine.ts';

/** The value area of the last completed sessions, merged. */
export const plugin = definePlugin({
  id: 'composite-value-area',
  version: '1.0.0',
  api: 1,
  summary:
    'The value area of the merged volume of the last five completed sessions, today left out',
  config,
  in: {
    completed: {
      kind: 'event',
      schema: completedProfile,
      doc: 'Profiles of completed sessions, in order',
    },
  },
  out: {
    area: { kind: 'table', schema: compositeArea, doc: 'The composite in force' },
    level: { kind: 'table', schema: level, key: 'kind', doc: 'Its three levels, one row each' },
  },
  machine: createMachine,
  invariants: { keepsAtMostThirtySessions: 'size(ctx.sessions) <= 30' },
  examples: [],
});
