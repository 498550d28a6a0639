import { z } from 'zod';
import {
  contracts,
  count,
  keyLevel,
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
  hours: z
    .enum(['rth', 'all'])
    .default('rth')
    .meta({ description: 'Bars of the regular session only, or of the whole trade day' }),
  barVolume: z.number().int().min(10).max(1_000_000).default(2_000).meta({
    unit: 'contract',
    tune: true,
    description: 'Volume of a bar; a trade that overfills it is split',
  }),
  scope: z.enum(['session', 'swing']).default('session').meta({
    description: 'Extremes of the whole session only, or beyond the last swing and all since too',
  }),
  kinds: z.enum(['both', 'thin-extreme', 'three-pushes']).default('both').meta({
    description: 'Which of the two signs count',
  }),
  thinShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    tune: true,
    description: 'Volume of the two extreme rows, at most, of that of the bar’s largest row',
  }),
  swingBars: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(2)
    .meta({ unit: 'count', description: 'Bars on either side of a swing, which ends a push' }),
  confirmBars: z.number().int().min(0).max(100).default(3).meta({
    unit: 'count',
    tune: true,
    description: 'Bars after that of the extreme in which a close back inside must come',
  }),
  cooldown: z
    .string()
    .regex(/^\d+(ms|s|m|h)$/)
    .default('5m')
    .meta({ description: 'One episode per side in this time' }),
  levelTicks: z.number().int().min(0).max(1_000).default(4).meta({
    unit: 'tick',
    description: 'A level so near to the extreme is named in the signal',
  }),
  atLevel: z
    .boolean()
    .default(false)
    .meta({ description: 'Only at a level: one must lie within `levelTicks`' }),
  maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    description: "No episode while more of the session's volume has no known aggressor",
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** Buying minus selling volume. */
const signed = () => z.number().meta({ unit: 'contract' });
const kind = () => z.enum(['thin-extreme', 'three-pushes']);
const push = z.object({ delta: signed(), volume: contracts() });

const spent = z.object({
  kind: kind(),
  /** Close of the bar that made the extreme. */
  price: price(),
  extreme: price(),
  /** Same side's extreme of the bar before: a close not beyond it is back inside. */
  inside: price(),
  /** Volume of the two extreme rows over that of the bar's largest row. */
  thinShare: z.number().min(0).meta({ unit: 'share' }),
  /** Volume of the passive side in the extreme row: 0 ends the auction. */
  passive: contracts(),
  /** The last pushes, oldest first; empty with fewer than three. */
  pushes: z.array(push),
  unknownShare: share(),
  inferredShare: share(),
  tradeDate: tradeDate(),
});
const turned = z.object({ price: price() });
const lapsed = z.object({ bars: count() });

/** What the sensor tells the machine, each side for itself. */
export const senses = {
  highSpent: { kind: 'event', schema: spent, doc: 'A new high with a sign of exhaustion' },
  highReclaimed: { kind: 'event', schema: turned, doc: 'A close back inside the bar before it' },
  highExceeded: { kind: 'event', schema: turned, doc: 'A higher high: the buyers were not spent' },
  highLapsed: { kind: 'event', schema: lapsed, doc: 'Neither came in time' },
  lowSpent: { kind: 'event', schema: spent, doc: 'A new low with a sign of exhaustion' },
  lowReclaimed: { kind: 'event', schema: turned, doc: 'A close back inside the bar before it' },
  lowExceeded: { kind: 'event', schema: turned, doc: 'A lower low: the sellers were not spent' },
  lowLapsed: { kind: 'event', schema: lapsed, doc: 'Neither came in time' },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  level: {
    kind: 'table',
    schema: keyLevel,
    key: 'id',
    optional: true,
    doc: 'Key levels; one near the extreme is named in the signal',
  },
} as const satisfies RecordPorts;

export const out = {
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      /** `thin-extreme`: hardly anybody traded at a finished extreme; `three-pushes`: each with less delta and volume. */
      kind: kind(),
      extreme: price(),
      /** The price that was closed back to. */
      inside: price(),
      level: z
        .object({
          id: z.string(),
          kind: keyLevel.shape.kind,
          price: price(),
          distanceTicks: ticks(),
        })
        .nullable(),
      thinShare: z.number().min(0).meta({ unit: 'share' }),
      pushes: z.array(push),
      startedAt: micros(),
      /** Share of the session's volume whose aggressor was inferred, not given by the venue. */
      inferredShare: share(),
    }),
    doc: 'A new extreme was exhausted and price closed back inside the bar before it',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
