import { z } from 'zod';
import { finePrice, price, type RecordPorts, vwapBands } from '#engine';

/** A slope of the VWAP in its own standard deviations. */
const slope = () => z.number().meta({ unit: 'sd' });
const limit = (value: number) => z.number().min(0).max(10).default(value);

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  follow: z.enum(['globex', 'rth']).default('globex').meta({
    description:
      'Anchor whose pace the machine follows: the open of the trade day, or that of the regular session',
  }),
  flatBelow: limit(0.5).meta({
    unit: 'sd',
    tune: true,
    description: 'A |slope30| below this is flat',
  }),
  slowBelow: limit(1).meta({
    unit: 'sd',
    tune: true,
    description: 'A |slope30| below this is slow',
  }),
  normalBelow: limit(1.6).meta({
    unit: 'sd',
    tune: true,
    description: 'A |slope30| below this is normal; from here on it is fast',
  }),
  graceSeconds: z.number().int().min(1).max(3_600).default(300).meta({
    unit: 's',
    description:
      'Data that begins later than this after an anchor leaves its VWAP incomplete, in seconds',
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

/** What the sensor tells the machine, about the followed anchor only. */
export const senses = {
  anchorPassed: {
    kind: 'event',
    schema: z.object({ anchor: z.enum(['globex', 'rth']) }),
    doc: 'The anchor was reached: sums begin at zero',
  },
  volumeSeen: {
    kind: 'event',
    schema: z.object({ price: price(), complete: z.boolean() }),
    doc: 'The first volume since the anchor',
  },
  slopeChanged: {
    kind: 'event',
    schema: z.object({ slope: slope() }),
    doc: 'The pace of the VWAP is another than a minute ago',
  },
  slopeLost: {
    kind: 'event',
    schema: z.object({}),
    doc: 'Nothing traded in the last 30 minutes, so there is no slope',
  },
  anchorEnded: {
    kind: 'event',
    schema: z.object({ vwap: finePrice().nullable() }),
    doc: 'The session of the anchor ended; its VWAP stands',
  },
} as const satisfies RecordPorts;
export type Senses = typeof senses;

/** One row per anchor: what the page draws and flows compare prices with. */
export const out = {
  bands: {
    kind: 'table',
    schema: vwapBands,
    key: 'anchor',
    every: '15s',
    doc: 'VWAP, spread, three bands, slope and pace per anchor',
  },
} as const satisfies RecordPorts;
export type Outputs = typeof out;
