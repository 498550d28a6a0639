import { definePlugin } from '#engine';
import { config } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { out, records, senses } from './ports.ts';
import { sensor } from './sensor.ts';

/** How the regular session opens, and the drive away from value. */
export const plugin = definePlugin({
  id: 'opening-drive',
  version: '1.0.0',
  api: 1,
  summary: 'How the regular session opens, and whether a drive away from value goes on',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  examples,
});
