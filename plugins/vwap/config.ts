import { z } from 'zod';
import { finePrice, type Port, price, vwapBands } from '#engine';

const slope = () => z.number().meta({ unit: 'sd' });
const limit = (value: number) => z.number().min(0).max(10).default(value);

/** What a flow may set under `with:`. */
export const config = z.strictObject({
  follow: z
    .enum(['globex', 'rth'])
    .default('globex')
    .describe('Anchor whose pace the machine follows: the whole trade day, or the regular session'),
  flatBelow: limit(0.5).describe('|slope30| below this is flat').meta({ unit: 'sd', tune: true }),
  slowBelow: limit(1).describe('|slope30| below this is slow').meta({ unit: 'sd', tune: true }),
  normalBelow: limit(1.6)
    .describe('|slope30| below this is normal, from here on fast')
    .meta({ unit: 'sd', tune: true }),
  graceSeconds: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(300)
    .describe('Data that begins later than this after an anchor leaves its VWAP incomplete')
    .meta({ unit: 's' }),
});
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
} as const satisfies Record<string, Port>;
export type Senses = typeof senses;

/** One row per anchor: what the page draws and flows compare prices with. */
export const out = {
  bands: {
    kind: 'table',
    schema: vwapBands,
    key: 'anchor',
    every: '1s',
    doc: 'VWAP, spread, three bands, slope and pace per anchor',
  },
} as const satisfies Record<string, Port>;
export type Outputs = typeof out;
