import { definePlugin } from '#engine';
import { config } from './config.ts';
import { examples } from './examples.ts';
import { machine } from './machine.ts';
import { withBalances } from './migrate.ts';
import { out, records, senses } from './ports.ts';
import { sensor } from './sensor.ts';

/** What value makes likely, and what came of it. */
export const plugin = definePlugin({
  id: 'value-shift',
  version: '1.1.0',
  api: 1,
  summary:
    'Seven value expectations: what price is expected to do about value, and what came of it',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  migrate: { '<1.1.0': withBalances },
  examples,
});
