import { z } from 'zod';
import { regimeName } from './regime.ts';
import { evidence } from './signal.ts';
import { count, price, tradeDate } from './units.ts';
import { valueRelationName } from './value-relation.ts';

/** An if-then of the plan: `if` is the condition, `action` what is done then. */
export const scenario = z.object({
  id: z.string(),
  /** Primary plan or an alternative to it. */
  role: z.enum(['primary', 'alternative']),
  side: z.enum(['long', 'short', 'flat']),
  if: z.string(),
  action: z.string(),
  entryRef: price().nullable(),
  target: price().nullable(),
  invalidation: price().nullable(),
});

/** The plan of the day, fixed at 09:30; later versions carry a reason. One row per instrument. */
export const hypothesis = z
  .object({
    tradeDate: tradeDate(),
    version: count(),
    /** Why this version was written: `pre-market`, `open`, or what changed. */
    reason: z.string(),
    regime: regimeName,
    lowConfidence: z.boolean(),
    bias: z.enum(['long', 'short', 'neutral']),
    condition: z.string(),
    relation: valueRelationName.nullable(),
    /** Final relations of the last sessions, oldest first, at most five. */
    relations: z.array(valueRelationName),
    composite: z.object({ vah: price(), val: price(), poc: price() }).nullable(),
    prior: z.object({ vah: price(), val: price(), poc: price(), shape: z.string() }).nullable(),
    overnight: z.object({ high: price(), low: price() }).nullable(),
    inventory: z.enum(['net-long', 'net-short', 'neutral', 'unknown']),
    nakedPocs: z.array(price()),
    stackAbove: price().nullable(),
    stackBelow: price().nullable(),
    /** Opening location; null before the open. */
    openCase: z.string().nullable(),
    scenarios: z.array(scenario),
    /** A price whose acceptance ends the plan; null where it has none. */
    invalidation: price().nullable(),
    /** Reasons not to trade today; empty: none. */
    doNotTrade: z.array(z.string()),
    /** True while the plan stands: known, not invalidated, nothing in `doNotTrade`. */
    permits: z.boolean(),
    evidence: z.array(evidence),
    /** Average range of earlier regular sessions; null while too few are known. */
    averageRange: z.number().nullable().optional().meta({ unit: 'tick' }),
  })
  .meta({ id: 'hypothesis/1', keptDays: null });
