import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'eighty-percent-rule',
  version: '1.1.0',
  api: 1,
  summary: 'Price that opened outside the prior value area, comes back and holds tends to cross it',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples,
});
