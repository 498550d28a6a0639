import { z } from 'zod';
import {
  contracts,
  count,
  keyLevel,
  level,
  micros,
  price,
  type RecordPorts,
  share,
  signalFields,
  ticks,
  tradeDate,
} from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  minVolume: z.number().int().min(0).max(100_000).default(300).meta({
    unit: 'contract',
    tune: true,
    description:
      'Aggressive volume at a price must exceed this; 0: the baseline alone decides, and nothing fires before there is one',
  }),
  windowSeconds: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .meta({ unit: 's', description: 'Trades of the last so many seconds count' }),
  shareMin: z.number().gt(0).max(1).default(0.7).meta({
    unit: 'share',
    tune: true,
    description: 'Least share of the attacking side in the volume at the price',
  }),
  maxProgressTicks: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(0)
    .meta({ unit: 'tick', description: 'How far beyond the price the window may have traded' }),
  bookProgressTicks: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(1)
    .meta({ unit: 'tick', description: 'The same where the book bears the attack out' }),
  refreshMin: z.number().min(0).max(100).default(1.5).meta({
    unit: 'times',
    tune: true,
    description: 'Where there is depth: least volume by the largest size shown at the price',
  }),
  reloadShare: z.number().gt(0).max(1).default(0.5).meta({
    unit: 'share',
    description: 'Part of the size shown to which a price that fell below it must be refilled',
  }),
  baselineQuantile: z.number().gt(0).lt(1).default(0.995).meta({
    unit: 'share',
    description: 'Volume must also exceed this quantile of the same sum, sampled once a second',
  }),
  baselineMinutes: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(20)
    .meta({ unit: 'minute', description: 'Length of the sample behind the quantile' }),
  baselineMinSamples: z
    .number()
    .int()
    .min(1)
    .max(3_600)
    .default(300)
    .meta({ unit: 'count', description: 'Samples needed before the quantile is used' }),
  confirmTicks: z.number().int().min(1).max(100).default(7).meta({
    unit: 'tick',
    tune: true,
    description: "A trade so far on the absorber's side confirms",
  }),
  breakTicks: z.number().int().min(1).max(100).default(2).meta({
    unit: 'tick',
    tune: true,
    description: "A trade so far on the attacker's side breaks",
  }),
  confirmSeconds: z
    .number()
    .int()
    .min(1)
    .max(3_600)
    .default(60)
    .meta({ unit: 's', description: 'Time in which one of the two must happen' }),
  cooldown: z
    .string()
    .regex(/^\d+(ms|s|m|h)$/)
    .default('90s')
    .meta({ description: 'One episode per price and side in this time' }),
  nearLevelTicks: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .nullable()
    .default(null)
    .meta({ unit: 'tick', description: 'Only within this distance of a level; null: anywhere' }),
  maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    description: "No episode while more of the session's volume has no known aggressor",
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** A number that names an episode within its session. */
const episode = () => count();

/** What the sensor tells the machine. */
export const senses = {
  effort: {
    kind: 'event',
    schema: z.object({
      episode: episode(),
      side: signalFields.side,
      price: price(),
      volume: contracts(),
      needed: contracts(),
      share: share(),
      progressTicks: ticks(),
      unknownShare: share(),
      inferredShare: share(),
      calibrated: z.boolean(),
      /** Largest size shown at the price, and the volume by it; null without depth. */
      shown: contracts().nullable(),
      refresh: z.number().min(0).nullable().meta({ unit: 'times' }),
      tradeDate: tradeDate(),
    }),
    doc: "Heavy one-sided aggression at a price that did not give way; `side` is the absorber's",
  },
  reloaded: {
    kind: 'event',
    schema: z.object({ episode: episode(), reloads: count() }),
    doc: 'The size shown at the price was refilled after it had dropped',
  },
  turned: {
    kind: 'event',
    schema: z.object({ episode: episode(), at: price() }),
    doc: 'Price turned away from the attack far enough',
  },
  gaveWay: {
    kind: 'event',
    schema: z.object({ episode: episode(), at: price() }),
    doc: 'Price went through the absorber',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  level: {
    kind: 'table',
    schema: level,
    key: 'kind',
    optional: true,
    doc: 'Levels worth defending; the nearest one is named in the signal',
  },
  keyLevel: {
    kind: 'table',
    schema: keyLevel,
    key: 'id',
    optional: true,
    doc: 'More of them; a row that is not active takes its level away',
  },
} as const satisfies RecordPorts;

export const out = {
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      /** Aggressive volume that was absorbed at `price` and one tick inside. */
      volume: contracts(),
      /** The trade that confirmed. */
      turnPrice: price(),
      startedAt: micros(),
      level: z.object({ kind: z.string(), price: price(), distanceTicks: ticks() }).nullable(),
      /** `tape`: read from trades alone, so the absorber is inferred and confidence is lower. */
      basis: z.enum(['tape', 'book']),
      /** Volume by the largest size shown at the price; null without depth. */
      refresh: z.number().min(0).nullable().meta({ unit: 'times' }),
      /** How often the size shown was refilled after the attack was found. */
      reloads: count(),
      /** The volume was also compared with its own recent past. */
      calibrated: z.boolean(),
      /** Share of the session's volume whose aggressor was inferred, not given by the venue. */
      inferredShare: share(),
    }),
    doc: 'Absorption confirmed: the attack failed and price turned',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
