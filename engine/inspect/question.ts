import type { Leaf } from '../contracts/evidence.ts';
import type { Candidate, DeadLetter, JournalRecord, ProbeReading } from '../contracts/journal.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';

/** What is asked: a transition by id, or every transition on an event, in a range of event time. */
export interface WhyQuestion {
  readonly node: string;
  readonly transition?: string;
  readonly event?: string;
  /** Microseconds, both ends included. */
  readonly from: number;
  readonly to: number;
}

/** What happened, as it was recorded. Each list ascends by time and holds at least the range asked for. */
export interface WhyData {
  readonly graph: FlowGraph;
  /** Transitions of each node with a machine. */
  readonly transitions: ReadonlyMap<string, readonly TransitionInfo[]>;
  journal(node: string): readonly JournalRecord[];
  probes(node: string): readonly ProbeReading[];
  deadLetters(node: string): readonly DeadLetter[];
}

/** Returns a filter for records inside the range asked about. */
export const inRange =
  (q: WhyQuestion) =>
  (r: { readonly ts: number }): boolean =>
    r.ts >= q.from && r.ts <= q.to;

/** Returns the element with the smallest measure; of equals the first, null of none. */
export function leastOf<T>(list: readonly T[], measure: (element: T) => number): T | null {
  let best: T | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const element of list) {
    const size = measure(element);
    if (best !== null && size >= least) continue;
    best = element;
    least = size;
  }
  return best;
}

/** Returns the leaves of a refused candidate. A guard may refuse without a leaf that says so: then it stands for itself. */
export function blockingLeaves(
  { leaves }: Candidate,
  guard: string | null | undefined,
): readonly Leaf[] {
  if (leaves.some((leaf) => !leaf.ok)) return leaves;
  return [...leaves, { text: `guard '${guard ?? ''}'`, ok: false }];
}
