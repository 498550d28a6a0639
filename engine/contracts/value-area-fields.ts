import { z } from 'zod';

/** Parameters of every plugin that computes a value area: one spelling, one default. */
export const valueAreaFields = {
  valueAreaFraction: z
    .number()
    .gt(0)
    .max(1)
    .default(0.7)
    .meta({ unit: 'share', description: 'Share of the volume that the value area holds' }),
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
};
