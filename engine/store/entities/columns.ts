import { p } from '@mikro-orm/core';
import { EventTime } from './event-time.ts';

/** Event time in microseconds, `timestamptz` in the database. */
export const eventTime = () => p.type(EventTime).$type<number>();
/** A price in whole ticks of the row's instrument. */
export const priceTicks = () => p.integer();
/** A price between two ticks, such as an average fill: exact to 1e-8 of a tick. */
export const finePriceTicks = () => p.decimal('number').precision(20).scale(8);
/** Money in whole cents: exact, unlike a binary fraction of a dollar. */
export const cents = () => p.bigint('number');
/** A number with a fraction. */
export const real = () => p.double().$type<number>();
/** A number of contracts; a fraction occurs where a bar's volume was spread over its range. */
export const contracts = () => real();
/** Symbol of the instrument. */
export const instrument = () => p.text();
/** A name: of a flow, a node, a port, an enum-like value. */
export const name = () => p.text();
/** A trade date, `YYYY-MM-DD`. */
export const tradeDate = () => p.date();

/** Where a record lies in the log. Together they are the primary key of everything that has one row per record. */
export const place = () => ({
  topic: p.text().primary(),
  partition: p.integer().primary(),
  offset: p.bigint('number').primary(),
});

/** What every record of a node's out-port says of itself. */
export const origin = () => ({
  ts: eventTime(),
  instrument: instrument(),
  flow: name(),
  node: name(),
  port: name(),
});

/** A row per key of a table port: which record wrote it last. */
export const keyed = () => ({
  topic: p.text().primary(),
  partition: p.integer().primary(),
  offset: p.bigint('number'),
  ...origin(),
});
