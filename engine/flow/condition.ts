import type { Leaf } from '../contracts/evidence.ts';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import { type Comparison, isRecordingLeaves, marginOf, noteLeaf } from '../plugin/evidence.ts';
import type { Expression } from './expression.ts';
import { formatDuration } from './parse-duration.ts';
import { type ConditionRun, lastArrival, recentArrivals } from './temporal.ts';

/** What a leaf found: whether it holds, and both sides where it compares. */
interface Finding {
  readonly ok: boolean;
  readonly left?: number | string | boolean | null;
  readonly op?: string;
  readonly right?: number | string | boolean | null;
  readonly unit?: string | null;
}

/** A question a guard asks. `detail` asks for both sides as well. */
type Question = (run: ConditionRun, detail: boolean) => Finding;

const opposite: Readonly<Record<string, string>> = {
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '<': '>=',
  '==': '!=',
  '!=': '==',
  in: 'not in',
};

/** A condition of a flow: leaves joined by all and any. `not` is moved into the leaves when it is read. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  | { readonly kind: 'leaf'; readonly leaf: ConditionLeaf };

/** A leaf: one question, evaluated alone, so that an error on one side is never hidden by the other. */
export class ConditionLeaf {
  readonly text: string;
  private readonly question: Question;
  private readonly negated: boolean;
  private readonly whenTrue: Leaf;
  private readonly whenFalse: Leaf;

  constructor(text: string, why: string | null, negated: boolean, question: Question) {
    this.text = negated ? `not (${text})` : text;
    this.question = question;
    this.negated = negated;
    const label = why === null ? {} : { why };
    this.whenTrue = { text: this.text, ...label, ok: true };
    this.whenFalse = { text: this.text, ...label, ok: false };
  }

  /**
   * Answers the question and leaves the evidence.
   * @param reached - False when the guard is decided already: the answer is for the record, an error is not.
   * @throws {OF_EXPRESSION} when it cannot be answered.
   */
  evaluate(run: ConditionRun, reached: boolean): boolean {
    const detail = isRecordingLeaves();
    let finding: Finding;
    try {
      finding = this.question(run, detail);
    } catch (error) {
      if (reached && isOrderflowError(error)) noteLeaf({ ...this.whenFalse, error: error.message });
      throw error;
    }
    const ok = finding.ok !== this.negated;
    noteLeaf(detail ? this.detailed(finding, ok) : ok ? this.whenTrue : this.whenFalse);
    return ok;
  }

  private detailed({ left, op: asked, right, unit }: Finding, ok: boolean): Leaf {
    const plain = ok ? this.whenTrue : this.whenFalse;
    if (asked === undefined || left === undefined || right === undefined) return plain;
    const op = this.negated ? (opposite[asked] ?? asked) : asked;
    // Filled field by field: this runs for every leaf of every guard while explanations are on.
    const leaf: { -readonly [K in keyof Leaf]: Leaf[K] } = { text: this.text, ok, left, op, right };
    if (plain.why !== undefined) leaf.why = plain.why;
    if (unit !== null && unit !== undefined) leaf.unit = unit;
    if (typeof left === 'number' && typeof right === 'number') {
      leaf.margin = marginOf(left, op as Comparison, right);
    }
    return leaf;
  }
}

/**
 * Returns whether a condition holds and leaves the evidence of its leaves.
 *
 * Of `all` the leaves after the first false one are still asked, so that a near miss shows everything; they cannot
 * change the answer, and one that cannot be evaluated there says nothing.
 *
 * @throws {OF_EXPRESSION} when a leaf that decides cannot be evaluated.
 */
export function evaluateCondition(
  condition: Condition,
  run: ConditionRun,
  reached = true,
): boolean {
  if (condition.kind === 'leaf') return condition.leaf.evaluate(run, reached);
  if (condition.kind === 'any') {
    for (const part of condition.parts) if (evaluateCondition(part, run, reached)) return true;
    return false;
  }
  const { parts } = condition;
  const first = parts.findIndex((part) => !evaluateCondition(part, run, reached));
  if (first < 0) return true;
  for (const part of parts.slice(first + 1)) askBeyond(part, run);
  return false;
}

function askBeyond(condition: Condition, run: ConditionRun): void {
  try {
    evaluateCondition(condition, run, false);
  } catch (error) {
    if (!isOrderflowError(error)) throw error;
  }
}

/** A comparison or other expression as a question. */
export function askExpression(expression: Expression, unit: string | null): Question {
  return (run, detail) => {
    const explained = detail ? expression.explain(run.scope) : null;
    const value = explained ? explained.value : expression.evaluate(run.scope);
    if (typeof value !== 'boolean') {
      const cause = `expected true or false, was ${String(value)}`;
      throw new OrderflowError('OF_EXPRESSION', { text: expression.source, cause });
    }
    const operands = explained?.operands;
    if (!operands) return { ok: value };
    return { ok: value, left: operands.left, op: operands.op, right: operands.right, unit };
  };
}

/** `{ within: { port, last } }`: a record came on the port at most that long ago. */
export function askWithin(port: string, last: number): Question {
  return (run) => {
    const arrival = lastArrival(run.memory, port);
    const age = arrival && run.now() - arrival.ts;
    return { ok: age !== null && age <= last, left: age, op: '<=', right: last, unit: 'us' };
  };
}

/** `{ since: { port, after } }`: a record came on the port, and none on `after` since. */
export function askSince(port: string, after: string): Question {
  return (run) => {
    const one = lastArrival(run.memory, port);
    const other = lastArrival(run.memory, after);
    return { ok: one !== null && (other === null || one.n > other.n) };
  };
}

/** `{ count: { port, last, min } }`: at least `min` records came on the port in the last while. */
export function askCount(port: string, last: number, min: number): Question {
  return (run) => {
    const from = run.now() - last;
    const left = recentArrivals(run.memory, port).filter((ts) => ts >= from).length;
    return { ok: left >= min, left, op: '>=', right: min, unit: 'count' };
  };
}

/** `{ held: { expr, for } }`: the expression holds, and held at every event since that long ago. */
export function askHeld(expression: Expression, id: string, duration: number): Question {
  return (run) => {
    if (expression.evaluate(run.scope) !== true)
      return { ok: false, left: 0, op: '>=', right: duration, unit: 'us' };
    const since = run.memory[id];
    const left = typeof since === 'number' ? run.now() - since : 0;
    return { ok: left >= duration, left, op: '>=', right: duration, unit: 'us' };
  };
}

/** `{ newly: expr }`: the expression holds, and did not at this machine's previous event. */
export function askNewly(expression: Expression, id: string): Question {
  return (run) => {
    const holds = expression.evaluate(run.scope) === true;
    const past: unknown = run.memory[id];
    return { ok: holds && Array.isArray(past) && past[0] === false };
  };
}

/** Says a temporal condition in words, for evidence. */
export const temporalText = {
  within: (port: string, last: number) => `${port} within ${formatDuration(last)}`,
  since: (port: string, after: string) => `${port} since ${after}`,
  count: (port: string, last: number, min: number) =>
    `${port} ${min} times within ${formatDuration(last)}`,
  held: (source: string, duration: number) => `${source} held for ${formatDuration(duration)}`,
  newly: (source: string) => `newly ${source}`,
};

/** Writes a condition as one text, so that two can be told to be the same. */
export function conditionText(condition: Condition): string {
  if (condition.kind === 'leaf') return condition.leaf.text;
  return `${condition.kind}(${condition.parts.map(conditionText).join(', ')})`;
}
