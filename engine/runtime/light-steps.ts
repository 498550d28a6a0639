import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
  StateValue,
} from 'xstate';
import { domainOf, isDescendant, type MachineEvent, withoutConflicts } from './transitions.ts';

// Most macrosteps are light: no transition is enabled, or it has no target, or it leads between states that run but
// actions on entry and exit, timers among them. XState computes exit and entry sets, the state value and tags anew for each, several times over:
// ten to twenty times what is needed. Here a light step is selected and run directly, with XState's own definitions,
// and what a transition makes of a configuration is kept. Whatever this file does not know is left to XState; that
// both do the same is held by machine.property.test.ts.

/** A built-in action as XState makes it. */
interface Builtin {
  readonly type: string;
  readonly assignment?: unknown;
  resolve(
    scope: unknown,
    snapshot: unknown,
    args: ActionArguments,
    params: unknown,
    action: Builtin,
    extra: unknown,
  ): readonly [snapshot: unknown, params: unknown, actions?: readonly Action[]];
  execute?(scope: unknown, params: unknown): void;
}

interface ActionArguments {
  readonly context: Record<string, unknown>;
  readonly event: MachineEvent;
  readonly self: unknown;
  readonly system: unknown;
}

type Plain = (args: ActionArguments, params: unknown) => unknown;
type Action = string | Builtin | Plain | { readonly type: string; readonly params?: unknown };

interface Scope {
  readonly self: unknown;
  readonly system: unknown;
}

type Guard = (args: { readonly context: unknown; readonly event: unknown }) => boolean;

const known: ReadonlySet<string> = new Set(
  ['assign', 'cancel', 'emit', 'enqueueActions', 'raise'].map((name) => `xstate.${name}`),
);
/** A step that takes more transitions is left to XState, which has the limit and the words for it. */
const mostSteps = 100;

/** Configurations of one machine that are kept; parallel regions make products of them. */
const mostConfigurations = 4_096;

/** The active states, and what follows from them alone. */
interface Configuration {
  readonly _nodes: readonly AnyStateNode[];
  readonly value: StateValue;
  readonly tags: Set<string>;
}

/** What a transition does from a configuration: where it leads, and what the states it leaves and enters run. */
interface Move {
  readonly to: Configuration;
  readonly exit: readonly Action[];
  readonly entry: readonly Action[];
}

/** The moves of one transition, by where they begin; null where only XState can make them. */
type Moves = WeakMap<readonly AnyStateNode[], Move | null>;

/** What a light step did: the next snapshot, and the transitions taken. */
export interface LightStep {
  readonly snapshot: AnyMachineSnapshot;
  readonly taken: readonly AnyTransitionDefinition[];
}

/** Thrown by an action that only XState can run; never seen outside this file. */
const unknownAction = new Error('an action for XState');

/** The light steps of one machine. */
export class LightSteps {
  private readonly machine: AnyStateMachine;
  private readonly scope: Scope;
  private readonly light = new Map<AnyTransitionDefinition, Moves>();
  private readonly configurations = new Map<string, Configuration>();
  /** A descriptor such as `tape.*` needs XState's own order of candidates. */
  private readonly isPlain: boolean;
  private nodes: readonly AnyStateNode[] = [];
  private eventless: readonly AnyTransitionDefinition[] = [];
  /** Events that actions of the present step raised and that were not run yet. */
  private raised: MachineEvent[] = [];

  constructor(
    machine: AnyStateMachine,
    transitions: Iterable<AnyTransitionDefinition>,
    scope: Scope,
  ) {
    this.machine = machine;
    this.scope = scope;
    let isPlain = true;
    for (const transition of transitions) {
      if (this.isLight(transition)) this.light.set(transition, new WeakMap());
      if (transition.eventType.includes('*')) isPlain = false;
    }
    this.isPlain = isPlain;
  }

  /**
   * Runs an event if that takes light steps only; null when XState has to. Guards may have been asked, and emits and
   * timers told to the scope, when null is returned: the caller forgets them.
   */
  run(snapshot: AnyMachineSnapshot, event: MachineEvent): LightStep | null {
    if (!this.isPlain || snapshot.status !== 'active') return null;
    try {
      return this.complete(snapshot, event);
    } catch {
      // XState runs it again and words the error as everybody knows it.
      return null;
    }
  }

  /** Runs the event and those it raises, one after the other. */
  private complete(snapshot: AnyMachineSnapshot, event: MachineEvent): LightStep | null {
    const taken: AnyTransitionDefinition[] = [];
    let next: AnyMachineSnapshot = snapshot;
    this.raised = [];
    for (let cause: MachineEvent | undefined = event; cause; cause = this.raised.shift()) {
      const enabled = select(this.machine.root, next.value, next.context, cause) ?? [];
      if (enabled.length > 1 && withoutConflicts(enabled).length < enabled.length) return null;
      for (const transition of enabled) {
        const after = this.take(next, cause, transition, enabled.length === 1);
        if (after === null || taken.length > mostSteps) return null;
        taken.push(transition);
        next = after;
      }
      const args = { context: next.context as unknown, event: cause };
      if (this.eventlessOf(next).some(({ guard }) => !guard || (guard as Guard)(args))) return null;
    }
    return { snapshot: next, taken };
  }

  /** Takes one of the enabled transitions; null when that is no light step. */
  private take(
    snapshot: AnyMachineSnapshot,
    cause: MachineEvent,
    transition: AnyTransitionDefinition,
    isAlone: boolean,
  ): AnyMachineSnapshot | null {
    const moves = this.light.get(transition);
    if (!moves) return null;
    const actions = actionsOf(transition.actions);
    if (!transition.target) return this.act(snapshot, cause, actions);
    const move = this.moveOf(snapshot, transition, moves);
    // XState leaves the states of all regions before it enters any.
    if (move === null || (!isAlone && isBusy(move))) return null;
    const left = this.act(this.act(snapshot, cause, move.exit), cause, actions);
    return this.act({ ...left, ...move.to } as AnyMachineSnapshot, cause, move.entry);
  }

  /** What a transition with a target does from here. */
  private moveOf(
    snapshot: AnyMachineSnapshot,
    transition: AnyTransitionDefinition,
    moves: Moves,
  ): Move | null {
    const { _nodes: from } = snapshot as unknown as Configuration;
    let move = moves.get(from);
    if (move === undefined) {
      move = this.makeMove(transition, from);
      moves.set(from, move);
    }
    return move;
  }

  /** Leaves what lies below the transition's domain and enters the way to its target. */
  private makeMove(
    transition: AnyTransitionDefinition,
    from: readonly AnyStateNode[],
  ): Move | null {
    const domain = domainOf(transition);
    const left = from.filter((node) => domain !== null && isDescendant(node, domain));
    const entered: AnyStateNode[] = [];
    for (let node = transition.target?.[0]; node && node !== domain; node = node.parent) {
      // Below a parallel state the other regions would have to be entered too.
      if (node.parent?.type !== 'compound') return null;
      entered.unshift(node);
    }
    if (![...left, ...entered].every((node) => this.isPlace(node))) return null;
    const active = new Set([...from.filter((node) => !left.includes(node)), ...entered]);
    // Inner states are left first and entered last.
    const exit = left.toSorted((a, b) => b.order - a.order).flatMap((node) => actionsOf(node.exit));
    const entry = entered.flatMap((node) => actionsOf(node.entry));
    return { to: this.only(configurationOf(transition, active)), exit, entry };
  }

  /** Whether entering and leaving a state runs known actions at most: no children, memory or end. */
  private isPlace({ type, entry, exit, invoke, states }: AnyStateNode): boolean {
    const isPlace = type === 'atomic' || type === 'compound' || type === 'parallel';
    if (!isPlace || invoke.length > 0) return false;
    if (![...actionsOf(entry), ...actionsOf(exit)].every((action) => this.isKnown(action)))
      return false;
    return (Object.values(states) as AnyStateNode[]).every((child) => child.type !== 'history');
  }

  /** One object for the same active states, so that what is kept by it is found again. */
  private only(configuration: Configuration): Configuration {
    const key = configuration._nodes.map(({ order }) => order).join(' ');
    const earlier = this.configurations.get(key);
    if (earlier) return earlier;
    if (this.configurations.size < mostConfigurations) this.configurations.set(key, configuration);
    return configuration;
  }

  private act(
    snapshot: AnyMachineSnapshot,
    event: MachineEvent,
    actions: readonly Action[],
  ): AnyMachineSnapshot {
    let next = snapshot;
    for (const action of actions) {
      const run = this.implementation(action);
      const { self, system } = this.scope;
      const context = next.context as Record<string, unknown>;
      const args = { context, event, self, system };
      const params = paramsOf(action, context, event);
      if (!run || !('resolve' in run)) {
        run?.(args, params);
      } else if (run.type === 'xstate.assign') {
        next = { ...next, context: { ...context, ...assigned(run.assignment, args, params) } };
      } else {
        next = this.resolve(next, event, run, args, params);
      }
    }
    return next;
  }

  private resolve(
    snapshot: AnyMachineSnapshot,
    event: MachineEvent,
    builtin: Builtin,
    args: ActionArguments,
    params: unknown,
  ): AnyMachineSnapshot {
    if (!known.has(builtin.type)) throw unknownAction;
    const [, resolved, more] = builtin.resolve(this.scope, snapshot, args, params, builtin, {
      internalQueue: this.raised,
    });
    builtin.execute?.(this.scope, resolved);
    return more ? this.act(snapshot, event, more) : snapshot;
  }

  private implementation(action: Action): Builtin | Plain | undefined {
    if (typeof action === 'function') return action;
    const name = typeof action === 'string' ? action : action.type;
    return (this.machine.implementations.actions as Record<string, Builtin | Plain>)[name];
  }

  /** Whether a transition may be light: at most one target, without states of its own, and known actions only. */
  private isLight({ target, reenter, actions }: AnyTransitionDefinition): boolean {
    if (reenter || (target && (target.length !== 1 || target[0]?.type !== 'atomic'))) return false;
    return actionsOf(actions).every((action) => this.isKnown(action));
  }

  private isKnown(action: Action): boolean {
    const run = this.implementation(action);
    return !run || !('resolve' in run) || known.has(run.type);
  }

  /** The eventless transitions of the active states, in the order XState asks them. */
  private eventlessOf(snapshot: AnyMachineSnapshot): readonly AnyTransitionDefinition[] {
    const { _nodes: nodes } = snapshot as unknown as { readonly _nodes: readonly AnyStateNode[] };
    if (nodes === this.nodes) return this.eventless;
    this.nodes = nodes;
    const eventless: AnyTransitionDefinition[] = [];
    for (const atomic of nodes.filter(({ type }) => type === 'atomic' || type === 'final')) {
      for (let node: AnyStateNode | undefined = atomic; node; node = node.parent)
        eventless.push(...(node.always ?? []));
    }
    this.eventless = eventless;
    return eventless;
  }
}

function actionsOf(actions: unknown): readonly Action[] {
  return actions as readonly Action[];
}

function isBusy({ exit, entry }: Move): boolean {
  return exit.length + entry.length > 0;
}

/** The state value of active nodes, as XState writes it. */
function valueOf(node: AnyStateNode, active: ReadonlySet<AnyStateNode>): StateValue {
  const value: Record<string, StateValue> = {};
  for (const child of Object.values(node.states) as AnyStateNode[]) {
    if (!active.has(child)) continue;
    if (node.type === 'compound' && child.type === 'atomic') return child.key;
    value[child.key] = valueOf(child, active);
  }
  return value;
}

function configurationOf(
  { source }: AnyTransitionDefinition,
  active: ReadonlySet<AnyStateNode>,
): Configuration {
  const nodes = [...active].toSorted((a, b) => a.order - b.order);
  return {
    _nodes: nodes,
    value: valueOf(source.machine.root, active),
    tags: new Set(nodes.flatMap((node) => node.tags)),
  };
}

/** The first transition of a state whose guard passes. */
function ownOf(
  node: AnyStateNode,
  context: unknown,
  event: MachineEvent,
): AnyTransitionDefinition[] | null {
  for (const transition of node.transitions.get(event.type) ?? []) {
    const guard = transition.guard as Guard | undefined;
    if (guard === undefined || guard({ context, event })) return [transition];
  }
  return null;
}

/** The transitions an event enables, inner states before outer ones, regions in document order. */
function select(
  node: AnyStateNode,
  value: unknown,
  context: unknown,
  event: MachineEvent,
): AnyTransitionDefinition[] | null {
  let inner: AnyTransitionDefinition[] | null = null;
  if (typeof value === 'string') {
    const child = node.states[value] as AnyStateNode | undefined;
    if (child) inner = ownOf(child, context, event);
  } else {
    const parts = value as Record<string, unknown>;
    for (const key in node.states) {
      const part = parts[key];
      if (part === undefined) continue;
      const found = select(node.states[key] as AnyStateNode, part, context, event);
      if (found) inner = inner ? [...inner, ...found] : found;
    }
  }
  return inner ?? ownOf(node, context, event);
}

function paramsOf(action: Action, context: unknown, event: MachineEvent): unknown {
  if (typeof action !== 'object' || !('params' in action)) return undefined;
  const { params } = action;
  return typeof params === 'function'
    ? (params as (args: unknown) => unknown)({ context, event })
    : params;
}

function assigned(assignment: unknown, args: ActionArguments, params: unknown): object {
  if (typeof assignment === 'function') return (assignment as Plain)(args, params) as object;
  const update: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(assignment as object))
    update[key] = typeof value === 'function' ? (value as Plain)(args, params) : (value as unknown);
  return update;
}
