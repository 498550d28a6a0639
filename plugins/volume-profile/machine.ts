import { assertEvent, assign, emit, setup } from 'xstate';
import type { z } from 'zod';
import { holds, type MachineArguments, type Payload, type period, withSession } from '#engine';
import {
  type CompletedSession,
  calendarOf,
  completeSession,
  isOrdinary,
  type PriorSession,
  priorOf,
} from './completed-session.ts';
import type { Config } from './config.ts';
import type { senses } from './ports.ts';

type Senses = typeof senses;
type Event = { [K in keyof Senses]: { type: K; ts: number } & Payload<Senses[K]> }[keyof Senses];
type Emitted =
  | ({ type: 'completed' } & CompletedSession)
  | ({ type: 'prior' } & PriorSession)
  | ({ type: 'period' } & z.infer<typeof period>);

interface Context {
  /** The trade date that is being built or was built last; empty before the first. */
  tradeDate: string;
  /** RTH volumes of earlier ordinary sessions, oldest first. */
  volumes: number[];
}

/** Builds the statechart of a session's profile: what the calendar and earlier sessions say about what was measured. */
export function createMachine({ config, instrument }: MachineArguments<Config>) {
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
      emitCompleted: emit(({ context, event }) => {
        assertEvent(event, 'sessionCompleted');
        const { type: _type, ts: _ts, ...session } = event;
        return {
          type: 'completed' as const,
          ...completeSession(session, context.volumes, config, instrument),
        };
      }),
      emitPrior: emit(({ context, event }) => {
        assertEvent(event, 'sessionCompleted');
        return {
          type: 'prior' as const,
          ...priorOf(completeSession(event, context.volumes, config, instrument)),
        };
      }),
      rememberVolume: assign({
        volumes: ({ context, event }) => {
          assertEvent(event, 'sessionCompleted');
          if (!isOrdinary(event, context.volumes, config, instrument)) return context.volumes;
          return withSession(context.volumes, event.volume, config.baselineSessions);
        },
      }),
    },
  }).createMachine({
    id: 'volume-profile',
    context: { tradeDate: '', volumes: [] },
    initial: 'awaitingOpen',
    on: { dayBegan: { target: '.awaitingOpen', actions: 'beginDay' } },
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
              actions: ['emitCompleted', 'emitPrior', 'rememberVolume'],
            },
            { target: 'completed', actions: ['emitCompleted', 'rememberVolume'] },
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
