import { definePlugin } from '#engine';
import { config, out, senses } from './config.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'cumulative-delta',
  version: '1.0.0',
  api: 1,
  summary: 'Aggressive buying minus selling since each anchor, and whether price goes along',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] } },
  senses,
  out,
  sensor,
  machine,
  examples: [
    {
      title: 'Buyers lead after the first minute of the regular session',
      yaml: 'use: cumulative-delta@^1\nin: { market: market }\n',
      feed: '- { at: "09:30:10", trade: { price: 5000.25, size: 10, side: buy } }\n- { at: "09:31", trade: { price: 5000.00, size: 4, side: sell } }\n',
      expect: 'states: { example: "condition.unknown,inventory.netLong" }\n',
    },
    {
      title: 'A near miss: a new high ten minutes later, but delta went along',
      yaml: 'use: cumulative-delta@^1\nin: { market: market }\n',
      feed: `
- { at: "09:30:10", trade: { price: 5002.00, size: 100, side: buy } }
- { at: "09:31:10", trade: { price: 5000.00, size: 50, side: sell } }
- { at: "09:44:10", trade: { price: 5001.00, size: 10, side: buy } }
- { at: "09:50:10", trade: { price: 5002.25, size: 41, side: buy } }
- { advance: 1m }
`,
      expect: `
states: { example: "condition.normal,inventory.netLong" }
probes: { example: { beyond: { value: 1, needed: 1 } } }
`,
    },
  ],
});
