import { z } from 'zod';
import { price, tradeDate } from './units.ts';

/** One number behind a signal. */
export const evidence = z.object({
  what: z.string(),
  value: z.number(),
  needed: z.number().optional(),
  unit: z.string(),
});

/** The fields every signal has; a plugin extends them with its own. */
export const signalFields = {
  side: z.enum(['long', 'short']),
  price: price(),
  target: price().optional(),
  invalidation: price().optional(),
  reason: z.string(),
  tradeDate: tradeDate(),
  evidence: z.array(evidence),
};

/** What a strategy may act on. */
export const signal = z.object(signalFields).meta({ id: 'signal/1' });

/** A trade idea of a strategy: never an order. */
export const tradeIdea = z
  .object({
    side: z.enum(['long', 'short']),
    entry: price(),
    stop: price(),
    target: price(),
    /** A further target, where the strategy has one. */
    target2: price().optional(),
    /** The idea is dead when this price is accepted, traded or not. */
    invalidation: price().optional(),
    /** Distance to the last target over distance to the stop, both after costs. */
    rewardRisk: z.number().optional(),
    /** Minutes after which an unfilled idea is void. */
    expiryMinutes: z.number().int().min(0).optional().meta({ unit: 'minute' }),
    /** Name of the strategy. */
    strategy: z.string().optional(),
    reason: z.string(),
  })
  .meta({ id: 'trade-idea/1', keptDays: null });

/** The end of a trade idea that nobody closed by a trade: its own time, or what it stood on, is over. */
export const ideaEnd = z
  .object({
    side: z.enum(['long', 'short']),
    entry: price(),
    /** Name of the strategy. */
    strategy: z.string(),
    /** `void`: price never came back to the entry; `time-stop`: its hours are over; `over`: what it stood on ended. */
    result: z.enum(['void', 'time-stop', 'over']),
    reason: z.string(),
  })
  .meta({ id: 'idea-end/1', keptDays: null });
