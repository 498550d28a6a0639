import { z } from 'zod';
import {
  completedProfile,
  compositeArea,
  compositeStack,
  keyLevel,
  micros,
  nakedPocs,
  price,
  priorProfile,
  type RecordPorts,
  sessionPhase,
  tradeDate,
} from '#engine';
import { room } from './key-levels.ts';

const manual = z.object({
  price: z.number().meta({ description: 'Price as it is quoted, on the tick grid' }),
  strength: z.number().int().min(1).max(5).default(3),
  role: z.enum(['support', 'resistance', 'pivot']).default('pivot'),
  horizon: z.enum(['day', 'week', 'longer']).default('longer'),
  note: z.string().default(''),
});

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  mergeTicks: z.number().int().min(0).max(40).default(4).meta({
    unit: 'tick',
    tune: true,
    description: 'Levels join a cluster while all of it lies within this distance',
  }),
  touchTicks: z.number().int().min(0).max(20).default(1).meta({
    unit: 'tick',
    description: 'A trade this near touches a level',
  }),
  awayTicks: z.number().int().min(2).max(200).default(8).meta({
    unit: 'tick',
    tune: true,
    description: 'Price must have been this far away before a touch counts',
  }),
  minIndependent: z.number().min(0).max(30).default(2).meta({
    unit: 'count',
    description: 'A stack of fewer independent composites gives no levels',
  }),
  manual: z.array(manual).max(room.manual).default([]).meta({
    description: 'Levels of your own: price, strength 1 to 5, role, horizon, note',
  }),
  tickSize: z.number().gt(0).default(0.25).meta({
    unit: 'point',
    description: 'Tick size of the instrument, for the prices of `manual`',
  }),
  openGraceSeconds: z.number().int().min(1).max(3_600).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
  nightGraceMinutes: z.number().int().min(1).max(900).default(30).meta({
    unit: 'minute',
    description:
      'Data that begins later than this after the open of the trade day has no whole night',
  }),
  skipHolidays: z
    .boolean()
    .default(true)
    .meta({ description: 'A holiday with trading hours makes no levels of its own' }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const slot = () => z.number().int().min(0).max(63);
const gone = z.array(slot());
const placed = z.object({
  slot: slot(),
  price: price(),
  sessions: z.array(tradeDate()),
  approximate: z.boolean(),
  /** Which way lies beyond it: 1 up, -1 down, 0 not known yet. */
  beyond: z.union([z.literal(1), z.literal(-1), z.literal(0)]),
  expires: micros().nullable(),
});

/** What the sensor tells the machine. */
export const senses = {
  dayBegan: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate() }),
    doc: 'A trade day opened',
  },
  sessionBegan: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate() }),
    doc: 'The regular session began',
  },
  balanceSet: { kind: 'event', schema: z.object({}), doc: 'The first hour is over' },
  sessionEnded: { kind: 'event', schema: z.object({}), doc: 'The regular session is over' },
  placed: {
    kind: 'event',
    schema: z.object({ levels: z.array(placed), gone }),
    doc: 'Levels that are valid from now on, and places that are empty now',
  },
  opened: {
    kind: 'event',
    schema: z.object({ price: price() }),
    doc: 'The first trade of the regular session: levels it lies beyond can be re-entered, not rejected',
  },
  touched: {
    kind: 'event',
    schema: z.object({ slots: gone, price: price() }),
    doc: 'A trade came to levels price had been away from',
  },
  periodClosed: {
    kind: 'event',
    schema: z.object({
      start: micros(),
      end: micros(),
      high: price().nullable(),
      low: price().nullable(),
      close: price().nullable(),
    }),
    doc: 'A 30-minute period of the regular session ended',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  prior: { kind: 'table', schema: priorProfile, doc: 'The last completed regular session' },
  composite: { kind: 'table', schema: compositeArea, doc: 'The composite value area' },
  naked: { kind: 'table', schema: nakedPocs, doc: 'Points of control no later trade has touched' },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
  stack: {
    kind: 'table',
    schema: compositeStack,
    optional: true,
    doc: 'Stacks of archived composites; their edges are levels',
  },
  completed: {
    kind: 'event',
    schema: completedProfile,
    optional: true,
    doc: 'Completed sessions with their rows; without them there are no levels of the prior week',
  },
} as const satisfies RecordPorts;

export const out = {
  level: { kind: 'table', schema: keyLevel, key: 'id', doc: 'Levels worth watching, one row each' },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
