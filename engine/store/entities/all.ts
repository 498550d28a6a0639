import { Order, Position, Trade } from './broker.ts';
import { DeadLetterEntry, JournalEntry, NearMiss } from './journal.ts';
import { Bar, LatestPrice, SessionDay } from './market.ts';
import { Expectation, Hypothesis, Outcome, Signal, TradeIdea } from './plan.ts';
import { CompositeProfile, CompositeStack, DailyProfile } from './profiles.ts';
import { AuditEntry, Run, StoreIdentity, SystemStatus, TopicOffset } from './system.ts';

/** What is projected from the log, in the order of `orderflow store status`. */
export const projected = [
  Bar,
  LatestPrice,
  SessionDay,
  DailyProfile,
  CompositeProfile,
  CompositeStack,
  Hypothesis,
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
] as const;

/** Every entity: what is projected, and the projector's own. */
export const entities = [...projected, TopicOffset, StoreIdentity];
