import { z } from 'zod';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  gapSeconds: z.number().int().min(1).max(86_400).default(60).meta({
    unit: 's',
    description: 'Silence inside RTH, in seconds, that counts as a gap in the data',
  }),
  roll: z.enum(['by-date', 'monday', 'thursday8', 'raw']).default('by-date').meta({
    description:
      'Rule that names the front contract: by date (Thursday until June 2022, Monday since), always one of the two, or raw for none',
  }),
  thinShare: z.number().gt(0).max(1).default(0.5).meta({
    unit: 'share',
    description: 'RTH volume below this share of the median makes a session thin',
  }),
  baselineSessions: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(20)
    .meta({ unit: 'count', description: 'Earlier ordinary sessions behind the median' }),
  minSessions: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(5)
    .meta({ unit: 'count', description: 'Sessions needed before anything is called thin' }),
});

/** The parameters after parsing. */
export type Config = z.infer<typeof config>;
