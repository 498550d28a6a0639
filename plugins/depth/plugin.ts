import { definePlugin } from '#engine';
import { config, out, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { withDeepFlow } from './migrate.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'depth',
  version: '1.1.0',
  api: 1,
  summary: 'The order book in numbers: which side it leans to, walls, pulled and stacked orders',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'depth'] } },
  senses,
  out,
  sensor,
  machine,
  migrate: { '<1.1.0': withDeepFlow },
  examples,
});
