import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { Leaf } from '../contracts/evidence.ts';
import { OrderflowError } from '../errors.ts';

/** An event into a machine. */
export type MachineEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** A transition of a statechart as everybody names it: journal, why, diagrams. */
export interface TransitionInfo {
  /** `<source state>:<event>:<index>`; the index counts the candidates of that state and event from 0. */
  readonly id: string;
  /** Path of the source state, `a.b`; `(root)` for the machine itself. */
  readonly source: string;
  /** The event's name; `always` for eventless transitions, `after <milliseconds>` for timers. */
  readonly event: string;
  readonly index: number;
  /** Path of the target state; null for a transition that stays. */
  readonly target: string | null;
  /** Name of the guard; null without. */
  readonly guard: string | null;
  /** The `why` label of the transition. */
  readonly why: string | null;
  readonly kind: 'event' | 'always' | 'after';
}

/** Returns the path of a state node, `a.b`; `(root)` for the machine. */
export function statePath(node: AnyStateNode): string {
  return node.path.length === 0 ? '(root)' : node.path.join('.');
}

function guardName(transition: AnyTransitionDefinition, source: string): string | null {
  const guard: unknown = transition.guard;
  if (guard === undefined) return null;
  if (typeof guard === 'string') return guard;
  if (
    typeof guard === 'object' &&
    guard !== null &&
    'type' in guard &&
    typeof guard.type === 'string'
  ) {
    return guard.type;
  }
  throw new OrderflowError('OF_MACHINE_GUARD_INLINE', {
    machine: transition.source.machine.id,
    state: source,
  });
}

function whyOf(transition: AnyTransitionDefinition): string | null {
  const meta: unknown = transition.meta;
  if (typeof meta !== 'object' || meta === null || !('why' in meta)) return null;
  return typeof meta.why === 'string' ? meta.why : null;
}

function eventName(descriptor: string): { event: string; kind: TransitionInfo['kind'] } {
  const after = /^xstate\.after\.([^.]+)\./.exec(descriptor);
  return after
    ? { event: `after ${after[1]}`, kind: 'after' }
    : { event: descriptor, kind: 'event' };
}

function infoOf(
  transition: AnyTransitionDefinition,
  event: string,
  kind: TransitionInfo['kind'],
  index: number,
): TransitionInfo {
  const source = statePath(transition.source);
  const target = transition.target?.[0];
  return {
    id: `${source}:${event}:${index}`,
    source,
    event,
    index,
    target: target ? statePath(target) : null,
    guard: guardName(transition, source),
    why: whyOf(transition),
    kind,
  };
}

/**
 * Returns every transition of a machine in document order, `always` and `after` included, keyed by XState's own
 * definition object, which is what a microstep names as taken.
 *
 * @throws {OF_MACHINE_GUARD_INLINE} for a guard that is not given by name: it could not be shown.
 */
export function transitionsOf(
  machine: AnyStateMachine,
): ReadonlyMap<AnyTransitionDefinition, TransitionInfo> {
  const all = new Map<AnyTransitionDefinition, TransitionInfo>();
  const walk = (node: AnyStateNode): void => {
    for (const [descriptor, candidates] of node.transitions) {
      const { event, kind } = eventName(descriptor);
      candidates.forEach((t, index) => all.set(t, infoOf(t, event, kind, index)));
    }
    (node.always ?? []).forEach((t, index) => all.set(t, infoOf(t, 'always', 'always', index)));
    for (const child of Object.values(node.states) as AnyStateNode[]) walk(child);
  };
  walk(machine.root);
  return all;
}

/** Whether a state lies below another one. */
export function isDescendant(node: AnyStateNode, ancestor: AnyStateNode): boolean {
  for (let n = node.parent; n; n = n.parent) if (n === ancestor) return true;
  return false;
}

/** The state whose descendants a transition exits; null when it exits none. */
export function domainOf(transition: AnyTransitionDefinition): AnyStateNode | null {
  const targets = transition.target;
  if (!targets || targets.length === 0) return null;
  const { source } = transition;
  if (!transition.reenter && targets.every((t) => t === source || isDescendant(t, source)))
    return source;
  for (let n = source.parent; n; n = n.parent) {
    if (targets.every((t) => isDescendant(t, n as AnyStateNode))) return n;
  }
  return source.machine.root;
}

/**
 * Returns the transitions of a microstep that were really taken. XState reports the enabled set of a microstep before
 * conflicts between parallel regions are removed; the inner source wins, else the first in document order.
 *
 * @source SCXML, algorithm removeConflictingTransitions.
 */
export function withoutConflicts(
  enabled: readonly AnyTransitionDefinition[],
): readonly AnyTransitionDefinition[] {
  const unique = [...new Set(enabled)];
  if (unique.length < 2) return unique;
  let kept: AnyTransitionDefinition[] = [];
  for (const candidate of unique) {
    const domain = domainOf(candidate);
    const rivals = kept.filter((other) => overlap(domain, domainOf(other)));
    if (rivals.some((other) => !isDescendant(candidate.source, other.source))) continue;
    kept = [...kept.filter((other) => !rivals.includes(other)), candidate];
  }
  return kept;
}

function overlap(a: AnyStateNode | null, b: AnyStateNode | null): boolean {
  return a !== null && b !== null && (a === b || isDescendant(a, b) || isDescendant(b, a));
}

/** Returns the event types that transitions name; null where a wildcard or an eventless one may answer any event. */
export function heardBy(
  transitions: ReadonlyMap<AnyTransitionDefinition, TransitionInfo>,
): ReadonlySet<string> | null {
  const types = new Set<string>();
  for (const [{ eventType }, { kind }] of transitions) {
    if (kind === 'always' || eventType.includes('*')) return null;
    types.add(eventType);
  }
  return types;
}

/** Returns what a guard that left no evidence says by its name: `isOtherSideArmed` is "other side armed". */
export function namedLeaf({ guard, why }: TransitionInfo): Leaf {
  const words = (guard ?? '').replace(/^(is|has|can)(?=[A-Z])/, '').replace(/[A-Z]/g, ' $&');
  return { text: why ?? words.trim().toLowerCase(), ok: false };
}
