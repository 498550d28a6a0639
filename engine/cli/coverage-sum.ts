import { z } from 'zod';
import type {
  NodeRunCoverage,
  StateCoverage,
  TransitionCoverage,
} from '../inspect/run-coverage.ts';
import { type CoverageReport, coverageReport } from './coverage-report.ts';

const written = z.object({
  flow: z.string(),
  runs: z.array(z.string()),
  rows: z.number(),
  nodes: z.array(
    z.object({
      node: z.string(),
      states: z.array(z.object({ state: z.string(), entered: z.number(), timeUs: z.number() })),
      transitions: z.array(
        z.object({
          transition: z.string(),
          target: z.string().nullable(),
          taken: z.number(),
          blocked: z.number(),
          unexplained: z.number(),
          blockedBy: z.string().nullable(),
          shadowed: z.number(),
        }),
      ),
    }),
  ),
});

/** Reads a report that `--json` printed; null where the text is none. */
export function readReport(text: string): CoverageReport | null {
  try {
    const { flow, runs, rows, nodes } = written.parse(JSON.parse(text));
    return coverageReport(flow, runs, rows, nodes);
  } catch {
    return null;
  }
}

/** Returns the names of what two reports counted, to be compared. */
function namesOf({ flow, nodes }: CoverageReport): string {
  const names = nodes.map(({ node, states, transitions }) => [
    node,
    states.map(({ state }) => state),
    transitions.map(({ transition }) => transition),
  ]);
  return JSON.stringify([flow, names]);
}

/** Returns whether two reports are of one flow with the same states and transitions. */
export function isSameFlow(a: CoverageReport, b: CoverageReport): boolean {
  return namesOf(a) === namesOf(b);
}

function addState(a: StateCoverage, b: StateCoverage): StateCoverage {
  return { ...a, entered: a.entered + b.entered, timeUs: a.timeUs + b.timeUs };
}

/** The reason is that of the report in which more was refused: reports keep one. */
function addTransition(a: TransitionCoverage, b: TransitionCoverage): TransitionCoverage {
  return {
    ...a,
    taken: a.taken + b.taken,
    blocked: a.blocked + b.blocked,
    unexplained: a.unexplained + b.unexplained,
    shadowed: a.shadowed + b.shadowed,
    blockedBy: (b.blocked > a.blocked ? b.blockedBy : a.blockedBy) ?? b.blockedBy,
  };
}

function addNode(a: NodeRunCoverage, b: NodeRunCoverage): NodeRunCoverage {
  return {
    node: a.node,
    states: a.states.map((state, i) => addState(state, b.states[i]!)),
    transitions: a.transitions.map((transition, i) => addTransition(transition, b.transitions[i]!)),
  };
}

/** Adds two reports of {@link isSameFlow} up. */
export function addReports(a: CoverageReport, b: CoverageReport): CoverageReport {
  const nodes = a.nodes.map((node, i) => addNode(node, b.nodes[i]!));
  return coverageReport(a.flow, [...a.runs, ...b.runs], a.rows + b.rows, nodes);
}
