import { probeSchema } from '../contracts/journal.ts';
import { marketSchema } from '../contracts/market-batch.ts';
import { commandTopic } from '../contracts/operator-command.ts';
import { runSchema } from '../contracts/run.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import {
  projectCommand,
  projectDeadLetter,
  projectJournal,
  projectProbes,
  projectRun,
} from './projections-journal.ts';
import { projectMarket } from './projections-market.ts';
import {
  projectComposite,
  projectExpectation,
  projectHypothesis,
  projectIdea,
  projectOutcome,
  projectProfile,
  projectRegime,
  projectScore,
  projectSession,
  projectSignal,
  projectStack,
} from './projections-plan.ts';
import type { Rows } from './rows.ts';

/** Makes rows of a record. */
export type Projection = (record: StoredRecord, rows: Rows) => void;

const byContract: Readonly<Record<string, Projection>> = {
  [marketSchema]: projectMarket,
  [runSchema]: projectRun,
  'journal/1': projectJournal,
  [probeSchema]: projectProbes,
  'dead-letter/1': projectDeadLetter,
  'trade-idea/1': projectIdea,
  'hypothesis/1': projectHypothesis,
  'hypothesis.score/1': projectScore,
  'expectation/1': projectExpectation,
  'completed-profile/1': projectProfile,
  'composite-area/1': projectComposite,
  'composite-stack/1': projectStack,
  'session-phase/1': projectSession,
  'regime/1': projectRegime,
};

/** Contracts that plugins extend with fields of their own: `<plugin>.signal/1` has every field of `signal/1`. */
const byExtended: Readonly<Record<string, Projection>> = {
  'signal/1': projectSignal,
  'outcome/1': projectOutcome,
};

/** Returns what makes rows of the records of a contract; null when nobody asks for them. */
export function projectionOf(topic: string, schema: string): Projection | null {
  if (topic === commandTopic) return projectCommand;
  const extended = schema.slice(schema.lastIndexOf('.') + 1);
  return byContract[schema] ?? byExtended[extended] ?? null;
}
