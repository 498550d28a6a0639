import { z } from 'zod';
import { contracts, micros, tradeDate } from './units.ts';

/** Time and sales in numbers, one row per instrument; null where there is too little to say. */
export const tapeState = z
  .object({
    tradeDate: tradeDate(),
    /** (buys - sells) / (buys + sells) over 60 s and 5 min; null under the least volume. */
    pressure60: z.number().min(-1).max(1).nullable(),
    pressure300: z.number().min(-1).max(1).nullable(),
    pressure: z.enum(['buy', 'sell', 'none', 'unknown']),
    volume10: contracts(),
    volume60: contracts(),
    /** Z from the median of the 10-second volume against its baseline; null without one. */
    speedZ: z.number().nullable(),
    speed: z.enum(['unknown', 'normal', 'fast', 'extreme']),
    /** Where the baseline comes from. */
    baseline: z.enum(['none', 'intraday', 'sessions']),
    since: micros(),
  })
  .meta({ id: 'tape-state/1' });
