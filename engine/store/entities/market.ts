import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { contracts, eventTime, instrument, priceTicks, tradeDate } from './columns.ts';

/** One minute of trades of one instrument, open and close in log order. Sides are the venue's own. */
export const Bar = defineEntity({
  name: 'Bar',
  tableName: 'bars',
  properties: {
    instrument: instrument().primary(),
    /** First microsecond of the minute. */
    start: eventTime().primary(),
    open: priceTicks(),
    high: priceTicks(),
    low: priceTicks(),
    close: priceTicks(),
    volume: contracts(),
    buyVolume: contracts(),
    sellVolume: contracts(),
    /** Volume of which the source named no aggressor. */
    unknownVolume: contracts(),
    /** Trade prints; a bar that a source delivered as a bar counts none. */
    trades: p.integer(),
  },
});

/** What an instrument did last. Null: not seen yet. */
export const LatestPrice = defineEntity({
  name: 'LatestPrice',
  tableName: 'latest_prices',
  properties: {
    instrument: instrument().primary(),
    /** Event time of the newest row of any kind, heartbeats included. */
    feedTs: eventTime(),
    last: priceTicks().nullable(),
    lastSize: contracts().nullable(),
    lastTs: eventTime().nullable(),
    bid: priceTicks().nullable(),
    bidSize: contracts().nullable(),
    ask: priceTicks().nullable(),
    askSize: contracts().nullable(),
    quoteTs: eventTime().nullable(),
  },
});

/** A trade date as the session calendar of a flow told of it. */
export const SessionDay = defineEntity({
  name: 'SessionDay',
  tableName: 'session_days',
  properties: {
    instrument: instrument().primary(),
    tradeDate: tradeDate().primary(),
    /** When its first phase began; the day lasts until the next one begins. */
    startsAt: eventTime(),
    rthOpen: eventTime().nullable(),
    rthEnd: eventTime().nullable(),
    /** The newest phase. */
    phase: p.text(),
    short: p.boolean(),
    holiday: p.boolean(),
    /** RTH volume far below the median; known when RTH ends. */
    thin: p.boolean(),
    /** A silence inside RTH. */
    gap: p.boolean(),
    contract: p.text().nullable(),
  },
});

/** A row of `bars`. */
export type BarRow = InferEntity<typeof Bar>;
/** A row of `latest_prices`. */
export type LatestPriceRow = InferEntity<typeof LatestPrice>;
/** A row of `session_days`. */
export type SessionDayRow = InferEntity<typeof SessionDay>;
