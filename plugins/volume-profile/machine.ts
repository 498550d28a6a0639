import { assertEvent, assign, emit, setup } from 'xstate';
import type { z } from 'zod';
import {
  contractCode,
  holds,
  type MachineArguments,
  type nakedPocs,
  type Payload,
  parseTradeDate,
  type period,
} from '#engine';
import {
  type CompletedSession,
  calendarOf,
  completeSession,
  type EarlierSessions,
  isOrdinary,
  type PriorSession,
  priorOf,
  withOrdinary,
} from './completed-session.ts';
import type { Config } from './config.ts';
import { type NakedPoc, nakedTable, ofContract, withNaked, withoutTouched } from './naked-pocs.ts';
import type { senses } from './ports.ts';

type Senses = typeof senses;
type Event = { [K in keyof Senses]: { type: K; ts: number } & Payload<Senses[K]> }[keyof Senses];
type Emitted =
  | ({ type: 'completed' } & CompletedSession)
  | ({ type: 'prior' } & PriorSession)
  | ({ type: 'period' } & z.infer<typeof period>)
  | ({ type: 'naked' } & z.infer<typeof nakedPocs>);

interface Context extends EarlierSessions {
  /** The trade date that is being built or was built last; empty before the first. */
  tradeDate: string;
  /** Points of control that no later trade has touched, oldest first. */
  naked: NakedPoc[];
}

/** Builds the statechart of a session's profile: what the calendar and earlier sessions say about what was measured. */
export function createMachine({ config, instrument }: MachineArguments<Config>) {
  const contractOf = (tradeDate: string): string | null =>
    contractCode(instrument, parseTradeDate(tradeDate), config.roll);
  const known = new WeakMap<object, CompletedSession>();
  /** The session an event completes, worked out once for all that is made of it. */
  const sessionOf = (earlier: EarlierSessions, event: Event): CompletedSession => {
    assertEvent(event, 'sessionCompleted');
    const { type: _type, ts: _ts, ...measured } = event;
    const session = known.get(event) ?? completeSession(measured, earlier, config, instrument);
    known.set(event, session);
    return session;
  };

  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: {
      isRefusedHoliday: ({ event }) => {
        assertEvent(event, ['periodClosed', 'sessionCompleted']);
        const { holiday } = calendarOf(instrument, event.tradeDate);
        return holds(
          'a holiday, and holidays have no regular session',
          config.holidays === 'none' && holiday,
        );
      },
      isRolled: ({ context, event }) => {
        assertEvent(event, 'dayBegan');
        const kept = ofContract(context.naked, contractOf(event.tradeDate));
        return holds(
          'another contract than that of a naked point of control',
          kept.length < context.naked.length,
        );
      },
      isKept: ({ context, event }) => {
        assertEvent(event, 'nakedTouched');
        const kept = withoutTouched(context.naked, event.sessions);
        return holds('a naked point of control was touched', kept.length < context.naked.length);
      },
      isReference: ({ event }) => {
        assertEvent(event, 'sessionCompleted');
        const { holiday } = calendarOf(instrument, event.tradeDate);
        return holds(
          'an ordinary session, or holidays count as prior sessions',
          !config.skipHolidays || !holiday,
        );
      },
    },
    actions: {
      beginDay: assign({
        tradeDate: ({ event }) => {
          assertEvent(event, 'dayBegan');
          return event.tradeDate;
        },
      }),
      emitPeriod: emit(({ event }) => {
        assertEvent(event, 'periodClosed');
        const { ts: _ts, ...closed } = event;
        return { ...closed, type: 'period' as const };
      }),
      emitCompleted: emit(({ context, event }) => ({
        type: 'completed' as const,
        ...sessionOf(context, event),
      })),
      emitPrior: emit(({ context, event }) => ({
        type: 'prior' as const,
        ...priorOf(sessionOf(context, event)),
      })),
      remember: assign(({ context, event }) => {
        const session = sessionOf(context, event);
        const naked = withNaked(context.naked, session, config.nakedKept);
        return isOrdinary(session, context.volumes, config)
          ? { naked, ...withOrdinary(context, session, config) }
          : { naked };
      }),
      dropTouched: assign({
        naked: ({ context, event }) => {
          assertEvent(event, 'nakedTouched');
          return withoutTouched(context.naked, event.sessions);
        },
      }),
      dropOldContract: assign({
        naked: ({ context, event }) => {
          assertEvent(event, 'dayBegan');
          return ofContract(context.naked, contractOf(event.tradeDate));
        },
      }),
      emitNaked: emit(({ context }) => ({
        type: 'naked' as const,
        ...nakedTable(context.naked, context.tradeDate),
      })),
    },
  }).createMachine({
    id: 'volume-profile',
    context: { tradeDate: '', volumes: [], ranges: [], balances: [], naked: [] },
    initial: 'awaitingOpen',
    on: {
      dayBegan: [
        {
          guard: 'isRolled',
          target: '.awaitingOpen',
          actions: ['beginDay', 'dropOldContract', 'emitNaked'],
        },
        { target: '.awaitingOpen', actions: 'beginDay' },
      ],
      nakedTouched: { guard: 'isKept', actions: ['dropTouched', 'emitNaked'] },
    },
    states: {
      awaitingOpen: {
        description: 'A trading day has begun; regular trading hours have not.',
        on: { rthOpened: { target: 'building' } },
      },
      building: {
        description: 'Regular trading hours: every trade enters the profile.',
        initial: 'initialBalanceOpen',
        on: {
          periodClosed: [{ guard: 'isRefusedHoliday' }, { actions: 'emitPeriod' }],
          sessionCompleted: [
            { guard: 'isRefusedHoliday', target: 'noData' },
            {
              guard: 'isReference',
              target: 'completed',
              actions: ['emitCompleted', 'emitPrior', 'remember', 'emitNaked'],
            },
            { target: 'completed', actions: ['emitCompleted', 'remember', 'emitNaked'] },
          ],
          sessionEmpty: { target: 'noData' },
        },
        states: {
          initialBalanceOpen: {
            description:
              'The first hour: its range is still growing. It stays here when nothing traded in that hour.',
            on: { initialBalanceSet: { target: 'initialBalanceSet' } },
          },
          initialBalanceSet: { description: 'The range of the first hour is known.' },
        },
      },
      completed: { description: 'Regular trading hours are over and the profile was handed on.' },
      noData: {
        description:
          'Regular trading hours are over without a profile: too little volume, or a holiday that has none.',
      },
    },
  });
}
