import { z } from 'zod';
import { contracts, finePrice, micros, tradeDate } from './units.ts';

/** An anchored VWAP with its bands; one row per anchor. */
export const vwapBands = z
  .object({
    anchor: z.enum(['globex', 'rth', 'prevRth']),
    tradeDate: tradeDate(),
    since: micros(),
    vwap: finePrice(),
    /** Volume-weighted population standard deviation, in ticks. */
    sdTicks: z.number().min(0).meta({ unit: 'tick' }),
    volume: contracts(),
    up1: finePrice(),
    down1: finePrice(),
    up2: finePrice(),
    down2: finePrice(),
    up3: finePrice(),
    down3: finePrice(),
    /** How far the last 30 minutes' own VWAP lies from this one, in standard deviations; null in the first 30 minutes. */
    slope30: z.number().nullable(),
    pace: z.enum(['unknown', 'flat', 'slow', 'normal', 'fast']),
    approximate: z.boolean(),
    /** Volume seen since the anchor while the feed was there; false when data began after the anchor. */
    complete: z.boolean(),
  })
  .meta({ id: 'vwap-bands/1' });
