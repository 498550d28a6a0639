import { assign, emit, setup } from 'xstate';
import { compare, holds, type MachineArguments, type Payload, type ValueRelation } from '#engine';
import type { Config, Outputs } from './config.ts';
import * as memory from './context.ts';
import { as, type Context, type Event } from './context.ts';
import type { Activity, Side } from './value-migration.ts';

type Relation = Payload<Outputs['relation']>;
type Outcome = Payload<Outputs['outcome']>;
type Emitted =
  | ({ type: 'relation' } & Relation)
  | ({ type: 'activity' } & Payload<Outputs['activity']>)
  | ({ type: 'outcome' } & Outcome);
interface Asked {
  readonly context: Context;
  readonly event: Event;
}

/** The questions about value against the composite. */
function relationGuards(config: Config) {
  return {
    hasComposite: ({ context, event }: Asked) => {
      const { missing } = memory.beginSession(config, context, event);
      return holds('a composite is in force today', missing === null);
    },
    isEmpty: ({ event }: Asked) => {
      const { close, session } = as('period', event);
      return holds('nothing traded in the period', close === null || session === null);
    },
    isEarly: ({ context, event }: Asked) =>
      compare('end of the period', as('period', event).end, '<', context.from, 'us'),
    isPublished: ({ context, event }: Asked, { relation }: { relation: ValueRelation }) => {
      const kept = memory.keepRelation(config, context, event);
      return holds(
        `the relation published at this close is ${relation}`,
        kept.relation === relation,
      );
    },
    hasValue: ({ context }: Asked) => holds('value developed today', context.developing !== null),
  };
}

/** The questions about the two setups and about activity. */
function setupGuards() {
  return {
    isNight: ({ event }: Asked) => holds('a night began', as('phase', event).phase === 'overnight'),
    names: ({ context, event }: Asked, { side }: { side: Side }) =>
      holds('a night began', as('phase', event).phase === 'overnight') &&
      holds(`the last two sessions name the ${side} side`, context.reading?.side === side),
    isRefused: ({ event }: Asked) => {
      const { refusal } = as('sessionBegan', event);
      return holds('the prior session may not be used', refusal !== null && refusal !== 'holiday');
    },
    closesWithIt: ({ context, event }: Asked) => {
      const close = as('sessionEnded', event).price ?? context.open ?? 0;
      const open = context.open ?? 0;
      return context.expected?.side === 'long'
        ? compare('close of the session', close, '>', open, 'price')
        : compare('close of the session', close, '<', open, 'price');
    },
    hasGap: ({ context, event }: Asked) =>
      holds(
        'the open lies outside prior value and off the prior close',
        memory.gapIn(context, as('opened', event).price) !== null,
      ),
    isActivity: ({ context, event }: Asked, { activity }: { activity: Activity }) =>
      holds(`the move is ${activity}`, memory.moveOf(context, event)?.activity === activity),
  };
}

function kitOf(config: Config) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: { ...relationGuards(config), ...setupGuards() },
    actions: {
      keepComposite: assign(({ event }) => memory.keepComposite(event)),
      beginSession: assign(({ context, event }) => memory.beginSession(config, context, event)),
      breakRun: assign({ run: 0 }),
      keepForming: assign(({ context, event }) => memory.keepForming(config, context, event)),
      keepRelation: assign(({ context, event }) => memory.keepRelation(config, context, event)),
      keepPrior: assign(({ context, event }) => memory.keepPrior(config, context, event)),
      takeReading: assign(({ context }) => ({ expected: context.reading })),
      keepOpen: assign(({ event }) => memory.keepOpen(event)),
      emitRelation: emit(({ context }, { stage }: { stage: Relation['stage'] }) => ({
        type: 'relation',
        ...memory.relationRow(config, context, stage),
      })),
      emitActivity: emit(({ context, event }) => ({
        type: 'activity',
        ...memory.activityIn(context, event),
      })),
      emitTwoDay: emit(({ context, event }, { result }: { result: Outcome['result'] }) => ({
        type: 'outcome',
        ...memory.twoDayOutcome(context, event, result),
      })),
      emitGap: emit(({ context, event }) => ({
        type: 'outcome',
        ...memory.gapOutcome(context, event),
      })),
    },
  });
}

const row = (stage: Relation['stage']) => ({ type: 'emitRelation', params: { stage } }) as const;
const published = (relation: ValueRelation) =>
  ({ type: 'isPublished', params: { relation } }) as const;
const develops = ['keepRelation', row('developing')] as const;

/** The seven relations and the rest: total and exclusive, in the order they are asked. */
const onPeriod = [
  { guard: 'isEmpty', actions: 'breakRun' },
  { guard: 'isEarly', target: '.forming', actions: ['keepForming', row('forming')] },
  { guard: published('higher'), target: '.higher', actions: develops },
  { guard: published('overlapping-higher'), target: '.overlappingHigher', actions: develops },
  { guard: published('unchanged'), target: '.unchanged', actions: develops },
  { guard: published('inside'), target: '.inside', actions: develops },
  { guard: published('outside'), target: '.outside', actions: develops },
  { guard: published('overlapping-lower'), target: '.overlappingLower', actions: develops },
  { guard: published('lower'), target: '.lower', actions: develops },
  { target: '.undecided', actions: develops },
] as const;

const relationStates = {
  forming: { description: 'Before 10:30: a young value area is narrow and says nothing yet.' },
  undecided: { description: 'Closes count, but no two in a row agreed yet.' },
  higher: { description: 'Value lies above the composite without touching it.' },
  overlappingHigher: { description: 'Value moves up and still shares prices with the composite.' },
  unchanged: { description: 'Value has the edges of the composite.' },
  inside: { description: 'Value lies inside the composite.' },
  outside: { description: 'Value is wider than the composite on both sides.' },
  overlappingLower: { description: 'Value moves down and still shares prices with the composite.' },
  lower: { description: 'Value lies below the composite without touching it.' },
} as const;

const relationRegion = {
  description: 'Developing value against the composite that stood at the open.',
  initial: 'waiting',
  on: {
    composite: { actions: 'keepComposite' },
    sessionBegan: [
      { guard: 'hasComposite', target: '.today', actions: ['beginSession', row('forming')] },
      { target: '.unknown', actions: ['beginSession', row('unknown')] },
    ],
  },
  states: {
    waiting: { description: 'No regular session was seen yet.' },
    unknown: { description: 'No relation today; the reason is in the context.' },
    today: {
      description: 'The regular session: one relation a close, published when two agree.',
      initial: 'forming',
      on: {
        period: onPeriod,
        sessionEnded: [
          { guard: 'hasValue', target: 'final', actions: row('final') },
          { target: 'unknown' },
        ],
      },
      states: relationStates,
    },
    final: { description: 'The session is over: its value against the composite it began with.' },
  },
} as const;

const names = (side: Side) => ({ type: 'names', params: { side } }) as const;
const twoDayEnd = (result: Outcome['result']) =>
  ({ type: 'emitTwoDay', params: { result } }) as const;
const expecting = {
  sessionBegan: { guard: 'isRefused', target: 'noReading' },
  opened: { target: 'following', actions: 'takeReading' },
} as const;

const twoDayRegion = {
  description: 'What the value areas of the last two sessions say about the next one.',
  initial: 'noReading',
  on: {
    // At the end of a session its profile may come before or after the calendar: the reading is taken at night.
    prior: { actions: 'keepPrior' },
    phase: [
      { guard: names('long'), target: '.expectingUp' },
      { guard: names('short'), target: '.expectingDown' },
      { guard: 'isNight', target: '.noReading' },
    ],
  },
  states: {
    noReading: {
      description: 'The last two sessions name no side, or they may not be compared.',
    },
    expectingUp: {
      description: 'Value moved up: the next session is expected to close above its open.',
      on: expecting,
    },
    expectingDown: {
      description: 'Value moved down: the next session is expected to close below its open.',
      on: expecting,
    },
    following: {
      description: 'The session that was spoken of runs; its end decides.',
      on: {
        sessionEnded: [
          { guard: 'closesWithIt', target: 'completed', actions: twoDayEnd('completed') },
          { target: 'rejected', actions: twoDayEnd('rejected') },
        ],
      },
    },
    completed: { description: 'The session closed as expected.' },
    rejected: { description: 'The session closed at its open or against what was expected.' },
  },
} as const;

const gapRegion = {
  description: 'An open outside prior value and its way back to the prior close.',
  initial: 'idle',
  on: { sessionBegan: { target: '.idle' } },
  states: {
    idle: {
      description: 'Waits for the regular open.',
      on: {
        opened: [
          { guard: 'hasGap', target: 'open', actions: 'keepOpen' },
          { target: 'noGap', actions: 'keepOpen' },
        ],
      },
    },
    noGap: { description: 'The open lies in prior value, or there is nothing to judge it by.' },
    open: {
      description: 'Opened outside prior value; the prior close has not traded since.',
      on: {
        filled: { target: 'filled', actions: 'emitGap' },
        sessionEnded: { target: 'unfilled', actions: 'emitGap' },
      },
    },
    filled: { description: 'The prior close traded.' },
    unfilled: { description: 'The session ended without a trade at the prior close.' },
  },
} as const;

const moved = (activity: Activity) => ({ type: 'isActivity', params: { activity } }) as const;
const initiative = {
  guard: moved('initiative'),
  target: '.initiative',
  actions: 'emitActivity',
} as const;
const responsive = {
  guard: moved('responsive'),
  target: '.responsive',
  actions: 'emitActivity',
} as const;

const activityRegion = {
  description: 'The last move beyond the initial balance or outside prior value.',
  initial: 'none',
  on: {
    sessionBegan: { target: '.none' },
    extended: [
      initiative,
      responsive,
      { guard: moved('inside'), target: '.inside', actions: 'emitActivity' },
    ],
    period: [initiative, responsive],
  },
  states: {
    none: { description: 'No such move today.' },
    initiative: { description: 'Business began away from prior value.' },
    responsive: { description: 'A price outside prior value was answered toward it.' },
    inside: { description: 'The range grew inside prior value.' },
  },
} as const;

/** Four questions on value side by side: against the composite, over two days, at the open, and move by move. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'value-migration',
    context: memory.emptyContext,
    type: 'parallel',
    states: {
      relation: relationRegion,
      twoDay: twoDayRegion,
      gap: gapRegion,
      activity: activityRegion,
    },
  });
}
