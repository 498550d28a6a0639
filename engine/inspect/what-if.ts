import type { Leaf } from '../contracts/evidence.ts';
import type { Candidate, JournalRecord } from '../contracts/journal.ts';
import { inRange, type WhyData } from './question.ts';
import { transitionsOfNode } from './why.ts';

/** A condition that is to be easier: how much it may miss. */
export interface Easing {
  readonly node: string;
  readonly transition: string;
  /** Text of the leaf. */
  readonly text: string;
  /** In the unit of the leaf, above 0. */
  readonly slack: number;
  /** Microseconds, both ends included. */
  readonly from: number;
  readonly to: number;
}

/** What the recorded refusals of a transition would have come to with one easier condition. */
export interface WhatIf {
  readonly text: string;
  /** The operator of the easier condition: a tie passes. */
  readonly op: '>=' | '<=';
  readonly unit: string | null;
  readonly slack: number;
  /** What would be needed; null where it was another number each time. */
  readonly needed: number | null;
  /** Refusals that would have passed: the condition was the only one in the way, and every other one was asked. */
  readonly passes: readonly { readonly at: number; readonly seq: number }[];
  /** In how many stays in a state: after the first pass of a stay the machine would have been elsewhere. */
  readonly stays: number;
  /** Refusals that got past the condition, and of what comes after it nothing was recorded. */
  readonly unknown: number;
  /** Refusals that would have stayed refusals. */
  readonly still: number;
  /** How often the guard held as it is, in the same time. */
  readonly held: number;
}

interface Asked {
  readonly record: JournalRecord;
  readonly candidate: Candidate;
  /** Number of the stay in a state. */
  readonly stay: number;
}

/** Less than this is the dust of binary fractions. */
const dust = 1e-6;

/** Whether a leaf compares numbers by order, so that it can be easier by a little. */
export function canEase({ op, margin, right }: Leaf): boolean {
  const isOrdered = op === '>=' || op === '>' || op === '<=' || op === '<';
  return isOrdered && margin !== undefined && typeof right === 'number';
}

function askedOf(records: readonly JournalRecord[], transition: string): Asked[] {
  let stay = 0;
  return records.flatMap((record) => {
    const asked = (record.explain ?? [])
      .filter((candidate) => candidate.transition === transition && candidate.verdict !== 'error')
      .map((candidate) => ({ record, candidate, stay }));
    if (record.from !== record.to) stay += 1;
    return asked;
  });
}

const didHold = ({ candidate: { verdict } }: Asked): boolean => verdict !== 'guard-blocked';

type Fate = 'passes' | 'unknown' | 'still';

/** What becomes of a refusal. Guards stop at the first condition that decides: the ones after it were not asked. */
function fateOf(
  leaves: readonly Leaf[],
  { text, slack }: Easing,
  wholes: readonly ReadonlySet<string>[],
): Fate {
  const isEased = (leaf: Leaf): boolean =>
    leaf.text === text && canEase(leaf) && (leaf.margin ?? 0) >= -slack - dust;
  const isOnlyMissing = leaves.every((leaf) => leaf.ok || isEased(leaf));
  if (!isOnlyMissing || leaves.every((leaf) => leaf.ok)) return 'still';
  const asked = new Set(leaves.map((leaf) => leaf.text));
  // What held once says which conditions there are; without one nobody knows whether the last one asked is the last.
  return wholes.some((whole) => [...whole].every((one) => asked.has(one))) ? 'passes' : 'unknown';
}

function sameNumber(leaves: readonly Leaf[]): number | null {
  const [first] = leaves;
  return first && leaves.every(({ right }) => right === first.right) ? Number(first.right) : null;
}

/**
 * Counts what recorded refusals would have come to had one condition been easier. It is no backtest: what would have
 * followed from a pass was never computed.
 *
 * @throws {OF_WHY_NODE} when the node has no machine.
 * @returns Null when no refusal of the range compares by that condition.
 */
export function whatIf(data: WhyData, easing: Easing): WhatIf | null {
  transitionsOfNode(data, easing.node);
  const records = data.journal(easing.node).filter(inRange(easing));
  const asked = askedOf(records, easing.transition);
  const holding = asked.filter(didHold);
  const refused = asked.filter((one) => !didHold(one));
  const eased = refused.flatMap(({ candidate }) =>
    candidate.leaves.filter((leaf) => leaf.text === easing.text && canEase(leaf)),
  );
  const [example] = eased;
  if (!example) return null;
  const wholes = holding.map(({ candidate }) => new Set(candidate.leaves.map(({ text }) => text)));
  const fates = refused.map((one) => fateOf(one.candidate.leaves, easing, wholes));
  const passing = refused.filter((_, i) => fates[i] === 'passes');
  const isUpward = example.op === '>=' || example.op === '>';
  const needed = sameNumber(eased);
  return {
    text: easing.text,
    op: isUpward ? '>=' : '<=',
    unit: example.unit ?? null,
    slack: easing.slack,
    needed: needed === null ? null : needed + (isUpward ? -easing.slack : easing.slack),
    passes: passing.map(({ record: { ts, seq } }) => ({ at: ts, seq })),
    stays: new Set(passing.map(({ stay }) => stay)).size,
    unknown: fates.filter((fate) => fate === 'unknown').length,
    still: fates.filter((fate) => fate === 'still').length,
    held: holding.length,
  };
}
