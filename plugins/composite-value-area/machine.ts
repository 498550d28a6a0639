import { assign, emit, setup } from 'xstate';
import type { z } from 'zod';
import { compare, holds, type level, type MachineArguments } from '#engine';
import {
  type Area,
  type CompletedSession,
  isLastOfContract,
  type Member,
  memberOf,
  mergeSessions,
  withMember,
} from './composite-value-area.ts';
import type { Config } from './config.ts';

type Event = { type: 'completed'; ts: number } & CompletedSession;
type Level = z.infer<typeof level>;
type Emitted = ({ type: 'area' } & Area) | ({ type: 'level' } & Level);

interface Context {
  /** Sessions that may enter the next composite, oldest first. */
  sessions: Member[];
  /** The latest composite; null before the first. */
  area: Area | null;
  /** Trade date of the last session seen, counted or not. */
  lastSession: string;
}

function levelOf(area: Area, kind: Level['kind']): Level {
  return {
    kind,
    price: area[kind],
    sessions: area.sessions.length,
    partial: area.partial,
    inForce: area.inForce,
  };
}

/** Builds the statechart of the composite: how many sessions are merged, and whether they still say something. */
export function createMachine({ config, instrument }: MachineArguments<Config>) {
  const countWith = (context: Context, event: Event): number =>
    withMember(context.sessions, memberOf(event), config).length;
  const isLeaving = (event: Event): boolean =>
    holds(
      'the next session trades another contract, with an unknown spread',
      isLastOfContract(event, instrument, config),
    );

  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: {
      isRepeated: ({ context, event }) =>
        holds('not later than the last session', event.tradeDate <= context.lastSession),
      isLastInForce: ({ context, event }) =>
        isLeaving(event) && holds('a composite is in force', context.area?.inForce === true),
      isLastOfContract: ({ event }) => isLeaving(event),
      isExcluded: ({ event }) =>
        event.holiday
          ? holds('a holiday, and holidays are left out', !config.includeHolidays)
          : holds('a half day, and half days are left out', event.short && !config.includeShort),
      isWhole: ({ context, event }) =>
        compare(
          'sessions of the composite',
          countWith(context, event),
          '>=',
          config.sessions,
          'count',
        ),
      isEnough: ({ context, event }) =>
        compare(
          'sessions of the composite',
          countWith(context, event),
          '>=',
          config.minSessions,
          'count',
        ),
      isInForce: ({ context }) => holds('a composite is in force', context.area?.inForce === true),
    },
    actions: {
      note: assign({ lastSession: ({ event }) => event.tradeDate }),
      keep: assign({
        sessions: ({ context, event }) => withMember(context.sessions, memberOf(event), config),
      }),
      drop: assign({ sessions: () => [] }),
      merge: assign({ area: ({ context }) => mergeSessions(context.sessions, instrument, config) }),
      end: assign({ area: ({ context }) => context.area && { ...context.area, inForce: false } }),
      emitArea: emit(({ context }) => ({ type: 'area' as const, ...(context.area as Area) })),
      emitLevel: emit(({ context }, { kind }: { kind: Level['kind'] }) => ({
        type: 'level' as const,
        ...levelOf(context.area as Area, kind),
      })),
    },
  }).createMachine({
    id: 'composite-value-area',
    context: { sessions: [], area: null, lastSession: '' },
    initial: 'building',
    on: {
      completed: [
        { guard: 'isRepeated' },
        {
          guard: 'isLastInForce',
          target: '.building',
          actions: ['note', 'drop', 'end', ...publish],
        },
        { guard: 'isLastOfContract', target: '.building', actions: ['note', 'drop'] },
        { guard: 'isExcluded', actions: 'note' },
        { guard: 'isWhole', target: '.merged', actions: ['note', 'keep', 'merge', ...publish] },
        { guard: 'isEnough', target: '.partial', actions: ['note', 'keep', 'merge', ...publish] },
        { guard: 'isInForce', target: '.building', actions: ['note', 'keep', 'end', ...publish] },
        { target: '.building', actions: ['note', 'keep'] },
      ],
    },
    states: {
      building: {
        description:
          'Too few completed sessions of this contract for a composite: none is in force.',
      },
      partial: {
        description: 'A composite of fewer sessions than asked for is in force, marked partial.',
      },
      merged: { description: 'A composite of all the sessions asked for is in force.' },
    },
  });
}

const publish = [
  'emitArea',
  { type: 'emitLevel', params: { kind: 'vah' } },
  { type: 'emitLevel', params: { kind: 'val' } },
  { type: 'emitLevel', params: { kind: 'poc' } },
] as const;
