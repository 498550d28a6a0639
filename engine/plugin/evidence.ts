import type { Leaf } from '../contracts/evidence.ts';

/** How two numbers may be compared in {@link compare}. */
export type Comparison = '>=' | '>' | '<=' | '<' | '==' | '!=';

const comparisons: ReadonlySet<string> = new Set(['>=', '>', '<=', '<', '==', '!=']);

/** Returns whether an operator compares two numbers. */
export function isComparison(op: string): op is Comparison {
  return comparisons.has(op);
}

// A guard runs synchronously inside one macrostep, so one recorder at a time is enough. It only observes: the
// value a guard returns never depends on it.
let recorder: Leaf[] | null = null;
let detailed = false;

/**
 * Sends the leaves of all guards to `leaves` until called again; `null` turns recording off. With `detail` false only
 * whether a leaf held is of interest.
 */
export function recordLeavesTo(leaves: Leaf[] | null, detail: boolean): void {
  recorder = leaves;
  detailed = detail;
}

/** Notes one evaluated leaf; the kit's own `compare` and `holds` and the flow's expressions end here. */
export function noteLeaf(leaf: Leaf): void {
  recorder?.push(leaf);
}

/** Returns whether somebody keeps operands and margins, so that a costly explanation is made only then. */
export function isRecordingLeaves(): boolean {
  return detailed;
}

/** Returns whether a comparison of two numbers holds. */
export function isTrue(left: number, op: Comparison, right: number): boolean {
  switch (op) {
    case '>=':
      return left >= right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '<':
      return left < right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
  }
}

/** Returns by how much a comparison holds (>= 0) or what it misses (< 0), in the unit of its operands. */
export function marginOf(left: number, op: Comparison, right: number): number {
  if (op === '>=' || op === '>') return left - right;
  if (op === '<=' || op === '<') return right - left;
  const distance = Math.abs(left - right);
  return op === '==' ? 0 - distance : distance;
}

/**
 * Compares two numbers inside a guard and leaves the evidence for "why did this not fire".
 *
 * @param text - What the left side is, in plain words: `close of the period`.
 * @param unit - Unit of both sides: `price`, `tick`, `contract`, `us`, `share`, `count`.
 * @example `isInside: ({ context, event }) => compare('close', event.close, '>=', context.val, 'price')`
 */
export function compare(
  text: string,
  left: number,
  op: Comparison,
  right: number,
  unit: string,
): boolean {
  const ok = isTrue(left, op, right);
  if (recorder)
    recorder.push({ text, ok, left, op, right, margin: marginOf(left, op, right), unit });
  return ok;
}

/** States a yes-or-no fact inside a guard and leaves it as evidence. */
export function holds(text: string, ok: boolean): boolean {
  if (recorder) recorder.push({ text, ok });
  return ok;
}
