import { z } from 'zod';
import { count, micros, price, type RecordPorts, share, signalFields, tradeDate } from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z
  .object({
    hours: z.enum(['rth', 'all']).default('rth').meta({
      description:
        'Bars and cumulative delta of the regular session from 09:30, or of the trade day from 18:00',
    }),
    barMinutes: z
      .number()
      .int()
      .min(1)
      .max(60)
      .default(5)
      .meta({ unit: 'minute', description: 'Length of the bars that make swings' }),
    swingBars: z.number().int().min(1).max(10).default(2).meta({
      unit: 'count',
      description: 'Bars on either side of a swing; it is known so many bars late',
    }),
    kinds: z.enum(['both', 'regular', 'hidden']).default('regular').meta({
      description: 'Reversals, continuations (hidden), or both',
    }),
    minTicks: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(4)
      .meta({ unit: 'tick', tune: true, description: 'Least distance of the two swings in price' }),
    minSeparation: z
      .number()
      .int()
      .min(1)
      .max(200)
      .default(3)
      .meta({ unit: 'count', description: 'Least distance of the two swings in bars' }),
    maxSeparation: z
      .number()
      .int()
      .min(1)
      .max(200)
      .default(30)
      .meta({ unit: 'count', description: 'Largest distance of the two swings in bars' }),
    minGapSd: z.number().min(0).max(20).default(0.25).meta({
      unit: 'sd',
      tune: true,
      description:
        'Least distance of the two cumulative deltas, in standard deviations of bar delta',
    }),
    spreadBars: z.number().int().min(5).max(500).default(60).meta({
      unit: 'count',
      description: 'Last bars behind that standard deviation, those of earlier sessions too',
    }),
    minSpreadBars: z
      .number()
      .int()
      .min(2)
      .max(500)
      .default(15)
      .meta({ unit: 'count', description: 'Bars needed before there is one' }),
    standMinutes: z.number().int().min(1).max(1_440).default(30).meta({
      unit: 'minute',
      description: 'A divergence that was not undone stands so long',
    }),
    maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
      unit: 'share',
      description: "No divergence while more of the session's volume has no known aggressor",
    }),
  })
  .refine((c) => c.minSeparation <= c.maxSeparation, {
    message: 'minSeparation is at most maxSeparation',
    path: ['minSeparation'],
  });
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** Buying minus selling volume. */
const signed = () => z.number().meta({ unit: 'contract' });

/** A swing: its price, cumulative delta at its most extreme in its bar, and the end of that bar. */
const swing = z.object({ price: price(), delta: signed(), at: micros() });

const diverged = z.object({
  kind: z.enum(['regular', 'hidden']),
  /** The close of the bar that confirmed the later swing. */
  price: price(),
  first: swing,
  second: swing,
  /** Bars between the two. */
  bars: count(),
  /** Standard deviation of bar delta; null with too few bars. */
  spread: signed().nullable(),
  /** Bars since the later swing that closed against their own delta, for this side. */
  hintBars: count(),
  unknownShare: share(),
  inferredShare: share(),
  tradeDate: tradeDate(),
});
const undone = z.object({ price: price() });

/** What the sensor tells the machine: swings whose price and delta disagree, each side for itself. */
export const senses = {
  shortDiverged: { kind: 'event', schema: diverged, doc: 'Two swings speak for lower prices' },
  shortUndone: { kind: 'event', schema: undone, doc: 'A close above the later swing' },
  longDiverged: { kind: 'event', schema: diverged, doc: 'Two swings speak for higher prices' },
  longUndone: { kind: 'event', schema: undone, doc: 'A close below the later swing' },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

export const out = {
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      /** `regular`: price went on and delta did not; `hidden`: delta went on and price did not. */
      kind: z.enum(['regular', 'hidden']),
      first: swing,
      second: swing,
      bars: count(),
      /** When the later swing was confirmed: the time of the signal. */
      confirmedAt: micros(),
      spread: signed(),
      hintBars: count(),
      /** Share of the session's volume whose aggressor was inferred, not given by the venue. */
      inferredShare: share(),
    }),
    doc: 'Price and cumulative delta disagree between two confirmed swings',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
