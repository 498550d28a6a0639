import { z } from 'zod';
import { contracts, micros, price, tradeDate } from './units.ts';

/** Who holds the night's positions: volume above and below the prior close, and what became of it. */
export const overnightInventory = z
  .object({
    tradeDate: tradeDate(),
    /** `building` overnight, then fixed at 09:30, then how it was answered. */
    stage: z.enum(['building', 'fixed', 'corrected', 'ignored']),
    net: z.enum(['net-long', 'net-short', 'neutral', 'unknown']),
    /** (above - below) / (above + below), -1..1; null without a reference or volume. */
    inventory: z.number().min(-1).max(1).nullable(),
    above: contracts(),
    below: contracts(),
    /** The whole overnight range lies on one side of the reference. */
    oneSided: z.boolean(),
    /** Close of the prior regular session. */
    reference: price().nullable(),
    high: price().nullable(),
    low: price().nullable(),
    since: micros(),
    missing: z.string().nullable(),
    approximate: z.boolean(),
  })
  .meta({ id: 'overnight-inventory/1' });
