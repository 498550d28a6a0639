import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { eventTime, name, origin, place, priceTicks, real, tradeDate } from './columns.ts';

/** A version of the plan of a day. */
export const Hypothesis = defineEntity({
  name: 'Hypothesis',
  tableName: 'hypotheses',
  properties: {
    ...place(),
    ...origin(),
    tradeDate: tradeDate(),
    version: p.integer(),
    /** Why this version was written. */
    reason: p.text(),
    regime: name(),
    bias: name(),
    condition: p.text(),
    permits: p.boolean(),
    invalidation: priceTicks().nullable(),
    openCase: name().nullable(),
    /** The record as it was emitted: scenarios, levels, evidence. */
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['instrument', 'tradeDate', 'version'] }],
});

/** How the plan of a day did, as its node told at the close. */
export const HypothesisScore = defineEntity({
  name: 'HypothesisScore',
  tableName: 'hypothesis_scores',
  properties: {
    ...place(),
    ...origin(),
    tradeDate: tradeDate(),
    /** The version that was fixed at the open: the one that is scored. */
    version: p.integer(),
    regime: name(),
    bias: name(),
    /** What the session turned out to be. */
    realised: name(),
    /** The session was what the plan said; null when it cannot be told. */
    conditionHit: p.boolean().nullable(),
    biasHit: p.boolean().nullable(),
    invalidatedAt: eventTime().nullable(),
    rangeTicks: p.integer(),
    closeMinusOpenTicks: p.integer(),
    /** An ordinary session: it counts in the hit rates. */
    counted: p.boolean(),
    /** The record as it was emitted: scenarios, rates so far, baseline. */
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['instrument', 'tradeDate'] }],
});

/** What a strategy may act on. */
export const Signal = defineEntity({
  name: 'Signal',
  tableName: 'signals',
  properties: {
    ...place(),
    ...origin(),
    /** Number of the macrostep that emitted it: where the inspector looks. */
    seq: p.bigint('number').nullable(),
    /** Contract, such as `absorption.signal/1`. */
    schema: name(),
    tradeDate: tradeDate(),
    side: p.text(),
    price: priceTicks(),
    target: priceTicks().nullable(),
    invalidation: priceTicks().nullable(),
    reason: p.text(),
    evidence: p.json<unknown[]>(),
    /** The record as it was emitted, with the plugin's own fields. */
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['ts'] }, { properties: ['instrument', 'tradeDate', 'ts'] }],
});

/** A trade idea of a strategy: never an order. */
export const TradeIdea = defineEntity({
  name: 'TradeIdea',
  tableName: 'trade_ideas',
  properties: {
    ...place(),
    ...origin(),
    seq: p.bigint('number').nullable(),
    side: p.text(),
    entry: priceTicks(),
    stop: priceTicks(),
    target: priceTicks(),
    target2: priceTicks().nullable(),
    invalidation: priceTicks().nullable(),
    rewardRisk: real().nullable(),
    expiryMinutes: p.integer().nullable(),
    strategy: name().nullable(),
    reason: p.text(),
  },
  indexes: [{ properties: ['instrument', 'ts'] }],
});

/** A change of one value expectation. */
export const Expectation = defineEntity({
  name: 'Expectation',
  tableName: 'expectations',
  properties: {
    ...place(),
    ...origin(),
    tradeDate: tradeDate(),
    expectation: name(),
    side: p.text().nullable(),
    status: p.text(),
    failure: p.text().nullable(),
    price: priceTicks(),
    target: priceTicks().nullable(),
    invalidation: priceTicks().nullable(),
    horizon: eventTime().nullable(),
    reason: p.text(),
    /** The record as it was emitted: waypoints, area, evidence. */
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['instrument', 'tradeDate', 'ts'] }],
});

/** What became of a triggered setup. */
export const Outcome = defineEntity({
  name: 'Outcome',
  tableName: 'outcomes',
  properties: {
    ...place(),
    ...origin(),
    tradeDate: tradeDate(),
    setup: name(),
    variant: name(),
    side: p.text(),
    result: p.text(),
    triggeredAt: eventTime(),
    entry: priceTicks(),
    target: priceTicks().nullable(),
    invalidation: priceTicks().nullable(),
    price: priceTicks(),
    resultTicks: p.integer(),
  },
  indexes: [
    { properties: ['instrument', 'tradeDate', 'triggeredAt'] },
    { properties: ['setup', 'variant', 'tradeDate'] },
  ],
});

/** A row of `hypothesis_scores`. */
export type HypothesisScoreRow = InferEntity<typeof HypothesisScore>;
/** A row of `hypotheses`. */
export type HypothesisRow = InferEntity<typeof Hypothesis>;
/** A row of `signals`. */
export type SignalRow = InferEntity<typeof Signal>;
/** A row of `trade_ideas`. */
export type TradeIdeaRow = InferEntity<typeof TradeIdea>;
/** A row of `expectations`. */
export type ExpectationRow = InferEntity<typeof Expectation>;
/** A row of `outcomes`. */
export type OutcomeRow = InferEntity<typeof Outcome>;
