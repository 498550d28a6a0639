import { assign, emit, setup } from 'xstate';
import {
  assert,
  compare,
  holds,
  type MachineArguments,
  microsPerSecond,
  nearestLevel,
  type Payload,
  parseDuration,
} from '#engine';
import { breakPrice, type Side } from './absorption.ts';
import type { Config, Outputs, records, Senses } from './config.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};
type Event = Named[keyof Inputs];
type Signal = Payload<Outputs['signal']>;

/** An attack under watch, as it began. */
type Episode = Readonly<Payload<Senses['effort']>> & {
  readonly startedAt: number;
  readonly reloads: number;
};

interface Level {
  readonly id: string;
  readonly kind: string;
  readonly price: number;
}

interface Context {
  /** Attacks under watch, oldest first. */
  readonly open: readonly Episode[];
  /** The last row of each level. */
  readonly levels: readonly Level[];
}

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

function episodeOf({ context, event }: Asked): Episode | null {
  if (event.type !== 'turned' && event.type !== 'gaveWay' && event.type !== 'reloaded') return null;
  return context.open.find((one) => one.episode === event.episode) ?? null;
}

/** Returns the attacks still under watch at a time, without one of them. */
function others({ context, event }: Asked, config: Config, without: Episode | null): Episode[] {
  const oldest = event.ts - config.confirmSeconds * microsPerSecond;
  return context.open.filter((one) => one !== without && one.startedAt > oldest);
}

function watch(asked: Asked, config: Config): Partial<Context> {
  const { type: _type, ts, ...facts } = as('effort', asked.event);
  return { open: [...others(asked, config, null), { ...facts, startedAt: ts, reloads: 0 }] };
}

function keepLevel({ context, event }: Asked): Partial<Context> {
  const { kind, price } = as('level', event);
  const kept = context.levels.filter((one) => one.id !== kind);
  return { levels: [...kept, { id: kind, kind, price }] };
}

function keepKeyLevel({ context, event }: Asked): Partial<Context> {
  const { id, kind, price, active } = as('keyLevel', event);
  const kept = context.levels.filter((one) => one.id !== id);
  return { levels: active ? [...kept, { id, kind, price }] : kept };
}

function countReloads(asked: Asked): Partial<Context> {
  const { episode, reloads } = as('reloaded', asked.event);
  return {
    open: asked.context.open.map((one) => (one.episode === episode ? { ...one, reloads } : one)),
  };
}

function guardsOf(config: Config) {
  const isNear = ({ context, event }: Asked): boolean => {
    if (config.nearLevelTicks === null) return true;
    const { price } = as('effort', event);
    const level = nearestLevel(context.levels, { low: price, high: price });
    if (level === null) return holds('a level is known', false);
    return compare(
      `distance to ${level.kind}`,
      Math.abs(level.price - price),
      '<=',
      config.nearLevelTicks,
      'tick',
    );
  };
  return {
    isCandidate: (asked: Asked) => {
      const { unknownShare } = as('effort', asked.event);
      const isClassified = compare(
        'volume without a known aggressor',
        unknownShare,
        '<=',
        config.maxUnknownShare,
        'share',
      );
      return isNear(asked) && isClassified;
    },
    isWatched: (asked: Asked) => holds('the attack is under watch', episodeOf(asked) !== null),
    isLastWatched: (asked: Asked) => {
      const episode = episodeOf(asked);
      if (!holds('the attack is under watch', episode !== null)) return false;
      return compare(
        'other attacks under watch',
        others(asked, config, episode).length,
        '==',
        0,
        'count',
      );
    },
  };
}

/** How long the attack that ends last is still watched, in milliseconds. */
function millisecondsLeft({ context, event }: Asked, config: Config): number {
  const latest = context.open.at(-1)?.startedAt ?? event.ts;
  return config.confirmSeconds * 1_000 - (event.ts - latest) / 1_000;
}

function signalOf(asked: Asked, config: Config): Signal {
  const episode = episodeOf(asked);
  assert(episode !== null, 'a signal belongs to an attack under watch');
  const {
    side,
    price,
    volume,
    needed,
    share,
    progressTicks,
    calibrated,
    inferredShare,
    startedAt,
    refresh,
    reloads,
  } = episode;
  const level = nearestLevel(asked.context.levels, { low: price, high: price });
  return {
    side,
    price,
    invalidation: breakPrice(side, price, config.breakTicks),
    reason: `${volume} contracts of ${attackersOf(side)} absorbed, price turned by ${config.confirmTicks} ticks`,
    tradeDate: episode.tradeDate,
    evidence: [
      { what: 'aggressive volume at the price', value: volume, needed, unit: 'contract' },
      { what: 'share of the attacking side', value: share, needed: config.shareMin, unit: 'share' },
      {
        what: 'ticks traded beyond the price',
        value: progressTicks,
        needed: config.maxProgressTicks,
        unit: 'tick',
      },
      ...refreshEvidence(episode, config),
    ],
    volume,
    turnPrice: as('turned', asked.event).at,
    startedAt,
    level: level && {
      kind: level.kind,
      price: level.price,
      distanceTicks: Math.abs(level.price - price),
    },
    basis: refresh === null ? 'tape' : 'book',
    refresh,
    reloads,
    calibrated,
    inferredShare,
  };
}

/** What the book says: that more was taken than it showed makes a refresh suspect, it does not show who refilled. */
function refreshEvidence({ refresh, reloads }: Episode, config: Config): Signal['evidence'] {
  if (refresh === null) return [];
  return [
    {
      what: 'refresh suspect: volume by the largest size shown',
      value: refresh,
      needed: config.refreshMin,
      unit: 'times',
    },
    { what: 'refills of the size shown', value: reloads, unit: 'count' },
  ];
}

const attackersOf = (side: Side): string => (side === 'long' ? 'sellers' : 'buyers');

function kitOf(config: Config) {
  return setup({
    types: {
      context: {} as Context,
      events: {} as Event,
      emitted: {} as { type: 'signal' } & Signal,
    },
    guards: guardsOf(config),
    delays: {
      confirmTime: (asked) => millisecondsLeft(asked, config),
      cooldown: () => (parseDuration(config.cooldown) ?? 0) / 1_000,
    },
    actions: {
      keepLevel: assign((asked) => keepLevel(asked)),
      keepKeyLevel: assign((asked) => keepKeyLevel(asked)),
      countReloads: assign((asked) => countReloads(asked)),
      watch: assign((asked) => watch(asked, config)),
      close: assign((asked) => ({ open: others(asked, config, episodeOf(asked)) })),
      closeAll: assign({ open: [] }),
      emitSignal: emit((asked) => ({ type: 'signal', ...signalOf(asked, config) })),
    },
  });
}

const effort = { guard: 'isCandidate', target: 'effort', actions: 'watch' } as const;
const rest = { on: { effort }, after: { cooldown: 'quiet' } } as const;

const underWatch = {
  on: {
    effort: { ...effort, reenter: true },
    reloaded: { guard: 'isWatched', target: 'held', reenter: true, actions: 'countReloads' },
    turned: [
      { guard: 'isLastWatched', target: 'confirmed', actions: ['emitSignal', 'close'] },
      { guard: 'isWatched', target: 'effort', reenter: true, actions: ['emitSignal', 'close'] },
    ],
    gaveWay: [
      { guard: 'isLastWatched', target: 'broken', actions: 'close' },
      { guard: 'isWatched', target: 'effort', reenter: true, actions: 'close' },
    ],
  },
  after: { confirmTime: { target: 'expired', actions: 'closeAll' } },
} as const;

/** Follows attacks from the first heavy volume to their end; a signal is given when price turned, not before. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'absorption',
    context: { open: [], levels: [] },
    initial: 'quiet',
    on: { level: { actions: 'keepLevel' }, keyLevel: { actions: 'keepKeyLevel' } },
    states: {
      quiet: {
        description: 'No attack is under watch.',
        on: { effort },
      },
      effort: {
        description:
          'Heavy one-sided volume met a price that did not give way; it has not turned yet.',
        ...underWatch,
      },
      held: {
        description: 'An attack is open, and the size shown at its price was refilled.',
        ...underWatch,
      },
      confirmed: { description: 'The last attack was absorbed: price turned.', ...rest },
      broken: { description: 'The last attack won: price went through.', ...rest },
      expired: {
        description:
          'The last attack came to nothing: price neither turned nor went through in time.',
        ...rest,
      },
    },
  });
}
