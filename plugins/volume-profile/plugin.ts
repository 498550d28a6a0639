import { definePlugin } from '#engine';
import { config } from './config.ts';
import { createMachine } from './machine.ts';
import { withNakedPocs } from './migrate.ts';
import { out, senses } from './ports.ts';
import { sensor } from './sensor.ts';

/** The volume and time profile of regular trading hours. */
export const plugin = definePlugin({
  id: 'volume-profile',
  version: '1.2.1',
  api: 1,
  summary:
    'Where volume and time were spent in regular trading hours: point of control, value area, shape, structure',
  config,
  in: { market: { kind: 'market', takes: ['trade', 'bar'] } },
  senses,
  out,
  sensor,
  machine: createMachine,
  migrate: { '<1.2': withNakedPocs },
  examples: [
    {
      title: 'After the first hour the initial balance is set',
      yaml: 'use: volume-profile@^1\nin: { market: market }\n',
      feed: '- { at: "09:31", trade: { price: 5000.25, size: 10, side: buy } }\n- { at: "10:29", trade: { price: 5002.00, size: 5, side: sell } }\n- { advance: 2m }\n',
      expect: 'states: { example: building.initialBalanceSet }\n',
    },
    {
      title: 'A session without a trade has no profile',
      yaml: 'use: volume-profile@^1\nin: { market: market }\n',
      feed: '- { at: "09:00", trade: { price: 5000.25, size: 10, side: buy } }\n- { advance: 8h }\n',
      expect: 'states: { example: noData }\nnever: [ example.completed ]\n',
    },
  ],
});
