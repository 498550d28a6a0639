import { z } from 'zod';

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
  valueAreaFraction: z
    .number()
    .gt(0)
    .max(1)
    .default(0.7)
    .meta({ unit: 'share', description: 'Share of the merged volume that the value area holds' }),
  valueAreaRule: z.enum(['two', 'one', 'trim']).default('two').meta({
    description:
      'How the value area grows: by the larger pair of rows, the larger row, or pairs cut at the fraction',
  }),
  valueAreaTie: z
    .enum(['up', 'down', 'both'])
    .default('up')
    .meta({ description: 'Where equal sides send the growth' }),
  pocTie: z
    .enum(['center-up', 'lowest', 'highest'])
    .default('center-up')
    .meta({ description: 'Which of several equal rows is the point of control' }),
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
