import { assign, emit, setup } from 'xstate';
import { assert, compare, holds, type MachineArguments, type Payload } from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};
type Event = Named[keyof Inputs];
type Told = {
  [K in Exclude<keyof Outputs, 'state'>]: { type: K } & Payload<Outputs[K]>;
}[Exclude<keyof Outputs, 'state'>];
type Run = Readonly<Omit<Named['run'], 'type' | 'ts' | 'slot'>> & { readonly id: string };

interface Context {
  /** Names of the levels by their place. */
  readonly names: Readonly<Record<string, string>>;
  /** The run under watch. */
  readonly run: Run | null;
}

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

function keepLevel({ context, event }: Asked): Partial<Context> {
  const { slot, id, active } = as('level', event);
  const { [slot]: _old, ...others } = context.names;
  return { names: active ? { ...others, [slot]: id } : others };
}

function beginRun({ context, event }: Asked): Partial<Context> {
  const { type: _type, ts: _ts, slot, ...facts } = as('run', event);
  return { run: { ...facts, id: context.names[slot] ?? `slot ${slot}` } };
}

function runOf(context: Context): Run {
  assert(context.run !== null, 'a run is under watch');
  return context.run;
}

function outcomeOf({ context, event }: Asked): Payload<Outputs['stopRun']> {
  const run = runOf(context);
  if (event.type !== 'reclaimed')
    return { ...run, outcome: 'continue', reclaimPrice: null, beyondTicks: null };
  const beyondTicks = Math.abs(event.extreme - run.level);
  return { ...run, outcome: 'reclaim', reclaimPrice: event.at, beyondTicks };
}

function signalOf({ context, event }: Asked, config: Config): Payload<Outputs['signal']> {
  const { at, extreme } = as('reclaimed', event);
  const { direction, level, id, z, share, startedAt, tradeDate } = runOf(context);
  const beyond = Math.abs(extreme - level);
  return {
    side: direction === 'up' ? 'short' : 'long',
    price: at,
    invalidation: direction === 'up' ? extreme + 1 : extreme - 1,
    reason: `a fast run ${direction} through ${id} came back to it after ${beyond} ticks`,
    tradeDate,
    evidence: [
      { what: 'volume of 10 s above its baseline', value: z, needed: config.runZ, unit: 'sd' },
      {
        what: 'share of the side of the run',
        value: share,
        needed: config.runShare,
        unit: 'share',
      },
      {
        what: 'ticks traded beyond the level',
        value: beyond,
        needed: config.runTicks,
        unit: 'tick',
      },
    ],
    id,
    level,
    startedAt,
  };
}

/** Hands an event on as it is, without its time. */
function tell(event: Named['pressure'] | Named['speed'] | Named['largeLot']): Told {
  const { ts: _ts, ...told } = event;
  return told;
}

const isSpeed = (event: Event, speed: Named['speed']['speed']): boolean =>
  holds(`the tape is ${speed}`, as('speed', event).speed === speed);

/** Whether a window's pressure became so; both windows come in one event. */
function isPressure(event: Event, window: 60 | 300, pressure: 'buy' | 'sell' | 'none'): boolean {
  const told = as('pressure', event);
  return (
    compare('window', told.window, '==', window, 's') &&
    holds(`pressure is ${pressure}`, told.pressure === pressure)
  );
}

function kitOf(config: Config) {
  return setup({
    types: {
      context: {} as Context,
      events: {} as Event,
      emitted: {} as Told,
    },
    guards: {
      buysMinute: ({ event }) => isPressure(event, 60, 'buy'),
      sellsMinute: ({ event }) => isPressure(event, 60, 'sell'),
      noneMinute: ({ event }) => isPressure(event, 60, 'none'),
      buysFive: ({ event }) => isPressure(event, 300, 'buy'),
      sellsFive: ({ event }) => isPressure(event, 300, 'sell'),
      noneFive: ({ event }) => isPressure(event, 300, 'none'),
      isFast: ({ event }) => isSpeed(event, 'fast'),
      isExtreme: ({ event }) => isSpeed(event, 'extreme'),
    },
    delays: { reclaimTime: config.reclaimSeconds * 1_000 },
    actions: {
      keepLevel: assign((asked) => keepLevel(asked)),
      beginRun: assign((asked) => beginRun(asked)),
      endRun: assign({ run: null }),
      tellPressure: emit(({ event }) => tell(as('pressure', event))),
      tellSpeed: emit(({ event }) => tell(as('speed', event))),
      tellLot: emit(({ event }) => tell(as('largeLot', event))),
      tellRun: emit((asked) => ({ type: 'stopRun', ...outcomeOf(asked) })),
      emitSignal: emit((asked) => ({ type: 'signal', ...signalOf(asked, config) })),
    },
  });
}

/** Regions for pressure over a minute and over five, for speed, and for a run through a level. */
export function machine({ config }: MachineArguments<Config>) {
  const actions = 'tellPressure' as const;
  return kitOf(config).createMachine({
    id: 'tape',
    context: { names: {}, run: null },
    type: 'parallel',
    on: { level: { actions: 'keepLevel' }, largeLot: { actions: 'tellLot' } },
    states: {
      minute: {
        initial: 'none',
        description: 'Pressure over 60 s.',
        on: {
          pressure: [
            { guard: 'buysMinute', target: '.buy', actions },
            { guard: 'sellsMinute', target: '.sell', actions },
            { guard: 'noneMinute', target: '.none', actions },
          ],
        },
        states: {
          none: { description: 'Neither side presses, or too little traded.' },
          buy: { description: 'Buyers press.' },
          sell: { description: 'Sellers press.' },
        },
      },
      'five-minutes': {
        initial: 'none',
        description: 'Pressure over 5 min.',
        on: {
          pressure: [
            { guard: 'buysFive', target: '.buy', actions },
            { guard: 'sellsFive', target: '.sell', actions },
            { guard: 'noneFive', target: '.none', actions },
          ],
        },
        states: {
          none: { description: 'Neither side presses, or too little traded.' },
          buy: { description: 'Buyers press.' },
          sell: { description: 'Sellers press.' },
        },
      },
      speed: {
        initial: 'usual',
        description: 'Volume of 10 s against what is usual.',
        on: {
          speed: [
            { guard: 'isExtreme', target: '.extreme', actions: 'tellSpeed' },
            { guard: 'isFast', target: '.fast', actions: 'tellSpeed' },
            { target: '.usual', actions: 'tellSpeed' },
          ],
        },
        states: {
          usual: { description: 'As usual, or it is not known what is usual.' },
          fast: { description: 'Clearly more than usual.' },
          extreme: { description: 'Far more than usual.' },
        },
      },
      run: {
        initial: 'quiet',
        description: 'A fast one-sided run through a level.',
        states: {
          quiet: {
            description: 'No run is under watch.',
            on: { run: { target: 'beyond', actions: 'beginRun' } },
          },
          beyond: {
            description: 'Price ran through a level; it is open whether it comes back in time.',
            on: {
              reclaimed: { target: 'quiet', actions: ['tellRun', 'emitSignal', 'endRun'] },
            },
            after: { reclaimTime: { target: 'quiet', actions: ['tellRun', 'endRun'] } },
          },
        },
      },
    },
  });
}
