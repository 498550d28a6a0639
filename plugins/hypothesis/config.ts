import { z } from 'zod';
import {
  compositeArea,
  compositeStack,
  count,
  hypothesis,
  micros,
  nakedPocs,
  outcome,
  overnightInventory,
  period,
  price,
  priorProfile,
  type RecordPorts,
  regime,
  regimeName,
  sessionPhase,
  share,
  tradeDate,
  valueRelation,
} from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  sessions: z.number().int().min(1).max(60).default(20).meta({
    unit: 'count',
    description: 'Earlier ordinary sessions behind the average daily range, at most',
  }),
  minSessions: z.number().int().min(1).max(60).default(5).meta({
    unit: 'count',
    description: 'Fewest sessions behind the average daily range; with fewer it is unknown',
  }),
  baselineSessions: z.number().int().min(5).max(500).default(250).meta({
    unit: 'count',
    description: 'Earlier sessions whose most frequent outcome is the answer to beat',
  }),
  nakedRanges: z.number().min(0).max(10).default(1).meta({
    unit: 'ratio',
    description: 'Untouched points of control this many average ranges away are listed',
  }),
  targetRanges: z.number().min(0).max(5).default(0.5).meta({
    unit: 'ratio',
    description:
      'Target of a trend without a composite ahead: this many average ranges beyond the extreme of the prior session',
  }),
  trendShare: z.number().gt(0).max(1).default(0.5).meta({
    unit: 'share',
    description: 'A trend was realised when close minus open is this share of the range',
  }),
  pendingRanges: z.number().gt(0).max(5).default(1).meta({
    unit: 'ratio',
    description: 'A break-out was realised when the range is this many average ranges',
  }),
  tieTicks: z.number().int().min(1).max(40).default(2).meta({
    unit: 'tick',
    description: 'With less between open and close a bias is neither right nor wrong',
  }),
  minRiskTicks: z.number().int().min(1).max(400).default(8).meta({
    unit: 'tick',
    description: 'Least risk by which excursions are told in R',
  }),
  minNEff: z.number().min(0).max(30).default(2).meta({
    unit: 'count',
    description: 'Independent sessions a stack or cluster needs to be named',
  }),
  news: z
    .array(
      z.object({
        date: tradeDate(),
        time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
      }),
    )
    .max(2_000)
    .default([])
    .meta({ description: 'Scheduled news by trade date and time, New York' }),
  newsMinutes: z.number().int().min(1).max(60).default(2).meta({
    unit: 'minute',
    description: 'No permission in this many minutes before and after news',
  }),
  openGraceSeconds: z.number().int().min(1).max(3_600).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const night = { high: price().nullable(), low: price().nullable() };

/** What the sensor tells the machine. */
export const senses = {
  morning: {
    kind: 'event',
    schema: z.object({ ...night, last: price().nullable() }),
    doc: 'The time to draft: the overnight range so far and the last price',
  },
  opened: {
    kind: 'event',
    schema: z.object({ ...night, price: price() }),
    doc: 'The first trade of the regular session, unless it came late; the overnight range is final',
  },
  slice: {
    kind: 'event',
    schema: z.object({
      start: micros(),
      end: micros(),
      high: price().nullable(),
      low: price().nullable(),
    }),
    doc: 'Each five minutes of the regular session: its range, null without a trade',
  },
  news: {
    kind: 'event',
    schema: z.object({ time: z.string(), near: z.boolean() }),
    doc: 'Scheduled news comes near, or is over',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  build: {
    kind: 'event',
    schema: z.object({}),
    doc: 'When to draft: a calendar wire, 09:25 on days with a regular session',
  },
  regime: { kind: 'table', schema: regime, doc: 'The regime in force' },
  prior: { kind: 'table', schema: priorProfile, doc: 'The last completed regular session' },
  composite: { kind: 'table', schema: compositeArea, doc: 'Composite value area' },
  period: { kind: 'event', schema: period, doc: 'Each closed 30-minute period' },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
  relation: {
    kind: 'table',
    schema: valueRelation,
    optional: true,
    doc: 'Its final row of each session makes the sequence of relations',
  },
  naked: {
    kind: 'table',
    schema: nakedPocs,
    optional: true,
    doc: 'Points of control that nothing traded since',
  },
  stack: {
    kind: 'table',
    schema: compositeStack,
    optional: true,
    doc: 'Composites ahead, stacks and clusters',
  },
  inventory: {
    kind: 'table',
    schema: overnightInventory,
    optional: true,
    doc: 'Who holds positions of the night',
  },
} as const satisfies RecordPorts;

const rate = z.object({
  n: count(),
  hits: count(),
  rate: share().nullable(),
  /** Wilson interval, 95 %. */
  low: share().nullable(),
  high: share().nullable(),
});

/** What a session turned out to be. */
export const realised = z.enum(['trend-up', 'trend-down', 'balance', 'other']);

const scored = z.object({
  id: z.string(),
  result: z.enum(['not-triggered', 'target', 'invalidated', 'open-at-close']),
  triggeredAt: micros().nullable(),
  /** Worst and best excursion from the trigger price, in ticks and in multiples of the risk. */
  maeTicks: z.number().nullable().meta({ unit: 'tick' }),
  mfeTicks: z.number().nullable().meta({ unit: 'tick' }),
  maeR: z.number().nullable().meta({ unit: 'ratio' }),
  mfeR: z.number().nullable().meta({ unit: 'ratio' }),
});

export const out = {
  plan: { kind: 'table', schema: hypothesis, doc: 'The plan of the day: one row, a version each' },
  score: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      /** Version that was fixed at the open: the one that is scored. */
      version: count(),
      regime: regimeName,
      bias: z.enum(['long', 'short', 'neutral']),
      realised,
      /** The session was what the plan said; null for an unknown regime, or when it cannot be told. */
      conditionHit: z.boolean().nullable(),
      /** Null when neutral, or when open and close lie too near. */
      biasHit: z.boolean().nullable(),
      invalidatedAt: micros().nullable(),
      rangeTicks: z.number().int().min(0).meta({ unit: 'tick' }),
      closeMinusOpenTicks: z.number().int().meta({ unit: 'tick' }),
      scenarios: z.array(scored),
      /** An ordinary session: it counts in the figures below. */
      counted: z.boolean(),
      /** Of all sessions so far, this one included. */
      condition: rate,
      biases: rate,
      /** The same sessions, had the most frequent outcome of the sessions before been named each time. */
      baseline: z.object({ named: realised.nullable(), ...rate.shape }),
    }),
    doc: 'How the plan of the day did, and all plans so far',
  },
  outcome: { kind: 'event', schema: outcome, doc: 'How a scenario that triggered ended' },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
