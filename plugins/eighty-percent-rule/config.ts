import { z } from 'zod';
import {
  outcomeFields,
  period,
  price,
  priorProfile,
  type RecordPorts,
  sessionPhase,
  signalFields,
  tradeDate,
} from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  trigger: z.enum(['close2', 'touch2', 'closeOpen']).default('close2').meta({
    description:
      'What counts as accepted inside value: two closes in a row, two periods that trade inside, or a close inside and the next open inside',
  }),
  arming: z.enum(['strict', 'extended']).default('strict').meta({
    description:
      'strict: the regular session must open outside value; extended: a period that closes outside arms as well',
  }),
  lastArm: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('14:30')
    .meta({ description: 'No trigger after this time, New York' }),
  lastArmShortMinutes: z.number().int().min(0).max(390).default(90).meta({
    unit: 'minute',
    description: 'On a half day: no trigger in this many minutes before the regular end',
  }),
  minWidthTicks: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(8)
    .meta({ unit: 'tick', description: 'A narrower value area is not traded' }),
  earlyStop: z.enum(['none', 'edge', 'first-period']).default('none').meta({
    description:
      'Stop before a period closes outside: none, a distance beyond the entry edge, or the extreme of the first period that entered value',
  }),
  earlyStopTicks: z
    .number()
    .int()
    .min(1)
    .max(400)
    .default(8)
    .meta({ unit: 'tick', description: 'Distance of the early stop beyond the entry edge' }),
  pauseOnGap: z
    .boolean()
    .default(true)
    .meta({ description: 'No trigger once the feed of the session had a gap' }),
  openGraceSeconds: z.number().int().min(1).max(86_400).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
  skipHolidays: z
    .boolean()
    .default(true)
    .meta({ description: 'A holiday with trading hours is no day for the rule' }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const touch = z.object({ price: price() });

/** What the sensor tells the machine; each at most once a period. */
export const senses = {
  opened: { kind: 'event', schema: touch, doc: 'The first trade of the regular session' },
  entered: {
    kind: 'event',
    schema: touch,
    doc: 'The first trade of the period inside the prior value area',
  },
  pocTouched: {
    kind: 'event',
    schema: touch,
    doc: 'A trade at or beyond the prior point of control, seen from the side entered',
  },
  targetTouched: {
    kind: 'event',
    schema: touch,
    doc: 'A trade at or beyond the far edge of the prior value area',
  },
  stopTouched: { kind: 'event', schema: touch, doc: 'A trade at or beyond the early stop' },
  periodOpened: {
    kind: 'event',
    schema: touch,
    doc: 'The first trade of a period; with trigger closeOpen only',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  period: {
    kind: 'event',
    schema: period,
    doc: 'Each closed 30-minute period of the regular session',
  },
  prior: {
    kind: 'table',
    schema: priorProfile,
    doc: 'Value area of the last completed regular session',
  },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
} as const satisfies RecordPorts;

export const out = {
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      trigger: config.shape.trigger.unwrap(),
      /** Prior point of control, the half-way target; null when it traded before the trigger. */
      poc: price().nullable(),
      /** Edge that was re-entered. */
      entryEdge: price(),
      priorDate: tradeDate(),
      priorShape: priorProfile.shape.shape,
      /** The prior session was a half day, or made from bars. */
      priorShort: z.boolean(),
      priorApproximate: z.boolean(),
    }),
    doc: 'The rule triggered: value was re-entered and held',
  },
  outcome: {
    kind: 'event',
    schema: z.object({
      ...outcomeFields,
      trigger: config.shape.trigger.unwrap(),
      /** Whether the point of control traded after the trigger; null when it had traded before. */
      halfBack: z.boolean().nullable(),
    }),
    doc: 'How a triggered rule ended, for a hit rate of its own',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
