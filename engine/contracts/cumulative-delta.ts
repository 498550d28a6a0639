import { z } from 'zod';
import { contracts, micros, share, tradeDate } from './units.ts';

const signed = () => z.number().meta({ unit: 'contract' });

/** Running buying minus selling volume, and how price goes along with it; one row per instrument. */
export const cumulativeDelta = z
  .object({
    tradeDate: tradeDate(),
    /** Since 18:00. */
    day: signed(),
    /** Since 09:30; null outside the regular session. */
    rth: signed().nullable(),
    /** Since the last confirmed swing. */
    swing: signed(),
    high: signed(),
    low: signed(),
    volume: contracts(),
    unknownShare: share(),
    inferredShare: share(),
    /** Price and delta together, swing to swing. */
    condition: z.enum(['unknown', 'normal', 'price-lags', 'price-ahead', 'overstretched']),
    side: z.enum(['long', 'short']).nullable(),
    /** Share of earlier sessions with a smaller |delta| at this time of day; null with fewer than five. */
    strength: share().nullable(),
    since: micros(),
  })
  .meta({ id: 'cumulative-delta/1' });
