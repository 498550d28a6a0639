import { z } from 'zod';
import { micros, price, tradeDate } from './units.ts';

/** How a setup ended: at its target, at its invalidation, or at the end of its time. */
export const setupResult = z.enum(['completed', 'rejected', 'expired']);

/** The fields every outcome has: what was expected, from when and where, and what came of it. */
export const outcomeFields = {
  tradeDate: tradeDate(),
  /** The rule, such as `eighty-percent-rule`; figures are counted per setup and variant. */
  setup: z.string(),
  /** The kind within the rule, such as a trigger mode or an opening type. */
  variant: z.string(),
  side: z.enum(['long', 'short']),
  result: setupResult,
  /** Event time at which the rule triggered; a fill is possible from the next trade or bar on. */
  triggeredAt: micros(),
  /** The trigger price: no fill. */
  entry: price(),
  target: price().nullable(),
  invalidation: price().nullable(),
  /** Where it ended: the target, or the price that ended it. */
  price: price(),
  /** From `entry` to `price` in the direction of `side`. */
  resultTicks: z.number().int().meta({ unit: 'tick' }),
};

/** What became of a triggered setup: the raw material of hit rates. */
export const outcome = z.object(outcomeFields).meta({ id: 'outcome/1', keptDays: null });
