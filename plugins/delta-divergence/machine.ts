import { assign, emit, setup } from 'xstate';
import { assert, compare, holds, type MachineArguments, type Payload } from '#engine';
import type { Config, Outputs, Senses } from './config.ts';

type Named = {
  [K in keyof Senses]: { readonly type: K; readonly ts: number } & Readonly<Payload<Senses[K]>>;
};
type Event = Named[keyof Senses];
type Diverged = Named['shortDiverged'] | Named['longDiverged'];
type Signal = Payload<Outputs['signal']>;

interface Context {
  /** The later swing of the last divergence of each side, in ticks. */
  readonly short: number | null;
  readonly long: number | null;
}

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function divergedOf({ event }: Asked): Diverged {
  assert(
    event.type === 'shortDiverged' || event.type === 'longDiverged',
    'the transition is taken for two swings',
    event.type,
  );
  return event;
}

const gapOf = ({ first, second }: Diverged): number => Math.abs(second.delta - first.delta);

function isWide(event: Diverged, config: Config): boolean {
  const { spread } = event;
  if (spread === null) return holds('a standard deviation of bar delta is known', false);
  return compare(
    'distance of the two cumulative deltas',
    gapOf(event),
    '>=',
    config.minGapSd * spread,
    'contract',
  );
}

function isDivergence(asked: Asked, config: Config): boolean {
  const event = divergedOf(asked);
  const { bars, unknownShare } = event;
  const { minSeparation, maxSeparation, maxUnknownShare } = config;
  const isFar = compare('bars between the swings', bars, '>=', minSeparation, 'count');
  const isNear = compare('bars between the swings', bars, '<=', maxSeparation, 'count');
  const isClassified = compare(
    'volume without a known aggressor',
    unknownShare,
    '<=',
    maxUnknownShare,
    'share',
  );
  return isWide(event, config) && isFar && isNear && isClassified;
}

const reasons = {
  short: {
    regular: 'Higher high on lower cumulative delta',
    hidden: 'Lower high on higher cumulative delta',
  },
  long: {
    regular: 'Lower low on higher cumulative delta',
    hidden: 'Higher low on lower cumulative delta',
  },
} as const;

function signalOf(asked: Asked, config: Config): Signal {
  const event = divergedOf(asked);
  const { kind, price, first, second, bars, hintBars, inferredShare } = event;
  const side = event.type === 'shortDiverged' ? 'short' : 'long';
  const way = side === 'short' ? 1 : -1;
  const spread = event.spread ?? 0;
  return {
    side,
    price,
    invalidation: second.price + way,
    reason: `${reasons[side][kind]}, ${bars} bars apart`,
    tradeDate: event.tradeDate,
    evidence: [
      {
        what: 'distance of the two swings',
        value: Math.abs(second.price - first.price),
        needed: config.minTicks,
        unit: 'tick',
      },
      {
        what: 'distance of the two cumulative deltas',
        value: gapOf(event),
        needed: config.minGapSd * spread,
        unit: 'contract',
      },
      { what: 'bars between the swings', value: bars, needed: config.minSeparation, unit: 'count' },
      {
        what: 'bars since the swing that closed against their delta',
        value: hintBars,
        unit: 'count',
      },
    ],
    kind,
    first,
    second,
    bars,
    confirmedAt: event.ts,
    spread,
    hintBars,
    inferredShare,
  };
}

function kitOf(config: Config) {
  return setup({
    types: {
      context: {} as Context,
      events: {} as Event,
      emitted: {} as { type: 'signal' } & Signal,
    },
    guards: { isDivergence: (asked: Asked) => isDivergence(asked, config) },
    delays: { standTime: () => config.standMinutes * 60_000 },
    actions: {
      emitSignal: emit((asked) => ({ type: 'signal', ...signalOf(asked, config) })),
      keepShort: assign((asked) => ({ short: divergedOf(asked).second.price })),
      keepLong: assign((asked) => ({ long: divergedOf(asked).second.price })),
      dropShort: assign({ short: null }),
      dropLong: assign({ long: null }),
    },
  });
}

const shortDiverged = {
  guard: 'isDivergence',
  target: 'standing',
  reenter: true,
  actions: ['emitSignal', 'keepShort'],
} as const;
const longDiverged = {
  guard: 'isDivergence',
  target: 'standing',
  reenter: true,
  actions: ['emitSignal', 'keepLong'],
} as const;

const texts = {
  short: 'Swing highs, which speak for lower prices.',
  long: 'Swing lows, which speak for higher prices.',
  quiet: 'Price and delta have not disagreed yet.',
  standing: 'Price and delta disagree between the last two swings, and no close undid it.',
  undone: 'Price closed beyond the later swing: the last divergence came to nothing.',
  expired: 'The last divergence was neither undone nor renewed in time.',
} as const;

/** Follows divergences of each side; arithmetic is the sensor's. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'delta-divergence',
    context: { short: null, long: null },
    type: 'parallel',
    states: {
      short: {
        description: texts.short,
        initial: 'quiet',
        states: {
          quiet: { description: texts.quiet, on: { shortDiverged } },
          standing: {
            description: texts.standing,
            on: { shortDiverged, shortUndone: { target: 'undone', actions: 'dropShort' } },
            after: { standTime: { target: 'expired', actions: 'dropShort' } },
          },
          undone: { description: texts.undone, on: { shortDiverged } },
          expired: { description: texts.expired, on: { shortDiverged } },
        },
      },
      long: {
        description: texts.long,
        initial: 'quiet',
        states: {
          quiet: { description: texts.quiet, on: { longDiverged } },
          standing: {
            description: texts.standing,
            on: { longDiverged, longUndone: { target: 'undone', actions: 'dropLong' } },
            after: { standTime: { target: 'expired', actions: 'dropLong' } },
          },
          undone: { description: texts.undone, on: { longDiverged } },
          expired: { description: texts.expired, on: { longDiverged } },
        },
      },
    },
  });
}
