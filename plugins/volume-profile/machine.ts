import {
  type completedProfile,
  frontContract,
  holds,
  type MachineArguments,
  parseTradeDate,
  type Payload,
  type period,
  type priorProfile,
  sessionDay,
  withSession,
} from '#engine';
import { assertEvent, assign, emit, setup } from 'xstate';
import type { z } from 'zod';
import type { Config } from './config.ts';
import type { senses } from './ports.ts';
import { isThin, type MeasuredSession, sessionShape } from './volume-profile.ts';

type Completed = z.infer<typeof completedProfile>;
type Senses = typeof senses;
type Event = { [K in keyof Senses]: { type: K; ts: number } & Payload<Senses[K]> }[keyof Senses];
type Emitted =
  | ({ type: 'completed' } & Completed)
  | ({ type: 'prior' } & z.infer<typeof priorProfile>)
  | ({ type: 'period' } & z.infer<typeof period>);

interface Context {
  /** The trade date that is being built or was built last; empty before the first. */
  tradeDate: string;
  /** RTH volumes of earlier ordinary sessions, oldest first. */
  volumes: number[];
}

function priorOf(session: Completed): z.infer<typeof priorProfile> {
  const { tradeDate, open, high, low, close, poc, vah, val, shape, short, approximate, gap, contract } = session;
  return { tradeDate, open, high, low, close, poc, vah, val, shape, short, approximate, gap, contract };
}

/** Builds the statechart of a session's profile: what the calendar and earlier sessions say about what was measured. */
export function createMachine({ config, instrument }: MachineArguments<Config>) {
  const calendarOf = (tradeDate: string) => {
    const day = sessionDay(instrument.calendar, parseTradeDate(tradeDate));
    return { short: day?.short ?? false, holiday: day?.holiday ?? false };
  };
  const contractOf = (tradeDate: string): string | null => {
    if (config.roll === 'raw') return null;
    const mode = config.roll === 'by-date' ? undefined : config.roll;
    return frontContract(instrument, parseTradeDate(tradeDate), mode)?.code ?? null;
  };
  const complete = (session: MeasuredSession, volumes: readonly number[]): Completed => ({
    ...session,
    ...sessionShape(session, volumes, config.minSessions),
    ...calendarOf(session.tradeDate),
    contract: contractOf(session.tradeDate),
  });
  const isOrdinary = (session: MeasuredSession, volumes: readonly number[]): boolean => {
    const { short, holiday } = calendarOf(session.tradeDate);
    return !short && !holiday && !session.gap && !isThin(session.volume, volumes, config.minSessions);
  };

  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: {
      isRefusedHoliday: ({ event }) => {
        assertEvent(event, ['periodClosed', 'sessionCompleted']);
        const { holiday } = calendarOf(event.tradeDate);
        return holds('a holiday, and holidays have no regular session', config.holidays === 'none' && holiday);
      },
      isReference: ({ event }) => {
        assertEvent(event, 'sessionCompleted');
        const { holiday } = calendarOf(event.tradeDate);
        return holds('an ordinary session, or holidays count as prior sessions', !config.skipHolidays || !holiday);
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
        return { type: 'completed' as const, ...complete(session, context.volumes) };
      }),
      emitPrior: emit(({ context, event }) => {
        assertEvent(event, 'sessionCompleted');
        return { type: 'prior' as const, ...priorOf(complete(event, context.volumes)) };
      }),
      rememberVolume: assign({
        volumes: ({ context, event }) => {
          assertEvent(event, 'sessionCompleted');
          if (!isOrdinary(event, context.volumes)) return context.volumes;
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
            { guard: 'isReference', target: 'completed', actions: ['emitCompleted', 'emitPrior', 'rememberVolume'] },
            { target: 'completed', actions: ['emitCompleted', 'rememberVolume'] },
          ],
          sessionEmpty: { target: 'noData' },
        },
        states: {
          initialBalanceOpen: {
            description: 'The first hour: its range is still growing. It stays here when nothing traded in that hour.',
            on: { initialBalanceSet: { target: 'initialBalanceSet' } },
          },
          initialBalanceSet: { description: 'The range of the first hour is known.' },
        },
      },
      completed: { description: 'Regular trading hours are over and the profile was handed on.' },
      noData: { description: 'Regular trading hours are over without a profile: too little volume, or a holiday that has none.' },
    },
  });
}
