import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'exhaustion',
  version: '1.0.0',
  api: 1,
  summary: 'A new extreme on hardly any volume, or a third fading push, and the close back inside',
  config,
  in: { market: { kind: 'market', takes: ['trade'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples,
});
