import { z } from 'zod';
import {
  contracts,
  keyLevel,
  micros,
  price,
  type RecordPorts,
  sessionPhase,
  share,
  signalFields,
  tradeDate,
} from '#engine';

const minutes = (value: number, most: number) => z.number().int().min(1).max(most).default(value);

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  hours: z.enum(['rth', 'all']).default('rth').meta({
    description:
      'Extremes and cumulative delta of the regular session from 09:30, or of the trade day from 18:00',
  }),
  minAgeMinutes: minutes(10, 240).meta({
    unit: 'minute',
    tune: true,
    description: 'How long ago the extreme or level was made at least',
  }),
  minTicks: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ unit: 'tick', description: 'The close of a minute lies at least so far beyond it' }),
  volumeFactor: z.number().gt(0).max(10).default(1).meta({
    unit: 'ratio',
    tune: true,
    description: 'Volume of the minute must stay below this many times its baseline',
  }),
  confirmMinutes: minutes(10, 240).meta({
    unit: 'minute',
    tune: true,
    description: 'Time in which a close back inside must come',
  }),
  cooldownMinutes: minutes(10, 240).meta({
    unit: 'minute',
    description: 'One episode per side in this time',
  }),
  baselineSessions: z.number().int().min(5).max(60).default(20).meta({
    unit: 'count',
    description: 'Earlier sessions behind the baseline of a minute’s volume, at most',
  }),
  maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    description: "No episode while more of the session's volume has no known aggressor",
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** Buying minus selling volume. */
const signed = () => z.number().meta({ unit: 'contract' });
/** Where the baseline comes from. */
const basis = () => z.enum(['none', 'intraday', 'sessions']);

const taken = z.object({
  /** The close that exceeded. */
  price: price(),
  /** The session's new extreme. */
  extreme: price(),
  /** What was exceeded and must be closed back through: the outermost extreme or level. */
  exceeded: price(),
  /** Place of the level exceeded; null: the extreme itself. */
  slot: keyLevel.shape.slot.nullable(),
  delta: signed(),
  deltaBefore: signed(),
  volume: contracts(),
  /** What the volume must stay below; null without a baseline. */
  needed: contracts().nullable(),
  basis: basis(),
  unknownShare: share(),
  inferredShare: share(),
  tradeDate: tradeDate(),
});
const reclaimed = z.object({ price: price(), extreme: price() });
const joined = z.object({ price: price(), delta: signed() });

/** What the sensor tells the machine, each side for itself. */
export const senses = {
  highTaken: { kind: 'event', schema: taken, doc: 'A new high that delta did not go along with' },
  highReclaimed: { kind: 'event', schema: reclaimed, doc: 'A close back below what was exceeded' },
  highJoined: { kind: 'event', schema: joined, doc: 'Delta came after: it exceeds its old value' },
  lowTaken: { kind: 'event', schema: taken, doc: 'A new low that delta did not go along with' },
  lowReclaimed: { kind: 'event', schema: reclaimed, doc: 'A close back above what was exceeded' },
  lowJoined: { kind: 'event', schema: joined, doc: 'Delta came after: it undercuts its old value' },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  level: {
    kind: 'table',
    schema: keyLevel,
    key: 'id',
    optional: true,
    doc: 'Key levels; one that is exceeded together with the extreme is what must be reclaimed',
  },
  session: {
    kind: 'table',
    schema: sessionPhase,
    optional: true,
    doc: 'Keeps half days, holidays, thin and gap sessions out of the baseline',
  },
} as const satisfies RecordPorts;

export const out = {
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      /** The new extreme nobody took part in. */
      extreme: price(),
      /** The older extreme or level it exceeded, and that was closed back through. */
      exceeded: price(),
      level: z.object({ id: z.string(), kind: keyLevel.shape.kind, price: price() }).nullable(),
      /** Cumulative delta at the close that exceeded, and when the older extreme was made. */
      delta: signed(),
      deltaBefore: signed(),
      /** Volume of the minute that exceeded, its usual one, and where that comes from. */
      volume: contracts(),
      baseline: contracts(),
      basis: basis(),
      startedAt: micros(),
      /** Share of the session's volume whose aggressor was inferred, not given by the venue. */
      inferredShare: share(),
    }),
    doc: 'A new extreme without participation was closed back through',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
