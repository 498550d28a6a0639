import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AnyStateMachine, assign, raise, setup } from 'xstate';
import { z } from 'zod';
import type { JournalRecord } from '../contracts/journal.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { compare, holds } from '../plugin/evidence.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { isAskedBy, isInState } from './event-match.ts';
import { MadeRun } from './inspect-fixture.ts';
import { type WhyAnswer, why } from './why.ts';

const events = ['a', 'b', 'c'] as const;
const leaves = 3;
const guards = ['none', 'isBig', 'isEven', 'isQuiet'] as const;

interface Move {
  readonly from: number;
  readonly event: number;
  readonly to: number;
  readonly guard: number;
  readonly act: number;
}

/** A chart of two parallel regions with three leaves each, random moves, eventless ones, timers, and a way out. */
interface Plan {
  readonly moves: readonly Move[];
  readonly always: readonly { readonly from: number; readonly guard: number }[];
  readonly timers: readonly {
    readonly from: number;
    readonly to: number;
    readonly seconds: number;
  }[];
  readonly wild: boolean;
}

const leaf = fc.nat(leaves * 2 - 1);
const plans: fc.Arbitrary<Plan> = fc.record({
  moves: fc.array(
    fc.record({
      from: leaf,
      event: fc.nat(events.length - 1),
      to: fc.nat(leaves),
      guard: fc.nat(guards.length - 1),
      act: fc.nat(2),
    }),
    { minLength: 3, maxLength: 18 },
  ),
  always: fc.array(fc.record({ from: leaf, guard: fc.integer({ min: 1, max: 2 }) }), {
    maxLength: 3,
  }),
  timers: fc.array(
    fc.record({ from: leaf, to: fc.nat(leaves - 1), seconds: fc.constantFrom(5, 20) }),
    { maxLength: 3 },
  ),
  wild: fc.boolean(),
});

const actionNames = [[], ['count'], ['count', 'again']] as const;

function stateOf(plan: Plan, here: number): Record<string, unknown> {
  const on: Record<string, unknown[]> = {};
  for (const { event, to, guard, act } of plan.moves.filter((m) => m.from === here)) {
    const target = to === leaves ? '#chart.outside' : `l${to}`;
    const candidate = {
      target,
      actions: actionNames[act],
      ...(guard === 0 ? {} : { guard: guards[guard] }),
    };
    (on[events[event] ?? 'a'] ??= []).push(candidate);
  }
  if (plan.wild && here % 2 === 0) on['*'] = [{ actions: 'count', guard: 'isBig' }];
  const after: Record<number, unknown[]> = {};
  for (const { to, seconds } of plan.timers.filter((t) => t.from === here))
    (after[seconds * 1_000] ??= []).push({ target: `l${to}` });
  // Eventless transitions only lead forward, so that no chart runs in circles.
  const next = (here % leaves) + 1;
  const always =
    next < leaves
      ? plan.always
          .filter((a) => a.from === here)
          .map((a) => ({ target: `l${next}`, guard: guards[a.guard] }))
      : [];
  return { on, after, ...(always.length > 0 ? { always } : {}), entry: 'count' };
}

function regionOf(plan: Plan, region: number): Record<string, unknown> {
  const states = Object.fromEntries(
    Array.from({ length: leaves }, (_, i) => [`l${i}`, stateOf(plan, region * leaves + i)]),
  );
  return { initial: 'l0', states };
}

const number = z.object({ n: z.number() });
const port = { kind: 'event', schema: number } as const;

function pluginOf(plan: Plan) {
  return definePlugin({
    id: 'chart',
    version: '1.0.0',
    api: 1,
    summary: 'A random chart',
    config: z.object({}),
    in: { a: port, b: port, c: port },
    out: {},
    machine: () =>
      setup({
        types: { context: {} as { n: number }, events: {} as { type: string; n?: number } },
        guards: {
          isBig: ({ event }) => compare('number of the event', event.n ?? 0, '>', 5, 'count'),
          isEven: ({ context }) => holds('an even count', context.n % 2 === 0),
          // Says nothing about itself: the guard has to stand as its own evidence.
          isQuiet: ({ context }) => context.n % 3 === 0,
        },
        actions: {
          count: assign({ n: ({ context }) => context.n + 1 }),
          again: raise({ type: 'inner', n: 9 }),
        },
      }).createMachine({
        id: 'chart',
        context: { n: 0 },
        initial: 'inside',
        states: {
          inside: {
            type: 'parallel',
            on: { inner: { actions: 'count', guard: 'isEven' } },
            states: { r0: regionOf(plan, 0), r1: regionOf(plan, 1) },
          },
          outside: { on: { a: 'inside', b: { target: 'inside', guard: 'isBig' } } },
        },
      } as never) as unknown as AnyStateMachine,
    examples: [],
  });
}

const feeds = fc.array(
  fc.record({ event: fc.constantFrom(...events), n: fc.nat(10), pause: fc.constantFrom(1, 3, 30) }),
  { minLength: 1, maxLength: 15 },
);

function play(plan: Plan, feed: readonly { event: string; n: number; pause: number }[]): MadeRun {
  const run = new MadeRun([{ id: 'chart', plugin: pluginOf(plan) }]);
  let ts = run.at('10:00');
  for (const { event, n, pause } of feed) {
    ts += pause * 1_000_000;
    run.send(ts, `chart.${event}`, { n });
  }
  return run;
}

/** Holds an answer against the journal of the range it was asked for. */
function hold(answer: WhyAnswer, info: TransitionInfo, records: readonly JournalRecord[]): void {
  const took = records.filter((r) => r.taken.includes(info.id));
  expect(answer.verdict === 'fired', 'fired exactly when XState took it').toBe(took.length > 0);
  const wasAsked = records.some((r) => r.explain?.some((c) => c.transition === info.id));
  if (wasAsked)
    expect(['fired', 'guard-blocked', 'shadowed'], 'what was recorded is the answer').toContain(
      answer.verdict,
    );
  const record = records.find((r) => r.seq === answer.seq);
  const candidate = record?.explain?.find(
    (c) => c.transition === info.id && c.verdict === answer.verdict,
  );
  switch (answer.verdict) {
    case 'fired':
      expect(record?.taken).toContain(info.id);
      break;
    case 'guard-blocked':
      expect(
        answer.leaves.some((l) => !l.ok),
        'a leaf that did not hold',
      ).toBe(true);
      expect(candidate, 'as it was recorded').toBeDefined();
      break;
    case 'shadowed':
      expect(record?.taken, 'the winner was taken').toContain(answer.winner);
      expect(answer.winner).not.toBe(info.id);
      break;
    case 'not-listening':
      if (record) expect(isAskedBy(record, info)).toBe(true);
      expect(
        records.some((r) => isAskedBy(r, info) && isInState(r.from, info.source)),
        'it never listened',
      ).toBe(false);
      break;
    case 'never-arrived':
      expect(
        records.some((r) => isAskedBy(r, info)),
        'no such event in the range',
      ).toBe(false);
      break;
    default:
      expect.unreachable(`no run of this flow ends ${answer.verdict}`);
  }
}

it('why() says what the journal says, on random charts, feeds and ranges', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(plans, feeds, fc.nat(60), fc.nat(200), (plan, feed, begin, length) => {
      const run = play(plan, feed);
      const data = run.recording.history.data(true);
      const from = run.at('10:00') + begin * 1_000_000;
      const to = from + length * 1_000_000;
      const records = data.journal('chart').filter((r) => r.ts >= from && r.ts <= to);
      for (const info of data.transitions.get('chart') ?? []) {
        const answer = why(data, { node: 'chart', transition: info.id, from, to });
        seen.add(answer.verdict);
        hold(answer, info, records);
      }
    }),
    { numRuns: 250 },
  );
  expect([...seen].sort()).toEqual([
    'fired',
    'guard-blocked',
    'never-arrived',
    'not-listening',
    'shadowed',
  ]);
});
