import { definePlugin } from '#engine';
import { config, out, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'delta-divergence',
  version: '1.0.0',
  api: 1,
  summary: 'Price and cumulative delta that disagree between two confirmed swings',
  config,
  in: { market: { kind: 'market', takes: ['trade'] } },
  senses,
  out,
  sensor,
  machine,
  examples,
});
