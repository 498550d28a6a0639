import { assign, emit, setup } from 'xstate';
import {
  assert,
  compare,
  holds,
  type MachineArguments,
  nearestLevel,
  type Payload,
  parseDuration,
} from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};
type Event = Named[keyof Inputs];
type Spent = Named['highSpent'] | Named['lowSpent'];
type Signal = Payload<Outputs['signal']>;
type Level = Pick<NonNullable<Signal['level']>, 'id' | 'kind' | 'price'>;

/** A new extreme under watch, as it began. */
type Episode = Readonly<Payload<Senses['highSpent']>> & { readonly startedAt: number };

interface Context {
  readonly high: Episode | null;
  readonly low: Episode | null;
  readonly levels: readonly Level[];
}

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function spentOf(event: Event): Spent {
  assert(
    event.type === 'highSpent' || event.type === 'lowSpent',
    'an episode begins with a new extreme',
    event.type,
  );
  return event;
}

function keepLevel({ context, event }: Asked): Partial<Context> {
  assert(event.type === 'level', 'the transition is taken for a level', event.type);
  const { id, kind, price, active } = event;
  const others = context.levels.filter((one) => one.id !== id);
  return { levels: active ? [...others, { id, kind, price }] : others };
}

function episodeOf({ event }: Asked): Episode {
  const { type: _type, ts, ...facts } = spentOf(event);
  return { ...facts, startedAt: ts };
}

function levelNear({ levels }: Context, extreme: number, config: Config): Level | null {
  return nearestLevel(levels, { low: extreme, high: extreme }, config.levelTicks);
}

function isCandidate({ context, event }: Asked, config: Config): boolean {
  const { extreme, unknownShare } = spentOf(event);
  const isClassified = compare(
    'volume without a known aggressor',
    unknownShare,
    '<=',
    config.maxUnknownShare,
    'share',
  );
  if (!config.atLevel) return isClassified;
  const level = levelNear(context, extreme, config);
  return holds('a level lies near the extreme', level !== null) && isClassified;
}

/** The numbers behind the sign that was seen. */
function evidenceOf(episode: Episode, config: Config): Signal['evidence'] {
  if (episode.kind === 'thin-extreme')
    return [
      {
        what: 'volume of the two extreme rows over the largest row, at most',
        value: episode.thinShare,
        needed: config.thinShare,
        unit: 'share',
      },
      {
        what: 'volume of the passive side at the extreme',
        value: episode.passive,
        needed: 0,
        unit: 'contract',
      },
    ];
  return episode.pushes.flatMap(({ delta, volume }, i) => [
    { what: `delta of push ${i + 1}`, value: delta, unit: 'contract' },
    { what: `volume of push ${i + 1}`, value: volume, unit: 'contract' },
  ]);
}

const reasons = {
  'thin-extreme': 'on hardly any volume, its auction finished',
  'three-pushes': 'by a third push with less delta and volume',
} as const;

function signalOf({ context, event }: Asked, config: Config, at: 'high' | 'low'): Signal {
  const episode = context[at];
  assert(episode !== null && 'price' in event, 'a signal ends an episode', event.type);
  const { extreme, kind } = episode;
  const level = levelNear(context, extreme, config);
  return {
    side: at === 'high' ? 'short' : 'long',
    price: event.price,
    invalidation: extreme + (at === 'high' ? 1 : -1),
    reason: `New ${at} ${reasons[kind]}; closed back inside the bar before it`,
    tradeDate: episode.tradeDate,
    evidence: evidenceOf(episode, config),
    kind,
    extreme,
    inside: episode.inside,
    level: level && { ...level, distanceTicks: Math.abs(level.price - extreme) },
    thinShare: episode.thinShare,
    pushes: episode.pushes,
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
    delays: { cooldown: () => (parseDuration(config.cooldown) ?? 0) / 1_000 },
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

const highSpent = { guard: 'isCandidate', target: 'candidate', actions: 'watchHigh' } as const;
const lowSpent = { guard: 'isCandidate', target: 'candidate', actions: 'watchLow' } as const;
const afterHigh = { on: { highSpent }, after: { cooldown: 'quiet' } } as const;
const afterLow = { on: { lowSpent }, after: { cooldown: 'quiet' } } as const;

const texts = {
  high: 'New highs.',
  low: 'New lows.',
  quiet: 'Nothing is under watch on this side.',
  candidate: 'A new extreme shows a sign of exhaustion; price has not closed back yet.',
  confirmed: 'Price closed back inside the bar before the extreme: the signal was given.',
  failed: 'Price went beyond the extreme: the attack was not spent.',
  expired: 'Price neither closed back nor went beyond in time.',
} as const;

/** Follows an exhausted extreme, on each side for itself; the signal is the close back inside. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'exhaustion',
    context: { high: null, low: null, levels: [] },
    type: 'parallel',
    on: { level: { actions: 'keepLevel' } },
    states: {
      high: {
        description: texts.high,
        initial: 'quiet',
        states: {
          quiet: { description: texts.quiet, on: { highSpent } },
          candidate: {
            description: texts.candidate,
            on: {
              highReclaimed: { target: 'confirmed', actions: ['emitHigh', 'dropHigh'] },
              highExceeded: { target: 'failed', actions: 'dropHigh' },
              highLapsed: { target: 'expired', actions: 'dropHigh' },
            },
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
          quiet: { description: texts.quiet, on: { lowSpent } },
          candidate: {
            description: texts.candidate,
            on: {
              lowReclaimed: { target: 'confirmed', actions: ['emitLow', 'dropLow'] },
              lowExceeded: { target: 'failed', actions: 'dropLow' },
              lowLapsed: { target: 'expired', actions: 'dropLow' },
            },
          },
          confirmed: { description: texts.confirmed, ...afterLow },
          failed: { description: texts.failed, ...afterLow },
          expired: { description: texts.expired, ...afterLow },
        },
      },
    },
  });
}
