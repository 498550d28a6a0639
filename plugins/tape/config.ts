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
  tapeState,
  ticks,
  tradeDate,
} from '#engine';

const whole = (min: number, max: number) => z.number().int().min(min).max(max);
const part = () => z.number().gt(0).max(1);

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  pressureOn: part().default(0.2).meta({
    unit: 'share',
    tune: true,
    description: 'Pressure of a window is buying or selling from this on, either way',
  }),
  pressureOff: part().default(0.1).meta({ unit: 'share', description: 'And ends below this' }),
  pressureMinContracts: whole(1, 100_000)
    .default(100)
    .meta({ unit: 'contract', description: 'With less volume in the window it is not known' }),
  fastZ: z.number().gt(0).max(100).default(2).meta({
    unit: 'sd',
    tune: true,
    description: 'Volume of 10 s so far above its baseline is fast, in deviations from the median',
  }),
  extremeZ: z
    .number()
    .gt(0)
    .max(100)
    .default(4)
    .meta({ unit: 'sd', description: 'And extreme from this on' }),
  leaveZ: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({ unit: 'sd', description: 'Each is left so far below where it begins' }),
  speedMinContracts: whole(0, 1_000_000).default(400).meta({
    unit: 'contract',
    tune: true,
    description: 'With less volume in 10 s it is neither, however unusual',
  }),
  gapSeconds: whole(1, 3_600).default(60).meta({
    unit: 's',
    description:
      'A longer silence inside the regular session is a gap: the session stands for no other',
  }),
  calmSeconds: whole(0, 600).default(300).meta({
    unit: 's',
    description: 'Speed and pressure end only after so long below where they are left',
  }),
  minuteHoldSeconds: whole(0, 600).default(40).meta({
    unit: 's',
    description: 'A side must press for so long before it is told: over 60 s',
  }),
  fiveHoldSeconds: whole(0, 600).default(120).meta({
    unit: 's',
    description: 'And over 5 min',
  }),
  baselineSessions: whole(5, 60).default(20).meta({
    unit: 'count',
    description:
      'Earlier sessions behind the baseline of the time of day; at least five are needed',
  }),
  lotMin: whole(1, 100_000).default(50).meta({
    unit: 'contract',
    tune: true,
    description: 'A large lot has at least this size',
  }),
  lotQuantile: part().lt(1).default(0.999_5).meta({
    unit: 'share',
    description: 'And at least that of this quantile of all orders',
  }),
  lotSessions: whole(1, 20).default(5).meta({
    unit: 'count',
    description: 'Earlier sessions behind the quantile, all of them needed',
  }),
  lotMinOrders: whole(1, 1_000_000).default(1_000).meta({
    unit: 'count',
    description: 'Without them, orders of this session so far that make a quantile',
  }),
  lotGapMillis: whole(0, 1_000).default(5).meta({
    unit: 'ms',
    description: 'Prints of one order lie no farther apart than this from its first',
  }),
  lotCooldownSeconds: whole(0, 3_600).default(60).meta({
    unit: 's',
    description: 'After one, only larger ones of its side are told for so long',
  }),
  runTicks: whole(1, 100)
    .default(2)
    .meta({ unit: 'tick', description: 'A stop run trades so far through a level' }),
  runZ: z
    .number()
    .gt(0)
    .max(100)
    .default(3)
    .meta({ unit: 'sd', description: 'With the volume of 10 s so far above its baseline' }),
  runShare: part().default(0.8).meta({
    unit: 'share',
    description: 'And this share of it on the side of the run',
  }),
  runSeconds: whole(1, 600)
    .default(5)
    .meta({ unit: 's', description: 'Both within so many seconds of trading through' }),
  reclaimSeconds: whole(1, 3_600)
    .default(60)
    .meta({ unit: 's', description: 'Back at the level in less than this: reclaimed' }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const pressure = {
  kind: 'event',
  schema: z.object({
    window: z.union([z.literal(60), z.literal(300)]).meta({ unit: 's' }),
    pressure: z.enum(['buy', 'sell', 'none']),
    from: z.enum(['buy', 'sell', 'none']),
    /** (buys - sells) / (buys + sells); null with too little volume. */
    value: z.number().min(-1).max(1).nullable(),
    price: price(),
    tradeDate: tradeDate(),
  }),
  doc: 'Buyers or sellers press over 60 s or 5 min, or no longer',
} as const;

const speed = {
  kind: 'event',
  schema: z.object({
    speed: z.enum(['unknown', 'normal', 'fast', 'extreme']),
    from: z.enum(['unknown', 'normal', 'fast', 'extreme']),
    z: z.number().nullable(),
    volume10: contracts(),
    baseline: z.enum(['none', 'intraday', 'sessions']),
    price: price(),
    tradeDate: tradeDate(),
  }),
  doc: 'The tape became faster or slower against what is usual',
} as const;

const largeLot = {
  kind: 'event',
  schema: z.object({
    side: z.enum(['buy', 'sell']),
    size: contracts(),
    needed: contracts(),
    prints: count(),
    /** Of its first and its last print. */
    from: price(),
    price: price(),
    at: micros(),
    basis: z.enum(['intraday', 'sessions']),
    tradeDate: tradeDate(),
  }),
  doc: 'One large order, put together from its prints',
} as const;

/** What is known of a run through a level. */
const runFields = {
  direction: z.enum(['up', 'down']),
  level: price(),
  z: z.number().meta({ unit: 'sd' }),
  share: share(),
  startedAt: micros(),
  tradeDate: tradeDate(),
};

/** What the sensor tells the machine. */
export const senses = {
  pressure,
  speed,
  largeLot,
  run: {
    kind: 'event',
    schema: z.object({ ...runFields, slot: count() }),
    doc: 'Fast one-sided trading went through a level',
  },
  reclaimed: {
    kind: 'event',
    schema: z.object({ at: price(), extreme: price() }),
    doc: 'Price is back at the level in time',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  level: {
    kind: 'table',
    schema: keyLevel,
    key: 'id',
    optional: true,
    doc: 'Levels through which a stop run may go; without them there is none',
  },
} as const satisfies RecordPorts;

export const out = {
  state: {
    kind: 'table',
    schema: tapeState,
    every: '1m',
    doc: 'Time and sales in numbers',
  },
  pressure,
  speed,
  largeLot,
  stopRun: {
    kind: 'event',
    schema: z.object({
      ...runFields,
      /** Name of the level. */
      id: z.string(),
      outcome: z.enum(['reclaim', 'continue']),
      /** Where it came back; null when it did not. */
      reclaimPrice: price().nullable(),
      /** How far it went through the level until it came back; null when it did not. */
      beyondTicks: ticks().nullable(),
    }),
    doc: 'A run through a level, once it is known what became of it',
  },
  signal: {
    kind: 'event',
    schema: z.object({ ...signalFields, id: z.string(), level: price(), startedAt: micros() }),
    doc: 'A stop run that was reclaimed: against the run',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
