import { z } from 'zod';
import { bookState, contracts, count, micros, price, type RecordPorts, tradeDate } from '#engine';

const whole = (min: number, max: number) => z.number().int().min(min).max(max);
const part = () => z.number().gt(0).max(1);

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  leanOn: part().default(0.3).meta({
    unit: 'share',
    tune: true,
    description: 'Mean of the five-level imbalance over 10 s beyond this is a lean',
  }),
  leanOff: part()
    .default(0.15)
    .meta({ unit: 'share', description: 'A lean ends when the mean is no longer beyond this' }),
  levelRatio: part().default(0.6065306597126334).meta({
    unit: 'share',
    description: 'Weight of a level by that of the one before it in the decayed imbalance: e^-0.5',
  }),
  pullStackQuantile: part().lt(1).default(0.95).meta({
    unit: 'share',
    tune: true,
    description: 'Pulling and stacking begin at this quantile of their 10-second sums',
  }),
  pullStackExit: part().default(0.5).meta({
    unit: 'share',
    description: 'They may begin anew after the sum fell below this part of the quantile',
  }),
  wallMultiple: z.number().min(1).max(100).default(3).meta({
    unit: 'count',
    tune: true,
    description: 'A wall is at least so many times the median level of its side',
  }),
  wallLevels: whole(1, 10).default(5).meta({
    unit: 'count',
    description: 'With fewer levels than this a side has no median, and no wall',
  }),
  wallQuantile: part().lt(1).default(0.99).meta({
    unit: 'share',
    description: "And at least this quantile of its side's levels",
  }),
  wallDwellSeconds: whole(1, 600)
    .default(5)
    .meta({ unit: 's', description: 'And has stood for so long' }),
  wallRemoved: part().default(0.6).meta({
    unit: 'share',
    description: 'A wall ends when this part of its largest size is gone',
  }),
  wallExecuted: part().default(0.2).meta({
    unit: 'share',
    description: 'From this traded part on it was consumed, below it pulled',
  }),
  wallNearTicks: whole(0, 100).default(3).meta({
    unit: 'tick',
    description: 'Farther from the best price it is not called pulled',
  }),
  flickerCancelled: part().default(0.8).meta({
    unit: 'share',
    description: 'Cancelled part of a wall-size addition that makes it a flicker',
  }),
  flickerSeconds: whole(1, 60)
    .default(2)
    .meta({ unit: 's', description: 'Time in which it must be cancelled' }),
  flickerExecuted: part().default(0.05).meta({
    unit: 'share',
    description: 'Most that may have traded of it',
  }),
  flickerRepeats: whole(1, 16)
    .default(3)
    .meta({ unit: 'count', description: 'Flickers near one another that are reported' }),
  flickerWindowSeconds: whole(1, 600).default(60).meta({
    unit: 's',
    description: 'They lie within so long; and so long that side counts less',
  }),
  flickerReachTicks: whole(0, 100)
    .default(3)
    .meta({ unit: 'tick', description: 'And within this distance' }),
  flickerWeight: z.number().min(0).max(1).default(0.5).meta({
    unit: 'share',
    description: 'Weight of that side in the imbalances for that long',
  }),
  baselineMinutes: whole(5, 60)
    .default(30)
    .meta({ unit: 'minute', description: 'Length of the samples behind the quantiles' }),
  baselineMinMinutes: whole(1, 60)
    .default(5)
    .meta({ unit: 'minute', description: 'Before so much time there is no quantile' }),
  staleSeconds: whole(1, 3_600).default(60).meta({
    unit: 's',
    description: 'Trades without a change of the book for so long: the book is not known',
  }),
});
/** The parameters after parsing. */
export type Config = z.infer<typeof config>;

const side = () => z.enum(['bid', 'ask']);
const ratio = () => z.number().meta({ unit: 'share' });

const lean = {
  kind: 'event',
  schema: z.object({
    lean: z.enum(['unknown', 'bid-heavy', 'ask-heavy', 'even']),
    from: z.enum(['unknown', 'bid-heavy', 'ask-heavy', 'even']),
    mean5: ratio().nullable(),
    bid: price().nullable(),
    ask: price().nullable(),
    /** Why it is not known; null where it is. */
    missing: z.string().nullable(),
    tradeDate: tradeDate(),
  }),
  doc: 'The book leans to the other side than before, by the 10-second mean of five levels',
} as const;

const wall = {
  kind: 'event',
  schema: z.object({
    side: side(),
    price: price(),
    size: contracts(),
    status: z.enum(['appeared', 'consumed', 'pulled', 'standing', 'gone']),
    needed: contracts(),
    /** Largest size it had. */
    peak: contracts(),
    /** Traded at its price on its side since it came. */
    executed: contracts(),
    since: micros(),
    tradeDate: tradeDate(),
  }),
  doc: 'A large level that stays has appeared, or what became of it; `standing`: price went away from it',
} as const;

const pullStack = {
  kind: 'event',
  schema: z.object({
    side: side(),
    what: z.enum(['pulling', 'stacking']),
    sum: contracts(),
    needed: contracts(),
    bullBear: z.number().int().meta({ unit: 'contract' }),
    bid: price(),
    ask: price(),
    tradeDate: tradeDate(),
  }),
  doc: 'Orders are withdrawn or added on a side at an unusual rate over 10 s',
} as const;

const flicker = {
  kind: 'event',
  schema: z.object({
    side: side(),
    price: price(),
    size: contracts(),
    repeats: count(),
    /** Until then that side counts less in the imbalances. */
    until: micros(),
    tradeDate: tradeDate(),
  }),
  doc: 'Large orders at a price come and go within seconds, hardly traded; says nothing of intent',
} as const;

/** What the sensor tells the machine. */
export const senses = { lean, wall, pullStack, flicker } as const satisfies RecordPorts;
export type Senses = typeof senses;

export const out = {
  book: {
    kind: 'table',
    schema: bookState,
    every: '5s',
    doc: 'The order book in numbers; without depth all of them are null and `missing` says why',
  },
  lean,
  wall,
  pullStack,
  flicker,
} as const satisfies RecordPorts;
export type Outputs = typeof out;
