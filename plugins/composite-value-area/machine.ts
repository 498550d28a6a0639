import { assertEvent, assign, emit, setup } from 'xstate';
import type { z } from 'zod';
import { compare, holds, type level, type MachineArguments } from '#engine';
import {
  type Area,
  type CompletedSession,
  dateAfter,
  fewestSessions,
  isLastOfContract,
  type Member,
  memberOf,
  mergeSessions,
  shiftBetween,
  wholeSessions,
  withMember,
} from './composite-value-area.ts';
import type { Config } from './config.ts';
import type { Override } from './override.ts';
import {
  emptyStack,
  overridden,
  type StackRow,
  type StackState,
  stackRow,
  withArchive,
  withSession,
} from './stack-state.ts';

type Completed = { type: 'completed'; ts: number } & CompletedSession;
type Event = Completed | ({ type: 'override'; ts: number } & Override);
type Level = z.infer<typeof level>;
type Emitted =
  | ({ type: 'area' } & Area)
  | ({ type: 'level' } & Level)
  | ({ type: 'stack' } & StackRow);

interface Context {
  /** Sessions that may still be merged, oldest first. */
  sessions: Member[];
  /** The latest composite; null before the first. */
  area: Area | null;
  /** Trade date of the last session seen, counted or not. */
  lastSession: string;
  /** Composites by overlap and the archive. */
  stack: StackState;
  /** Close of the last session counted, in ticks of the contract that trades after it. */
  close: number;
}

/** What changes with an event before an area is made of it. */
type Next = Pick<Context, 'sessions' | 'stack'>;

function levelOf(area: Area, kind: Level['kind']): Level {
  return {
    kind,
    price: area[kind],
    sessions: area.sessions.length,
    partial: area.partial,
    inForce: area.inForce,
  };
}

/** Returns the sessions that the area is made of. */
function membersOf({ sessions, stack }: Next, config: Config): Member[] {
  if (config.mode === 'last5') return sessions.slice(-config.sessions);
  const newest = stack.composites.at(-1)?.sessions ?? [];
  return sessions.filter(({ tradeDate }) => newest.includes(tradeDate));
}

/** Builds the statechart of the composite: how many sessions are merged, and whether they still say something. */
export function createMachine({ config, instrument }: MachineArguments<Config>) {
  const known = new WeakMap<Event, Next>();
  /** What follows from an event, worked out once for guards and actions. */
  const nextOf = (context: Context, event: Event): Next => {
    const before = known.get(event);
    if (before !== undefined) return before;
    const next = event.type === 'completed' ? counted(context, event) : asked(context, event).next;
    known.set(event, next);
    return next;
  };
  const counted = (context: Context, event: Completed): Next => {
    const sessions = withMember(context.sessions, memberOf(event), config);
    let stack = withSession(context.stack, sessions, instrument, config);
    for (const planned of config.overrides) {
      if (planned.after !== event.tradeDate) continue;
      const { merging } = overridden(stack, planned, sessions, config);
      if (merging !== null) stack = { ...stack, ...merging };
    }
    return { sessions, stack };
  };
  const asked = ({ sessions, stack }: Context, event: Override) => {
    const { merging, refusal } = overridden(stack, event, sessions, config);
    return { next: { sessions, stack: merging ? { ...stack, ...merging } : stack }, refusal };
  };
  const isAtLeast = (context: Context, event: Event, needed: number): boolean => {
    const count = membersOf(nextOf(context, event), config).length;
    return compare('sessions of the composite', count, '>=', needed, 'count');
  };
  const isLeaving = (event: Event): boolean => {
    assertEvent(event, 'completed');
    return holds(
      'the next session trades another contract, with an unknown spread',
      isLastOfContract(event, instrument, config),
    );
  };
  const isAllowed = (context: Context, event: Event): boolean => {
    assertEvent(event, 'override');
    const { refusal } = asked(context, event);
    return holds(refusal ?? 'the newest composite can be changed so', refusal === null);
  };
  const isMade = (): boolean => holds('the area is merged by overlap', config.mode === 'merge');

  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: {
      isRepeated: ({ context, event }) =>
        holds('not later than the last session', event.tradeDate <= context.lastSession),
      isLastInForce: ({ context, event }) =>
        isLeaving(event) && holds('a composite is in force', context.area?.inForce === true),
      isLastOfContract: ({ event }) => isLeaving(event),
      isExcluded: ({ event }) => {
        assertEvent(event, 'completed');
        return event.holiday
          ? holds('a holiday, and holidays are left out', !config.includeHolidays)
          : holds('a half day, and half days are left out', event.short && !config.includeShort);
      },
      isWhole: ({ context, event }) => isAtLeast(context, event, wholeSessions(config)),
      isEnough: ({ context, event }) => isAtLeast(context, event, fewestSessions(config)),
      isInForce: ({ context }) => holds('a composite is in force', context.area?.inForce === true),
      isAllowed: ({ context, event }) => isAllowed(context, event),
      makesWhole: ({ context, event }) =>
        isMade() && isAllowed(context, event) && isAtLeast(context, event, wholeSessions(config)),
      makesPartial: ({ context, event }) => isMade() && isAllowed(context, event),
    },
    actions: {
      note: assign({ lastSession: ({ event }) => event.tradeDate }),
      keep: assign(({ context, event }) => {
        assertEvent(event, 'completed');
        const { tradeDate, close } = event;
        const shift = shiftBetween(config.rollShifts, tradeDate, dateAfter(instrument, tradeDate));
        return { ...nextOf(context, event), close: close + shift };
      }),
      drop: assign({ sessions: () => [], stack: () => emptyStack }),
      merge: assign(({ context, event }) => {
        assertEvent(event, 'completed');
        const { sessions, stack, area: before } = context;
        const area = mergeSessions(membersOf(context, config), instrument, config);
        return {
          area,
          stack: withArchive(stack, event, sessions, before, area, config, instrument),
        };
      }),
      override: assign(({ context, event }) => ({ stack: nextOf(context, event).stack })),
      mergeAgain: assign({
        area: ({ context }) => mergeSessions(membersOf(context, config), instrument, config),
      }),
      end: assign({ area: ({ context }) => context.area && { ...context.area, inForce: false } }),
      emitArea: emit(({ context }) => ({ type: 'area' as const, ...(context.area as Area) })),
      emitLevel: emit(({ context }, { kind }: { kind: Level['kind'] }) => ({
        type: 'level' as const,
        ...levelOf(context.area as Area, kind),
      })),
      emitStack: emit(({ context }) => {
        const last = {
          tradeDate: context.lastSession,
          close: context.close,
          inForce: context.area?.inForce === true,
          approximate: context.sessions.some(({ approximate }) => approximate),
        };
        return { type: 'stack' as const, ...stackRow(context.stack, last, config) };
      }),
    },
  }).createMachine({
    id: 'composite-value-area',
    context: { sessions: [], area: null, lastSession: '', stack: emptyStack, close: 0 },
    initial: 'building',
    on: {
      completed: [
        { guard: 'isRepeated' },
        {
          guard: 'isLastInForce',
          target: '.building',
          actions: ['note', 'drop', 'end', ...publish],
        },
        {
          guard: 'isLastOfContract',
          target: '.building',
          actions: ['note', 'drop', 'emitStack'],
        },
        { guard: 'isExcluded', actions: 'note' },
        { guard: 'isWhole', target: '.merged', actions: ['note', 'keep', 'merge', ...publish] },
        { guard: 'isEnough', target: '.partial', actions: ['note', 'keep', 'merge', ...publish] },
        { guard: 'isInForce', target: '.building', actions: ['note', 'keep', 'end', ...publish] },
        { target: '.building', actions: ['note', 'keep', 'emitStack'] },
      ],
      override: [
        { guard: 'makesWhole', target: '.merged', actions: ['override', 'mergeAgain', ...publish] },
        {
          guard: 'makesPartial',
          target: '.partial',
          actions: ['override', 'mergeAgain', ...publish],
        },
        { guard: 'isAllowed', actions: ['override', 'emitStack'] },
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
  'emitStack',
] as const;
