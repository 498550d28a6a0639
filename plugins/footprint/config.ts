import { z } from 'zod';
import {
  contracts,
  count,
  footprintBar,
  keyLevel,
  micros,
  price,
  type RecordPorts,
  share,
  signalFields,
  ticks,
  tradeDate,
  valueAreaFields,
} from '#engine';

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  barType: z
    .enum(['time', 'volume', 'range'])
    .default('volume')
    .meta({ description: 'What ends a bar: the clock, its volume, or its height' }),
  minutes: z
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(5)
    .meta({ unit: 'minute', description: 'Length of a time bar' }),
  volumeContracts: z
    .number()
    .int()
    .min(10)
    .max(1_000_000)
    .default(2_000)
    .meta({ unit: 'contract', description: 'Volume of a volume bar' }),
  rangeTicks: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(16)
    .meta({ unit: 'tick', description: 'Largest height of a range bar, from low to high' }),
  ratio: z.number().min(1).max(100).default(3).meta({
    unit: 'times',
    tune: true,
    description: 'One side must exceed the other across the diagonal more than this many times',
  }),
  minVolume: z.number().int().min(0).max(100_000).default(10).meta({
    unit: 'contract',
    tune: true,
    description: 'Least volume of the stronger side of an imbalance',
  }),
  zero: z.enum(['one', 'ignore', 'infinite']).default('one').meta({
    description:
      'A weaker side of 0 contracts: counts as 1, makes no imbalance, or is always exceeded',
  }),
  stackRows: z
    .number()
    .int()
    .min(2)
    .max(50)
    .default(3)
    .meta({ unit: 'row', description: 'Imbalances on adjacent ticks that make a stack' }),
  withRows: z.boolean().default(true).meta({
    description: 'Rows and imbalances in each finished bar; without them a bar is a light clock',
  }),
  signalStackRows: z.number().int().min(2).max(50).default(4).meta({
    unit: 'row',
    tune: true,
    description: 'Rows of a stack that make a signal whatever its volume',
  }),
  heavyRowShare: z.number().min(0).max(100).default(0.5).meta({
    unit: 'times',
    description:
      'A smaller stack makes a signal when each of its imbalances has this share of the median row of its bar',
  }),
  nearLevelTicks: z.number().int().min(0).max(1_000).nullable().default(4).meta({
    unit: 'tick',
    description: 'Signals only within this distance of a key level; null: anywhere',
  }),
  trappedMinDelta: z.number().int().min(1).max(100_000).default(100).meta({
    unit: 'contract',
    tune: true,
    description: 'Least delta of the extreme row towards the extreme',
  }),
  trappedBackTicks: z.number().int().min(1).max(1_000).default(4).meta({
    unit: 'tick',
    tune: true,
    description: 'How far from the extreme the bar must close',
  }),
  maxUnknownShare: z.number().min(0).max(1).default(0.15).meta({
    unit: 'share',
    description: 'No signal of a bar while more of its volume has no known aggressor',
  }),
  swingBars: z.number().int().min(1).max(20).default(2).meta({
    unit: 'bar',
    description: 'Bars on either side that an extreme must be beyond to be a swing',
  }),
  driveMinutes: z.number().int().min(1).max(1_440).default(60).meta({
    unit: 'minute',
    description: 'How long after a drive or breakout its side makes a stack a signal at any price',
  }),
  ...valueAreaFields,
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** What every candidate says of its bar. */
const ofBar = {
  close: price(),
  tradeDate: tradeDate(),
  unknownShare: share(),
  approximate: z.boolean(),
};
const signed = () => z.number().meta({ unit: 'contract' });

/** What the sensor tells the machine. */
export const senses = {
  barClosed: {
    kind: 'event',
    schema: footprintBar.pick({ end: true, high: true, low: true, close: true, stacks: true }),
    doc: 'A bar is finished; `bar` has the whole of it',
  },
  stacked: {
    kind: 'event',
    schema: z.object({
      ...ofBar,
      side: z.enum(['buy', 'sell']),
      low: price(),
      high: price(),
      rows: count(),
      /** Smallest volume of the stronger side in the stack. */
      least: signed(),
      /** Median volume of the rows of the bar that traded. */
      medianRow: signed(),
    }),
    doc: 'The finished bar has a stack of imbalances',
  },
  caught: {
    kind: 'event',
    schema: z.object({
      ...ofBar,
      who: z.enum(['buyers', 'sellers']),
      /** The high for buyers, the low for sellers. */
      extreme: price(),
      /** Delta of the extreme row towards the extreme. */
      delta: signed(),
      backTicks: ticks(),
      unfinished: z.boolean(),
      failedBreak: z.boolean(),
    }),
    doc: 'Heavy aggression at the extreme of the finished bar, and a close away from it',
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
    doc: 'Key levels: signals are given near one, and a close back through one is a failed break',
  },
  drive: {
    kind: 'event',
    schema: z.object({ side: signalFields.side }),
    optional: true,
    doc: 'A drive or breakout: for a while stacks of its side are signals without a key level',
  },
} as const satisfies RecordPorts;

export const out = {
  bar: {
    kind: 'event',
    schema: footprintBar,
    doc: 'A finished volumetric candle, straight from the sensor',
  },
  auction: {
    kind: 'event',
    schema: z.object({
      status: z.enum(['unfinished', 'repaired']),
      of: z.enum(['swing', 'session']),
      end: z.enum(['high', 'low']),
      price: price(),
      /** Selling and buying volume at the price: of the bar for a swing, of the whole session for its extreme. */
      bid: contracts(),
      ask: contracts(),
      /** End of the bar that made the extreme. */
      since: micros(),
      /** The day it was made on. */
      tradeDate: tradeDate(),
    }),
    doc: 'Both sides traded at a swing or at an extreme of a session: unfinished; and when price came back',
  },
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      kind: z.enum(['stacked-imbalance', 'trapped']),
      /** Rows of the stack; 1 for a trap, its extreme row. */
      rows: count(),
      zone: z.object({ low: price(), high: price() }),
      level: z
        .object({
          id: keyLevel.shape.id,
          kind: keyLevel.shape.kind,
          price: price(),
          distanceTicks: ticks(),
        })
        .nullable(),
      approximate: z.boolean(),
    }),
    doc: 'A stack of imbalances or trapped traders at a key level',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
