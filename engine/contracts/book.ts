import { z } from 'zod';
import { finePrice, micros, price, share, tradeDate } from './units.ts';

const imbalance = () => z.number().min(-1).max(1).nullable();

/** The order book in numbers, one row per instrument; without depth every number is null and `missing` says why. */
export const bookState = z
  .object({
    tradeDate: tradeDate(),
    missing: z.string().nullable(),
    bid: price().nullable(),
    ask: price().nullable(),
    /** (bid - ask) / (bid + ask) of the first 1, 3, 5, 10 levels. */
    imbalance1: imbalance(),
    imbalance3: imbalance(),
    imbalance5: imbalance(),
    imbalance10: imbalance(),
    /** Ten levels with weights e^(-level/2). */
    imbalanceDecayed: imbalance(),
    /** Mean of `imbalance5` over the last 10 s. */
    mean5: imbalance(),
    /** Part of the best sizes that bids make. */
    queueImbalance: share().nullable(),
    mid: finePrice().nullable(),
    weightedMid: finePrice().nullable(),
    /** Order-flow imbalance of the best level over 1, 10, 60 s by the mean best size. */
    ofi1: z.number().nullable(),
    ofi10: z.number().nullable(),
    ofi60: z.number().nullable(),
    /** The same summed over all ten levels of both sides, each level against itself; by the mean best size too. */
    ofiDeep1: z.number().nullable(),
    ofiDeep10: z.number().nullable(),
    ofiDeep60: z.number().nullable(),
    /** (bid stack + ask pull) - (ask stack + bid pull) over 10 s, contracts. */
    bullBear: z.number().nullable(),
    lean: z.enum(['unknown', 'bid-heavy', 'ask-heavy', 'even']),
    since: micros(),
  })
  .meta({ id: 'book-state/1' });
