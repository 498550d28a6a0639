import { isSignalPort } from '#engine/cli/session-report.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { statechartOfNode } from '#engine/inspect/node-statechart.ts';
import { sayLeaf } from '#engine/inspect/say-why.ts';
import { contractId } from '#engine/plugin/port.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { LampsValue, MachineFacts } from '../live/values.ts';
import type { TaskFeed, Waiting } from './task-feed.ts';

type TaskNode = Task['nodes'][number];

const ideaContract = 'trade-idea/1';

const knownFacts = new WeakMap<TaskNode, MachineFacts>();

/** Returns what does not change about a node's machine; null when it has none. */
export function machineFacts(graph: FlowGraph, node: TaskNode): MachineFacts | null {
  const facts = knownFacts.get(node) ?? factsOfMachine(graph, node);
  if (facts) knownFacts.set(node, facts);
  return facts;
}

function factsOfMachine(graph: FlowGraph, { id, graphNode }: TaskNode): MachineFacts | null {
  const chart = statechartOfNode(graph, id);
  if (!chart) return null;
  const left = new Set(chart.transitions.map(({ source }) => source));
  const parents = new Map(chart.states.map(({ path, parent }) => [path, parent]));
  // What surrounds a state leads out of it too; the machine itself is named by no path.
  const isLeft = (path: string): boolean => {
    for (let at: string | null = path; at !== null; at = parents.get(at) ?? null)
      if (left.has(at)) return true;
    return [...left].some((source) => !parents.has(source));
  };
  const described = chart.states.flatMap(({ path, description }) =>
    description === null ? [] : [[path, description] as const],
  );
  return {
    node: id,
    plugin: graphNode.plugin.id,
    initial: chart.initial ?? '',
    descriptions: Object.fromEntries(described),
    finals: chart.states.flatMap(({ path, kind }) =>
      kind === 'final' || (kind === 'atomic' && !isLeft(path)) ? [path] : [],
    ),
    signals: Object.values(graphNode.plugin.out).some(isSignalPort),
  };
}

function givesIdeas({ id, graphNode }: TaskNode): boolean {
  return Object.entries(graphNode.plugin.out).some(
    ([port, { schema }]) => contractId(schema, id, port) === ideaContract,
  );
}

interface Asked {
  readonly node: TaskNode;
  readonly state: string;
  /** The candidate with most comparisons: what stands between the strategy and its next step. */
  readonly waiting: Waiting;
  /** Share of its comparisons that hold. */
  readonly held: number;
}

function askedOf(feed: TaskFeed, node: TaskNode): Asked | null {
  const guards = feed.askedOf(node.id);
  const [waiting] = [...(guards?.waiting ?? [])].sort(
    (a, b) => b.candidate.leaves.length - a.candidate.leaves.length || b.seq - a.seq,
  );
  if (!guards || !waiting) return null;
  const { leaves } = waiting.candidate;
  const held = leaves.filter(({ ok }) => ok).length / leaves.length;
  return { node, state: guards.state, waiting, held };
}

/** The strategy that is nearest to its next step, of those that are past their first state; else of all. */
function activeStrategy(task: Task, feed: TaskFeed): Asked | null {
  const asked = task.nodes
    .filter((node) => !node.quarantined && givesIdeas(node))
    .flatMap((node) => askedOf(feed, node) ?? [])
    .sort((a, b) => b.held - a.held || b.waiting.seq - a.waiting.seq);
  const isPastFirst = ({ node, state }: Asked): boolean =>
    state !== machineFacts(task.graph, node)?.initial;
  return asked.find(isPastFirst) ?? asked[0] ?? null;
}

/** Returns the comparisons of the candidate with most of them: what stands between the strategy and its next step. */
export function lampsValue(task: Task, feed: TaskFeed): LampsValue | null {
  const found = activeStrategy(task, feed);
  if (!found) return null;
  const { node, state, waiting } = found;
  const { ts, seq, event, candidate } = waiting;
  const options = { instrument: task.instrument, zone: task.graph.zone };
  return {
    node: node.id,
    state,
    ts,
    seq,
    event,
    transition: candidate.transition,
    target: candidate.target,
    leaves: candidate.leaves.map((leaf) => ({
      ok: leaf.ok,
      text: sayLeaf(leaf, options).replace(/^(held|missed|error)\s+/, ''),
    })),
  };
}
