import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'key-levels',
  version: '1.1.0',
  api: 1,
  summary:
    'Prices worth watching, where they come from, which lie together, and whether they held or broke',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  // Manual levels of 1.0 have no role and no horizon until the flow starts anew.
  migrate: { '<1.1.0': (snapshot) => snapshot },
  examples,
});
