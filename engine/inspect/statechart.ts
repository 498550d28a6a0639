import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { statePath, type TransitionInfo, transitionsOf } from '../runtime/transitions.ts';

/** A state of a statechart as data, for diagrams and the inspector. */
export interface StateInfo {
  /** Path, `a.b`; the machine itself is not among the states. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** Path of the state around it; null at the top. */
  readonly parent: string | null;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Path of the state it starts in; null unless compound. */
  readonly initial: string | null;
  /** What being here means, in a sentence; null where the plugin says nothing. */
  readonly description: string | null;
}

/** A statechart as plain data: states in document order, parents before children. */
export interface Statechart {
  readonly id: string;
  readonly isParallel: boolean;
  /** Path of the first state; null when the machine is parallel. */
  readonly initial: string | null;
  readonly states: readonly StateInfo[];
  /** Every transition, eventless ones and timers included, in document order. */
  readonly transitions: readonly TransitionInfo[];
}

function initialOf(node: AnyStateNode): string | null {
  const [target] = node.type === 'compound' ? (node.initial.target ?? []) : [];
  return target ? statePath(target) : null;
}

function childrenOf(node: AnyStateNode): AnyStateNode[] {
  return Object.values(node.states) as AnyStateNode[];
}

function stateInfo(node: AnyStateNode): StateInfo {
  const { parent } = node;
  return {
    path: statePath(node),
    name: node.key,
    parent: parent && parent.path.length > 0 ? statePath(parent) : null,
    kind: node.type,
    initial: initialOf(node),
    description: node.description ?? null,
  };
}

function statesBelow(node: AnyStateNode): StateInfo[] {
  return childrenOf(node).flatMap((child) => [stateInfo(child), ...statesBelow(child)]);
}

/**
 * Returns a machine's statechart as plain data.
 *
 * @throws {OF_MACHINE_GUARD_INLINE} when a guard is not given by name.
 */
export function statechartOf(machine: AnyStateMachine): Statechart {
  return {
    id: machine.id,
    isParallel: machine.root.type === 'parallel',
    initial: initialOf(machine.root),
    states: statesBelow(machine.root),
    transitions: [...transitionsOf(machine).values()],
  };
}
