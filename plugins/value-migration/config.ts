import { z } from 'zod';
import {
  compositeArea,
  outcome,
  period,
  price,
  priorProfile,
  type RecordPorts,
  sessionPhase,
  tradeDate,
  valueRelation,
} from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  toleranceTicks: z.number().int().min(0).max(40).default(2).meta({
    unit: 'tick',
    description: 'Edges of two areas that lie no further apart count as equal',
  }),
  persist: z.number().int().min(1).max(6).default(2).meta({
    unit: 'count',
    description: 'Period closes in a row that must agree before a relation is published',
  }),
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('10:30')
    .meta({ description: 'First period close that counts, New York; before it value is forming' }),
  openGraceSeconds: z.number().int().min(1).max(3_600).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
  mostDaysApart: z.number().int().min(1).max(30).default(7).meta({
    unit: 'day',
    description: 'Sessions further apart, in calendar days, are not compared',
  }),
  skipHolidays: z.boolean().default(true).meta({
    description: 'A holiday with trading hours is no day for relation, activity and setups',
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const touch = z.object({ price: price() });

/** Why the prior session may not be used today. */
export const refusal = z.enum(['no-prior', 'roll', 'holiday', 'gap']);

/** What the sensor tells the machine. */
export const senses = {
  sessionBegan: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate(), holiday: z.boolean(), refusal: refusal.nullable() }),
    doc: 'The regular session begins; `refusal`: why the prior session may not be used',
  },
  opened: {
    kind: 'event',
    schema: touch,
    doc: 'The first trade of the regular session, unless it came late or the day is a holiday',
  },
  extended: {
    kind: 'event',
    schema: z.object({ price: price(), side: z.enum(['long', 'short']) }),
    doc: 'The first trade beyond the initial balance, once per side',
  },
  filled: { kind: 'event', schema: touch, doc: 'A trade at or beyond the prior close after a gap' },
  sessionEnded: {
    kind: 'event',
    schema: z.object({ price: price().nullable() }),
    doc: 'The regular session is over; its last price',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  period: {
    kind: 'event',
    schema: period,
    doc: 'Closed 30-minute periods with the developing value area at each close',
  },
  composite: {
    kind: 'table',
    schema: compositeArea,
    doc: 'The composite value area; the one that stands at the regular open is used all day',
  },
  prior: {
    kind: 'table',
    schema: priorProfile,
    doc: 'The last completed regular session',
  },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
} as const satisfies RecordPorts;

export const out = {
  relation: {
    kind: 'table',
    schema: valueRelation,
    doc: 'Today’s developing value against the composite, at each period close and at the end of the session',
  },
  activity: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      activity: z.enum(['initiative', 'responsive', 'inside']),
      side: z.enum(['long', 'short']),
      price: price(),
      what: z.enum(['range-extension', 'period-close']),
      /** The prior session whose value area it is judged by. */
      priorDate: tradeDate(),
      vah: price(),
      val: price(),
    }),
    doc: 'Buying or selling away from prior value, or back toward it',
  },
  outcome: {
    kind: 'event',
    schema: outcome,
    doc: 'Setups `value-relation` (variant: two-day relation) and `gap` (variant: place of the open)',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
