import type { EntityManager } from '@mikro-orm/core';
import { tradeIdeas } from './queries-ideas.ts';
import {
  deadLetters,
  journalAround,
  journalIndex,
  nearMisses,
  nearMissesOf,
} from './queries-journal.ts';
import { bars, dayRange, latestPrices, sessionDays } from './queries-market.ts';
import {
  expectationsOf,
  hypothesisOf,
  hypothesisScores,
  latestSignals,
  outcomesOf,
  outcomesOfSetup,
  signalsOf,
} from './queries-plan.ts';
import {
  compositeProfiles,
  compositeStacks,
  dailyProfile,
  dailyProfiles,
} from './queries-profiles.ts';
import {
  audit,
  orders,
  positions,
  projectedTo,
  runs,
  systemStatus,
  tradesOf,
} from './queries-system.ts';

/** Every question the store answers, by name. Answers are plain rows: they can cross threads. */
export const queries = {
  audit,
  bars,
  compositeProfiles,
  compositeStacks,
  dailyProfile,
  dailyProfiles,
  dayRange,
  deadLetters,
  expectationsOf,
  hypothesisOf,
  hypothesisScores,
  journalAround,
  journalIndex,
  latestPrices,
  latestSignals,
  nearMisses,
  nearMissesOf,
  orders,
  outcomesOf,
  outcomesOfSetup,
  positions,
  projectedTo,
  runs,
  sessionDays,
  signalsOf,
  systemStatus,
  tradeIdeas,
  tradesOf,
} as const;

/** Name of a question. */
export type QueryName = keyof typeof queries;
/** What a question is asked with. */
export type QueryAsk<Name extends QueryName> = Parameters<(typeof queries)[Name]>[1];
/** What a question is answered with. */
export type QueryAnswer<Name extends QueryName> = Awaited<ReturnType<(typeof queries)[Name]>>;

/** Answers a question by its name. */
export function answer<Name extends QueryName>(
  em: EntityManager,
  name: Name,
  ask: QueryAsk<Name>,
): Promise<QueryAnswer<Name>> {
  const query = queries[name] as (
    em: EntityManager,
    ask: QueryAsk<Name>,
  ) => Promise<QueryAnswer<Name>>;
  return query(em, ask);
}
