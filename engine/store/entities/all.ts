import type { EntitySchema } from '@mikro-orm/core';
import { Order, Position, Trade } from './broker.ts';
import { DeadLetterEntry, JournalEntry, NearMiss } from './journal.ts';
import { Bar, LatestPrice, SessionDay } from './market.ts';
import { Expectation, Hypothesis, HypothesisScore, Outcome, Signal, TradeIdea } from './plan.ts';
import { CompositeProfile, CompositeStack, DailyProfile } from './profiles.ts';
import { AuditEntry, Run, StoreIdentity, SystemStatus, TopicOffset } from './system.ts';

/** A table of whatever columns. */
export type AnyEntity = EntitySchema<Record<string, unknown>>;

/** What is projected from the log, in the order of `orderflow store status`. */
export const projected: readonly AnyEntity[] = [
  Bar,
  LatestPrice,
  SessionDay,
  DailyProfile,
  CompositeProfile,
  CompositeStack,
  Hypothesis,
  HypothesisScore,
  Signal,
  TradeIdea,
  Expectation,
  Outcome,
  JournalEntry,
  NearMiss,
  DeadLetterEntry,
  SystemStatus,
  Run,
  AuditEntry,
  Position,
  Order,
  Trade,
] as readonly unknown[] as readonly AnyEntity[];

/** Every entity: what is projected, and the projector's own. */
export const entities: readonly AnyEntity[] = [
  ...projected,
  ...([TopicOffset, StoreIdentity] as readonly unknown[] as readonly AnyEntity[]),
];
