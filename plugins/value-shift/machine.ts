import { assign, emit, enqueueActions, raise, setup } from 'xstate';
import { holds, type MachineArguments, type Payload } from '#engine';
import type { Config } from './config.ts';
import type { Context, Event } from './context.ts';
import * as memory from './context.ts';
import { Expectations, type Step } from './expectations.ts';
import type { Outputs } from './ports.ts';
import { nextTagChange, tagRulesOf, withTagChange } from './tags.ts';
import type { ExpectationName } from './value-shift.ts';

type Emitted = {
  [K in keyof Outputs]: { readonly type: K } & Payload<Outputs[K]>;
}[keyof Outputs];
interface Asked {
  readonly context: Context;
  readonly event: Event;
}
interface Of {
  readonly name: ExpectationName;
}

/** Builds the kit of one node: guards, updates of the context and what is emitted. */
function kitOf({ config, instrument }: MachineArguments<Config>) {
  const expectations = new Expectations(config, instrument);
  const tagRules = tagRulesOf(config);
  const tagChange = (context: Context) => {
    const view = expectations.view(context);
    return view === null ? null : nextTagChange(tagRules, context.tags, view);
  };
  const isDue = ({ context, event }: Asked): boolean =>
    event.type === 'halfHour' || expectations.isMoving(context) || tagChange(context) !== null;
  const asks =
    (step: Step) =>
    ({ context }: Asked, { name }: Of): boolean =>
      expectations.sideOf(context, name, step) !== null;
  const sideOf = (event: Event) => (event.type === 'pocTaken' ? event.side : 'long');
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: {
      arms: asks('arms'),
      activates: asks('activates'),
      fulfils: asks('fulfils'),
      fails: asks('fails'),
      isCarried: ({ context }: Asked, { name }: Of) => {
        const { long, short } = context.slots[name];
        return holds('it is active and goes on', memory.isCarried(long) || memory.isCarried(short));
      },
      isSuperseded: ({ context, event }: Asked) =>
        expectations.isSuperseded(context, sideOf(event)),
      isTagChanged: ({ context }: Asked) => tagChange(context) !== null,
    },
    actions: {
      startDay: assign(({ context, event }) => memory.startDay(context, event)),
      keepOpen: assign(({ context, event }) => memory.keepOpen(instrument, context, event)),
      keepTold: assign(({ context, event }) => memory.keepTold(config, context, event)),
      keepPhase: assign(({ context, event }) => memory.keepPhase(config, context, event)),
      keepRegime: assign(({ event }) => memory.keepRegime(event)),
      keepRelation: assign(({ event }) => memory.keepRelation(event)),
      keepStack: assign(({ event }) => memory.keepStack(event)),
      arm: assign(({ context }, { name }: Of) => expectations.take(context, name, 'arms')),
      activate: assign(({ context }, { name }: Of) =>
        expectations.take(context, name, 'activates'),
      ),
      fulfil: assign(({ context }, { name }: Of) => expectations.take(context, name, 'fulfils')),
      fail: assign(({ context }, { name }: Of) => expectations.take(context, name, 'fails')),
      supersede: assign(({ context, event }) => expectations.supersede(context, sideOf(event))),
      // Most of what is told changes nothing: regions are asked when one takes a step, and at closes, for the reasons.
      judge: enqueueActions(({ context, event, enqueue }) => {
        if (isDue({ context, event })) enqueue.raise({ type: 'judge' });
      }),
      tellPocTaken: raise(({ context }) => ({
        type: 'pocTaken' as const,
        side: context.changed.side,
      })),
      emitExpectation: emit(({ context, event }) => ({
        type: 'expectation' as const,
        ...expectations.recordOf(context, event.type === 'pocTaken'),
      })),
      emitOutcome: emit(({ context }) => ({
        type: 'outcome' as const,
        ...expectations.outcomeOf(context),
      })),
      emitSignal: emit(({ context }) => ({
        type: 'signal' as const,
        ...expectations.signalOf(context),
      })),
      emitTag: emit(({ context }) => {
        const change = tagChange(context);
        const { rule, state, status } = change!;
        return {
          type: 'tag' as const,
          tradeDate: context.tradeDate,
          tag: rule.tag,
          side: rule.side,
          status,
          ...state,
          evidence: [rule.evidence(expectations.view(context)!)],
        };
      }),
      keepTag: assign(({ context }) => ({
        tags: withTagChange(context.tags, tagChange(context)),
      })),
    },
  });
}

const of = (name: ExpectationName) => ({ name }) as const;

/** One expectation as a region: its state is the last step of either direction. */
function regionOf(name: ExpectationName, what: string) {
  const params = of(name);
  const told = ['emitExpectation', 'judge'] as const;
  const ended = ['emitExpectation', 'emitOutcome', 'judge'] as const;
  const arms = { type: 'arms', params } as const;
  const arm = [{ type: 'arm', params } as const, ...told] as const;
  const taken = name === 'poc-holds' ? (['tellPocTaken'] as const) : ([] as const);
  const signalled = name === 'shift' ? (['emitSignal'] as const) : ([] as const);
  return {
    initial: 'idle',
    description: `${what}.`,
    on: {
      judge: [
        {
          guard: { type: 'fulfils', params },
          target: '.fulfilled',
          actions: [{ type: 'fulfil', params }, ...ended],
        },
        {
          guard: { type: 'fails', params },
          target: '.failed',
          actions: [{ type: 'fail', params }, ...ended],
        },
        {
          guard: { type: 'activates', params },
          target: '.active',
          actions: [{ type: 'activate', params }, ...signalled, ...taken, ...told],
        },
        ...(isDirected(name) ? [{ guard: arms, actions: arm } as const] : []),
      ],
      dayBegan: [
        ...(isLong(name)
          ? [{ guard: { type: 'isCarried', params }, target: '.active' } as const]
          : []),
        { target: '.idle' },
      ],
    },
    states: {
      idle: {
        description: `${what}: nothing yet today.`,
        on: { judge: { guard: arms, target: 'armed', actions: arm } },
      },
      armed: { description: `${what}: possible today.` },
      active: { description: `${what}: expected, with target, invalidation and horizon.` },
      fulfilled: { description: `${what}: it came.` },
      failed: { description: `${what}: invalidated, superseded or out of time.` },
    },
  } as const;
}

const isDirected = (name: ExpectationName): boolean =>
  name !== 'stay-rotational' && name !== 'day-fades';

/** Goes on for several sessions. */
const isLong = (name: ExpectationName): boolean => isDirected(name) && name !== 'poc-holds';

const told = { actions: ['keepTold', 'judge'] } as const;

/** The seven value expectations as parallel regions of one statechart, and the tags beside them. */
export function machine(a: MachineArguments<Config>) {
  const otherSide = regionOf('other-side', 'Price goes to the other side of value');
  return kitOf(a).createMachine({
    id: 'value-shift',
    context: memory.emptyContext,
    type: 'parallel',
    states: {
      facts: {
        description: 'Keeps what is known of the day, before the regions are asked.',
        on: {
          dayBegan: { actions: ['startDay', 'judge'] },
          opened: { actions: ['keepOpen', 'judge'] },
          crossed: told,
          moved: told,
          halfHour: told,
          pocApart: told,
          pocHeld: told,
          pocBroken: told,
          rthEnded: told,
          phase: { actions: ['keepPhase', 'judge'] },
          regime: { actions: 'keepRegime' },
          relation: { actions: 'keepRelation' },
          stack: { actions: 'keepStack' },
        },
      },
      otherSide: {
        ...otherSide,
        on: {
          ...otherSide.on,
          pocTaken: {
            guard: 'isSuperseded',
            target: '.failed',
            actions: ['supersede', 'emitExpectation'],
          },
        },
      },
      stayRotational: regionOf('stay-rotational', 'Price stays in value'),
      nextBalance: regionOf('next-balance', 'Price travels to the next balance'),
      shift: regionOf('shift', 'Balance turns into imbalance, or back'),
      pocHolds: regionOf('poc-holds', 'A point of control holds'),
      buildingOutside: regionOf('building-outside', 'Value builds outside value'),
      dayFades: regionOf('day-fades', 'The day has done its work'),
      tags: {
        description: 'Tells the seven conditions as they begin and end.',
        on: {
          judge: { guard: 'isTagChanged', actions: ['emitTag', 'keepTag', 'judge'] },
        },
      },
    },
  });
}
