import { assertEvent, assign, emit, setup } from 'xstate';
import type { z } from 'zod';
import {
  compare,
  holds,
  type MachineArguments,
  type Payload,
  type sessionPhase,
  withSession,
} from '#engine';
import type { Config } from './config.ts';
import type { senses } from './ports.ts';
import { dayFacts, thinBelow } from './session.ts';

type Senses = typeof senses;
type Event = { [K in keyof Senses]: { type: K; ts: number } & Payload<Senses[K]> }[keyof Senses];
type Row = z.infer<typeof sessionPhase>;

interface Context extends Row {
  /** RTH volumes of earlier ordinary sessions, oldest first. */
  volumes: number[];
}

const start: Context = {
  phase: 'closed',
  tradeDate: '',
  since: 0,
  rthOpen: null,
  rthEnd: null,
  short: false,
  holiday: false,
  thin: false,
  gap: false,
  contract: null,
  rolled: false,
  volumes: [],
};

/** Builds the statechart of the trade day: it follows the calendar and adds what the data say about the session. */
export function createMachine({ config, instrument }: MachineArguments<Config>) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as { type: 'phase' } & Row },
    guards: {
      isThin: ({ context, event }) => {
        assertEvent(event, 'rthMeasured');
        const limit = thinBelow(context.volumes, config);
        if (limit === null)
          return compare(
            'sessions behind the median',
            context.volumes.length,
            '>=',
            config.minSessions,
            'count',
          );
        return compare('RTH volume', event.volume, '<', limit, 'contract');
      },
      isOrdinary: ({ context }) =>
        holds('no half day, holiday or gap', !context.short && !context.holiday && !context.gap),
    },
    actions: {
      enter: assign(({ context, event }, { phase }: { phase: Row['phase'] }) => {
        assertEvent(event, began);
        const { tradeDate, since } = event;
        if (tradeDate === context.tradeDate) return { phase, since };
        return {
          phase,
          tradeDate,
          since,
          thin: false,
          gap: false,
          ...dayFacts(instrument, tradeDate, config.roll),
        };
      }),
      flagGap: assign({ gap: true }),
      flagThin: assign({ thin: true }),
      remember: assign({
        volumes: ({ context, event }) => {
          assertEvent(event, 'rthMeasured');
          return withSession(context.volumes, event.volume, config.baselineSessions);
        },
      }),
      emitPhase: emit(({ context: { volumes: _volumes, ...row } }) => ({
        type: 'phase' as const,
        ...row,
      })),
    },
  }).createMachine({
    id: 'session',
    context: start,
    initial: 'closed',
    on: {
      overnightBegan: {
        target: '.overnight',
        actions: [{ type: 'enter', params: { phase: 'overnight' } }, 'emitPhase'],
      },
      preOpenBegan: {
        target: '.preOpen',
        actions: [{ type: 'enter', params: { phase: 'pre-open' } }, 'emitPhase'],
      },
      rthOpened: {
        target: '.rthOpening',
        actions: [{ type: 'enter', params: { phase: 'rth-opening' } }, 'emitPhase'],
      },
      rthMainBegan: {
        target: '.rthMain',
        actions: [{ type: 'enter', params: { phase: 'rth-main' } }, 'emitPhase'],
      },
      rthClosingBegan: {
        target: '.rthClosing',
        actions: [{ type: 'enter', params: { phase: 'rth-closing' } }, 'emitPhase'],
      },
      rthEnded: {
        target: '.postRth',
        actions: [{ type: 'enter', params: { phase: 'post-rth' } }, 'emitPhase'],
      },
      halted: {
        target: '.halt',
        actions: [{ type: 'enter', params: { phase: 'halt' } }, 'emitPhase'],
      },
      dayClosed: {
        target: '.closed',
        actions: [{ type: 'enter', params: { phase: 'closed' } }, 'emitPhase'],
      },
      gapFound: { actions: ['flagGap', 'emitPhase'] },
      rthMeasured: [
        { guard: 'isThin', actions: 'flagThin' },
        { guard: 'isOrdinary', actions: 'remember' },
      ],
    },
    states: {
      closed: { description: 'Week end, holiday or daily break: nothing trades.' },
      overnight: { description: 'Electronic trading before regular hours.' },
      preOpen: { description: 'The last half hour before regular hours.' },
      rthOpening: {
        description: 'The first hour of regular hours: the initial balance is forming.',
      },
      rthMain: { description: 'Regular hours between the first hour and the last half hour.' },
      rthClosing: { description: 'The last half hour of regular hours.' },
      postRth: { description: 'Trading after regular hours until the daily break.' },
      halt: { description: 'Trading has stopped inside the day; the clock says where it goes on.' },
    },
  });
}

const began = [
  'overnightBegan',
  'preOpenBegan',
  'rthOpened',
  'rthMainBegan',
  'rthClosingBegan',
  'rthEnded',
  'halted',
  'dayClosed',
] as const;
