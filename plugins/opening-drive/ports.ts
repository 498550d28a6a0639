import { z } from 'zod';
import {
  compositeArea,
  openingLocationName,
  openingType,
  openingTypeName,
  outcome,
  price,
  priorProfile,
  type RecordPorts,
  sessionPhase,
  signalFields,
  ticks,
  tradeDate,
} from '#engine';

const touch = z.object({ price: price() });
const known = z.number().meta({ unit: 'share' }).nullable();

/** An opening in numbers; the fields of {@link import('./opening-drive.ts').Reading}. */
const reading = z.object({
  direction: z.number().int(),
  netTicks: ticks(),
  adverseTicks: ticks(),
  favourableTicks: ticks(),
  adverseFirst: z.boolean(),
  rangeTicks: ticks(),
  bandTicks: ticks(),
  tested: z.object({ kind: z.string(), price: price(), distanceTicks: ticks() }).nullable(),
  inRange: z.boolean(),
});

const pullback = z.object({
  direction: z.number().int(),
  open: price(),
  bandTicks: ticks(),
  close: price(),
  previous: price(),
  extreme: price(),
  back: price(),
  vwap: z.number().meta({ unit: 'price' }),
});

/** What a signal is worked out from when it triggers. */
const levels = { target: price(), stop: price() };

/** What the sensor tells the machine; a few events in the first hour and a half, two or three after it. */
export const senses = {
  dayBegan: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate() }),
    doc: 'A new trade date',
  },
  opened: { kind: 'event', schema: touch, doc: 'The first trade of the regular session' },
  assessed: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      stage: z.enum(['provisional', 'final']),
      open: price().nullable(),
      last: price().nullable(),
      location: openingLocationName.nullable(),
      /** Null when the opening is not known; `missing` says why. */
      reading: reading.nullable(),
      medianRangeTicks: ticks().nullable(),
      value: z.object({ vah: price(), val: price() }).nullable(),
      relativeVolume: known,
      deltaShare: known,
      medianDeltaShare: known,
      missing: z.array(z.string()),
    }),
    doc: 'The opening in numbers after 15 and after 30 minutes',
  },
  fiveMinutes: {
    kind: 'event',
    schema: z.object({
      ...pullback.shape,
      ...levels,
      /** Edge of prior value on the side of the drive, where a half hour ends here; else null. */
      valueEdge: price().nullable(),
    }),
    doc: 'Five minutes of a drive ended, between 10:00 and 11:00',
  },
  extended: {
    kind: 'event',
    schema: z.object({
      price: price(),
      direction: z.number().int(),
      vwap: z.number().meta({ unit: 'price' }),
      ...levels,
    }),
    doc: 'The first trade of a drive beyond the initial balance, from 10:30 to 11:00',
  },
  openTraded: {
    kind: 'event',
    schema: touch,
    doc: 'An open-drive traded back through its open before 10:30',
  },
  openLost: {
    kind: 'event',
    schema: touch,
    doc: 'A drive without a trigger traded beyond the band of its open',
  },
  targetTouched: { kind: 'event', schema: touch, doc: 'A trade at or beyond the target' },
  stopTouched: { kind: 'event', schema: touch, doc: 'A trade at or beyond the stop' },
  windowEnded: { kind: 'event', schema: touch, doc: 'It is 11:00: nothing triggers any more' },
  rthEnded: { kind: 'event', schema: touch, doc: 'The regular session ended; its last price' },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  prior: {
    kind: 'table',
    schema: priorProfile,
    doc: 'Range and value area of the last completed regular session',
  },
  composite: {
    kind: 'table',
    schema: compositeArea,
    optional: true,
    doc: 'The composite value area: its edges are references an opening may test',
  },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
} as const satisfies RecordPorts;

export const out = {
  type: {
    kind: 'table',
    schema: openingType,
    doc: 'How the session opened: provisional at 09:45, final at 10:00, revoked when a drive fails',
  },
  signal: {
    kind: 'event',
    schema: z.object({
      ...signalFields,
      kind: z.enum(['pullback', 'range-extension']),
      openingType: openingTypeName,
      open: price(),
      relativeVolume: z.number().meta({ unit: 'share' }),
      /** Buys minus sells over volume in the first period; null when not known. */
      deltaShare: z.number().meta({ unit: 'share' }).nullable(),
    }),
    doc: 'A drive away from value pulled back and went on, or left the initial balance',
  },
  outcome: {
    kind: 'event',
    schema: outcome,
    doc: 'What became of a signal, and of the session after an opening with a side',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
