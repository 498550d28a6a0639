import type { DeploymentRecord, NodePlan } from '../contracts/deployment.ts';
import { deploymentSchema, deploymentTopic } from '../contracts/deployment.ts';
import { isOrderflowError } from '../errors.ts';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import { type UsedVariables, variableBehind } from '../flow/process-variables.ts';
import type { Instrument } from '../market/instrument.ts';
import type { NodeSnapshot } from '../plugin/define-plugin.ts';
import { checkpointKey, nodeKey, readTaskState, taskKey } from './checkpoint.ts';
import type { NodeInstance } from './node.ts';
import type { Log, StateWrite } from './ports.ts';
import { Task } from './task.ts';

/** What is known of a node before a deployment. */
export interface NodeBefore {
  readonly snapshot: NodeSnapshot;
  readonly quarantined: boolean;
}

/** A value as it is compared, and as it is told: what came from the environment of the process is not told. */
interface Leaf {
  readonly text: string;
  readonly told: string;
}

function leavesOf(value: unknown, path: string, used: UsedVariables): ReadonlyMap<string, Leaf> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const text = value === undefined ? 'none' : JSON.stringify(value);
    return new Map([[path, { text, told: variableBehind(value, used) ?? text }]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...leavesOf(inner, path === '' ? key : `${path}.${key}`, used),
    ]),
  );
}

/** Says which fields differ: `minVolume 300 → 250`. `used` are the variables the two flows were filled in from. */
export function fieldChanges(before: unknown, after: unknown, used: UsedVariables): string[] {
  const was = leavesOf(before, '', used);
  const is = leavesOf(after, '', used);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path)?.text !== is.get(path)?.text)
    .map((path) => `${path} ${was.get(path)?.told ?? 'none'} → ${is.get(path)?.told ?? 'none'}`);
}

/** Variables of the process behind one of two flows. */
export function variablesOf(before: FlowGraph, after: FlowGraph): UsedVariables {
  return { ...before.variables, ...after.variables };
}

function wiresText({ wires }: GraphNode): string {
  return JSON.stringify(wires.map(({ port, origin, late }) => [port, origin, late]));
}

function changesOf(before: GraphNode | undefined, after: GraphNode, used: UsedVariables): string[] {
  if (!before) return [];
  return [
    ...fieldChanges(before.config, after.config, used),
    ...(wiresText(before) === wiresText(after) ? [] : ['its wires']),
  ];
}

function fateOf(
  node: NodeInstance,
  before: NodeBefore | null,
  scratch: Task,
): Pick<NodePlan, 'fate' | 'reason'> {
  if (!before)
    return { fate: 'new', reason: 'was not there before; it starts with the next record' };
  const { snapshot, quarantined } = before;
  if (quarantined) return { fate: 'reset', reason: 'had failed and was taken out; it starts anew' };
  try {
    node.restore(snapshot, scratch.timers);
  } catch (error) {
    if (!isOrderflowError(error)) throw error;
    const reason =
      error.code === 'OF_SNAPSHOT_VERSION' && snapshot.version === node.graphNode.plugin.version
        ? 'its statechart changed, so its state does not fit it any more'
        : error.message;
    return { fate: 'reset', reason };
  }
  const { plugin } = node.graphNode;
  const isSame = snapshot.version === plugin.version && snapshot.machineHash === node.machineHash;
  if (isSame) return { fate: 'kept', reason: 'goes on where it stands' };
  return { fate: 'migrated', reason: `from ${snapshot.version} to ${plugin.version}` };
}

/**
 * Says what becomes of each node's state when `after` takes over from `before`; tries every snapshot on a copy. Nodes in
 * the order of the new flow, then those that are gone.
 */
export function planNodes(
  before: FlowGraph,
  after: FlowGraph,
  instrument: Instrument,
  stateOf: (node: string) => NodeBefore | null,
): readonly NodePlan[] {
  const scratch = new Task(after, instrument, { publish: false });
  const variables = variablesOf(before, after);
  const oldNames = new Map(Object.entries(after.moved).map(([old, now]) => [now, old]));
  const oldNodes = new Map(before.nodes.map((node) => [node.id, node]));
  const taken = new Set<string>();
  const plans = scratch.nodes.map((node): NodePlan => {
    const old = stateOf(node.id) ? node.id : (oldNames.get(node.id) ?? node.id);
    taken.add(old);
    return {
      node: node.id,
      ...fateOf(node, stateOf(old), scratch),
      was: old === node.id ? null : old,
      changes: changesOf(oldNodes.get(old), node.graphNode, variables),
    };
  });
  const gone = before.nodes.filter(({ id }) => !taken.has(id));
  return [
    ...plans,
    ...gone.map(
      ({ id }): NodePlan => ({
        node: id,
        fate: 'gone',
        was: null,
        reason: 'is not in the flow any more; its state is dropped',
        changes: [],
      }),
    ),
  ];
}

function storedNode(state: ReadonlyMap<string, string>, quarantined: ReadonlySet<string>) {
  return (node: string): NodeBefore | null => {
    const text = state.get(nodeKey(node));
    if (text === undefined) return null;
    return { snapshot: JSON.parse(text) as NodeSnapshot, quarantined: quarantined.has(node) };
  };
}

interface StoredCut {
  readonly tables: readonly (readonly [string, unknown])[];
  readonly quarantined: readonly string[];
}

/** The cut without what belongs to nodes whose state is dropped. */
function cutWithout(text: string, dropped: ReadonlySet<string>): string {
  const cut = JSON.parse(text) as StoredCut;
  const isLeft = (name: string): boolean => !dropped.has(name.slice(0, name.indexOf('.')));
  return JSON.stringify({
    ...cut,
    tables: cut.tables.filter(([name]) => isLeft(name)),
    quarantined: cut.quarantined.filter((node) => !dropped.has(node)),
  });
}

/** A deployment that is in the log. */
export interface Deployed {
  readonly record: DeploymentRecord | null;
  /** Puts the dropped states back: the new flow could not be opened. */
  readonly undo: readonly StateWrite[];
}

/**
 * Writes a deployment into the log of a task that has stopped with a checkpoint: the states that do not fit are dropped and
 * the record of it is written, in one commit. A task that never committed has nothing to change.
 */
export async function writeDeployment(
  log: Log,
  before: FlowGraph,
  after: FlowGraph,
  instrument: Instrument,
): Promise<Deployed> {
  const task = await log.openTask(`${before.name}.${instrument.symbol}`, instrument.number, []);
  try {
    const cutText = task.state.get(checkpointKey);
    const committed = task.state.get(taskKey);
    if (cutText === undefined || committed === undefined) return { record: null, undo: [] };
    const { quarantined } = JSON.parse(cutText) as StoredCut;
    const stateOf = storedNode(task.state, new Set(quarantined));
    const nodes = planNodes(before, after, instrument, stateOf);
    const moved = nodes.flatMap(({ was }) => (was === null ? [] : [was]));
    const lost = nodes.filter(({ fate }) => fate === 'reset' || fate === 'gone');
    const dropped = new Set(lost.map(({ node, was }) => was ?? node));
    const writes: StateWrite[] = [
      { key: checkpointKey, value: cutWithout(cutText, dropped) },
      ...[...dropped].map((node) => ({ key: nodeKey(node), value: null })),
    ];
    const { seq, eventTime: ts, offsets } = readTaskState(committed);
    const { name: flow, version, hash } = after;
    const record = { ts, flow, version, hash, previous: before.hash, seq, offsets, nodes };
    await task.commit({
      outputs: [
        {
          topic: deploymentTopic(flow),
          key: instrument.symbol,
          ts,
          schema: deploymentSchema,
          value: JSON.stringify(record),
        },
      ],
      state: writes,
    });
    const undo = [checkpointKey, ...[...dropped, ...moved].map((node) => nodeKey(node))].flatMap(
      (key) => {
        const value = task.state.get(key);
        return value === undefined ? [] : [{ key, value }];
      },
    );
    return { record, undo };
  } finally {
    await task.close();
  }
}

/** Puts back what a deployment dropped. */
export async function undoDeployment(
  log: Log,
  flow: FlowGraph,
  instrument: Instrument,
  undo: readonly StateWrite[],
): Promise<void> {
  if (undo.length === 0) return;
  const task = await log.openTask(`${flow.name}.${instrument.symbol}`, instrument.number, []);
  await task.commit({ outputs: [], state: undo });
  await task.close();
}
