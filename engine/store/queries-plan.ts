import type { EntityManager } from '@mikro-orm/core';
import {
  Expectation,
  type ExpectationRow,
  Hypothesis,
  type HypothesisRow,
  HypothesisScore,
  type HypothesisScoreRow,
  Outcome,
  type OutcomeRow,
  Signal,
  type SignalRow,
} from './entities/plan.ts';
import { mostRows, plainRows } from './plain-rows.ts';
import type { DayAsk } from './queries-market.ts';

/** Returns the newest signals first; with `before` those older than that event time. */
export async function latestSignals(
  em: EntityManager,
  ask: {
    readonly instrument?: string;
    readonly node?: string;
    readonly before?: number;
    readonly limit?: number;
  } = {},
): Promise<SignalRow[]> {
  const { instrument, node, before, limit = 50 } = ask;
  const where = {
    ...(instrument === undefined ? {} : { instrument }),
    ...(node === undefined ? {} : { node }),
    ...(before === undefined ? {} : { ts: { $lt: before } }),
  };
  return plainRows(
    await em.find(Signal, where, { orderBy: { ts: 'desc', topic: 'asc', offset: 'desc' }, limit }),
  );
}

/** Returns the signals of a trade date, oldest first. */
export async function signalsOf(em: EntityManager, ask: DayAsk): Promise<SignalRow[]> {
  const { instrument, tradeDate } = ask;
  return plainRows(
    await em.find(
      Signal,
      { instrument, tradeDate },
      { orderBy: { ts: 'asc', topic: 'asc', offset: 'asc' } },
    ),
  );
}

/** Returns all versions of the plan of a trade date, oldest first: the last one is in force. */
export async function hypothesisOf(em: EntityManager, ask: DayAsk): Promise<HypothesisRow[]> {
  const { instrument, tradeDate } = ask;
  return plainRows(
    await em.find(
      Hypothesis,
      { instrument, tradeDate },
      { orderBy: { version: 'asc', ts: 'asc', offset: 'asc' } },
    ),
  );
}

/** Returns how the plans of the last days did, the newest first. */
export async function hypothesisScores(
  em: EntityManager,
  ask: { readonly instrument: string; readonly until?: string; readonly limit?: number },
): Promise<HypothesisScoreRow[]> {
  const { instrument, until, limit = 30 } = ask;
  return plainRows(
    await em.find(
      HypothesisScore,
      { instrument, ...(until === undefined ? {} : { tradeDate: { $lte: until } }) },
      { orderBy: { tradeDate: 'desc', topic: 'asc', offset: 'desc' }, limit },
    ),
  );
}

/** Returns the changes of all value expectations of a trade date, oldest first. */
export async function expectationsOf(em: EntityManager, ask: DayAsk): Promise<ExpectationRow[]> {
  const { instrument, tradeDate } = ask;
  return plainRows(
    await em.find(
      Expectation,
      { instrument, tradeDate },
      { orderBy: { ts: 'asc', topic: 'asc', offset: 'asc' } },
    ),
  );
}

/** Returns what became of the setups of a trade date, in the order they triggered. */
export async function outcomesOf(em: EntityManager, ask: DayAsk): Promise<OutcomeRow[]> {
  const { instrument, tradeDate } = ask;
  return plainRows(
    await em.find(
      Outcome,
      { instrument, tradeDate },
      { orderBy: { triggeredAt: 'asc', topic: 'asc', offset: 'asc' } },
    ),
  );
}

/** Returns the newest outcomes of a setup first: the figures behind a hit rate. */
export async function outcomesOfSetup(
  em: EntityManager,
  ask: {
    readonly instrument: string;
    readonly setup: string;
    readonly variant?: string;
    readonly limit?: number;
  },
): Promise<OutcomeRow[]> {
  const { instrument, setup, variant, limit = mostRows } = ask;
  return plainRows(
    await em.find(
      Outcome,
      { instrument, setup, ...(variant === undefined ? {} : { variant }) },
      { orderBy: { tradeDate: 'desc', triggeredAt: 'desc', offset: 'desc' }, limit },
    ),
  );
}
