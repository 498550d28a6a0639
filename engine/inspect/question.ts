import type { Leaf } from '../contracts/evidence.ts';
import type { DeadLetter, JournalRecord, ProbeRecord } from '../contracts/journal.ts';
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
  probes(node: string): readonly ProbeRecord[];
  deadLetters(node: string): readonly DeadLetter[];
}

/** Returns a filter for records inside the range asked about. */
export const inRange = (q: WhyQuestion) => (r: { readonly ts: number }): boolean => r.ts >= q.from && r.ts <= q.to;

/** How near a blocked candidate came: its worst leaf, as a share of what was needed; 0 is a hair's breadth. */
export function shortfall(leaves: readonly Leaf[]): number {
  let worst = 0;
  for (const leaf of leaves) {
    if (leaf.ok) continue;
    const needed = typeof leaf.right === 'number' ? Math.abs(leaf.right) : 0;
    const miss = leaf.margin === undefined ? 1 : Math.abs(leaf.margin) / Math.max(needed, 1);
    worst = Math.max(worst, miss);
  }
  return worst;
}
