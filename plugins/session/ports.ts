import { z } from 'zod';
import { contracts, micros, type RecordPort, sessionPhase, tradeDate } from '#engine';

const began = z.object({ tradeDate: tradeDate(), since: micros() });

/** What the sensor hands the machine. */
export const senses = {
  overnightBegan: { kind: 'event', schema: began, doc: 'A trading day opened' },
  preOpenBegan: {
    kind: 'event',
    schema: began,
    doc: 'Half an hour is left to regular trading hours',
  },
  rthOpened: {
    kind: 'event',
    schema: began,
    doc: 'Regular trading hours began, or go on in their first hour',
  },
  rthMainBegan: { kind: 'event', schema: began, doc: 'The first hour is over' },
  rthClosingBegan: { kind: 'event', schema: began, doc: 'The last half hour began' },
  rthEnded: { kind: 'event', schema: began, doc: 'Regular trading hours are over' },
  halted: { kind: 'event', schema: began, doc: 'Trading stopped' },
  dayClosed: { kind: 'event', schema: began, doc: 'The trading day is over' },
  gapFound: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate(), silence: micros() }),
    doc: 'A silence inside regular hours reached the limit',
  },
  rthMeasured: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate(), volume: contracts() }),
    doc: 'Volume of the regular hours that end now',
  },
} as const satisfies Record<string, RecordPort>;

/** What leaves the plugin. */
export const out = {
  phase: { kind: 'table', schema: sessionPhase, doc: 'Where the trade day stands' },
} as const satisfies Record<string, RecordPort>;
