import { assert, type Payload } from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import {
  type Correction,
  correctionOf,
  gainTicks,
  inventoryOf,
  isOneSided,
  middleOf,
  type Net,
  netOf,
  type Side,
  trapSideOf,
  trapTarget,
  travelNeeded,
} from './overnight-inventory.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};

/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Inputs];

type Prior = Payload<Inputs['prior']>;
type Inventory = Payload<Outputs['inventory']>;
type Outcome = Payload<Outputs['outcome']>;

/** A signal that was given, until it ends. */
interface Trap {
  readonly side: Side;
  readonly entry: number;
  readonly at: number;
  readonly target: number | null;
  readonly travelTicks: number;
}

/** Everything the rules remember; plain values only. */
export interface Context {
  /** The last completed session, whatever its date; null before the first. */
  readonly prior: Prior | null;
  readonly tradeDate: string | null;
  /** Close of the prior session; null where it may not be used. */
  readonly reference: number | null;
  /** The prior session as it stood when the night began; null where it may not be used. */
  readonly value: Prior | null;
  /** Why there is no inventory; null when there is one. */
  readonly missing: string | null;
  readonly above: number;
  readonly below: number;
  readonly high: number | null;
  readonly low: number | null;
  readonly approximate: boolean;
  readonly stage: Inventory['stage'];
  readonly since: number;
  readonly open: number | null;
  readonly openedAt: number | null;
  readonly trap: Trap | null;
  readonly lastClose: number | null;
}

/** What the machine starts with: no calendar, no prior session. */
export const emptyContext: Context = {
  prior: null,
  tradeDate: null,
  reference: null,
  value: null,
  missing: 'no-prior',
  above: 0,
  below: 0,
  high: null,
  low: null,
  approximate: false,
  stage: 'building',
  since: 0,
  open: null,
  openedAt: null,
  trap: null,
  lastClose: null,
};

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

/** Keeps the completed session a record of `prior` tells of. */
export function keepPrior(event: Event): Partial<Context> {
  const { type: _type, ts: _ts, ...prior } = as('prior', event);
  return { prior };
}

/** Forgets yesterday, keeps the prior session. */
export function beginNight(context: Context, event: Event): Partial<Context> {
  const { tradeDate, reference, missing, ts } = as('nightBegan', event);
  const { prior } = context;
  return {
    ...emptyContext,
    prior,
    tradeDate,
    reference,
    value: missing === null ? prior : null,
    missing,
    approximate: missing === null && (prior?.approximate ?? false),
    since: ts,
  };
}

/** Takes over what the night traded so far. */
export function keepNight(event: Event): Partial<Context> {
  const { above, below, high, low, approximate } =
    event.type === 'measured' ? event : as('nightEnded', event);
  return { above, below, high, low, approximate };
}

/** Fixes the night at the regular open. */
export function fixNight(context: Context, event: Event): Partial<Context> {
  const { missing, ts } = as('nightEnded', event);
  return {
    ...keepNight(event),
    stage: 'fixed',
    since: ts,
    missing: context.missing ?? missing,
    reference: missing === null ? context.reference : null,
  };
}

/** Takes note of how the session answered. */
export function answer(event: Event, stage: Inventory['stage']): Partial<Context> {
  return { stage, since: event.ts };
}

/** Keeps the first trade of the regular session. */
export function keepOpen(event: Event): Partial<Context> {
  const { price, ts } = as('opened', event);
  return { open: price, openedAt: ts };
}

/** Keeps the last close, for a signal that ends there. */
export function keepClose(event: Event): Partial<Context> {
  const { close } = as('period', event);
  return close === null ? {} : { lastClose: close };
}

/** Returns the share the night holds long (above 0) or short; null where it is unknown. */
export function inventoryIn({ reference, above, below }: Context): number | null {
  return reference === null ? null : inventoryOf(above, below);
}

/** Names the inventory of the night. */
export function netIn(config: Config, context: Context): Net {
  return netOf(inventoryIn(context), config.netThreshold);
}

/** Returns the correction the open leaves to be made; null where none is expected. */
export function correctionIn(config: Config, context: Context, open: number): Correction | null {
  const { reference, high, low } = context;
  if (reference === null || high === null || low === null) return null;
  return correctionOf(netIn(config, context), open, reference, middleOf(low, high));
}

/** Returns the row of the table as it stands. */
export function inventoryRow(config: Config, context: Context): Inventory {
  const { tradeDate, above, below, reference, high, low } = context;
  assert(tradeDate !== null, 'a night has a trade date');
  return {
    tradeDate,
    stage: context.stage,
    net: netIn(config, context),
    inventory: inventoryIn(context),
    above,
    below,
    oneSided: reference !== null && isOneSided(above, below),
    reference,
    high,
    low,
    since: context.since,
    missing: context.missing,
    approximate: context.approximate,
  };
}

/** Returns how the expected correction ended. */
export function correctionOutcome(config: Config, context: Context, event: Event): Outcome {
  const { tradeDate, open, openedAt } = context;
  assert(tradeDate !== null && open !== null && openedAt !== null, 'the session opened');
  const correction = correctionIn(config, context, open);
  assert(correction !== null, 'a correction was expected');
  const { side, target } = correction;
  const isDone = event.type === 'correctionTouched';
  const price = isDone ? target : (as('timeUp', event).price ?? open);
  return {
    tradeDate,
    setup: 'overnight-inventory',
    variant: netIn(config, context),
    side,
    result: isDone ? 'completed' : 'expired',
    triggeredAt: openedAt,
    entry: open,
    target,
    invalidation: null,
    price,
    resultTicks: gainTicks(side, open, price),
  };
}

/** Returns the side an open may trap; null outside the outer parts of prior value, or where that is narrow or unknown. */
export function trapSideIn(config: Config, context: Context, open: number): Side | null {
  return context.value === null ? null : trapSideOf(open, context.value, config.edge);
}

function valueOf(context: Context): Prior {
  assert(context.value !== null, 'a signal has a prior value area');
  return context.value;
}

/** Takes the signal. */
export function enterTrap(config: Config, context: Context, event: Event): Partial<Context> {
  const { price, travelTicks, ts } = as('travelled', event);
  const value = valueOf(context);
  const side = trapSideIn(config, context, context.open ?? price);
  assert(side !== null, 'the travel was watched');
  const target = trapTarget(side, price, {
    vah: value.vah,
    val: value.val,
    priorHigh: value.high,
    priorLow: value.low,
    nightHigh: context.high,
    nightLow: context.low,
  });
  return { trap: { side, entry: price, at: ts, target, travelTicks }, lastClose: price };
}

/** Returns the signal that was given; it is asked for only while there is one. */
export function trapOf(context: Context): Trap {
  assert(context.trap !== null, 'a signal was given');
  return context.trap;
}

/** The middle of prior value, to the tick above. */
export function valueMiddle(context: Context): number {
  const { vah, val } = valueOf(context);
  return middleOf(val, vah);
}

/** Whether the night's inventory lies on the side that is trapped. */
function isWithInventory(side: Side, net: Net): boolean {
  return side === 'short' ? net === 'net-long' : net === 'net-short';
}

/** Returns the signal of a completed travel. */
export function signalOf(config: Config, context: Context): Payload<Outputs['signal']> {
  const { side, entry, target, travelTicks } = trapOf(context);
  const value = valueOf(context);
  const { tradeDate, open, openedAt } = context;
  assert(tradeDate !== null && open !== null && openedAt !== null, 'the session opened');
  const width = value.vah - value.val;
  const inventory = inventoryIn(context);
  const net = netIn(config, context);
  return {
    side,
    price: entry,
    ...(target === null ? {} : { target }),
    invalidation: valueMiddle(context),
    reason: `opened in the ${side === 'short' ? 'upper' : 'lower'} part of value of ${value.tradeDate} and travelled ${travelTicks} ticks`,
    tradeDate,
    evidence: [
      {
        what: 'place of the open in prior value',
        value: (open - value.val) / width,
        unit: 'share',
      },
      {
        what: 'ticks travelled from the open',
        value: travelTicks,
        needed: travelNeeded(value, config.travel),
        unit: 'tick',
      },
      ...(inventory === null
        ? []
        : [{ what: 'overnight inventory', value: inventory, unit: 'share' }]),
    ],
    withInventory: isWithInventory(side, net),
    net,
    inventory,
    priorDate: value.tradeDate,
    openedAt,
  };
}

/** Returns how a signal ended. */
export function trapOutcome(
  config: Config,
  context: Context,
  event: Event,
  result: Outcome['result'],
): Outcome {
  const { side, entry, at, target } = trapOf(context);
  const { tradeDate, lastClose } = context;
  assert(tradeDate !== null, 'a signal has a trade date');
  const last = event.type === 'sessionEnded' ? event.price : lastClose;
  const price = result === 'completed' && target !== null ? target : (last ?? entry);
  return {
    tradeDate,
    setup: 'overnight-inventory-80',
    variant: isWithInventory(side, netIn(config, context)) ? 'with-inventory' : 'without-inventory',
    side,
    result,
    triggeredAt: at,
    entry,
    target,
    invalidation: valueMiddle(context),
    price,
    resultTicks: gainTicks(side, entry, price),
  };
}
