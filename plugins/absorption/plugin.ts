import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'absorption',
  version: '1.0.0',
  api: 1,
  summary: 'Heavy aggressive volume that does not move price, and price turning away from it',
  config,
  in: { market: { kind: 'market', takes: ['trade'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples: [],
});
