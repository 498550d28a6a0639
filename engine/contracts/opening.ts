import { z } from 'zod';
import { micros, price, ticks, tradeDate } from './units.ts';

export const openingTypeName = z.enum([
  'open-drive',
  'open-test-drive',
  'open-rejection-reverse',
  'open-auction-in-range',
  'open-auction-out-of-range',
]);

export const openingLocationName = z.enum([
  'above-range',
  'above-value-in-range',
  'upper-value',
  'at-poc',
  'lower-value',
  'below-value-in-range',
  'below-range',
]);

/** How the regular session opened: provisional at 09:45, final at 10:00, revoked when a drive is traded back. */
export const openingType = z
  .object({
    tradeDate: tradeDate(),
    stage: z.enum(['provisional', 'final', 'revoked', 'unknown']),
    /** Null when the opening is not known. The engine keeps the name `type` for itself. */
    openingType: openingTypeName.nullable(),
    side: z.enum(['long', 'short']).nullable(),
    open: price().nullable(),
    location: openingLocationName.nullable(),
    /** Whether the move points away from prior value or back to it. */
    activity: z.enum(['initiative', 'responsive', 'inside']).nullable(),
    /** Net move, worst against it, best with it since the open, in ticks. */
    netTicks: ticks().nullable(),
    adverseTicks: ticks().nullable(),
    favourableTicks: ticks().nullable(),
    /** Median range of the first period of earlier sessions. */
    medianRangeTicks: ticks().nullable(),
    /** The reference an open-test-drive tested. */
    tested: z.object({ kind: z.string(), price: price(), distanceTicks: ticks() }).nullable(),
    since: micros(),
    missing: z.array(z.string()),
  })
  .meta({ id: 'opening-type/1' });
