import { z } from 'zod';
import {
  compositeArea,
  compositeStack,
  contracts,
  count,
  expectation,
  finePrice,
  micros,
  outcome,
  period,
  price,
  priorProfile,
  type RecordPorts,
  regime,
  sessionPhase,
  signalFields,
  tradeDate,
  valueRelation,
} from '#engine';

const area = z.object({ vah: price(), val: price(), poc: price() });
/** What traded since the sensor told something last. */
const told = { price: price(), high: price(), low: price(), vwap: finePrice() };
/** Session volume so far: all of it, above and below the area. */
const volumes = { volume: contracts(), above: contracts(), below: contracts() };
const pocName = z.enum(['composite', 'prior']);
const side = z.enum(['long', 'short']);

/** What the sensor tells the machine; about 35 events a day. */
export const senses = {
  dayBegan: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate() }),
    doc: 'A new trade date',
  },
  opened: {
    kind: 'event',
    schema: z.object({
      ...told,
      tradeDate: tradeDate(),
      area: area.extend({ basis: z.enum(['composite', 'prior']) }),
      prior: area.nullable(),
    }),
    doc: 'The first trade of the regular session, and the area the day is judged by',
  },
  crossed: {
    kind: 'event',
    schema: z.object({ ...told, ...volumes, edge: z.enum(['vah', 'val']) }),
    doc: 'The first trade beyond an edge since a half hour closed on its inner side',
  },
  moved: {
    kind: 'event',
    schema: z.object(told),
    doc: 'Five minutes ended that went beyond what the half hour had traded, and can change something',
  },
  halfHour: {
    kind: 'event',
    schema: z.object({
      ...told,
      ...volumes,
      index: count(),
      start: micros(),
      end: micros(),
      periodHigh: price().nullable(),
      periodLow: price().nullable(),
      close: price().nullable(),
      developing: area,
      /** Buys minus sells since the open; null when too much volume has no side. */
      delta: z.number().meta({ unit: 'contract' }).nullable(),
    }),
    doc: 'A 30-minute period ended: its range, developing value, volume beyond the area',
  },
  pocApart: {
    kind: 'event',
    schema: z.object({ ...told, poc: pocName, side }),
    doc: 'Price is away from a point of control for the first time on a side',
  },
  pocHeld: {
    kind: 'event',
    schema: z.object({ ...told, poc: pocName, side, touches: count(), bounceTicks: z.number() }),
    doc: 'A point of control was touched twice, or once with a bounce',
  },
  pocBroken: {
    kind: 'event',
    schema: z.object({ ...told, poc: pocName, side }),
    doc: 'Five minutes closed through a point of control that had held',
  },
  rthEnded: {
    kind: 'event',
    schema: z.object(told),
    doc: 'The regular session ended',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** In-ports beside the market. */
export const records = {
  composite: {
    kind: 'table',
    schema: compositeArea,
    doc: 'The composite value area in force: the area of the day',
  },
  prior: {
    kind: 'table',
    schema: priorProfile,
    doc: 'Value area of the last completed regular session: the area without a composite',
  },
  period: {
    kind: 'event',
    schema: period,
    doc: 'Each closed 30-minute period with the developing profile',
  },
  phase: { kind: 'table', schema: sessionPhase, doc: 'Calendar of the trade day' },
  regime: {
    kind: 'table',
    schema: regime,
    optional: true,
    doc: 'The regime: balance arms other-side, a trend arms next-balance',
  },
  relation: {
    kind: 'table',
    schema: valueRelation,
    optional: true,
    doc: 'The published relation of value; without it that of the close is used',
  },
  stack: {
    kind: 'table',
    schema: compositeStack,
    optional: true,
    doc: 'Merged composites and stacks: where the next balance lies',
  },
} as const satisfies RecordPorts;

/** The seven conditions. */
export const tagName = z.enum([
  'balance-breakdown',
  'building-above-value',
  'building-below-value',
  'poc-support',
  'poc-resistance',
  'value-migration-confirmed',
  'value-rejection',
]);

export const out = {
  expectation: {
    kind: 'event',
    schema: expectation,
    doc: 'A value expectation is armed, active with its levels, fulfilled or failed',
  },
  tag: {
    kind: 'event',
    schema: z.object({
      tradeDate: tradeDate(),
      tag: tagName,
      side,
      status: z.enum(['began', 'ended']),
      keyLevel: price(),
      invalidation: price(),
      since: micros(),
      evidence: signalFields.evidence,
    }),
    doc: 'A condition of value began or ended',
  },
  signal: {
    kind: 'event',
    schema: z.object({ ...signalFields, mode: z.enum(['out', 'in']) }),
    doc: 'Value shifts: price was accepted beyond an edge, or came back into value',
  },
  outcome: {
    kind: 'event',
    schema: outcome,
    doc: 'What became of an expectation that was active',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
