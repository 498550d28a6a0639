import { z } from 'zod';
import { micros, share, tradeDate } from './units.ts';
import { valueRelationName } from './value-relation.ts';

/** Where value stands: names of location, no forecast. */
export const regimeName = z.enum([
  'unknown',
  'balance',
  'trend-up',
  'trend-down',
  'breakout-pending',
]);

/** The regime in force; one row per instrument, written when it changes. */
export const regime = z
  .object({
    tradeDate: tradeDate(),
    regime: regimeName,
    /** `provisional` at 09:25, `final` at 09:30, `intraday` after a change, `none` outside. */
    stage: z.enum(['none', 'provisional', 'final', 'intraday']),
    /** Balance with a partial overlap only. */
    lowConfidence: z.boolean(),
    bias: z.enum(['long', 'short', 'neutral']),
    since: micros(),
    /** Inputs that are not known; empty unless `unknown`. */
    missing: z.array(z.string()),
    /** Prior value against the composite before it. */
    relation: valueRelationName.nullable(),
    overlapMin: share().nullable(),
    /** Overnight range and its median of earlier sessions, in ticks. */
    overnightRangeTicks: z.number().nullable(),
    overnightMedianTicks: z.number().nullable(),
    reason: z.string(),
  })
  .meta({ id: 'regime/1' });
