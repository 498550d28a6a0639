import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
} from 'xstate';
import type { Leaf } from '../contracts/evidence.ts';
import type { Candidate } from '../contracts/journal.ts';
import { changedFields } from '../contracts/same-value.ts';
import { OrderflowError } from '../errors.ts';
import { recordLeavesTo } from '../plugin/evidence.ts';
import { LightSteps } from './light-steps.ts';
import {
  heardBy,
  type MachineEvent,
  namedLeaf,
  type TransitionInfo,
  transitionsOf,
  withoutConflicts,
} from './transitions.ts';

// Every call into XState is in this file. It uses machine.transition with one inert scope a machine: the public
// transition() builds a throw-away actor (and runs the context factory) on every call.

/** A timer a machine asked for or cancelled. */
export type TimerRequest =
  | {
      readonly kind: 'set';
      readonly id: string;
      readonly delayMs: number;
      readonly event: MachineEvent;
    }
  | { readonly kind: 'cancel'; readonly id: string };

/** What a machine emitted: the out-port and the record. */
export interface Emission {
  readonly port: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What one macrostep did. */
export interface Macrostep {
  readonly from: string;
  readonly to: string;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly emits: readonly Emission[];
  readonly timers: readonly TimerRequest[];
  /** Transitions taken, in order, as XState reported them. */
  readonly taken: readonly string[];
  /** One bit per guard leaf evaluated, in order. */
  readonly guards: string;
  /** Every candidate whose guard was asked, with its leaves; empty unless explanations are on. */
  readonly candidates: readonly Candidate[];
}

interface InertScope {
  self: unknown;
  id: string;
  sessionId: string;
  logger: () => void;
  defer: (action: () => void) => void;
  emit: (event: MachineEvent) => void;
  stopChild: () => void;
  actionExecutor: (action: {
    info: unknown;
    params: unknown;
    exec?: (info: unknown, params: unknown) => void;
  }) => void;
  system: unknown;
}

interface Asked {
  readonly info: TransitionInfo;
  readonly passed: boolean | null;
  readonly leaves: readonly Leaf[];
}

const mostMicrosteps = 1_000;
const noPatch: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * Returns a state value as text: `a`, `a.b`, and for parallel regions `a.x,b.y` in the order of the chart, whatever order
 * the value names them in.
 */
export function stateText(value: unknown, chart: AnyStateNode): string {
  if (typeof value === 'string') return value;
  const parts = value as Record<string, unknown>;
  return Object.entries(chart.states)
    .filter(([key]) => key in parts)
    .map(([key, child]) => {
      const text = stateText(parts[key], child);
      if (text === '') return key;
      return text
        .split(',')
        .map((part) => `${key}.${part}`)
        .join(',');
    })
    .join(',');
}

/**
 * Puts the active states in document order. XState asks eventless transitions in the order states were entered, which a
 * restored snapshot does not know; in document order (as SCXML asks) a restored machine does what the other would have done.
 */
function inDocumentOrder(snapshot: AnyMachineSnapshot): AnyMachineSnapshot {
  activeNodes(snapshot).sort((a, b) => a.order - b.order);
  return snapshot;
}

function activeNodes(snapshot: AnyMachineSnapshot): AnyStateNode[] {
  return (snapshot as unknown as { _nodes: AnyStateNode[] })._nodes;
}

/** Returns a candidate as the journal has it; its fields in one order. */
function candidateOf(
  { id: transition, target, why }: TransitionInfo,
  verdict: Candidate['verdict'],
  leaves: readonly Leaf[],
): Candidate {
  return why === null
    ? { transition, target, verdict, leaves }
    : { transition, target, why, verdict, leaves };
}

/** One running statechart: XState's pure step function, its current snapshot, and what each step did. */
export class MachineInstance {
  readonly machine: AnyStateMachine;
  readonly transitions: ReadonlyMap<AnyTransitionDefinition, TransitionInfo>;
  explain = true;
  /** False leaves out of a step what only the journal reads: states as text, patch, guards. */
  journaled = true;
  /** Set by start() or restore(), one of which comes before any event. */
  private snapshot!: AnyMachineSnapshot;
  private readonly scope: InertScope;
  private readonly lightSteps: LightSteps;
  private emits: Emission[] = [];
  private timers: TimerRequest[] = [];
  private taken: AnyTransitionDefinition[] = [];
  private asked: Asked[] = [];
  private leaves: Leaf[] = [];
  /** States as text by their active nodes: light steps come back to the same ones. */
  private readonly texts = new WeakMap<readonly AnyStateNode[], string>();
  /** Event types that some transition names; null when every event may move the machine. */
  private readonly heard: ReadonlySet<string> | null;

  constructor(machine: AnyStateMachine) {
    this.machine = machine;
    machine.options.maxIterations = mostMicrosteps;
    this.transitions = transitionsOf(machine);
    for (const [transition, info] of this.transitions) this.watchGuard(transition, info);
    this.heard = heardBy(this.transitions);
    this.scope = this.createScope();
    this.lightSteps = new LightSteps(machine, this.transitions.keys(), this.scope);
  }

  /** The current state as text. */
  get state(): string {
    if (!this.started) return '';
    // An assign makes a new state value even where no state changed; its active nodes stay the same.
    const nodes = activeNodes(this.snapshot);
    const known = this.texts.get(nodes);
    if (known !== undefined) return known;
    const text = stateText(this.snapshot.value, this.machine.root);
    this.texts.set(nodes, text);
    return text;
  }

  /** The current state as XState's value. */
  get value(): unknown {
    return this.snapshot.value;
  }

  /** Whether it was started or restored. */
  get started(): boolean {
    return this.snapshot !== undefined;
  }

  /** The current context. */
  get context(): Readonly<Record<string, unknown>> {
    return this.snapshot.context as Readonly<Record<string, unknown>>;
  }

  /** Enters the initial state; its emits and timers are in the returned step. */
  start(): Macrostep {
    this.reset();
    this.snapshot = inDocumentOrder(this.initial());
    return this.finish('', noPatch);
  }

  /**
   * Runs one event to completion.
   *
   * @throws whatever a guard or action threw; the snapshot is then the one before the event.
   */
  send(event: MachineEvent): Macrostep {
    this.reset();
    const before = this.snapshot;
    const from = this.journaled ? this.state : '';
    if (this.heard?.has(event.type) === false) return this.finish(from, noPatch);
    this.snapshot = this.lightStep(before, event) ?? this.fullStep(before, event);
    const patch = this.journaled ? changedFields(before.context, this.snapshot.context) : noPatch;
    return this.finish(from, patch);
  }

  /** Returns XState's persisted form: value, context, history. */
  persist(): Readonly<Record<string, unknown>> {
    return this.machine.getPersistedSnapshot(this.snapshot as never);
  }

  /** Goes on from a persisted form. */
  restore(persisted: Readonly<Record<string, unknown>>): void {
    this.snapshot = inDocumentOrder(
      this.machine.restoreSnapshot(persisted as never, this.scope as never) as AnyMachineSnapshot,
    );
  }

  /**
   * Puts the machine into a state and context by hand; for tests that begin in the middle. Returns the timers that
   * entering the state would have set.
   */
  force(value: unknown, context: Readonly<Record<string, unknown>>): readonly TimerRequest[] {
    const resolved = this.machine.resolveState({
      value: value as never,
      context: { ...this.context, ...context },
    });
    this.snapshot = inDocumentOrder(resolved as AnyMachineSnapshot);
    const nodes = (resolved as unknown as { _nodes: readonly AnyStateNode[] })._nodes;
    return nodes.flatMap((node) =>
      node.after.map((timer) => ({
        kind: 'set' as const,
        id: timer.eventType,
        delayMs: this.delayOf(timer.delay),
        event: { type: timer.eventType },
      })),
    );
  }

  private lightStep(before: AnyMachineSnapshot, event: MachineEvent): AnyMachineSnapshot | null {
    recordLeavesTo(this.leaves, this.explain);
    const step = this.lightSteps.run(before, event);
    recordLeavesTo(null, false);
    if (step) this.taken.push(...step.taken);
    else this.reset();
    return step?.snapshot ?? null;
  }

  private fullStep(before: AnyMachineSnapshot, event: MachineEvent): AnyMachineSnapshot {
    recordLeavesTo(this.leaves, this.explain);
    let next: AnyMachineSnapshot;
    try {
      next = this.machine.transition(
        before as never,
        event,
        this.scope as never,
      ) as AnyMachineSnapshot;
    } finally {
      recordLeavesTo(null, false);
    }
    if (next.status === 'error') throw next.error;
    return inDocumentOrder(next);
  }

  private delayOf(delay: unknown): number {
    if (typeof delay === 'number') return delay;
    const named: unknown = (this.machine.implementations.delays as Record<string, unknown>)[
      String(delay)
    ];
    if (typeof named !== 'function') return Number(named);
    return Number(named({ context: this.snapshot.context, event: { type: '@force' } }));
  }

  private initial(): AnyMachineSnapshot {
    const { machine, scope } = this;
    const snapshot = machine.getInitialSnapshot(scope as never) as AnyMachineSnapshot;
    if (snapshot.status === 'error') {
      throw new OrderflowError(
        'OF_MACHINE_START',
        { machine: this.machine.id, cause: String(snapshot.error) },
        { cause: snapshot.error },
      );
    }
    return snapshot;
  }

  private reset(): void {
    this.emits = [];
    this.timers = [];
    this.taken = [];
    this.asked = [];
    this.leaves = [];
  }

  private finish(from: string, patch: Readonly<Record<string, unknown>>): Macrostep {
    let guards = '';
    if (this.journaled) for (const leaf of this.leaves) guards += leaf.ok ? '1' : '0';
    return {
      from,
      to: this.journaled ? this.state : '',
      patch,
      emits: this.emits,
      timers: this.timers,
      taken: this.taken.map((t) => this.transitions.get(t)?.id ?? 'init'),
      guards,
      candidates: this.explain ? this.candidates() : [],
    };
  }

  /** Fired is what XState's microsteps say was taken; only the others are classified. */
  private candidates(): Candidate[] {
    const list = this.asked.map(({ info, passed, leaves }): Candidate => {
      const verdict =
        passed === null ? 'error' : passed ? this.passedVerdict(info) : 'guard-blocked';
      // A guard that compares nothing is explained by its name.
      const told = passed === false && leaves.length === 0 ? [namedLeaf(info)] : leaves;
      return candidateOf(info, verdict, told);
    });
    for (const transition of this.taken) {
      const info = this.transitions.get(transition);
      if (info && !this.asked.some((one) => one.info === info))
        list.push(candidateOf(info, 'fired', []));
    }
    return list;
  }

  private passedVerdict(info: TransitionInfo): Candidate['verdict'] {
    return this.taken.some((t) => this.transitions.get(t) === info) ? 'fired' : 'shadowed';
  }

  /** Wraps a guard so that each evaluation is noted under its transition; its value is never touched. */
  private watchGuard(transition: AnyTransitionDefinition, info: TransitionInfo): void {
    const guard: unknown = transition.guard;
    if (guard === undefined) return;
    const name = info.guard ?? '';
    const implementation = (this.machine.implementations.guards as Record<string, unknown>)[name];
    if (typeof implementation !== 'function') {
      throw new OrderflowError('OF_MACHINE_GUARD_MISSING', {
        machine: this.machine.id,
        guard: name,
        transition: info.id,
      });
    }
    const params: unknown =
      typeof guard === 'object' && guard !== null && 'params' in guard ? guard.params : undefined;
    const watched = (args: { context: unknown; event: unknown }): boolean => {
      const first = this.leaves.length;
      let passed: boolean | null = null;
      try {
        passed = Boolean(
          implementation(args, typeof params === 'function' ? params(args) : params),
        );
        return passed;
      } finally {
        if (this.explain) this.asked.push({ info, passed, leaves: this.leaves.slice(first) });
      }
    };
    (transition as { guard?: unknown }).guard = watched;
  }

  private createScope(): InertScope {
    const noop = (): void => {};
    const self = {
      id: this.machine.id,
      sessionId: 'inert',
      send: noop,
      getSnapshot: () => this.snapshot,
    };
    return {
      self,
      id: this.machine.id,
      sessionId: 'inert',
      logger: noop,
      defer: (action) => action(),
      emit: ({ type: port, ...payload }) => this.emits.push({ port, payload }),
      stopChild: noop,
      actionExecutor: (action) => action.exec?.(action.info, action.params),
      system: {
        _bookId: () => 'inert',
        _register: noop,
        _unregister: noop,
        _relay: noop,
        _sendInspectionEvent: (e: { type: string; _transitions?: AnyTransitionDefinition[] }) => {
          if (e.type === '@xstate.microstep' && e._transitions)
            this.taken.push(...withoutConflicts(e._transitions));
        },
        get: noop,
        getAll: () => ({}),
        scheduler: {
          schedule: (
            _source: unknown,
            _target: unknown,
            event: MachineEvent,
            delayMs: number,
            id: string,
          ) => this.timers.push({ kind: 'set', id, delayMs, event }),
          cancel: (_source: unknown, id: string) => this.timers.push({ kind: 'cancel', id }),
        },
      },
    };
  }
}
