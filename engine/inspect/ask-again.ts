import type { Candidate } from '../contracts/journal.ts';
import { MachineInstance } from '../runtime/machine.ts';
import type { Task } from '../runtime/task.ts';
import type { MachineEvent } from '../runtime/transitions.ts';

type TaskNode = Task['nodes'][number];
type Context = Readonly<Record<string, unknown>>;

/** Where a machine stood when an event came: its state as XState's value, and its context. */
export interface Standing {
  readonly value: unknown;
  readonly context: Context;
}

/** What guards answered to an event. */
export interface Asking {
  readonly candidates: readonly Candidate[];
  /** What a guard or an action threw; null when nothing was thrown. */
  readonly error: string | null;
}

/** A machine of a node apart from the one at work, with its own memory; tables and clock are those of the task, to be read. */
function apart(task: Task, node: TaskNode, config: Context): MachineInstance | null {
  const { graphNode, environment, memory } = node;
  const machine = graphNode.plugin.machine?.({
    config: config as never,
    instrument: task.instrument,
    environment: {
      table: (alias) => environment.table(alias),
      now: () => environment.now(),
      memory: structuredClone(memory),
    },
  });
  return machine ? new MachineInstance(machine) : null;
}

function send(machine: MachineInstance, event: MachineEvent): Asking {
  try {
    return { candidates: machine.send(event).candidates, error: null };
  } catch (error) {
    return { candidates: [], error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Asks the guards of a node's machine what they would answer to an event as the machine stands now. The machine at work,
 * its memory and its timers stay as they are: the question is put to another one that stands where it stands.
 *
 * @returns Null for a node without machine, and before it was started.
 */
export function askNow(task: Task, node: TaskNode, event: MachineEvent): Asking | null {
  if (!node.machine?.started || node.quarantined) return null;
  const machine = apart(task, node, node.config);
  if (!machine) return null;
  machine.restore(structuredClone(node.machine.persist()));
  return send(machine, event);
}

/**
 * Asks the guards what they would have answered to an event with other parameters. Guards that read tables read those of
 * now.
 *
 * @param config - Parameters in inside form.
 * @param standing - Where the machine stood before the event.
 */
export function askWith(
  task: Task,
  node: TaskNode,
  config: Context,
  { value, context }: Standing,
  event: MachineEvent,
): Asking | null {
  const machine = apart(task, node, config);
  if (!machine) return null;
  try {
    machine.start();
    machine.force(value, structuredClone(context));
  } catch (error) {
    return { candidates: [], error: error instanceof Error ? error.message : String(error) };
  }
  return send(machine, event);
}
