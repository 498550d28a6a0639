import { z } from 'zod';
import { definePlugin } from '#engine';
import { openReplay } from './source.ts';

/** Reads recorded market data from CSV files. */
export const plugin = definePlugin({
  id: 'replay',
  kind: 'source',
  version: '1.1.0',
  api: 1,
  summary: 'Recorded trades, bars, footprints and books of CSV files in the order of time',
  needs: ['fs'],
  in: {},
  config: z.object({
    files: z
      .array(z.string().min(1))
      .min(1)
      .describe('CSV files, plain or gzip; their header decides how they are read'),
    from: z
      .string()
      .optional()
      .describe('First trade date, or an instant like 2013-09-03T13:30:00Z'),
    to: z.string().optional().describe('Last trade date, included, or an instant, excluded'),
    barSeconds: z.number().int().min(1).optional().meta({
      unit: 's',
      description:
        'Length of a bar; without it, the smallest distance of two starts among the first rows',
    }),
  }),
  out: { market: { kind: 'market', takes: ['trade', 'quote', 'depth', 'bar'] } },
  examples: [
    {
      title: 'A day of trades, then one-minute bars of the next',
      yaml: 'use: replay@^1\nwith: { files: [trades.csv.gz, minutes.csv], from: "2013-09-03" }\n',
      feed: '',
      expect: '',
    },
    {
      title: 'An hour of trades with the book of the same hour',
      yaml: 'use: replay@^1\nwith: { files: [trades.csv.gz, mbp10.csv.gz] }\n',
      feed: '',
      expect: '',
    },
  ],
  open: openReplay,
});
