import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { withSteps } from './migrate.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'tape',
  version: '1.1.0',
  api: 1,
  summary: 'Time and sales in numbers: pressure, speed, large lots and stop runs',
  config,
  in: { market: { kind: 'market', takes: ['trade'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  migrate: { '<1.1.0': withSteps },
  examples,
});
