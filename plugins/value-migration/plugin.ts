import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'value-migration',
  version: '1.0.0',
  api: 1,
  summary:
    'Where value develops against the composite, what two sessions of value say, and whether moves are initiative',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples,
});
