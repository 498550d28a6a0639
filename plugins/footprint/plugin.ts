import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { machine } from './machine.ts';
import { withAuctions } from './migrate.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'footprint',
  version: '1.2.0',
  api: 1,
  summary:
    'Volumetric candles by time, volume or range: rows, delta, imbalances, stacks, caught traders',
  config,
  in: { market: { kind: 'market', takes: ['trade'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  migrate: { '<1.2.0': withAuctions },
  examples: [
    {
      title: 'Four buy imbalances in a row make a stack and a signal',
      yaml: 'use: footprint@^1\nwith: { barType: time, minutes: 1, nearLevelTicks: null }\nin: { market: market }\n',
      feed: `
- { at: "10:00:01", trade: { price: 5000.00, size: 40, side: sell } }
- { at: "10:00:02", trade: { price: 5000.25, size: 4, side: sell } }
- { at: "10:00:03", trade: { price: 5000.50, size: 4, side: sell } }
- { at: "10:00:10", trade: { price: 5000.25, size: 125, side: buy } }
- { at: "10:00:20", trade: { price: 5000.50, size: 20, side: buy } }
- { at: "10:00:30", trade: { price: 5000.75, size: 20, side: buy } }
- { at: "10:00:40", trade: { price: 5001.00, size: 15, side: buy } }
- { at: "10:01:00", trade: { price: 5001.00, size: 1, side: buy } }
`,
      expect: `
states: { example: untested }
emits: [ { port: example.signal, payload: { side: long, kind: stacked-imbalance, rows: 4, zone: { low: 5000.25, high: 5001.00 } } } ]
`,
    },
    {
      title: 'A near miss: 30 against 10 is not more than three times',
      yaml: 'use: footprint@^1\nwith: { barType: time, minutes: 1, nearLevelTicks: null, stackRows: 2 }\nin: { market: market }\n',
      feed: `
- { at: "10:00:01", trade: { price: 5000.00, size: 10, side: sell } }
- { at: "10:00:02", trade: { price: 5000.25, size: 10, side: sell } }
- { at: "10:00:10", trade: { price: 5000.25, size: 30, side: buy } }
- { at: "10:00:20", trade: { price: 5000.50, size: 31, side: buy } }
- { at: "10:01:00", trade: { price: 5001.00, size: 1, side: buy } }
`,
      expect: `
states: { example: noStack }
never: [ example.signal ]
probes: { example: { stackRows: { value: 1, needed: 2 } } }
`,
    },
  ],
});
