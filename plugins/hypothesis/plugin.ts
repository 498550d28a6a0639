import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'hypothesis',
  version: '1.1.0',
  api: 1,
  summary:
    'The plan of the day in if-thens, fixed at the open and compared with what the session did',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  // A plan of 1.0 does not tell the average range; its next version does.
  migrate: { '<1.1.0': (snapshot) => snapshot },
  examples,
});
