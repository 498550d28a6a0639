import { z } from 'zod';
import { contracts, count, price, tradeDate } from './units.ts';

/** The composite value area in force for `tradeDate`: built from completed sessions before it. */
export const compositeArea = z
  .object({
    /** The last session that was counted; the composite is in force for the session after it. */
    asOf: tradeDate(),
    /**
     * False after a roll with an unknown spread until enough sessions of the new contract are completed: the levels are
     * then the last ones of the old contract and say nothing about the new one.
     */
    inForce: z.boolean(),
    poc: price(),
    vah: price(),
    val: price(),
    one: z.object({ vah: price(), val: price() }),
    low: price(),
    high: price(),
    volume: contracts(),
    widthTicks: z.number().meta({ unit: 'tick' }),
    /** Trade dates inside, oldest first. */
    sessions: z.array(tradeDate()),
    /** Fewer sessions than asked for. */
    partial: z.boolean(),
    approximate: z.boolean(),
    /** A roll date lies inside and the levels were merged without a shift. */
    rollUnadjusted: z.boolean(),
    /** Shift applied to the oldest session, in ticks. */
    rollShiftTicks: z.number().meta({ unit: 'tick' }),
  })
  .meta({ id: 'composite-area/1' });

/** One level of the composite, keyed by `kind`; `inForce` as in the area. */
export const level = z
  .object({
    kind: z.enum(['vah', 'val', 'poc']),
    price: price(),
    sessions: count(),
    partial: z.boolean(),
    inForce: z.boolean(),
  })
  .meta({ id: 'level/1' });
