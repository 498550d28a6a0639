import { z } from 'zod';
import { price, share, ticks, tradeDate } from './units.ts';

/** The seven ways value can lie against earlier value: total and exclusive. */
export const valueRelationName = z.enum([
  'higher',
  'overlapping-higher',
  'unchanged',
  'inside',
  'outside',
  'overlapping-lower',
  'lower',
]);

const area = z.object({ vah: price(), val: price(), poc: price() });

/** Today's developing value against the composite in force, at each period close; one row per instrument. */
export const valueRelation = z
  .object({
    tradeDate: tradeDate(),
    /** Index of the period whose close this is; null at the end of the regular session. */
    index: z.number().int().min(0).nullable(),
    /** `forming` before 10:30, `unknown` without a composite in force, `final` at the end of the regular session. */
    stage: z.enum(['unknown', 'forming', 'developing', 'final']),
    /** The published relation: two closes in a row agreed; null while forming or unknown. */
    relation: valueRelationName.nullable(),
    /** The relation at this close alone. */
    raw: valueRelationName.nullable(),
    /** Ticks between disjoint areas, else 0. */
    gapTicks: ticks(),
    overlapMin: share(),
    jaccard: share(),
    overlapAvg: z.number().min(0),
    developing: area.nullable(),
    composite: area.nullable(),
    /** Why there is no relation; null when there is one. */
    missing: z.string().nullable(),
    approximate: z.boolean(),
  })
  .meta({ id: 'value-relation/1' });
