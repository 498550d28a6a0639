import { z } from 'zod';
import { definePlugin } from '#engine';
import { openLoad } from './source.ts';

/** For tests of speed: the simulated market at so many rows a second, whatever its own time does meanwhile. */
export const plugin = definePlugin({
  id: 'load-market',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'The simulated market at a given number of rows a second, for tests of speed',
  needs: ['fs'],
  in: {},
  config: z.object({
    seed: z.number().int().min(0).default(7).describe('The same seed makes the same market'),
    tradesPerDay: z
      .number()
      .int()
      .min(1_000)
      .default(300_000)
      .meta({ unit: 'count' })
      .describe('Trades of a simulated day'),
    depth: z.boolean().default(true).describe('Ten levels of resting orders on each side'),
    catchUpDays: z
      .number()
      .min(0)
      .default(0)
      .describe('First days that are made at full speed; a half is half a trading day'),
    pace: z
      .union([z.literal('max'), z.number().positive().max(1_000)])
      .default('max')
      .describe('Hundreds of rows in a second of wall time; max: without waiting'),
    trace: z
      .string()
      .default('')
      .describe('File that is told of each batch: its last event time, wall milliseconds, rows'),
  }),
  out: { market: { kind: 'market', takes: ['trade', 'quote', 'depth'] } },
  examples: [
    {
      title: 'Five thousand rows a second',
      yaml: 'use: load-market@^1\nwith: { pace: 50 }\n',
      feed: '',
      expect: '',
    },
  ],
  open: (a) => openLoad(a),
});
