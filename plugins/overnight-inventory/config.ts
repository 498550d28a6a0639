import { z } from 'zod';
import {
  contracts,
  micros,
  outcome,
  overnightInventory,
  period,
  price,
  priorProfile,
  type RecordPorts,
  sessionPhase,
  signalFields,
  ticks,
  tradeDate,
} from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  netThreshold: z.number().gt(0).max(1).default(0.2).meta({
    unit: 'share',
    tune: true,
    description: 'From this share on, either way, the night is net long or net short',
  }),
  minutes: z.number().int().min(5).max(60).default(60).meta({
    unit: 'minute',
    description: 'Minutes after the regular open in which a correction or the travel counts',
  }),
  edge: z.number().gt(0).lt(0.5).default(0.2).meta({
    unit: 'share',
    tune: true,
    description: 'Outer part of the prior value area, at either edge, in which the open must lie',
  }),
  travel: z.number().gt(0).max(2).default(0.8).meta({
    unit: 'share',
    tune: true,
    description: 'Share of the width of prior value that price must travel from the open',
  }),
  minWidthTicks: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(8)
    .meta({ unit: 'tick', description: 'A narrower value area gives no signal' }),
  nightGraceMinutes: z.number().int().min(1).max(900).default(30).meta({
    unit: 'minute',
    description:
      'Data that begins later than this after the open of the trade day is no whole night',
  }),
  openGraceSeconds: z.number().int().min(1).max(3_600).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
  skipHolidays: z
    .boolean()
    .default(true)
    .meta({ description: 'A holiday with trading hours is no day for the rules' }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** Why a night has no inventory. */
export const missingReason = z.enum(['no-prior', 'roll', 'holiday', 'incomplete', 'no-volume']);

const measured = z.object({
  above: contracts(),
  below: contracts(),
  high: price().nullable(),
  low: price().nullable(),
  approximate: z.boolean(),
});

/** What the sensor tells the machine. */
export const senses = {
  nightBegan: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      reference: price().nullable(),
      missing: missingReason.nullable(),
    }),
    doc: 'A trade day opened; the reference is settled',
  },
  measured: {
    kind: 'event',
    schema: measured,
    doc: 'Volume of the night so far: each half hour, each five minutes before the open, and when its name changes',
  },
  nightEnded: {
    kind: 'event',
    schema: z.object({ ...measured.shape, missing: missingReason.nullable() }),
    doc: 'The regular session begins: the night is fixed',
  },
  opened: {
    kind: 'event',
    schema: z.object({ price: price() }),
    doc: 'The first trade of the regular session, unless it came late',
  },
  correctionTouched: {
    kind: 'event',
    schema: z.object({ price: price() }),
    doc: 'A trade at or beyond the reference or the overnight middle',
  },
  travelled: {
    kind: 'event',
    schema: z.object({ price: price(), travelTicks: ticks() }),
    doc: 'Price came far enough from an open in the outer part of prior value',
  },
  timeUp: {
    kind: 'event',
    schema: z.object({ price: price().nullable() }),
    doc: 'The minutes after the open are over; the last price',
  },
  targetTouched: {
    kind: 'event',
    schema: z.object({ price: price() }),
    doc: 'A trade at or beyond the target of the signal',
  },
  sessionEnded: {
    kind: 'event',
    schema: z.object({ price: price().nullable() }),
    doc: 'The regular session is over; its last price',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  prior: {
    kind: 'table',
    schema: priorProfile,
    doc: 'The last completed regular session: its close is the reference, its value area the field',
  },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
  period: {
    kind: 'event',
    schema: period,
    optional: true,
    doc: 'Closed 30-minute periods; without them nothing rejects a signal',
  },
} as const satisfies RecordPorts;

export const out = {
  inventory: {
    kind: 'table',
    schema: overnightInventory,
    doc: 'Inventory of the night, and how the regular session answered it',
  },
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      /** The inventory of the night lies on the trapped side. */
      withInventory: z.boolean(),
      net: overnightInventory.shape.net,
      inventory: overnightInventory.shape.inventory,
      priorDate: tradeDate(),
      openedAt: micros(),
    }),
    doc: 'Opened in the outer part of prior value and travelled most of its width',
  },
  outcome: {
    kind: 'event',
    schema: outcome,
    doc: 'What became of the expected correction and of a signal',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
