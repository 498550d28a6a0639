import type { SaidLeaf } from '#engine/inspect/say-why.ts';
import type { WhyAnswer } from '#engine/inspect/why.ts';
import type { EdgeCount } from './inspect.ts';

/** A transition one can ask about. */
export interface Choice {
  readonly id: string;
  readonly source: string;
  readonly target: string | null;
  readonly event: string;
  /** Why it is taken, else the name of its guard; null without. */
  readonly why: string | null;
}

/** A candidate that a guard held back. */
export interface MissView {
  readonly node: string;
  readonly transition: string;
  readonly why: string | null;
  readonly at: number;
  readonly seq: number;
  /** From 0, a hair's breadth, to 1. */
  readonly shortfall: number;
  readonly leaves: readonly SaidLeaf[];
}

/** What would have to be written into the text of the flow. Numbers are those of the file. */
export type FlowEdit =
  /** The value at a path of keys. */
  | {
      readonly kind: 'set';
      readonly path: readonly string[];
      readonly was: number;
      readonly is: number;
    }
  /** A condition as it stands in the text. */
  | { readonly kind: 'replace'; readonly was: string; readonly is: string }
  /** Why there is no such number. */
  | { readonly kind: 'none'; readonly reason: string };

/** What recorded refusals would have come to with one condition easier. */
export interface WhatIfView {
  readonly label: string;
  /** `≥ 1`; null where the number needed was another one each time. */
  readonly condition: string | null;
  /** How much the condition may miss, in `unit`. */
  readonly slack: number;
  readonly unit: string;
  readonly passed: number;
  /** The first of them. */
  readonly passes: readonly { readonly at: number; readonly seq: number }[];
  readonly stays: number;
  readonly unknown: number;
  readonly still: number;
  readonly held: number;
  /** The change of the flow that makes it so easy. */
  readonly edit: FlowEdit;
}

/** An answer in words. */
export interface AnswerView extends Omit<WhyAnswer, 'leaves' | 'upstream'> {
  readonly sentence: string;
  readonly leaves: readonly SaidLeaf[];
  /** Place of the first comparison that did not hold; -1 without. */
  readonly firstBlocker: number;
  readonly upstream: {
    readonly node: string;
    readonly kind: string;
    readonly path: readonly string[];
    readonly text: string;
    readonly at: number | null;
    readonly leaves: readonly SaidLeaf[];
  } | null;
  /** What `orderflow explain` prints. */
  readonly text: readonly string[];
}

/** A question with its answer. */
export interface WhyView {
  readonly node: string | null;
  readonly transition: string | null;
  readonly event: string | null;
  readonly from: number;
  readonly to: number;
  readonly fromText: string;
  readonly toText: string;
  readonly machines: readonly string[];
  /** Null when no transition was asked about: then counts and near misses say what happened. */
  readonly answer: AnswerView | null;
  /** Null unless a comparison of numbers blocked what was asked about. */
  readonly whatIf: WhatIfView | null;
  readonly counts: readonly ({ readonly id: string } & EdgeCount)[];
  readonly misses: readonly MissView[];
  readonly choices: readonly Choice[];
}
