import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { contracts, keyed, name, priceTicks, real, tradeDate } from './columns.ts';

/** A completed RTH session's profile: the numbers that are asked for, and the whole record. */
export const DailyProfile = defineEntity({
  name: 'DailyProfile',
  tableName: 'daily_profiles',
  properties: {
    ...keyed(),
    tradeDate: tradeDate().primary(),
    open: priceTicks(),
    high: priceTicks(),
    low: priceTicks(),
    close: priceTicks(),
    poc: priceTicks(),
    vah: priceTicks(),
    val: priceTicks(),
    volume: contracts(),
    initialBalanceHigh: priceTicks().nullable(),
    initialBalanceLow: priceTicks().nullable(),
    shape: p.text(),
    /** Null while it is not known. */
    dayType: p.text().nullable(),
    short: p.boolean(),
    holiday: p.boolean(),
    approximate: p.boolean(),
    gap: p.boolean(),
    contract: p.text().nullable(),
    /** The record as it was emitted, rows and periods included. */
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['instrument', 'tradeDate'] }],
});

/** The composite value area that was in force after a session. The newest 30 of a node are kept. */
export const CompositeProfile = defineEntity({
  name: 'CompositeProfile',
  tableName: 'composite_profiles',
  properties: {
    ...keyed(),
    /** The last session counted. */
    asOf: tradeDate().primary(),
    inForce: p.boolean(),
    poc: priceTicks(),
    vah: priceTicks(),
    val: priceTicks(),
    low: priceTicks(),
    high: priceTicks(),
    volume: contracts(),
    widthTicks: real(),
    /** Trade dates inside, oldest first. */
    sessions: p.json<string[]>(),
    partial: p.boolean(),
    approximate: p.boolean(),
    rollUnadjusted: p.boolean(),
    rollShiftTicks: real(),
  },
  indexes: [{ properties: ['instrument', 'asOf'] }],
});

/** What archived composites stack up to after a session. The newest 30 of a node are kept. */
export const CompositeStack = defineEntity({
  name: 'CompositeStack',
  tableName: 'composite_stacks',
  properties: {
    ...keyed(),
    asOf: tradeDate().primary(),
    inForce: p.boolean(),
    migration: name(),
    partial: p.boolean(),
    /** The record as it was emitted: composites, archive, stacks, clusters, references. */
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['instrument', 'asOf'] }],
});

/** A row of `daily_profiles`. */
export type DailyProfileRow = InferEntity<typeof DailyProfile>;
/** A row of `composite_profiles`. */
export type CompositeProfileRow = InferEntity<typeof CompositeProfile>;
/** A row of `composite_stacks`. */
export type CompositeStackRow = InferEntity<typeof CompositeStack>;
