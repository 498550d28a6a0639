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
import { MachineInstance, stateText } from './machine.ts';

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
    // Eventless transitions only lead forward, so that no chart runs in circles.
    const always = plan.always
      .filter((a) => a.from === here && leaf + 1 < leaves)
      .map((a) => ({ target: `l${leaf + 1}`, guard: guardNames[a.guard], actions: 'count' }));
    states[`l${leaf}`] = {
      on,
      ...(always.length > 0 ? { always } : {}),
      ...(plan.busy.includes(here) ? { entry: 'count' } : {}),
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
      outside: { on: { a: 'inside', b: 'inside.r1.memory', c: 'inside.r0.l2' } },
    },
  } as never) as unknown as AnyStateMachine;
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
        expect(mine.map(({ port, payload }) => ({ type: port, ...payload }))).toEqual(told);
      }),
      { numRuns: 400 },
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
