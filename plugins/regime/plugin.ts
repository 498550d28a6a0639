import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'regime',
  version: '1.0.0',
  api: 1,
  summary:
    'Whether value is in balance, trends, or is about to break out, from where it lies against the composite',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples,
});
