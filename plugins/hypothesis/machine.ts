import { assign, emit, enqueueActions, setup } from 'xstate';
import { assert, compare, holds, type MachineArguments, type Payload } from '#engine';
import { endTracks, remember, scoreOf } from './closing.ts';
import type { Config, Outputs } from './config.ts';
import type { Context, Event } from './context.ts';
import * as memory from './context.ts';
import * as writing from './plan.ts';

type Emitted =
  | ({ type: 'plan' } & Payload<Outputs['plan']>)
  | ({ type: 'score' } & Payload<Outputs['score']>)
  | ({ type: 'outcome' } & Payload<Outputs['outcome']>);

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function guardsOf() {
  return {
    isHoliday: ({ context }: Asked) =>
      holds('today is a holiday with trading hours', context.holiday),
    isRegimeChanged: ({ context, event }: Asked) => {
      const { stage, regime } = memory.as('regime', event);
      return holds(
        `the regime changed during the session: ${regime}`,
        stage === 'intraday' && regime !== context.plan?.regime,
      );
    },
    isInvalidated: ({ context, event }: Asked) => {
      const closes = memory
        .endersAfter(context, event)
        .filter(({ acceptance }) => acceptance.status === 'accepted').length;
      return compare('levels of invalidation that are accepted beyond', closes, '>', 0, 'count');
    },
    isNewDay: ({ context, event }: Asked) =>
      holds('a new trade date begins', memory.as('phase', event).tradeDate !== context.tradeDate),
    isPlanOver: ({ context, event }: Asked) =>
      holds(
        'the regular session of a plan is over',
        context.fixed !== null && isEnd(memory.as('phase', event).phase),
      ),
    isRegularEnd: ({ event }: Asked) =>
      holds('the regular session is over', isEnd(memory.as('phase', event).phase)),
  };
}

const isEnd = (phase: string): boolean => phase === 'post-rth' || phase === 'closed';

/** Builds the kit of one node: guards, updates of the context and what is emitted. */
function kitOf({ config, instrument }: MachineArguments<Config>) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: guardsOf(),
    actions: {
      startDay: assign(({ context, event }) => memory.startDay(config, context, event)),
      updateDay: assign(({ event }) => memory.updateDay(event)),
      keep: assign(({ context, event }) => memory.keep(config, context, event)),
      keepPeriod: assign(({ context, event }) => memory.keepPeriod(context, event)),
      draft: assign(({ context, event }) => writing.draft(config, instrument, context, event)),
      fix: assign(({ context, event }) => writing.fix(config, instrument, context, event)),
      revise: assign(({ context, event }) => writing.revise(config, instrument, context, event)),
      follow: assign(({ context, event }) => memory.follow(context, event)),
      invalidate: assign(({ context, event }) => writing.invalidate(context, event)),
      amend: assign(({ context, event }) => writing.amend(context, event)),
      endTracks: assign(({ context }) => endTracks(context)),
      remember: assign(({ context }) => remember(config, context)),
      letGo: assign({ fixed: null }),
      emitPlan: emit(({ context: { plan } }) => {
        assert(plan !== null, 'a plan was written');
        return { type: 'plan' as const, ...plan };
      }),
      emitScore: emit(({ context }) => ({ type: 'score' as const, ...scoreOf(config, context) })),
      emitOutcomes: enqueueActions(({ context, enqueue }) => {
        for (const place of context.ended) {
          const outcome = writing.outcomeOf(context, place);
          if (outcome !== null) enqueue.emit({ type: 'outcome', ...outcome });
        }
      }),
    },
  });
}

const fixed = { target: 'fixed', actions: ['fix', 'emitPlan'] } as const;
const changed = {
  guard: 'isRegimeChanged',
  target: 'revised',
  actions: ['keep', 'revise', 'emitPlan'],
} as const;
const followed = { actions: ['follow', 'emitOutcomes'] } as const;

/** What can happen to a plan that stands. */
const standing = {
  slice: [
    {
      guard: 'isInvalidated',
      target: 'invalidated',
      actions: ['follow', 'emitOutcomes', 'invalidate', 'emitPlan'],
    },
    followed,
  ],
  regime: [changed, { actions: 'keep' }],
  news: { actions: ['keep', 'amend', 'emitPlan'] },
} as const;

/** The plan of the day as a statechart: drafted before the open, fixed at it, changed with a reason only, scored. */
export function machine(arguments_: MachineArguments<Config>) {
  return kitOf(arguments_).createMachine({
    id: 'hypothesis',
    context: memory.emptyContext,
    initial: 'waiting',
    on: {
      prior: { actions: 'keep' },
      composite: { actions: 'keep' },
      relation: { actions: 'keep' },
      naked: { actions: 'keep' },
      stack: { actions: 'keep' },
      inventory: { actions: 'keep' },
      regime: { actions: 'keep' },
      news: { actions: 'keep' },
      period: { actions: 'keepPeriod' },
      phase: [
        { guard: 'isNewDay', target: '.waiting', actions: 'startDay' },
        {
          guard: 'isPlanOver',
          target: '.scored',
          actions: ['updateDay', 'endTracks', 'emitOutcomes', 'emitScore', 'remember', 'letGo'],
        },
        { actions: 'updateDay' },
      ],
    },
    states: {
      waiting: {
        description: 'No plan yet: it is drafted shortly before the open.',
        on: {
          morning: [{ guard: 'isHoliday' }, { target: 'drafted', actions: ['draft', 'emitPlan'] }],
          opened: [{ guard: 'isHoliday' }, fixed],
        },
      },
      drafted: {
        description: 'The plan before the open; the open may still change bias and levels.',
        on: {
          opened: fixed,
          phase: { guard: 'isRegularEnd', target: 'waiting', actions: 'updateDay' },
        },
      },
      fixed: {
        description: 'The plan of the open stands. It is the one that is scored.',
        on: standing,
      },
      revised: {
        description:
          'The regime changed during the session: a new version with that reason stands.',
        on: standing,
      },
      invalidated: {
        description: 'The market was accepted where the plan is wrong: it permits nothing.',
        on: { slice: followed, regime: [changed, { actions: 'keep' }] },
      },
      scored: { description: 'The session is over and the plan was compared with it.' },
    },
  });
}
