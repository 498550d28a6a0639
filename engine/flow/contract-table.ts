import type { z } from 'zod';
import { bookState } from '../contracts/book.ts';
import { compositeStack, nakedPocs } from '../contracts/composite-stack.ts';
import { cumulativeDelta } from '../contracts/cumulative-delta.ts';
import { expectation } from '../contracts/expectation.ts';
import { footprintBar } from '../contracts/footprint-bar.ts';
import { hypothesis } from '../contracts/hypothesis.ts';
import { keyLevel } from '../contracts/key-level.ts';
import { openingType } from '../contracts/opening.ts';
import { outcome } from '../contracts/outcome.ts';
import { overnightInventory } from '../contracts/overnight-inventory.ts';
import { regime } from '../contracts/regime.ts';
import { sessionPhase } from '../contracts/session.ts';
import { ideaEnd, signal, tradeIdea } from '../contracts/signal.ts';
import { tapeState } from '../contracts/tape.ts';
import { compositeArea, level } from '../contracts/value-area.ts';
import { valueRelation } from '../contracts/value-relation.ts';
import {
  completedProfile,
  developingProfile,
  period,
  priorProfile,
} from '../contracts/volume-profile.ts';
import { vwapBands } from '../contracts/vwap.ts';

/** A record type a flow may name: `signal` for `signal/1`, `tradeIdea` for `trade-idea/1`. */
export interface Contract {
  readonly name: string;
  /** With its version, as it stands in a record's `schema`. */
  readonly id: string;
  readonly schema: z.ZodObject;
}

const schemas = [
  signal,
  tradeIdea,
  ideaEnd,
  sessionPhase,
  completedProfile,
  priorProfile,
  developingProfile,
  period,
  compositeArea,
  level,
  vwapBands,
  outcome,
  valueRelation,
  keyLevel,
  regime,
  hypothesis,
  openingType,
  expectation,
  overnightInventory,
  footprintBar,
  cumulativeDelta,
  tapeState,
  bookState,
  compositeStack,
  nakedPocs,
];

/** Returns the id of a schema's contract, such as `signal/1`; null for one that is no contract. */
export function contractId(schema: z.ZodType): string | null {
  return schema.meta()?.id ?? null;
}

function contractOf(schema: z.ZodObject): Contract {
  const id = contractId(schema) ?? '';
  const name = id
    .replace(/\/\d+$/, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { name, id, schema };
}

/** The contracts a flow may name, by name. */
export const contractTable: ReadonlyMap<string, Contract> = new Map(
  schemas.map((schema) => contractOf(schema)).map((contract) => [contract.name, contract]),
);

/** The ports of the topics that are not of this flow; what a record holds is checked when it is read. */
export const topicPorts: Readonly<Record<string, readonly string[]>> = {
  'broker.facts': ['fill', 'position', 'account'],
  'control.commands': ['kill'],
};
