import { assign, emit, enqueueActions, setup } from 'xstate';
import type { MachineArguments, Payload } from '#engine';
import type { Config, Outputs } from './config.ts';
import type { Context, Event } from './context.ts';
import * as memory from './context.ts';
import { guardsOf } from './guards.ts';
import type { RegimeName } from './regime.ts';
import { labelOf, rowOf } from './report.ts';

type Emitted =
  | ({ type: 'regime' } & Payload<Outputs['regime']>)
  | ({ type: 'label' } & Payload<Outputs['label']>);

interface Decision {
  readonly regime: RegimeName;
  readonly lowConfidence: boolean;
  readonly reason: string;
}

/** Builds the kit of one node: guards, updates of the context and what is emitted. */
function kitOf(config: Config) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: guardsOf(config),
    actions: {
      startDay: assign(({ context, event }) => memory.startDay(config, context, event)),
      updateDay: assign(({ event }) => memory.updateDay(event)),
      keepPrior: assign(({ event }) => memory.keepPrior(event)),
      keepComposite: assign(({ context, event }) => memory.keepComposite(context, event)),
      keepRelation: assign(({ context, event }) => memory.keepRelation(context, event)),
      closePeriod: assign(({ context, event }) => memory.closePeriod(context, event)),
      settle: assign(({ context, event }, to: Decision) =>
        memory.settle(config, context, event, to),
      ),
      ask: assign(({ context }, to: { regime: RegimeName | null; reason: string }) =>
        memory.keepCandidate(context, to.regime, to.reason),
      ),
      change: assign(({ context, event }) => memory.change(config, context, event)),
      endDay: assign(({ event }) => memory.endDay(event)),
      emitRegime: emit(({ context }) => ({
        type: 'regime' as const,
        ...rowOf(config, context),
      })),
      emitLabel: enqueueActions(({ context, event, enqueue }) => {
        const label = labelOf(context, event);
        if (label !== null) enqueue.emit({ type: 'label', ...label });
      }),
    },
  });
}

const settled = (regime: RegimeName, reason: string, lowConfidence = false) =>
  [{ type: 'settle', params: { regime, reason, lowConfidence } }, 'emitRegime'] as const;

const reasons = {
  missing: 'inputs are missing',
  up: 'prior value lies above the composite before it',
  down: 'prior value lies below the composite before it',
  night: 'the overnight range is compressed',
  shared: 'prior value lies in the composite before it',
  partial: 'prior value overlaps the composite before it in part',
} as const;

/** The pre-market decision; at the first 30-minute close with all inputs it is made up for. */
const located = [
  { guard: 'isValueAbove', target: '#regime.trendUp', actions: settled('trend-up', reasons.up) },
  {
    guard: 'isValueBelow',
    target: '#regime.trendDown',
    actions: settled('trend-down', reasons.down),
  },
  {
    guard: 'isNightCompressed',
    target: '#regime.breakoutPending',
    actions: settled('breakout-pending', reasons.night),
  },
  {
    guard: 'isValueShared',
    target: '#regime.balance',
    actions: settled('balance', reasons.shared),
  },
  { target: '#regime.balance', actions: settled('balance', reasons.partial, true) },
] as const;

const asks = (regime: RegimeName | null, reason: string) =>
  ({ type: 'ask', params: { regime, reason } }) as const;

const changed = ['change', 'emitRegime'] as const;

/** The regime as a statechart: located before the open, changed by 30-minute closes that agree, left at the end. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'regime',
    context: memory.emptyContext,
    initial: 'unknown',
    on: {
      prior: { actions: 'keepPrior' },
      composite: { actions: 'keepComposite' },
      relation: { actions: 'keepRelation' },
      period: { actions: 'closePeriod' },
      nightMeasured: [
        { guard: 'isMissing', target: '.unknown', actions: settled('unknown', reasons.missing) },
        ...located,
      ],
      snapshot: [
        {
          guard: 'asksTrendUp',
          actions: asks('trend-up', 'the edge above is accepted, value and VWAP go along'),
        },
        {
          guard: 'asksTrendDown',
          actions: asks('trend-down', 'the edge below is accepted, value and VWAP go along'),
        },
        {
          guard: 'asksPending',
          actions: asks('breakout-pending', 'the range of the last 60 minutes is compressed'),
        },
        {
          guard: 'asksBalance',
          actions: asks('balance', 'what made the regime before is gone'),
        },
        { actions: asks(null, '') },
      ],
      phase: [
        { guard: 'isNewDay', target: '.unknown', actions: 'startDay' },
        {
          guard: 'isRegularEnd',
          target: '.unknown',
          actions: ['emitLabel', 'endDay', 'emitRegime'],
        },
        { actions: 'updateDay' },
      ],
    },
    always: [
      { guard: 'isTrendUpConfirmed', target: '.trendUp', actions: changed },
      { guard: 'isTrendDownConfirmed', target: '.trendDown', actions: changed },
      { guard: 'isPendingConfirmed', target: '.breakoutPending', actions: changed },
      { guard: 'isBalanceConfirmed', target: '.balance', actions: changed },
    ],
    states: {
      unknown: {
        description:
          'No regime: outside the regular session, or an input is missing; the row lists which.',
        on: { snapshot: [{ guard: 'isMissing' }, ...located] },
      },
      balance: {
        description: 'Prior value lies in the composite: trade from edge to edge.',
      },
      trendUp: { description: 'Value lies above the composite, or moved out of it upward today.' },
      trendDown: {
        description: 'Value lies below the composite, or moved out of it downward today.',
      },
      breakoutPending: {
        description: 'The market is compressed: no new trade until it shows a direction.',
      },
    },
  });
}
