import { z } from 'zod';
import { valueAreaFields } from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  sessions: z.number().int().min(1).max(30).default(5).meta({
    unit: 'count',
    tune: true,
    description: 'Completed sessions that make a whole composite',
  }),
  minSessions: z.number().int().min(1).max(30).default(3).meta({
    unit: 'count',
    description: 'Fewest sessions that make one at all; below `sessions` it is partial',
  }),
  ...valueAreaFields,
  includeShort: z.boolean().default(true).meta({ description: 'Half days take one of the places' }),
  includeHolidays: z
    .boolean()
    .default(true)
    .meta({ description: 'Holidays with trading hours take one of the places' }),
  rollShifts: z
    .record(z.string().regex(/^\d{4}-\d{2}-\d{2}$/), z.number().int())
    .default({})
    .meta({
      unit: 'tick',
      description:
        'By first trade date of the new contract: ticks that carry levels of the old contract over (new settlement minus old)',
    }),
  unknownSpread: z.enum(['restart', 'raw']).default('restart').meta({
    description: 'At a change of contract without a shift: begin anew, or merge as it is',
  }),
  roll: z
    .enum(['by-date', 'monday', 'thursday8'])
    .default('by-date')
    .meta({ description: 'Rule that gives the dates on which the front contract changes' }),
});

/** The parameters after parsing. */
export type Config = z.infer<typeof config>;
