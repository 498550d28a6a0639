import { z } from 'zod';

const share = () => z.number().min(0).max(10);

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  baselineSessions: z.number().int().min(1).max(60).default(20).meta({
    unit: 'count',
    description: 'Earlier ordinary sessions behind each median',
  }),
  minSessions: z.number().int().min(1).max(60).default(5).meta({
    unit: 'count',
    description: 'Sessions needed before a median is used',
  }),
  bandTicks: z.number().int().min(1).max(400).default(4).meta({
    unit: 'tick',
    description: 'Least width of the band within which a price counts as the open or a reference',
  }),
  bandShare: share().default(0.1).meta({
    unit: 'share',
    description: 'Width of that band in median ranges of the first period, if larger',
  }),
  driveNet: share().default(0.5).meta({
    unit: 'share',
    tune: true,
    description: 'Least net move of an open-drive, in median ranges of the first period',
  }),
  driveHold: share().default(0.6).meta({
    unit: 'share',
    description: 'Least part of its best excursion that an open-drive holds',
  }),
  testDriveNet: share().default(0.25).meta({
    unit: 'share',
    description: 'Least net move of an open-test-drive, in median ranges of the first period',
  }),
  reverseAdverse: share().default(0.4).meta({
    unit: 'share',
    description:
      'Least adverse excursion of an open-rejection-reverse, in median ranges of the first period',
  }),
  provisionalShare: share().default(0.71).meta({
    unit: 'share',
    description: 'Part of the median range that is used after 15 minutes',
  }),
  relativeVolume: share().default(1).meta({
    unit: 'share',
    tune: true,
    description: 'Least volume of the first 15 minutes, in medians of the same window',
  }),
  withoutDelta: z.enum(['refuse', 'ignore']).default('refuse').meta({
    description:
      'Where the aggressor is not known: refuse the signal, or do without the condition on delta',
  }),
  maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    description: 'Most volume without aggressor in the first period for its delta to be known',
  }),
  pullbackMin: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    tune: true,
    description: 'Least retracement of a pullback, as part of the way from open to extreme',
  }),
  pullbackMax: z.number().min(0).max(1).default(0.6).meta({
    unit: 'share',
    tune: true,
    description: 'Largest retracement of a pullback',
  }),
  openGraceSeconds: z.number().int().min(1).max(86_400).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
});

/** The parameters after parsing. */
export type Config = z.infer<typeof config>;
