import { z } from 'zod';
import { contracts, count, finePrice, micros, price, share, tradeDate } from './units.ts';

const signed = () => z.number().meta({ unit: 'contract' });

/** Imbalances of one side on adjacent ticks. */
const stack = z.object({
  side: z.enum(['buy', 'sell']),
  low: price(),
  high: price(),
  rows: count(),
});

/** Parts of a trade day that no bar reaches across. */
export const barSegments = ['overnight', 'rth', 'post-rth', 'halt', 'closed'] as const;

/** A finished volumetric candle. */
export const footprintBar = z
  .object({
    tradeDate: tradeDate(),
    barType: z.enum(['time', 'volume', 'range']),
    /** The part of the trade day it lies in; no bar reaches across. */
    segment: z.enum(barSegments),
    start: micros(),
    end: micros(),
    open: price(),
    high: price(),
    low: price(),
    close: price(),
    volume: contracts(),
    trades: count(),
    /** Buying minus selling volume; unclassified volume is no part of it. */
    delta: signed(),
    minDelta: signed(),
    maxDelta: signed(),
    /** Delta since the bar's high, and since its low, was last touched. */
    deltaSinceHigh: signed(),
    deltaSinceLow: signed(),
    /** Delta over all volume, -1..1. */
    deltaShare: z.number().min(-1).max(1),
    unknownShare: share(),
    inferredShare: share(),
    poc: price(),
    vah: price(),
    val: price(),
    vwap: finePrice(),
    /** Dense rows from `low` upwards: sellers, buyers, without a side; empty where the node leaves them out. */
    rows: z.object({
      bid: z.array(z.number()),
      ask: z.array(z.number()),
      unknown: z.array(z.number()),
    }),
    imbalances: z.object({ buy: z.array(price()), sell: z.array(price()) }),
    stacks: z.array(stack),
    unfinishedHigh: z.boolean(),
    unfinishedLow: z.boolean(),
    /** Zero print: at the high buyers only, at the low sellers only, so that the auction there is finished. */
    zeroHigh: z.boolean(),
    zeroLow: z.boolean(),
    /** Who is caught at an extreme: buyers at the high, sellers at the low. */
    trapped: z.enum(['none', 'buyers', 'sellers']),
    /** The session ended the bar before it was full. */
    cut: z.boolean(),
    approximate: z.boolean(),
  })
  .meta({ id: 'footprint-bar/1' });
