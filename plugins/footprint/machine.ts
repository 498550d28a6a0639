import { assign, emit, setup } from 'xstate';
import {
  assert,
  compare,
  holds,
  type MachineArguments,
  microsPerMinute,
  nearestLevel,
  type Payload,
  type PriceZone,
  ticksOutside,
} from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import { type Zone, zonesAfter } from './footprint.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};
type Event = Named[keyof Inputs];
type Signal = Payload<Outputs['signal']>;
type Level = NonNullable<Signal['level']>;

interface Context {
  /** Stacks price has not closed through, oldest first. */
  readonly zones: readonly Zone[];
  /** Key levels in force. */
  readonly levels: readonly Omit<Level, 'distanceTicks'>[];
  /** The last drive or breakout; null before the first. */
  readonly drive: { readonly side: Signal['side']; readonly at: number } | null;
}

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

const after = ({ context, event }: Asked): readonly Zone[] =>
  zonesAfter(context.zones, as('barClosed', event));

function keepLevel({ context, event }: Asked): Partial<Context> {
  const { id, kind, price, active } = as('level', event);
  const others = context.levels.filter((one) => one.id !== id);
  return { levels: active ? [...others, { id, kind, price }] : others };
}

/** The zone a candidate is about. */
function zoneOf(event: Event): PriceZone {
  if (event.type === 'stacked') return { low: event.low, high: event.high };
  const { extreme } = as('caught', event);
  return { low: extreme, high: extreme };
}

function levelOf({ context, event }: Asked): Level | null {
  const zone = zoneOf(event);
  const level = nearestLevel(context.levels, zone);
  return level && { ...level, distanceTicks: ticksOutside(zone, level.price) };
}

function guardsOf(config: Config) {
  const isNear = (asked: Asked): boolean => {
    if (config.nearLevelTicks === null) return true;
    const level = levelOf(asked);
    if (level === null) return holds('a key level is known', false);
    return compare(
      `distance to ${level.id}`,
      level.distanceTicks,
      '<=',
      config.nearLevelTicks,
      'tick',
    );
  };
  const isClassified = (unknownShare: number): boolean =>
    compare(
      'volume without a known aggressor',
      unknownShare,
      '<=',
      config.maxUnknownShare,
      'share',
    );
  const isDriven = ({ context, event }: Asked): boolean => {
    const way = as('stacked', event).side === 'buy' ? 'long' : 'short';
    const { drive } = context;
    if (drive === null) return false;
    if (!holds(`the last drive is ${way}`, drive.side === way)) return false;
    const minutes = (event.ts - drive.at) / microsPerMinute;
    return compare('time since the drive', minutes, '<=', config.driveMinutes, 'minute');
  };
  return {
    hasTested: (asked: Asked) =>
      holds(
        'a living stack was traded into',
        after(asked).some((zone) => zone.tested),
      ),
    hasZone: (asked: Asked) => holds('a stack is alive', after(asked).length > 0),
    isStackSignal: (asked: Asked) => {
      const { rows, least, medianRow, unknownShare } = as('stacked', asked.event);
      const needed = config.heavyRowShare * medianRow;
      const isLarge =
        compare('rows of the stack', rows, '>=', config.signalStackRows, 'row') ||
        compare('smallest imbalance of the stack', least, '>=', needed, 'contract');
      return isLarge && (isDriven(asked) || isNear(asked)) && isClassified(unknownShare);
    },
    isTrap: (asked: Asked) => {
      const { unfinished, failedBreak, unknownShare } = as('caught', asked.event);
      const isReasoned =
        holds('the auction at the extreme is unfinished', unfinished) ||
        holds('a break failed there', failedBreak);
      return isReasoned && isNear(asked) && isClassified(unknownShare);
    },
  };
}

function stackSignal(asked: Asked, config: Config): Signal {
  const { side, low, high, rows, least, medianRow, close, tradeDate, approximate } = as(
    'stacked',
    asked.event,
  );
  const isBuy = side === 'buy';
  return {
    side: isBuy ? 'long' : 'short',
    price: close,
    invalidation: isBuy ? low - 1 : high + 1,
    reason: `${rows} ${side} imbalances on adjacent ticks`,
    tradeDate,
    evidence: [
      { what: 'rows of the stack', value: rows, needed: config.signalStackRows, unit: 'row' },
      {
        what: 'smallest imbalance of the stack',
        value: least,
        needed: config.heavyRowShare * medianRow,
        unit: 'contract',
      },
    ],
    kind: 'stacked-imbalance',
    rows,
    zone: { low, high },
    level: levelOf(asked),
    approximate,
  };
}

function trapSignal(asked: Asked, config: Config): Signal {
  const { who, extreme, delta, backTicks, unfinished, close, tradeDate, approximate } = as(
    'caught',
    asked.event,
  );
  const isHigh = who === 'buyers';
  const why = unfinished ? 'unfinished auction' : 'failed break';
  return {
    side: isHigh ? 'short' : 'long',
    price: close,
    invalidation: isHigh ? extreme + 1 : extreme - 1,
    reason: `${delta} contracts of ${who} caught at the ${isHigh ? 'high' : 'low'}: ${why}, close ${backTicks} ticks back`,
    tradeDate,
    evidence: [
      {
        what: 'delta of the extreme row',
        value: delta,
        needed: config.trappedMinDelta,
        unit: 'contract',
      },
      {
        what: 'ticks from the extreme to the close',
        value: backTicks,
        needed: config.trappedBackTicks,
        unit: 'tick',
      },
    ],
    kind: 'trapped',
    rows: 1,
    zone: { low: extreme, high: extreme },
    level: levelOf(asked),
    approximate,
  };
}

function kitOf(config: Config) {
  return setup({
    types: {
      context: {} as Context,
      events: {} as Event,
      emitted: {} as { type: 'signal' } & Signal,
    },
    guards: guardsOf(config),
    actions: {
      keepLevel: assign((asked) => keepLevel(asked)),
      keepDrive: assign(({ event }) => ({
        drive: { side: as('drive', event).side, at: event.ts },
      })),
      moveZones: assign((asked) => ({ zones: after(asked) })),
      emitStack: emit((asked) => ({ type: 'signal', ...stackSignal(asked, config) })),
      emitTrap: emit((asked) => ({ type: 'signal', ...trapSignal(asked, config) })),
    },
  });
}

/** Gives signals, and keeps the stacks that price has not closed through. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'footprint',
    context: { zones: [], levels: [], drive: null },
    initial: 'noStack',
    on: {
      level: { actions: 'keepLevel' },
      drive: { actions: 'keepDrive' },
      barClosed: [
        { guard: 'hasTested', target: '.tested', actions: 'moveZones' },
        { guard: 'hasZone', target: '.untested', actions: 'moveZones' },
        { target: '.noStack', actions: 'moveZones' },
      ],
      stacked: { guard: 'isStackSignal', actions: 'emitStack' },
      caught: { guard: 'isTrap', actions: 'emitTrap' },
    },
    states: {
      noStack: { description: 'No stack of imbalances is alive.' },
      untested: {
        description: 'A stack is alive; no bar has traded into one since it was made.',
      },
      tested: {
        description: 'A bar traded into a living stack and did not close through its far edge.',
      },
    },
  });
}
