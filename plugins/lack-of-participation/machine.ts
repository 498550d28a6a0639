import { assign, emit, setup } from 'xstate';
import { assert, compare, holds, type MachineArguments, type Payload } from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};
type Event = Named[keyof Inputs];
type Taken = Named['highTaken'] | Named['lowTaken'];
type Reclaimed = Named['highReclaimed'] | Named['lowReclaimed'];
type Signal = Payload<Outputs['signal']>;
type Level = NonNullable<Signal['level']>;

/** A new extreme under watch, as it began. */
interface Episode extends Readonly<Payload<Senses['highTaken']>> {
  readonly startedAt: number;
  readonly level: Level | null;
}

interface Context {
  readonly high: Episode | null;
  readonly low: Episode | null;
  /** Active levels with the place each has in the sensor. */
  readonly levels: readonly (Level & { readonly slot: number })[];
}

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

const isTaken = (event: Event): event is Taken =>
  event.type === 'highTaken' || event.type === 'lowTaken';
const isReclaimed = (event: Event): event is Reclaimed =>
  event.type === 'highReclaimed' || event.type === 'lowReclaimed';

function keepLevel({ context, event }: Asked): Partial<Context> {
  assert(event.type === 'level', 'the transition is taken for a level', event.type);
  const { id, kind, price, slot, active } = event;
  const others = context.levels.filter((one) => one.id !== id && one.slot !== slot);
  return { levels: active ? [...others, { id, kind, price, slot }] : others };
}

function episodeOf({ context, event }: Asked): Episode {
  assert(isTaken(event), 'an episode begins with a new extreme', event.type);
  const { type: _type, ts, ...facts } = event;
  const found = context.levels.find((one) => one.slot === facts.slot);
  const level = found ? { id: found.id, kind: found.kind, price: found.price } : null;
  return { ...facts, startedAt: ts, level };
}

function isCandidate({ event }: Asked, config: Config): boolean {
  if (!isTaken(event)) return false;
  const { volume, needed, unknownShare } = event;
  if (!holds('a baseline of the volume is known', needed !== null)) return false;
  const isThin = compare('volume of the minute', volume, '<', needed ?? 0, 'contract');
  const isClassified = compare(
    'volume without a known aggressor',
    unknownShare,
    '<=',
    config.maxUnknownShare,
    'share',
  );
  return isThin && isClassified;
}

function signalOf({ context, event }: Asked, config: Config, at: 'high' | 'low'): Signal {
  const episode = context[at];
  assert(episode !== null && isReclaimed(event), 'a signal ends an episode', event.type);
  const way = at === 'high' ? 1 : -1;
  const needed = episode.needed ?? 0;
  const what = episode.level ? episode.level.kind : `older ${at}`;
  return {
    side: at === 'high' ? 'short' : 'long',
    price: event.price,
    invalidation: event.extreme + way,
    reason: `New ${at} beyond ${what} without participation, closed back through`,
    tradeDate: episode.tradeDate,
    evidence: [
      {
        what: `close beyond the ${what}`,
        value: (episode.price - episode.exceeded) * way,
        needed: config.minTicks,
        unit: 'tick',
      },
      {
        what: 'cumulative delta, at most that of the older extreme',
        value: episode.delta,
        needed: episode.deltaBefore,
        unit: 'contract',
      },
      { what: 'volume of the minute, below', value: episode.volume, needed, unit: 'contract' },
    ],
    extreme: event.extreme,
    exceeded: episode.exceeded,
    level: episode.level,
    delta: episode.delta,
    deltaBefore: episode.deltaBefore,
    volume: episode.volume,
    baseline: needed / config.volumeFactor,
    basis: episode.basis,
    startedAt: episode.startedAt,
    inferredShare: episode.inferredShare,
  };
}

function kitOf(config: Config) {
  return setup({
    types: {
      context: {} as Context,
      events: {} as Event,
      emitted: {} as { type: 'signal' } & Signal,
    },
    guards: { isCandidate: (asked: Asked) => isCandidate(asked, config) },
    delays: {
      confirmTime: () => config.confirmMinutes * 60_000,
      cooldown: () => config.cooldownMinutes * 60_000,
    },
    actions: {
      keepLevel: assign((asked) => keepLevel(asked)),
      watchHigh: assign((asked) => ({ high: episodeOf(asked) })),
      watchLow: assign((asked) => ({ low: episodeOf(asked) })),
      emitHigh: emit((asked) => ({ type: 'signal', ...signalOf(asked, config, 'high') })),
      emitLow: emit((asked) => ({ type: 'signal', ...signalOf(asked, config, 'low') })),
      dropHigh: assign({ high: null }),
      dropLow: assign({ low: null }),
    },
  });
}

const highTaken = { guard: 'isCandidate', target: 'candidate', actions: 'watchHigh' } as const;
const lowTaken = { guard: 'isCandidate', target: 'candidate', actions: 'watchLow' } as const;
const afterHigh = { on: { highTaken }, after: { cooldown: 'quiet' } } as const;
const afterLow = { on: { lowTaken }, after: { cooldown: 'quiet' } } as const;

const texts = {
  high: 'New highs of the session.',
  low: 'New lows of the session.',
  quiet: 'Nothing is under watch on this side.',
  candidate: 'A new extreme went without delta and volume; price is still beyond the old one.',
  confirmed: 'Price closed back through the older extreme: the signal was given.',
  failed: 'Delta came after, so the move has participation.',
  expired: 'Neither a close back nor delta came in time.',
} as const;

/** Follows a new extreme without participation, on each side for itself; the signal is the close back inside. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'lack-of-participation',
    context: { high: null, low: null, levels: [] },
    type: 'parallel',
    on: { level: { actions: 'keepLevel' } },
    states: {
      high: {
        description: texts.high,
        initial: 'quiet',
        states: {
          quiet: { description: texts.quiet, on: { highTaken } },
          candidate: {
            description: texts.candidate,
            on: {
              highReclaimed: { target: 'confirmed', actions: ['emitHigh', 'dropHigh'] },
              highJoined: { target: 'failed', actions: 'dropHigh' },
            },
            after: { confirmTime: { target: 'expired', actions: 'dropHigh' } },
          },
          confirmed: { description: texts.confirmed, ...afterHigh },
          failed: { description: texts.failed, ...afterHigh },
          expired: { description: texts.expired, ...afterHigh },
        },
      },
      low: {
        description: texts.low,
        initial: 'quiet',
        states: {
          quiet: { description: texts.quiet, on: { lowTaken } },
          candidate: {
            description: texts.candidate,
            on: {
              lowReclaimed: { target: 'confirmed', actions: ['emitLow', 'dropLow'] },
              lowJoined: { target: 'failed', actions: 'dropLow' },
            },
            after: { confirmTime: { target: 'expired', actions: 'dropLow' } },
          },
          confirmed: { description: texts.confirmed, ...afterLow },
          failed: { description: texts.failed, ...afterLow },
          expired: { description: texts.expired, ...afterLow },
        },
      },
    },
  });
}
