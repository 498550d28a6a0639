import { definePlugin } from '#engine';
import { config, out, senses } from './config.ts';
import { machine } from './machine.ts';
import { sensor } from './sensor.ts';

export const plugin = definePlugin({
  id: 'vwap',
  version: '1.0.1',
  api: 1,
  summary:
    'Volume-weighted average price with bands since the open of the trade day and of the regular session',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] } },
  senses,
  out,
  sensor,
  machine,
  examples: [
    {
      title: 'The VWAP of the regular session has its first price',
      yaml: 'use: vwap@^1\nwith: { follow: rth }\nin: { market: market }\n',
      feed: '- { at: "09:30", trade: { price: 5000.25, size: 10, side: buy } }\n',
      expect: 'states: { example: anchored.settling }\n',
    },
    {
      title: 'Before the first trade there is no VWAP',
      yaml: 'use: vwap@^1\nin: { market: market }\n',
      feed: '- { advance: 1m }\n',
      expect: 'states: { example: awaitingVolume }\n',
    },
  ],
});
