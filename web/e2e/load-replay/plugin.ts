import { z } from 'zod';
import { definePlugin } from '#engine';
import { openLoadReplay } from './source.ts';

/** For tests of speed: recorded files, read by the replay of the product, at so many rows a second. */
export const plugin = definePlugin({
  id: 'load-replay',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'Recorded files at a given number of rows a second, for tests of speed',
  needs: ['fs'],
  in: {},
  config: z.object({
    files: z.array(z.string().min(1)).min(1).describe('CSV files, as the replay reads them'),
    pacedFrom: z
      .number()
      .int()
      .min(0)
      .meta({ unit: 'us' })
      .describe('Event time before which rows come at full speed'),
    pace: z
      .union([z.literal('max'), z.number().positive().max(1_000)])
      .default('max')
      .describe('Hundreds of rows in a second of wall time; max: without waiting'),
    trace: z
      .string()
      .default('')
      .describe('File that is told of each batch: its last event time, wall milliseconds, rows'),
  }),
  out: { market: { kind: 'market', takes: ['trade', 'quote', 'depth', 'bar'] } },
  examples: [
    {
      title: 'Five thousand rows a second',
      yaml: 'use: load-replay@^1\nwith: { files: [trades.csv], pacedFrom: 0, pace: 50 }\n',
      feed: '',
      expect: '',
    },
  ],
  open: (a) => openLoadReplay(a),
});
