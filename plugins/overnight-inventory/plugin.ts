import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'overnight-inventory',
  version: '1.0.0',
  api: 1,
  summary:
    'Who holds the positions of the night, whether the open corrects them, and who is trapped by an open at the edge of value',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples,
});
