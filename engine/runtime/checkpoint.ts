import type { TaskState } from '../contracts/journal.ts';
import { OrderflowError } from '../errors.ts';
import type { AggressorState } from '../market/aggressor.ts';
import type { NodeSnapshot } from '../plugin/define-plugin.ts';
import type { StateWrite } from './ports.ts';
import { type CutLayout, layoutOf, refitCut } from './refit.ts';
import type { Task } from './task.ts';

/** State key of the record every commit writes. */
export const taskKey = '@task';
/** State key of the cut that the node records belong to. */
export const checkpointKey = '@checkpoint';
/** State key of one node's snapshot. */
export const nodeKey = (node: string): string => `node:${node}`;

interface Checkpoint extends TaskState {
  readonly clock: Task['clock'];
  readonly aggressor: AggressorState;
  readonly deadlines: ReturnType<Task['deadlines']['snapshot']>;
  readonly views: ReturnType<Task['views']['snapshot']>;
  readonly probes: ReturnType<Task['probes']['snapshot']>;
  readonly tables: ReturnType<Task['tables']['snapshot']>;
  readonly timerSequence: number;
  /** Absent in cuts of older builds, which go by position alone. */
  readonly layout?: CutLayout;
  readonly quarantined: readonly string[];
}

/** Returns where a task stands: offsets, macrosteps, hash. */
export function taskState(task: Task): TaskState {
  return {
    flowHash: task.graph.hash,
    seq: task.journal.seq,
    journalHash: task.journal.hash,
    eventTime: task.clock.now,
    offsets: { ...task.offsets },
  };
}

/** Returns the writes of one consistent cut: every node, and what is between them. Only valid between two input records. */
export function checkpointOf(task: Task): StateWrite[] {
  const cut: Checkpoint = {
    ...taskState(task),
    // Before the first record the next deadline is -Infinity, which JSON does not know; rebuild() sets it anyhow.
    clock: { ...task.clock, next: 0 },
    aggressor: { ...task.aggressor },
    deadlines: task.deadlines.snapshot(),
    views: task.views.snapshot(),
    probes: task.probes.snapshot(),
    tables: task.tables.snapshot(),
    timerSequence: task.timers.sequence,
    layout: layoutOf(task),
    quarantined: task.nodes.filter((node) => node.quarantined).map((node) => node.id),
  };
  return [
    { key: checkpointKey, value: JSON.stringify(cut) },
    ...task.nodes.map((node) => ({
      key: nodeKey(node.id),
      value: JSON.stringify(node.snapshot(task.timers)),
    })),
  ];
}

function readNodes(
  task: Task,
  state: ReadonlyMap<string, string>,
  moved: Readonly<Record<string, string>>,
): void {
  const oldNames = new Map(Object.entries(moved).map(([old, now]) => [now, old]));
  for (const node of task.nodes) {
    const text =
      state.get(nodeKey(node.id)) ?? state.get(nodeKey(oldNames.get(node.id) ?? node.id));
    if (text !== undefined)
      node.restore(readStored(nodeKey(node.id), text) as NodeSnapshot, task.timers);
  }
}

/**
 * Puts a fresh task into the state of a checkpoint. Returns where the committed outputs end, so that the caller can
 * re-run the inputs in between; null when the state holds no checkpoint.
 *
 * @throws {OF_SNAPSHOT_VERSION} when a node's snapshot does not fit this build.
 */
export function restoreTask(task: Task, state: ReadonlyMap<string, string>): TaskState | null {
  const text = state.get(checkpointKey);
  if (text === undefined) return null;
  const cut = readStored(checkpointKey, text) as Checkpoint;
  const { moved } = task.graph;
  Object.assign(task.clock, cut.clock);
  Object.assign(task.aggressor, cut.aggressor);
  Object.assign(task.offsets, cut.offsets);
  task.journal.seq = cut.seq;
  task.journal.hash = cut.journalHash;
  const rename = (node: string): string => moved[node] ?? node;
  const fit = refitCut(task, cut, rename);
  if (fit.deadlines)
    task.deadlines.restore(fit.deadlines, fit.lateSchedules ? cut.clock.now : null);
  readNodes(task, state, moved);
  task.timers.sequence = cut.timerSequence;
  task.tables.restore(cut.tables, rename);
  task.views.restore(fit.views);
  task.probes.restore(fit.probes);
  const quarantined = new Set(cut.quarantined);
  for (const node of task.nodes) node.quarantined = quarantined.has(node.id);
  task.rebuild();
  const committed = state.get(taskKey);
  return committed === undefined ? cut : readTaskState(committed);
}

function readStored(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OrderflowError('OF_SNAPSHOT_DAMAGED', { key }, { cause: error });
  }
}

/**
 * Returns where a task's committed outputs end.
 *
 * @throws {OF_SNAPSHOT_DAMAGED} when the text is not what a commit writes.
 */
export function readTaskState(text: string): TaskState {
  const state = readStored(taskKey, text) as Partial<TaskState>;
  if (typeof state.flowHash === 'string' && typeof state.journalHash === 'string')
    return state as TaskState;
  throw new OrderflowError('OF_SNAPSHOT_DAMAGED', { key: taskKey });
}

/** Throws when a recovered task did not arrive at the committed hash. */
export function assertRecovered(task: Task, committed: TaskState): void {
  if (task.journal.seq === committed.seq && task.journal.hash === committed.journalHash) return;
  throw new OrderflowError('OF_SNAPSHOT_DIVERGED', {
    task: `${task.graph.name}.${task.instrument.symbol}`,
    seq: task.journal.seq,
    was: task.journal.hash.slice(0, 12),
    expected: `${committed.journalHash.slice(0, 12)} at macrostep ${committed.seq}`,
  });
}
