import { z } from 'zod';
import {
  compositeArea,
  contracts,
  count,
  finePrice,
  period,
  price,
  priorProfile,
  type RecordPorts,
  regime,
  regimeName,
  sessionPhase,
  tradeDate,
  valueRelation,
} from '#engine';

const shareOf = (value: number, description: string) =>
  z.number().min(0).max(1).default(value).meta({ unit: 'share', description });

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  compressShare: shareOf(
    0.5,
    'An overnight range below this share of its median is compressed: a break-out is pending',
  ),
  balanceOverlap: shareOf(
    0.7,
    'Prior value inside the composite by this share is balance; with less it is balance of low confidence',
  ),
  leaveOverlap: shareOf(
    0.5,
    'A trend ends in balance when developing value left its direction and overlaps the composite by this share',
  ),
  toleranceTicks: z.number().int().min(0).max(40).default(2).meta({
    unit: 'tick',
    description: 'Edges of value this near to each other count as equal',
  }),
  flatSlope: z.number().min(0).max(10).default(0.5).meta({
    unit: 'sd',
    description: 'A VWAP slope over 30 minutes below this is flat',
  }),
  hysteresisCloses: z.number().int().min(1).max(6).default(2).meta({
    unit: 'count',
    description: '30-minute closes in a row with the same answer that change the regime',
  }),
  pendingEntryShare: shareOf(
    0.35,
    'A range of the last 60 minutes below this share of its median for the hour is compressed',
  ),
  pendingExitShare: shareOf(
    0.7,
    'A range of the last 60 minutes of this share of its median ends compression',
  ),
  sessions: z.number().int().min(1).max(60).default(20).meta({
    unit: 'count',
    description: 'Earlier ordinary sessions behind each median, at most',
  }),
  minSessions: z.number().int().min(1).max(60).default(5).meta({
    unit: 'count',
    description: 'Fewest sessions behind a median; with fewer it is unknown',
  }),
  provisionalMinutes: z.number().int().min(5).max(25).multipleOf(5).default(5).meta({
    unit: 'minute',
    description: 'Minutes before the regular open at which the provisional regime is written',
  }),
  nightGraceMinutes: z.number().int().min(1).max(900).default(60).meta({
    unit: 'minute',
    description:
      'An overnight session whose first trade or bar comes later than this has no known range',
  }),
  maxUnknownShare: shareOf(
    0.15,
    'With more volume than this without a side, cumulative delta is unknown',
  ),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** What the sensor tells the machine: twice before the open, then at each 30-minute close. */
export const senses = {
  nightMeasured: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      stage: z.enum(['provisional', 'final']),
      high: price().nullable(),
      low: price().nullable(),
    }),
    doc: 'The overnight range so far, shortly before the regular open and at it; null when it is not known',
  },
  snapshot: {
    kind: 'event',
    schema: z.object({
      index: count(),
      close: price().nullable(),
      vwap: finePrice().nullable(),
      slope: z.number().nullable().meta({ unit: 'sd' }),
      delta: z.number().nullable().meta({ unit: 'contract' }),
      volume: contracts(),
    }),
    doc: 'Regular VWAP, its slope over 30 minutes and cumulative delta at a 30-minute close',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  prior: {
    kind: 'table',
    schema: priorProfile,
    doc: 'Value area of the last completed regular session',
  },
  composite: {
    kind: 'table',
    schema: compositeArea,
    doc: 'Composite value area; the one in force for the prior session is kept beside the new one',
  },
  period: {
    kind: 'event',
    schema: period,
    doc: 'Each closed 30-minute period with the profile so far',
  },
  relation: {
    kind: 'table',
    schema: valueRelation,
    optional: true,
    doc: 'Developing value against the composite; without it a trend does not end by it',
  },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
} as const satisfies RecordPorts;

export const out = {
  regime: { kind: 'table', schema: regime, doc: 'The regime in force, written when it changes' },
  label: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      /** The regime at 09:30. */
      regime: regimeName,
      lowConfidence: z.boolean(),
      /** No half day, no thin session, no gap. */
      ordinary: z.boolean(),
      rangeTicks: z.number().int().min(0).meta({ unit: 'tick' }),
      closeMinusOpenTicks: z.number().int().meta({ unit: 'tick' }),
      /** The regular session traded above the overnight high, below the overnight low. */
      brokeUp: z.boolean(),
      brokeDown: z.boolean(),
      /** The regime at the end of the session. */
      last: regimeName,
      /** Changes of regime during the session. */
      changes: count(),
    }),
    doc: 'What the session did after its label of 09:30: names describe location, they do not predict',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
