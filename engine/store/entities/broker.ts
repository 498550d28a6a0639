// What the broker's facts will fill. No topic carries them yet, so nothing writes these tables.
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { cents, eventTime, finePriceTicks, instrument, name, priceTicks } from './columns.ts';

/** Contracts held, as the venue says; one row per account and instrument. */
export const Position = defineEntity({
  name: 'Position',
  tableName: 'positions',
  properties: {
    account: name().primary(),
    instrument: instrument().primary(),
    /** Long positive, short negative. */
    contracts: p.integer(),
    averagePrice: finePriceTicks().nullable(),
    openCents: cents().nullable(),
    realisedCents: cents().nullable(),
    feesCents: cents().nullable(),
    ts: eventTime(),
  },
});

/** An order by its reference, with the venue's newest word on it. */
export const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    /** Id of the intent; the venue carries it. */
    orderRef: p.text().primary(),
    account: name(),
    instrument: instrument(),
    flow: name(),
    node: name(),
    /** The venue's own id; null before it answered. */
    permId: p.bigint('number').nullable(),
    side: p.text(),
    kind: p.text(),
    contracts: p.integer(),
    filled: p.integer(),
    price: priceTicks().nullable(),
    stopPrice: priceTicks().nullable(),
    averageFill: finePriceTicks().nullable(),
    status: name(),
    reason: p.text().nullable(),
    createdAt: eventTime(),
    ts: eventTime(),
  },
  indexes: [{ properties: ['instrument', 'ts'] }, { properties: ['status'] }],
});

/** From entry to exit, with what order flow said at the entry. */
export const Trade = defineEntity({
  name: 'Trade',
  tableName: 'trades',
  properties: {
    /** Reference of the entry order. */
    id: p.text().primary(),
    account: name(),
    instrument: instrument(),
    flow: name(),
    strategy: name().nullable(),
    tradeDate: p.date(),
    side: p.text(),
    contracts: p.integer(),
    entryPrice: finePriceTicks(),
    entryAt: eventTime(),
    exitPrice: finePriceTicks().nullable(),
    exitAt: eventTime().nullable(),
    resultCents: cents().nullable(),
    feesCents: cents().nullable(),
    status: name(),
    regime: name().nullable(),
    /** Signals that led to it: where their records lie, and what they said. */
    signals:
      p.json<
        { topic: string; partition: number; offset: number; node: string; reason: string }[]
      >(),
  },
  indexes: [{ properties: ['instrument', 'tradeDate', 'entryAt'] }, { properties: ['status'] }],
});

/** A row of `positions`. */
export type PositionRow = InferEntity<typeof Position>;
/** A row of `orders`. */
export type OrderRow = InferEntity<typeof Order>;
/** A row of `trades`. */
export type TradeRow = InferEntity<typeof Trade>;
