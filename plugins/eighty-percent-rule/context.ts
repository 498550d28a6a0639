import { assert, microsPerMinute, type Payload, parseTradeDate, zonedToUtc } from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import {
  type Direction,
  entryEdge,
  farEdge,
  gainTicks,
  lastTriggerAt,
  opposite,
  runWith,
} from './eighty-percent-rule.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};

/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Inputs];

type Prior = Payload<Inputs['prior']>;

/** Everything the rule remembers; plain values only. */
export interface Context {
  readonly tradeDate: string | null;
  readonly rthOpen: number | null;
  /** Last instant at which a trigger counts, microseconds. */
  readonly lastTriggerAt: number | null;
  readonly holiday: boolean;
  readonly rolled: boolean;
  readonly gap: boolean;
  readonly contract: string | null;
  /** The last completed session, whatever its date. */
  readonly prior: Prior | null;
  /** Why the rule does not apply or ended without a trigger. */
  readonly reason: string | null;
  /** The prior session as it stood at the open: the levels of the day. */
  readonly value: Prior | null;
  readonly open: number | null;
  readonly side: Direction | null;
  /** Directions that triggered today. */
  readonly used: readonly Direction[];
  /** Adjacent periods in value so far. */
  readonly run: number;
  readonly lastIndex: number | null;
  readonly lastClose: number | null;
  /** Traded since the side was set. */
  readonly pocTraded: boolean;
  readonly targetTraded: boolean;
  readonly entry: number | null;
  readonly triggeredAt: number | null;
  readonly halfBack: boolean | null;
}

const nothingToday = {
  reason: null,
  value: null,
  open: null,
  side: null,
  used: [],
  run: 0,
  lastIndex: null,
  lastClose: null,
  pocTraded: false,
  targetTraded: false,
  entry: null,
  triggeredAt: null,
  halfBack: null,
} satisfies Partial<Context>;

/** What the machine starts with: no calendar, no prior session. */
export const emptyContext: Context = {
  ...nothingToday,
  tradeDate: null,
  rthOpen: null,
  lastTriggerAt: null,
  holiday: false,
  rolled: false,
  gap: false,
  contract: null,
  prior: null,
};

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

/** Returns the levels of the day and the side entered from; there are both in every armed state. */
export function armedOf(context: Context): { value: Prior; side: Direction } {
  const { value, side } = context;
  assert(value !== null && side !== null, 'an armed state has levels and a side');
  return { value, side };
}

/** Takes over the calendar's row. */
export function updateDay(config: Config, event: Event): Partial<Context> {
  const day = as('phase', event);
  const clock = zonedToUtc('America/New_York', parseTradeDate(day.tradeDate), config.lastArm);
  const shortDistance = config.lastArmShortMinutes * microsPerMinute;
  return {
    tradeDate: day.tradeDate,
    rthOpen: day.rthOpen,
    lastTriggerAt: lastTriggerAt(clock, day.rthEnd, day.short, shortDistance),
    holiday: day.holiday,
    rolled: day.rolled,
    gap: day.gap,
    contract: day.contract,
  };
}

/** Forgets yesterday, keeps the prior session. */
export function startDay(config: Config, event: Event): Partial<Context> {
  return { ...nothingToday, ...updateDay(config, event) };
}

/** Returns the completed session a record of `prior` tells of. */
export function priorOf(event: Event): Prior {
  const { type: _type, ts: _ts, ...prior } = as('prior', event);
  return prior;
}

/** Keeps the open and the levels it is judged by. */
export function keepOpen(context: Context, event: Event): Partial<Context> {
  return { open: as('opened', event).price, value: context.prior };
}

/** Sets the side; what traded before does not count. */
export function arm(side: Direction): Partial<Context> {
  return {
    side,
    run: 0,
    pocTraded: false,
    targetTraded: false,
    entry: null,
    triggeredAt: null,
    halfBack: null,
  };
}

/** Turns to the other side after a close beyond the far edge. */
export function armOther(context: Context): Partial<Context> {
  return arm(opposite(armedOf(context).side));
}

/** Takes note of a period that is not in value. */
export function resetRun(event: Event): Partial<Context> {
  const { index, close } = as('period', event);
  return { run: 0, lastIndex: index, ...(close === null ? {} : { lastClose: close }) };
}

/** Counts a period in value. */
export function countPeriod(context: Context, event: Event): Partial<Context> {
  const closed = as('period', event);
  const run = Math.min(runWith(context.run, context.lastIndex, closed), 2);
  return {
    run,
    lastIndex: closed.index,
    ...(closed.close === null ? {} : { lastClose: closed.close }),
  };
}

/** Keeps the last close, for a rule that ends with the session. */
export function keepClose(event: Event): Partial<Context> {
  const { close } = as('period', event);
  return close === null ? {} : { lastClose: close };
}

/** Takes the trigger; the half-way target is void when it traded before. */
export function enter(context: Context, event: Event): Partial<Context> {
  const { side } = armedOf(context);
  const price = event.type === 'periodOpened' ? event.price : as('period', event).close;
  return {
    entry: price,
    lastClose: price,
    triggeredAt: event.ts,
    halfBack: context.pocTraded ? null : false,
    used: [...context.used, side],
    run: 2,
  };
}

/** Returns the signal of a trigger that was just taken. */
export function signalOf(config: Config, context: Context): Payload<Outputs['signal']> {
  const { value, side } = armedOf(context);
  const { tradeDate, entry } = context;
  assert(tradeDate !== null && entry !== null, 'a trigger has a date and a price');
  const edge = entryEdge(side, value);
  return {
    side,
    price: entry,
    target: farEdge(side, value),
    invalidation: edge,
    reason: `value of ${value.tradeDate} re-entered from ${side === 'short' ? 'above' : 'below'} and held (${config.trigger})`,
    tradeDate,
    evidence: [
      { what: 'periods in value in a row', value: context.run, needed: 2, unit: 'count' },
      {
        what: 'width of the prior value area',
        value: value.vah - value.val,
        needed: config.minWidthTicks,
        unit: 'tick',
      },
      {
        what: 'ticks from entry to target',
        value: gainTicks(side, entry, farEdge(side, value)),
        unit: 'tick',
      },
    ],
    trigger: config.trigger,
    poc: context.pocTraded ? null : value.poc,
    entryEdge: edge,
    priorDate: value.tradeDate,
    priorShape: value.shape,
    priorShort: value.short,
    priorApproximate: value.approximate,
  };
}

/** Returns how a triggered rule ended: at the target, at the price that broke it, or at the session's last close. */
export function outcomeOf(
  config: Config,
  context: Context,
  event: Event,
  result: Payload<Outputs['outcome']>['result'],
): Payload<Outputs['outcome']> {
  const { value, side } = armedOf(context);
  const { tradeDate, entry, triggeredAt, lastClose } = context;
  assert(
    tradeDate !== null && entry !== null && triggeredAt !== null,
    'a rule that ends was triggered',
  );
  const target = farEdge(side, value);
  const broken = event.type === 'stopTouched' ? event.price : (lastClose ?? entry);
  const price = result === 'completed' ? target : broken;
  return {
    tradeDate,
    setup: 'eighty-percent-rule',
    variant: config.trigger,
    side,
    result,
    triggeredAt,
    entry,
    target,
    invalidation: entryEdge(side, value),
    price,
    resultTicks: gainTicks(side, entry, price),
    trigger: config.trigger,
    halfBack: context.halfBack,
  };
}

/** Whether a prior session may be used today: it must be of an earlier date. */
export function isEarlier(prior: Prior, tradeDate: string | null): boolean {
  return tradeDate === null || prior.tradeDate < tradeDate;
}

/** Whether prior session and today trade different contracts, as far as both are known. */
export function isOtherContract(context: Context): boolean {
  const before = context.prior?.contract ?? null;
  return before !== null && context.contract !== null && before !== context.contract;
}
