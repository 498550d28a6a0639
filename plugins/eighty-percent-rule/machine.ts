import { assign, emit, setup } from 'xstate';
import type { MachineArguments, Payload } from '#engine';
import type { Config, Outputs } from './config.ts';
import type { Context, Event } from './context.ts';
import * as memory from './context.ts';
import type { Direction } from './eighty-percent-rule.ts';
import { guardsOf } from './guards.ts';

type Outcome = Payload<Outputs['outcome']>;
type Emitted = ({ type: 'signal' } & Payload<Outputs['signal']>) | ({ type: 'outcome' } & Outcome);

/** Builds the kit of one node: guards, updates of the context and what is emitted. */
function kitOf(config: Config) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: guardsOf(config),
    actions: {
      startDay: assign(({ event }) => memory.startDay(config, event)),
      updateDay: assign(({ event }) => memory.updateDay(config, event)),
      keepPrior: assign(({ event }) => ({ prior: memory.priorOf(event) })),
      keepOpen: assign(({ context, event }) => memory.keepOpen(context, event)),
      refuse: assign((_, { reason }: { reason: string }) => ({ reason })),
      arm: assign((_, { side }: { side: Direction }) => memory.arm(side)),
      armOther: assign(({ context }) => memory.armOther(context)),
      resetRun: assign(({ event }) => memory.resetRun(event)),
      countPeriod: assign(({ context, event }) => memory.countPeriod(context, event)),
      keepClose: assign(({ event }) => memory.keepClose(event)),
      notePoc: assign({ pocTraded: true }),
      noteTarget: assign({ targetTraded: true }),
      enter: assign(({ context, event }) => memory.enter(context, event)),
      noteHalfBack: assign({ halfBack: true }),
      emitSignal: emit(({ context }) => ({ type: 'signal', ...memory.signalOf(config, context) })),
      emitOutcome: emit(({ context, event }, { result }: { result: Outcome['result'] }) => ({
        type: 'outcome',
        ...memory.outcomeOf(config, context, event, result),
      })),
    },
  });
}

const refused = (reason: string) => ['keepOpen', { type: 'refuse', params: { reason } }] as const;
const armed = (side: Direction) => ['keepOpen', { type: 'arm', params: { side } }] as const;
const ended = (result: Outcome['result']) => ({ type: 'emitOutcome', params: { result } }) as const;

const onOpened = [
  { guard: 'isWithoutPrior', target: 'notApplicable', actions: refused('no-prior') },
  { guard: 'isRolled', target: 'notApplicable', actions: refused('roll') },
  { guard: 'isHoliday', target: 'notApplicable', actions: refused('holiday') },
  { guard: 'isPriorGap', target: 'notApplicable', actions: refused('prior-gap') },
  { guard: 'isNarrow', target: 'notApplicable', actions: refused('narrow') },
  { guard: 'isLateOpen', target: 'notApplicable', actions: refused('open-unknown') },
  { guard: 'opensAbove', target: 'openedOutside', actions: armed('short') },
  { guard: 'opensBelow', target: 'openedOutside', actions: armed('long') },
  { guard: 'isStrict', target: 'notApplicable', actions: refused('opened-inside') },
  { actions: 'keepOpen' },
] as const;

const crossed = {
  guard: 'isCrossed',
  target: 'crossed',
  actions: { type: 'refuse', params: { reason: 'closed-beyond-far-edge' } },
} as const;
const flipped = {
  guard: 'isFlipped',
  target: 'openedOutside',
  actions: ['armOther', 'resetRun'],
} as const;
const outOfValue = { guard: 'isOutOfValue', target: 'openedOutside', actions: 'resetRun' } as const;
const spent = {
  target: 'spent',
  actions: { type: 'refuse', params: { reason: 'far-edge-traded' } },
} as const;
const triggered = { target: 'qualified', actions: ['enter', 'emitSignal'] } as const;
const rearmed = {
  period: { guard: 'isOtherSideArmed', target: 'openedOutside', actions: ['armOther', 'resetRun'] },
} as const;

/** Before the trigger the end of the session ends the rule without an outcome. */
const endsUntriggered = {
  guard: 'isRegularEnd',
  target: 'expired',
  actions: ['updateDay', { type: 'refuse', params: { reason: 'no-trigger' } }],
} as const;

const following = {
  targetTouched: { target: 'completed', actions: ended('completed') },
  stopTouched: { target: 'rejected', actions: ended('rejected') },
  period: [
    { guard: 'closesBackOut', target: 'rejected', actions: ['keepClose', ended('rejected')] },
    { actions: 'keepClose' },
  ],
  phase: { guard: 'isRegularEnd', target: 'expired', actions: ['updateDay', ended('expired')] },
} as const;

/** The classic rule as a statechart: value re-entered from outside and held is a trade to its far edge. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'eighty-percent-rule',
    context: memory.emptyContext,
    initial: 'idle',
    on: {
      prior: { actions: 'keepPrior' },
      pocTouched: { actions: 'notePoc' },
      targetTouched: { actions: 'noteTarget' },
      phase: [
        { guard: 'isNewDay', target: '.idle', actions: 'startDay' },
        { actions: 'updateDay' },
      ],
    },
    states: {
      idle: {
        description:
          'Waits for the regular open; with extended arming also for a period that closes outside value.',
        on: {
          opened: onOpened,
          period: [
            {
              guard: 'closesAbove',
              target: 'openedOutside',
              actions: [{ type: 'arm', params: { side: 'short' } }, 'resetRun'],
            },
            {
              guard: 'closesBelow',
              target: 'openedOutside',
              actions: [{ type: 'arm', params: { side: 'long' } }, 'resetRun'],
            },
          ],
        },
      },
      notApplicable: { description: 'The rule says nothing today; the reason is in the context.' },
      openedOutside: {
        description: 'Price is outside the prior value area and has not come back into it.',
        on: {
          entered: 'reentered',
          period: [crossed, flipped, { actions: 'resetRun' }],
          phase: endsUntriggered,
        },
      },
      reentered: {
        description: 'Value traded again; no period in value has closed yet.',
        on: {
          period: [crossed, flipped, outOfValue, { target: 'onePeriodIn', actions: 'countPeriod' }],
          phase: endsUntriggered,
        },
      },
      onePeriodIn: {
        description: 'One period counts as in value; the next one decides.',
        on: {
          period: [
            crossed,
            flipped,
            outOfValue,
            { guard: 'isSpentAtClose', ...spent },
            { guard: 'isTriggeredAtClose', ...triggered },
            { actions: 'countPeriod' },
          ],
          periodOpened: [
            { guard: 'isSpentAtOpen', ...spent },
            { guard: 'isTriggeredAtOpen', ...triggered },
          ],
          phase: endsUntriggered,
        },
      },
      qualified: {
        description: 'Triggered: value holds, the far edge is the target.',
        on: {
          ...following,
          pocTouched: { guard: 'isPocLive', target: 'halfBack', actions: 'noteHalfBack' },
        },
      },
      halfBack: {
        description: 'Triggered, and the prior point of control has traded.',
        on: following,
      },
      completed: { description: 'The far edge of value traded after the trigger.', on: rearmed },
      rejected: {
        description: 'A period closed back outside, or the early stop traded.',
        on: rearmed,
      },
      expired: { description: 'The regular session ended first.' },
      crossed: {
        description: 'A period closed beyond the far edge before the trigger: done for the day.',
      },
      spent: {
        description: 'The far edge traded before the trigger: no trade is left.',
        on: rearmed,
      },
    },
  });
}
