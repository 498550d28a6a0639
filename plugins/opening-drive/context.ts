import { assert, type Payload } from '#engine';
import { driveContextOf } from './assess.ts';
import type { Config } from './config.ts';
import { type DriveContext, retracementOf } from './drive-signal.ts';
import { activityOf, type OpeningType, openingTypeOf, sideOf } from './opening-drive.ts';
import type { Outputs, records, Senses } from './ports.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};

/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Inputs];
type TypeRow = Payload<Outputs['type']>;
type Kind = Payload<Outputs['signal']>['kind'];
type Result = Payload<Outputs['outcome']>['result'];
type Side = 'long' | 'short';

/** Everything the machine remembers of the day; plain values only. */
export interface Context {
  readonly tradeDate: string | null;
  readonly open: number | null;
  /** The row of the table `type` as it was last written. */
  readonly row: TypeRow | null;
  /** What the signal asks of the opening; null before 10:00 and where the opening is not known. */
  readonly drive: DriveContext | null;
  /** The final type, its side, and the last price at 10:00. */
  readonly type: OpeningType | null;
  readonly side: Side | null;
  readonly finalAt: number | null;
  readonly finalPrice: number | null;
  readonly kind: Kind | null;
  readonly triggeredAt: number | null;
  readonly entry: number | null;
  readonly target: number | null;
  readonly stop: number | null;
}

/** What the machine starts with, and each day with it. */
export const emptyContext: Context = {
  tradeDate: null,
  open: null,
  row: null,
  drive: null,
  type: null,
  side: null,
  finalAt: null,
  finalPrice: null,
  kind: null,
  triggeredAt: null,
  entry: null,
  target: null,
  stop: null,
};

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

type Assessed = Named['assessed'];

/** The part of the row that is told in any case. */
function plainPart({ tradeDate, open, location, medianRangeTicks, missing, ts }: Assessed) {
  return { tradeDate, open, location, medianRangeTicks, missing, since: ts };
}

/** The part of the row that an opening which is known fills in. */
function knownPart(
  config: Config,
  { reading, open, value, stage }: Assessed,
): Omit<TypeRow, keyof ReturnType<typeof plainPart>> {
  if (reading === null || open === null || value === null) {
    return {
      stage: 'unknown',
      openingType: null,
      side: null,
      activity: null,
      tested: null,
      netTicks: null,
      adverseTicks: null,
      favourableTicks: null,
    };
  }
  const openingType = openingTypeOf(reading, config);
  const side = sideOf(openingType, reading.direction);
  return {
    stage,
    openingType,
    side,
    activity: side === null ? null : activityOf(open, reading.direction, value),
    netTicks: reading.netTicks * reading.direction,
    adverseTicks: reading.adverseTicks,
    favourableTicks: reading.favourableTicks,
    tested: openingType === 'open-test-drive' ? reading.tested : null,
  };
}

/** Takes the opening as it stands at 09:45 or 10:00. */
export function keepAssessed(config: Config, event: Event): Partial<Context> {
  const assessed = as('assessed', event);
  const row: TypeRow = { ...plainPart(assessed), ...knownPart(config, assessed) };
  if (assessed.stage === 'provisional') return { row };
  return {
    row,
    drive: driveContextOf(assessed, config),
    type: row.openingType,
    side: row.side,
    finalAt: event.ts,
    finalPrice: assessed.last,
  };
}

/** Writes the row anew: the drive was traded back. */
export function revoke({ row }: Context, event: Event): Partial<Context> {
  return row === null ? {} : { row: { ...row, stage: 'revoked', since: event.ts } };
}

/** Takes the trigger. */
export function enter(event: Event): Partial<Context> {
  const isExtension = event.type === 'extended';
  const { target, stop } = isExtension ? event : as('fiveMinutes', event);
  return {
    kind: isExtension ? 'range-extension' : 'pullback',
    triggeredAt: event.ts,
    entry: isExtension ? event.price : as('fiveMinutes', event).close,
    target,
    stop,
  };
}

/** Returns the row of the table as it stands. */
export function rowOf({ row }: Context): TypeRow {
  assert(row !== null, 'the opening was assessed');
  return row;
}

function enteredOf(context: Context) {
  const { drive, side, entry, target, stop, kind, triggeredAt, tradeDate } = context;
  assert(
    drive !== null && side !== null && entry !== null && target !== null && stop !== null,
    'a trigger has a side and its levels',
  );
  assert(kind !== null && triggeredAt !== null && tradeDate !== null, 'a trigger has its time');
  return { drive, side, entry, target, stop, kind, triggeredAt, tradeDate };
}

const gain = (side: Side, from: number, to: number): number =>
  side === 'long' ? to - from : from - to;

/** Returns the signal of a trigger that was just taken. */
export function signalOf(
  config: Config,
  context: Context,
  event: Event,
): Payload<Outputs['signal']> {
  const { drive, side, entry, target, stop, kind, tradeDate } = enteredOf(context);
  const { deltaShare, medianDeltaShare, relativeVolume } = drive;
  const share = { unit: 'share' } as const;
  return {
    side,
    price: entry,
    target,
    invalidation: stop,
    reason: `${drive.type} ${side === 'long' ? 'above' : 'below'} prior value, ${
      kind === 'pullback' ? 'pulled back and went on' : 'left the initial balance'
    }${deltaShare === null ? '; delta not known' : ''}`,
    tradeDate,
    evidence: [
      {
        what: 'relative volume of the first 15 minutes',
        value: relativeVolume ?? 0,
        needed: config.relativeVolume,
        ...share,
      },
      ...(deltaShare === null || medianDeltaShare === null
        ? []
        : [
            {
              what: 'delta share of the first period',
              value: Math.abs(deltaShare),
              needed: medianDeltaShare,
              ...share,
            },
          ]),
      ...(event.type === 'fiveMinutes'
        ? [
            {
              what: 'retracement',
              value: retracementOf(event),
              needed: config.pullbackMin,
              ...share,
            },
          ]
        : []),
      { what: 'ticks from entry to target', value: gain(side, entry, target), unit: 'tick' },
      { what: 'ticks from entry to stop', value: gain(side, stop, entry), unit: 'tick' },
    ],
    kind,
    openingType: drive.type,
    open: drive.open,
    relativeVolume: relativeVolume ?? 0,
    deltaShare,
  };
}

/** Returns how a signal ended: at the price that is told. */
export function signalOutcomeOf(
  context: Context,
  event: Event,
  result: Result,
): Payload<Outputs['outcome']> {
  const { side, entry, target, stop, kind, triggeredAt, tradeDate } = enteredOf(context);
  assert('price' in event, 'what ends a signal has a price', event.type);
  return {
    tradeDate,
    setup: 'opening-drive',
    variant: kind,
    side,
    result,
    triggeredAt,
    entry,
    target,
    invalidation: stop,
    price: event.price,
    resultTicks: gain(side, entry, event.price),
  };
}

/** Returns what became of the session after an opening with a side: its close against the last price at 10:00. */
export function typeOutcomeOf(context: Context, event: Event): Payload<Outputs['outcome']> {
  const { tradeDate, type, side, finalAt, finalPrice } = context;
  const { price } = as('rthEnded', event);
  assert(
    tradeDate !== null && type !== null && side !== null && finalAt !== null && finalPrice !== null,
    'an opening that is judged has a side',
  );
  const resultTicks = gain(side, finalPrice, price);
  return {
    tradeDate,
    setup: 'opening-type',
    variant: type,
    side,
    result: resultTicks > 0 ? 'completed' : 'rejected',
    triggeredAt: finalAt,
    entry: finalPrice,
    target: null,
    invalidation: null,
    price,
    resultTicks,
  };
}
