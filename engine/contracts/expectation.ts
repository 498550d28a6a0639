import { z } from 'zod';
import { evidence } from './signal.ts';
import { micros, price, tradeDate } from './units.ts';

/** The seven value expectations of the framework. */
export const expectationName = z.enum([
  'other-side',
  'stay-rotational',
  'next-balance',
  'shift',
  'poc-holds',
  'building-outside',
  'day-fades',
]);

/** A change of one expectation: armed, active with levels, fulfilled or failed. */
export const expectation = z
  .object({
    tradeDate: tradeDate(),
    expectation: expectationName,
    /** Direction of what is expected; null for those without. */
    side: z.enum(['long', 'short']).nullable(),
    status: z.enum(['armed', 'active', 'fulfilled', 'failed']),
    /** Why it failed; null otherwise. */
    failure: z.enum(['invalidated', 'expired', 'superseded']).nullable(),
    price: price(),
    target: price().nullable(),
    waypoints: z.array(price()),
    invalidation: price().nullable(),
    /** Event time at which it expires; null unless active. */
    horizon: micros().nullable(),
    /** The area it was frozen on: the composite, or prior value where there is none. */
    area: z.object({
      basis: z.enum(['composite', 'prior']),
      vah: price(),
      val: price(),
      poc: price(),
    }),
    reason: z.string(),
    evidence: z.array(evidence),
  })
  .meta({ id: 'expectation/1' });
