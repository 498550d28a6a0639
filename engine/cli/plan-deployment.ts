import type { NodePlan } from '../contracts/deployment.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { NodeSnapshot } from '../plugin/define-plugin.ts';
import { fieldChanges, type NodeBefore, planNodes, variablesOf } from '../runtime/deploy.ts';
import type { Task } from '../runtime/task.ts';
import type { DeployPlan } from './desk.ts';
import type { LiveEngine } from './live-engine.ts';

const idsOf = (items: readonly { readonly id: string }[]): string =>
  items.map(({ id }) => id).join(', ');
const symbolsOf = ({ instruments }: FlowGraph): string =>
  instruments.map(({ symbol }) => symbol).join(', ');

/** Why a flow cannot take over from another one while it runs. */
function refusalsOf(before: FlowGraph, after: FlowGraph): string[] {
  const found: string[] = [];
  if (before.name !== after.name)
    found.push(
      `flow '${before.name}' would become '${after.name}': another name is another flow, with topics and state of its own`,
    );
  if (symbolsOf(before) !== symbolsOf(after))
    found.push(
      `instruments ${symbolsOf(before)} would become ${symbolsOf(after)}: start the flow anew for other instruments`,
    );
  const was = before.sources.map(({ plugin }) => plugin);
  const now = after.sources.map(({ plugin }) => plugin);
  if (idsOf(was) !== idsOf(now))
    found.push(
      `the market comes from ${idsOf(was) || 'elsewhere'} and would come from ${idsOf(now) || 'elsewhere'}: another source needs a log of its own`,
    );
  if (after.sinks.length > 0)
    found.push(`sink '${after.sinks[0]?.id ?? ''}' is not run: this version only observes`);
  return found;
}

function notesOf(before: FlowGraph, after: FlowGraph): string[] {
  const used = variablesOf(before, after);
  const notes = fieldChanges(before.params, after.params, used).map((text) => `parameter ${text}`);
  for (const source of after.sources) {
    const was = before.sources.find(({ plugin }) => plugin.id === source.plugin.id);
    notes.push(
      ...fieldChanges(was?.config ?? {}, source.config, used).map(
        (text) => `source ${source.id}: ${text}; it goes on where it stands`,
      ),
    );
  }
  if (before.version !== after.version) notes.push(`version ${before.version} → ${after.version}`);
  return notes;
}

/** Nodes that are gone beside new ones of the same plugin: a rename, most likely. */
function hintsOf(before: FlowGraph, after: FlowGraph, plans: readonly NodePlan[]): string[] {
  const pluginOf = (graph: FlowGraph, id: string): string | undefined =>
    graph.nodes.find((node) => node.id === id)?.plugin.id;
  const fresh = plans.filter(({ fate }) => fate === 'new');
  return plans
    .filter(({ fate }) => fate === 'gone')
    .flatMap(({ node }) => {
      const other = fresh.find((one) => pluginOf(after, one.node) === pluginOf(before, node));
      return other
        ? [`renamed? 'moved: { ${node}: ${other.node} }' keeps the state of '${node}'`]
        : [];
    });
}

/** A task's nodes as they stand now, as copies. */
function nodesOf(task: Task): (node: string) => NodeBefore | null {
  const byId = new Map(task.nodes.map((node) => [node.id, node]));
  return (id) => {
    const node = byId.get(id);
    if (!node) return null;
    const text = JSON.stringify(node.snapshot(task.timers));
    return { snapshot: JSON.parse(text) as NodeSnapshot, quarantined: node.quarantined };
  };
}

function refused(refusals: readonly string[]): DeployPlan {
  return { flow: '', version: '', from: '', to: '', nodes: [], notes: [], hints: [], refusals };
}

/**
 * Says what it would do to deploy a flow into the run: per node what becomes of its state, and why it cannot be done.
 *
 * @param engine - The run; null when this flow does not run here.
 * @param after - The new flow, null when it has mistakes.
 */
export function planDeployment(engine: LiveEngine | null, after: FlowGraph | null): DeployPlan {
  if (!after) return refused(['the flow has mistakes: mend them first']);
  const before = engine?.graph ?? null;
  const running = engine?.taskOf(null);
  if (!engine || !before || !running)
    return refused(['this flow does not run here: save it, and start it on its own']);
  if (engine.status !== 'running')
    return refused(['the run has ended: the next start takes the saved file']);
  const plan = { flow: after.name, version: after.version, from: before.hash, to: after.hash };
  const refusals = refusalsOf(before, after);
  if (refusals.length > 0) return { ...refused(refusals), ...plan };
  const { task } = running.runner;
  const nodes = planNodes(before, after, task.instrument, nodesOf(task));
  const notes = notesOf(before, after);
  return { ...plan, nodes, notes, hints: hintsOf(before, after, nodes), refusals };
}
