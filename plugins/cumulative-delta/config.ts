import { z } from 'zod';
import { count, cumulativeDelta, price, type RecordPorts, tradeDate } from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  lagSd: z.number().min(0).max(10).default(0.25).meta({
    unit: 'sd',
    tune: true,
    description:
      'How far delta must lie beyond its extreme for price to lag, in standard deviations of its change in 30 minutes',
  }),
  lagMinutes: z.number().int().min(1).max(240).default(10).meta({
    unit: 'minute',
    description: 'How long delta must stay beyond its extreme while price does not follow',
  }),
  aheadTicks: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ unit: 'tick', description: 'How far price must go beyond its earlier extreme' }),
  aheadMinutes: z.number().int().min(1).max(240).default(10).meta({
    unit: 'minute',
    description: 'Least age of an extreme that price can be ahead at',
  }),
  overstretchedShare: z.number().gt(0).max(1).default(0.95).meta({
    unit: 'share',
    tune: true,
    description: 'Share of earlier sessions with a smaller delta from which it is overstretched',
  }),
  swingBars: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(2)
    .meta({ unit: 'count', description: 'Bars on either side of a swing' }),
  baselineSessions: z
    .number()
    .int()
    .min(5)
    .max(60)
    .default(20)
    .meta({ unit: 'count', description: 'Earlier sessions that delta is compared with' }),
  minMinutes: z.number().int().min(1).max(60).default(15).meta({
    unit: 'minute',
    description: 'Fewest minutes of this session that stand in for earlier ones',
  }),
  longestHoleMinutes: z.number().min(1).max(390).default(10).meta({
    unit: 'minute',
    description: 'With a longer silence a session stands for no other',
  }),
  thinShare: z.number().min(0).max(1).default(0.5).meta({
    unit: 'share',
    description: 'With less than this share of the median volume a session stands for no other',
  }),
  maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    description: "No condition while more of the regular session's volume has no known aggressor",
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const signed = () => z.number().meta({ unit: 'contract' });

/** Price and delta as they stand to each other now. */
const condition = z.object({
  tradeDate: tradeDate(),
  condition: cumulativeDelta.shape.condition,
  /** Whom it favours: against the aggressor of the extreme. */
  side: cumulativeDelta.shape.side,
  price: price(),
  /** Delta of the regular session. */
  cd: signed(),
  /** The earlier extreme of price, where the condition is about one. */
  extremePrice: price().nullable(),
  /** What delta is compared with there. */
  extremeCd: signed().nullable(),
  reason: z.string(),
});

/** Where delta stands when half an hour of the regular session is over. */
const period = z.object({
  tradeDate: tradeDate(),
  index: count(),
  day: signed(),
  rth: signed(),
  swing: signed(),
  /** Last price of the half hour; null when nothing traded in it. */
  close: price().nullable(),
});

/** What the sensor tells the machine. */
export const senses = {
  judged: { kind: 'event', schema: condition, doc: 'Price and delta stand otherwise than before' },
  crossed: {
    kind: 'event',
    schema: z.object({ to: z.enum(['long', 'short']), cd: signed() }),
    doc: 'Delta of the regular session is on the other side of zero at the end of a minute',
  },
  periodClosed: { kind: 'event', schema: period, doc: 'A half hour is over' },
  sessionEnded: { kind: 'event', schema: z.object({}), doc: 'The regular session is over' },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

export const out = {
  delta: {
    kind: 'table',
    schema: cumulativeDelta,
    every: '30s',
    doc: 'Delta since 18:00, since 09:30 and since the last swing, and how price goes along',
  },
  condition: {
    kind: 'event',
    schema: condition,
    doc: 'Price and delta stand otherwise than before',
  },
  period: { kind: 'event', schema: period, doc: 'Delta at the end of a half hour' },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
