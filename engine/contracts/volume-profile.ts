import { z } from 'zod';
import { contracts, count, finePrice, micros, price, share, tradeDate } from './units.ts';

const edges = z.object({ vah: price(), val: price() });
const zone = z.object({ low: price(), high: price() });
/** A row of much or little volume with the band of rows that belong to it. */
const node = z.object({ price: price(), low: price(), high: price() });
const tail = z.object({
  low: price(),
  high: price(),
  /** False when the session's last period made it: nothing traded after it. */
  confirmed: z.boolean(),
});

/** One closed 30-minute period. Prices are null when nothing traded in it. */
export const period = z
  .object({
    tradeDate: tradeDate(),
    /** 0 = the first period of RTH, letter A. */
    index: count(),
    letter: z.string(),
    start: micros(),
    end: micros(),
    open: price().nullable(),
    high: price().nullable(),
    low: price().nullable(),
    close: price().nullable(),
    volume: contracts(),
    /** The session's profile as it stands at this close; null while nothing has traded in it. */
    session: z
      .object({
        open: price(),
        high: price(),
        low: price(),
        poc: price(),
        vah: price(),
        val: price(),
        volume: contracts(),
        /** POC change since the close before, in ticks. */
        pocMoveTicks: z.number().meta({ unit: 'tick' }),
      })
      .nullable()
      .default(null),
  })
  .meta({ id: 'period/1' });

/** A profile's shape with the features it was read from: never a bare label. */
export const shape = z.enum(['D', 'P', 'b', 'B', 'N', 'TREND', 'insufficient']);

/** The kind of day a session was; total and exclusive. */
const dayTypeName = z.enum([
  'nontrend',
  'trend',
  'double-dist',
  'neutral-extreme',
  'neutral',
  'normal',
  'normal-variation',
]);

/** A completed RTH session's profile. */
export const completedProfile = z
  .object({
    tradeDate: tradeDate(),
    open: price(),
    high: price(),
    low: price(),
    close: price(),
    volume: contracts(),
    poc: price(),
    vah: price(),
    val: price(),
    /** The value area grown one row at a time, beside the main one of two rows. */
    one: edges,
    initialBalance: zone.nullable(),
    shape,
    features: z.object({
      rows: count(),
      /** Highest row over the mean row. */
      peakRatio: z.number(),
      /** Place of the point of control, 0 = lowest row, 1 = highest. */
      pocPosition: share(),
      lowerShare: share(),
      middleShare: share(),
      upperShare: share(),
    }),
    /** Dense rows from `low` upwards, one per tick: all volume, and what of it sellers and buyers hit (bid and ask). */
    rows: z.object({
      low: price(),
      volumes: z.array(z.number()),
      bidVolumes: z.array(z.number()),
      askVolumes: z.array(z.number()),
    }),
    /** `letters` holds those of each row of `rowTicks` ticks from `low` upwards. */
    tpo: z.object({
      poc: price(),
      vah: price(),
      val: price(),
      total: count(),
      low: price(),
      rowTicks: count(),
      letters: z.array(z.string()),
    }),
    hvn: z.array(node),
    lvn: z.array(node),
    singlePrints: z.array(zone),
    buyingTail: tail.nullable(),
    sellingTail: tail.nullable(),
    poorHigh: z.boolean(),
    poorLow: z.boolean(),
    /** Exactly one row of excess: neither a tail nor a flat end. */
    weakHigh: z.boolean().optional(),
    weakLow: z.boolean().optional(),
    /** The extreme row holds at least half the mean volume of a row. */
    poorHighByVolume: z.boolean().optional(),
    poorLowByVolume: z.boolean().optional(),
    /** Value as it stood at each period close; a period before the first trade has none. */
    development: z
      .array(z.object({ index: count(), poc: price(), vah: price(), val: price() }))
      .optional(),
    /** The profile of what traded after the initial balance; null when nothing did, or there was no initial balance. */
    afterInitialBalance: z
      .object({ poc: price(), vah: price(), val: price(), volume: contracts() })
      .nullable()
      .optional(),
    /** Higher highs and lows of the periods minus lower ones. */
    rotationFactor: z.number().int().optional(),
    /** One-time framing: whether each period's low (high) lay above (below) the one before, and how often not. */
    framing: z
      .object({
        up: z.boolean(),
        down: z.boolean(),
        upBreaks: count(),
        downBreaks: count(),
        steps: count(),
      })
      .optional(),
    /** The day type with the numbers it was read from; null while they are not known. */
    dayType: z
      .object({
        type: dayTypeName,
        /** Two widths beyond the initial balance without being a trend day. */
        extended: z.boolean(),
        /** Extensions beyond the initial balance, in its widths. */
        up: z.number().min(0),
        down: z.number().min(0),
        closePosition: share(),
        /** What the session was held against, in ticks. */
        averageRange: z.number().meta({ unit: 'tick' }),
        averageBalance: z.number().meta({ unit: 'tick' }),
      })
      .nullable()
      .optional(),
    /** Why there is no day type; null when there is one. */
    dayTypeMissing: z.string().nullable().optional(),
    short: z.boolean(),
    holiday: z.boolean(),
    /** Made from bars or footprint rows: levels are estimates. */
    approximate: z.boolean(),
    /** A silence of `gapSeconds` inside RTH, halts excepted; data that began after the open or ended before the end too. */
    gap: z.boolean(),
    unknownShare: share(),
    inferredShare: share(),
    /** The contract traded; null where the instrument has none. */
    contract: z.string().nullable(),
  })
  .meta({ id: 'completed-profile/1', keptDays: 400 });

/** What later days need of the last completed ordinary RTH session. */
export const priorProfile = z
  .object({
    tradeDate: tradeDate(),
    open: price(),
    high: price(),
    low: price(),
    close: price(),
    poc: price(),
    vah: price(),
    val: price(),
    shape,
    short: z.boolean(),
    approximate: z.boolean(),
    gap: z.boolean(),
    contract: z.string().nullable(),
  })
  .meta({ id: 'prior-profile/1' });

/** Today's profile as it stands: null fields before the first RTH trade never occur, there is no row then. */
export const developingProfile = z
  .object({
    tradeDate: tradeDate(),
    open: price(),
    high: price(),
    low: price(),
    last: price(),
    volume: contracts(),
    poc: price(),
    vah: price(),
    val: price(),
    one: edges,
    /** POC change between the last two 30-minute closes, in ticks; 0 before the second. */
    pocMoveTicks: z.number().meta({ unit: 'tick' }),
    initialBalance: zone.nullable(),
    mean: finePrice(),
    approximate: z.boolean(),
    unknownShare: share(),
    inferredShare: share(),
  })
  .meta({ id: 'developing-profile/1' });
