import { definePlugin } from '#engine';
import { config } from './config.ts';
import { createMachine } from './machine.ts';
import { out, senses } from './ports.ts';
import { sensor } from './sensor.ts';

/** The trade day: phases, half days, holidays, gaps, thin sessions, front contract. */
export const plugin = definePlugin({
  id: 'session',
  version: '1.0.0',
  api: 1,
  summary: 'Where the trade day stands by the calendar, and whether its data can be trusted',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] } },
  senses,
  out,
  sensor,
  machine: createMachine,
  examples: [
    {
      title: 'An hour after the open the main part of regular hours begins',
      yaml: 'use: session@^1\nin: { market: market }\n',
      feed: '- { at: "09:30", trade: { price: 5000.25, size: 10, side: buy } }\n- { at: "10:29:30", trade: { price: 5000.25, size: 10, side: buy } }\n- { advance: 1m }\n',
      expect: 'states: { example: rthMain }\n',
    },
  ],
});
