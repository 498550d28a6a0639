import { definePlugin } from '#engine';
import { config, out, records, senses } from './config.ts';
import { machine } from './machine.ts';
import { withBook } from './migrate.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'absorption',
  version: '1.2.0',
  api: 1,
  summary: 'Heavy aggressive volume that does not move price, and price turning away from it',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'depth'] }, ...records },
  senses,
  out,
  sensor,
  machine,
  migrate: { '<1.1.0': withBook },
  examples: [
    {
      title: 'Sells of 380 hold a price and it turns by seven ticks',
      yaml: 'use: absorption@^1\nin: { market: market, level: cva.level }\n',
      feed: `
- { at: "09:00", emit: { cva.level: { kind: val, price: 4999.5, sessions: 5, partial: false } } }
- { at: "10:00:00", trade: { price: 5000, size: 120, side: sell } }
- { at: "10:00:08", trade: { price: 5000, size: 150, side: sell } }
- { at: "10:00:20", trade: { price: 5000, size: 110, side: sell } }
- { at: "10:00:45", trade: { price: 5001.75, size: 5, side: buy } }
`,
      expect: `
states: { example: confirmed }
emits: [ { port: example.signal, payload: { side: long, price: 5000, volume: 380, level: { kind: val, distanceTicks: 2 } } } ]
`,
    },
    {
      title: 'A near miss: 380 of 400',
      yaml: 'use: absorption@^1\nwith: { minVolume: 400 }\nin: { market: market }\n',
      feed: '- { at: "10:04:10", trade: { price: 4498.25, size: 380, side: sell } }\n- { advance: 3m }\n',
      expect:
        'never: [ example.signal ]\nprobes: { example: { volumeAtPrice: { value: 380, needed: 400 } } }\n',
    },
  ],
});
