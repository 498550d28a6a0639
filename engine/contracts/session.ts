import { z } from 'zod';
import { micros, tradeDate } from './units.ts';

/** Where the trade day stands: one row per instrument. */
export const sessionPhase = z
  .object({
    phase: z.enum([
      'closed',
      'overnight',
      'pre-open',
      'rth-opening',
      'rth-main',
      'rth-closing',
      'post-rth',
      'halt',
    ]),
    tradeDate: tradeDate(),
    /** Event time at which this phase began. */
    since: micros(),
    /** Start and end of regular trading hours; null on a day without. */
    rthOpen: micros().nullable(),
    rthEnd: micros().nullable(),
    /** A half day: RTH ends early. */
    short: z.boolean(),
    holiday: z.boolean(),
    /** RTH volume below half its median of earlier sessions; known when RTH ends, false before. */
    thin: z.boolean(),
    /** A silence of `gapSeconds` or more inside RTH so far, halts excepted. */
    gap: z.boolean(),
    /** The contract of this trade date, such as `ESZ25`; null where the instrument has none. */
    contract: z.string().nullable(),
    /** True on the first session of a new front contract. */
    rolled: z.boolean(),
  })
  .meta({ id: 'session-phase/1' });
