import type { TransitionInfo } from '../runtime/transitions.ts';
import type { FlowTestResult } from './flow-test-run.ts';

/** Which transitions of a node some case took. */
export interface NodeCoverage {
  readonly node: string;
  readonly taken: number;
  readonly all: number;
  /** In document order. */
  readonly untaken: readonly TransitionInfo[];
}

/** Returns the transitions that cases of one flow took together, by node in the flow's order. */
export function coverageOf(results: readonly FlowTestResult[]): NodeCoverage[] {
  const all = new Map<string, readonly TransitionInfo[]>(
    results.flatMap(({ transitions }) => [...transitions]),
  );
  return [...all].map(([node, transitions]) => {
    const untaken = transitions.filter(
      ({ id }) => !results.some(({ taken }) => taken.get(node)?.has(id)),
    );
    return { node, taken: transitions.length - untaken.length, all: transitions.length, untaken };
  });
}
