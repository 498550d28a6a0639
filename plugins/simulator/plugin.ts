import { z } from 'zod';
import { definePlugin, share, tradeDate } from '#engine';
import { episodeKinds } from './script-state.ts';
import { openSimulator } from './source.ts';

/** Makes a market that looks like ES. */
export const plugin = definePlugin({
  id: 'simulator',
  kind: 'source',
  version: '1.3.0',
  api: 1,
  summary:
    'A seeded auction that looks like ES: nights and sessions, balance and trend, quotes and depth',
  needs: [],
  in: {},
  config: z
    .object({
      seed: z
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .default(1)
        .describe('The same seed makes the same market for an instrument'),
      startDate: tradeDate()
        .default('2025-11-17')
        .describe('First trade date; the next trading day when nothing trades on it'),
      days: z
        .number()
        .int()
        .min(1)
        .nullable()
        .default(null)
        .meta({ unit: 'day', description: 'Trading days to make; null: without end' }),
      pace: z
        .union([z.literal('max'), z.number().positive().max(100_000)])
        .default('max')
        .describe('Event time per wall time: at 60 a minute in a second; max: without waiting'),
      catchUpDays: z.number().min(0).default(0).meta({
        unit: 'day',
        description:
          'First days that are made at full speed, whatever the pace; a half is half a trading day',
      }),
      tradesPerDay: z
        .number()
        .int()
        .min(1_000)
        .max(5_000_000)
        .default(150_000)
        .meta({ unit: 'count' })
        .describe('Trades of an ordinary day, about'),
      depth: z.boolean().default(true).describe('Ten levels of resting orders on each side'),
      startPrice: z.number().positive().optional().meta({
        unit: 'point',
        description:
          'Price at which the market begins, and distances in proportion to it; left out: 6000 for ES, 21000 for NQ, others alike',
      }),
      knownSides: share()
        .default(0.9)
        .describe('Share of trades whose aggressor is told; of the others it must be inferred'),
      stage: z
        .array(z.enum(episodeKinds))
        .default([])
        .describe('Episodes to stage, for tests; empty: the ordinary mixture of days'),
    })
    .refine(({ stage, depth }) => depth || !stage.includes('flicker'), {
      message: 'a flicker is staged in the depth of the book: `depth: true`',
      path: ['stage'],
    }),
  out: { market: { kind: 'market', takes: ['trade', 'quote', 'depth'] } },
  examples: [
    {
      title: 'The same market each time, a minute of it in a second',
      yaml: 'use: simulator@^1\nwith: { seed: 7, pace: 60 }\n',
      feed: '',
      expect: '',
    },
  ],
  open: (a) => openSimulator(a),
});
