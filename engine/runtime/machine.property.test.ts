import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  createActor,
  emit,
  enqueueActions,
  raise,
  setup,
} from 'xstate';
import { MachineInstance, type Macrostep, stateText } from './machine.ts';
import type { MachineEvent } from './transitions.ts';

const events = ['a', 'b', 'c', 'd'] as const;

interface Plan {
  /** Per leaf of the chart and event: the target leaf, or none, and which guard stands before it. */
  readonly moves: readonly {
    readonly from: number;
    readonly event: number;
    readonly to: number;
    readonly guard: number;
    readonly act: number;
  }[];
  readonly always: readonly { readonly from: number; readonly guard: number }[];
  readonly deep: boolean;
  /** Leaves that do something on entry. */
  readonly busy: readonly number[];
  /** Leaves that are left again after a while, and where they lead. */
  readonly timed: readonly { readonly from: number; readonly to: number }[];
}

const leaves = 4;
const guardNames = ['none', 'isEven', 'isSmall'] as const;
const actionNames = ['count', 'tell', 'again', 'several'] as const;

const plans: fc.Arbitrary<Plan> = fc.record({
  moves: fc.array(
    fc.record({
      from: fc.nat(leaves * 3 - 1),
      event: fc.nat(events.length - 1),
      to: fc.nat(leaves + 1),
      guard: fc.nat(guardNames.length - 1),
      act: fc.nat(actionNames.length - 1),
    }),
    { minLength: 4, maxLength: 24 },
  ),
  always: fc.array(
    fc.record({ from: fc.nat(leaves * 3 - 1), guard: fc.integer({ min: 1, max: 2 }) }),
    { maxLength: 4 },
  ),
  deep: fc.boolean(),
  busy: fc.array(fc.nat(leaves * 3 - 1), { maxLength: leaves * 3 }),
  timed: fc.array(fc.record({ from: fc.nat(leaves * 3 - 1), to: fc.nat(leaves - 1) }), {
    maxLength: leaves * 3,
  }),
});

/** Region `r` has leaves l0..l3; moves stay in their leaf or region, or leave it through the root to the history state. */
function regionOf(plan: Plan, region: number): Record<string, unknown> {
  const states: Record<string, unknown> = {};
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    const here = region * leaves + leaf;
    const on: Record<string, unknown[]> = {};
    for (const move of plan.moves.filter((m) => m.from === here)) {
      const target = move.to === leaves ? '#root.outside' : `l${move.to}`;
      (on[events[move.event] ?? 'a'] ??= []).push({
        ...(move.to > leaves ? {} : { target }),
        ...(move.guard === 0 ? {} : { guard: guardNames[move.guard] }),
        actions: actionNames[move.act],
      });
    }
    const timed = plan.timed.find(({ from }) => from === here);
    // Eventless transitions only lead forward, so that no chart runs in circles.
    const always = plan.always
      .filter((a) => a.from === here && leaf + 1 < leaves)
      .map((a) => ({ target: `l${leaf + 1}`, guard: guardNames[a.guard], actions: 'count' }));
    states[`l${leaf}`] = {
      on,
      always,
      ...(plan.busy.includes(here) ? { entry: 'count', exit: here % 2 ? 'tell' : 'again' } : {}),
      ...(timed ? { after: { 50: { target: `l${timed.to}`, actions: 'count' } } } : {}),
    };
  }
  states['memory'] = { type: 'history', history: plan.deep ? 'deep' : 'shallow' };
  return { initial: 'l0', states };
}

function machineOf(plan: Plan): AnyStateMachine {
  return setup({
    types: { context: {} as { n: number } },
    guards: {
      isEven: ({ context }) => context.n % 2 === 0,
      isSmall: ({ context }) => context.n < 40,
    },
    actions: {
      count: assign({ n: ({ context }) => context.n + 1 }),
      tell: emit(({ context }) => ({ type: 'told', n: context.n })),
      again: raise({ type: 'inner' }),
      several: enqueueActions(({ context, enqueue }) => {
        enqueue.assign({ n: context.n + 1 });
        enqueue.emit({ type: 'told', n: context.n } as never);
        if (context.n % 3 === 0) enqueue.raise({ type: 'inner' });
      }),
    },
  }).createMachine({
    id: 'root',
    context: { n: 0 },
    initial: 'inside',
    states: {
      inside: {
        type: 'parallel',
        on: { inner: { actions: 'count' } },
        states: { r0: regionOf(plan, 0), r1: regionOf(plan, 1), r2: regionOf(plan, 2) },
      },
      outside: {
        initial: 'near',
        on: { a: 'inside', b: 'inside.r1.memory', c: 'inside.r0.l2' },
        states: {
          // Each level does something of its own, whose order shows.
          near: {
            initial: 'deep',
            on: { d: 'far' },
            entry: 'tell',
            exit: 'tell',
            states: { deep: { entry: 'count', exit: 'count' } },
          },
          far: { on: { d: '#root.outside.near.deep' } },
        },
      },
    },
  } as never) as unknown as AnyStateMachine;
}

/** A step without the order in which guards were asked: XState asks regions as they were entered, light steps as they stand. */
function unordered(step: Macrostep): unknown {
  const guards = step.guards.split('').toSorted();
  const candidates = step.candidates.map((candidate) => JSON.stringify(candidate)).toSorted();
  return { ...step, guards, candidates };
}

/** Leaves every step to XState. */
function withoutLightSteps(instance: MachineInstance): MachineInstance {
  (instance as unknown as { lightSteps: { run: () => null } }).lightSteps = { run: () => null };
  return instance;
}

describe('machine.transition with the inert scope', () => {
  it('does what an actor does, on random charts with parallel regions, history, raise and eventless transitions', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.constantFrom(...events), { maxLength: 30 }), (plan, feed) => {
        const told: unknown[] = [];
        const actor = createActor(machineOf(plan));
        actor.on('*', (event) => told.push(event));
        actor.start();
        const instance = new MachineInstance(machineOf(plan));
        const mine = [...instance.start().emits];
        for (const type of feed) {
          actor.send({ type });
          const step = instance.send({ type });
          mine.push(...step.emits);
          const theirs = actor.getSnapshot();
          expect(step.to).toBe(stateText(theirs.value, instance.machine.root));
          expect(instance.context).toEqual(theirs.context);
        }
        actor.stop();
        expect(mine.map(({ port, payload }) => ({ type: port, ...payload }))).toEqual(told);
      }),
      { numRuns: 400 },
    );
  });

  it('does the same in light steps as in those that XState makes', () => {
    const feeds = fc.array(fc.oneof(fc.constantFrom(...events), fc.constant('timer')), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(plans, feeds, (plan, feed) => {
        const mine = new MachineInstance(machineOf(plan));
        const theirs = withoutLightSteps(new MachineInstance(machineOf(plan)));
        const timers = new Map<string, MachineEvent>();
        const note = (step: Macrostep): void => {
          for (const timer of step.timers) {
            if (timer.kind === 'set') timers.set(timer.id, timer.event);
            else timers.delete(timer.id);
          }
        };
        const start = mine.start();
        expect(start).toEqual(theirs.start());
        note(start);
        for (const type of feed) {
          const [timer] = timers;
          if (type === 'timer' && !timer) continue;
          const event = type === 'timer' && timer ? timer[1] : { type };
          if (type === 'timer' && timer) timers.delete(timer[0]);
          const step = mine.send(event);
          expect(unordered(step)).toEqual(unordered(theirs.send(event)));
          expect(mine.persist()).toEqual(theirs.persist());
          note(step);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('names as taken exactly the transitions that change something', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.constantFrom(...events), { maxLength: 20 }), (plan, feed) => {
        const instance = new MachineInstance(machineOf(plan));
        instance.start();
        for (const type of feed) {
          const step = instance.send({ type });
          // Every taken transition runs an action or changes the state; without one nothing may move.
          if (step.taken.length === 0) {
            expect(step.to).toBe(step.from);
            expect(step.patch).toEqual({});
          }
          // A candidate may be asked in several microsteps; it counts as fired where XState took it.
          const fired = step.candidates
            .filter((c) => c.verdict === 'fired')
            .map((c) => c.transition);
          expect(new Set(fired)).toEqual(new Set(step.taken));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('goes on from a persisted snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(fc.constantFrom(...events), { maxLength: 20 }),
        fc.nat(19),
        (plan, feed, cut) => {
          const whole = new MachineInstance(machineOf(plan));
          whole.start();
          let resumed = new MachineInstance(machineOf(plan));
          resumed.start();
          feed.forEach((type, i) => {
            if (i === cut) {
              const saved = JSON.parse(JSON.stringify(resumed.persist())) as Record<
                string,
                unknown
              >;
              resumed = new MachineInstance(machineOf(plan));
              resumed.restore(saved);
            }
            expect(resumed.send({ type })).toEqual(whole.send({ type }));
          });
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
