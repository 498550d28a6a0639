import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Candidate } from '../contracts/journal.ts';
import type { MachineInstance, Macrostep } from '../runtime/machine.ts';
import type { Task } from '../runtime/task.ts';
import { statePath } from '../runtime/transitions.ts';

/** How often and how long a state was active. */
export interface StateCoverage {
  readonly state: string;
  readonly entered: number;
  /** Event time spent in it, microseconds. */
  readonly timeUs: number;
}

/** What became of a transition each time its event came. */
export interface TransitionCoverage {
  readonly transition: string;
  readonly target: string | null;
  readonly taken: number;
  /** Its guard was asked and refused. */
  readonly blocked: number;
  /** Blocked without a leaf that says why. */
  readonly unexplained: number;
  /** What refused most often, in the words of the guard; null when nothing did. */
  readonly blockedBy: string | null;
  /** Its guard held, and a transition before it was taken. */
  readonly shadowed: number;
}

/** What runs so far made of one node. */
export interface NodeRunCoverage {
  readonly node: string;
  readonly states: readonly StateCoverage[];
  readonly transitions: readonly TransitionCoverage[];
}

interface StateCount {
  entered: number;
  timeUs: number;
}

interface TransitionCount {
  readonly target: string | null;
  taken: number;
  blocked: number;
  unexplained: number;
  shadowed: number;
  readonly reasons: Map<string, number>;
}

/** Counts of one node; they add up over runs. */
interface NodeCount {
  readonly states: Map<string, StateCount>;
  readonly transitions: Map<string, TransitionCount>;
}

function statesOf(machine: AnyStateMachine): string[] {
  const paths: string[] = [];
  const walk = (node: AnyStateNode): void => {
    for (const child of Object.values(node.states) as AnyStateNode[]) {
      if (child.type !== 'history') paths.push(statePath(child));
      walk(child);
    }
  };
  walk(machine.root);
  return paths;
}

/** The active states of a state text with all that hold them: `a.b,c` are `a`, `a.b` and `c`. */
function activeStates(text: string): ReadonlySet<string> {
  const active = new Set<string>();
  for (const leaf of text === '' ? [] : text.split(',')) {
    for (let dot = leaf.indexOf('.'); dot > 0; dot = leaf.indexOf('.', dot + 1))
      active.add(leaf.slice(0, dot));
    active.add(leaf);
  }
  return active;
}

function reasonOf({ leaves, why }: Candidate): string | null {
  const leaf = leaves.find(({ ok }) => !ok);
  if (!leaf) return null;
  return leaf.why ?? why ?? leaf.text;
}

function countCandidate(count: TransitionCount, candidate: Candidate): void {
  if (candidate.verdict === 'shadowed') count.shadowed += 1;
  if (candidate.verdict !== 'guard-blocked') return;
  count.blocked += 1;
  const reason = reasonOf(candidate);
  if (reason === null) count.unexplained += 1;
  else count.reasons.set(reason, (count.reasons.get(reason) ?? 0) + 1);
}

/** Where a machine stands in the run that is watched. */
interface Standing {
  active: ReadonlySet<string>;
  since: number;
}

/** Counts what the machines of tasks do: states entered, time in them, transitions taken and refused. */
export class RunCoverage {
  private readonly nodes = new Map<string, NodeCount>();
  private readonly endings: (() => void)[] = [];

  /** Watches a task that has not begun, with explanations on. Several tasks of one flow add up. */
  watch(task: Task): void {
    for (const { id, machine } of task.nodes)
      if (machine) this.watchMachine(this.countOf(id, machine), machine, () => task.clock.now);
  }

  /** Ends the runs that are watched: adds the time since the last change of state. */
  end(): void {
    for (const ending of this.endings.splice(0)) ending();
  }

  /** Returns what was counted, nodes in the order of the flow. */
  result(): NodeRunCoverage[] {
    return [...this.nodes].map(([node, { states, transitions }]) => ({
      node,
      states: [...states].map(([state, count]) => ({ state, ...count })),
      transitions: [...transitions].map(([transition, { reasons, ...count }]) => {
        const [most] = [...reasons].sort((a, b) => b[1] - a[1]);
        return { transition, ...count, blockedBy: most?.[0] ?? null };
      }),
    }));
  }

  private countOf(id: string, machine: MachineInstance): NodeCount {
    const known = this.nodes.get(id);
    if (known) return known;
    const states = new Map(
      statesOf(machine.machine).map((path) => [path, { entered: 0, timeUs: 0 }]),
    );
    const transitions = new Map(
      [...machine.transitions.values()].map(({ id: transition, target }) => [
        transition,
        { target, taken: 0, blocked: 0, unexplained: 0, shadowed: 0, reasons: new Map() },
      ]),
    );
    const count = { states, transitions };
    this.nodes.set(id, count);
    return count;
  }

  private watchMachine(count: NodeCount, machine: MachineInstance, now: () => number): void {
    const standing: Standing = { active: new Set(), since: 0 };
    const start = machine.start.bind(machine);
    const send = machine.send.bind(machine);
    machine.start = () => this.noted(count, standing, start(), now());
    machine.send = (event) => this.noted(count, standing, send(event), now());
    this.endings.push(() => this.addTime(count, standing, now()));
  }

  private addTime(count: NodeCount, standing: Standing, now: number): void {
    for (const path of standing.active) {
      const state = count.states.get(path);
      if (state) state.timeUs += now - standing.since;
    }
    standing.since = now;
  }

  private noted(count: NodeCount, standing: Standing, step: Macrostep, now: number): Macrostep {
    const passed = new Set<string>();
    for (const id of step.taken) {
      const transition = count.transitions.get(id);
      if (!transition) continue;
      transition.taken += 1;
      if (transition.target !== null) passed.add(transition.target);
    }
    for (const candidate of step.candidates) {
      const transition = count.transitions.get(candidate.transition);
      if (transition) countCandidate(transition, candidate);
    }
    this.addTime(count, standing, now);
    const active = step.to === step.from ? standing.active : activeStates(step.to);
    // A state entered and left within one step, or entered anew, shows only as a target.
    const entered = new Set([
      ...passed,
      ...[...active].filter((path) => !standing.active.has(path)),
    ]);
    for (const path of entered) {
      const state = count.states.get(path);
      if (state) state.entered += 1;
    }
    standing.active = active;
    return step;
  }
}

/** Returns the states never entered, as `node state`. */
export function neverEntered(nodes: readonly NodeRunCoverage[]): string[] {
  return nodes.flatMap(({ node, states }) =>
    states.filter(({ entered }) => entered === 0).map(({ state }) => `${node} ${state}`),
  );
}

/** Returns the transitions never taken, as `node transition`. */
export function neverTaken(nodes: readonly NodeRunCoverage[]): string[] {
  return nodes.flatMap(({ node, transitions }) =>
    transitions.filter(({ taken }) => taken === 0).map(({ transition }) => `${node} ${transition}`),
  );
}
