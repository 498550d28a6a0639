import { z } from 'zod';
import { count, micros, price, tradeDate } from './units.ts';

/** What a level is, by priority: the first one names a cluster. */
export const keyLevelKind = z.enum([
  'prior-high',
  'prior-low',
  'prior-close',
  'prior-vah',
  'prior-val',
  'prior-poc',
  'composite-vah',
  'composite-val',
  'composite-poc',
  'naked-poc',
  'stack-edge',
  'overnight-high',
  'overnight-low',
  'overnight-mid',
  'initial-balance-high',
  'initial-balance-low',
  'rth-open',
  'week-high',
  'week-low',
  'week-close',
  'week-poc',
  'settlement',
  'manual',
]);

/** Where a level comes from; confluence counts distinct groups. */
export const keyLevelGroup = z.enum([
  'prior-day',
  'composite',
  'overnight',
  'initial-balance',
  'opening',
  'week',
  'stack',
  'settlement',
  'manual',
]);

/** A price worth watching with its provenance, keyed by `id`. A row with `active` false takes it away. */
export const keyLevel = z
  .object({
    /** Such as `prior-vah`; with its date where there can be several, such as `naked-poc-2025-11-17`. */
    id: z.string(),
    /** A place of 0 to 63 that no other active level has: a sensor keeps prices by it. */
    slot: z.number().int().min(0).max(63),
    kind: keyLevelKind,
    group: keyLevelGroup,
    price: price(),
    active: z.boolean(),
    /** Trade dates it was made of, oldest first. */
    sessions: z.array(tradeDate()),
    validFrom: micros(),
    /** When it ends by itself; null: until something ends it. */
    expires: micros().nullable(),
    touches: count(),
    lastTouch: micros().nullable(),
    /** `held`: traded beyond and closed back; `broken`: accepted beyond. */
    state: z.enum(['untested', 'tested', 'held', 'broken']),
    /** `id` of the level that names its cluster; its own where it stands alone. */
    cluster: z.string(),
    /** Distinct groups in its cluster. */
    confluence: count(),
    approximate: z.boolean(),
    /** What a person gave with a manual level; absent elsewhere. */
    strength: z.number().int().min(1).max(5).optional(),
    role: z.enum(['support', 'resistance', 'pivot']).optional(),
    horizon: z.enum(['day', 'week', 'longer']).optional(),
    note: z.string().optional(),
  })
  .meta({ id: 'key-level/1' });
