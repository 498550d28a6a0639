import {
  addDays,
  assert,
  overlap,
  type Payload,
  parseTradeDate,
  relateValue,
  type ValueRelation,
  zonedToUtc,
} from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import {
  type Activity,
  activityOf,
  directionOf,
  type Gap,
  gainTicks,
  gapOf,
  type Published,
  publish,
  readingOf,
  type Side,
} from './value-migration.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};

/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Inputs];

type Prior = Payload<Inputs['prior']>;
type Row = Payload<Outputs['relation']>;
type Outcome = Payload<Outputs['outcome']>;

interface Area {
  readonly vah: number;
  readonly val: number;
  readonly poc: number;
}
interface Composite extends Area {
  readonly asOf: string;
  readonly inForce: boolean;
  readonly approximate: boolean;
}

/** A relation of two sessions that names a side. */
interface Reading {
  readonly relation: ValueRelation;
  readonly side: Side;
}

/** Everything the plugin remembers; plain values only. */
export interface Context {
  readonly tradeDate: string | null;
  /** The last composite that was handed over. */
  readonly composite: Composite | null;
  /** The composite of the day, as it stood at the open; null where none is in force. */
  readonly frozen: Composite | null;
  /** Why there is no relation today; null when there can be one. */
  readonly missing: string | null;
  /** Event time from which period closes count. */
  readonly from: number;
  /** Developing value at the last close. */
  readonly developing: Area | null;
  readonly index: number | null;
  readonly relation: ValueRelation | null;
  readonly raw: ValueRelation | null;
  /** Equal raw relations in a row. */
  readonly run: number;
  /** The last completed session, and the one today is judged by. */
  readonly prior: Prior | null;
  readonly value: Prior | null;
  /** What the last two completed sessions name, and what today is held to. */
  readonly reading: Reading | null;
  readonly expected: Reading | null;
  readonly open: number | null;
  readonly openedAt: number | null;
}

/** What the machine starts with: no calendar, no composite, no prior session. */
export const emptyContext: Context = {
  tradeDate: null,
  composite: null,
  frozen: null,
  missing: 'no-composite',
  from: 0,
  developing: null,
  index: null,
  relation: null,
  raw: null,
  run: 0,
  prior: null,
  value: null,
  reading: null,
  expected: null,
  open: null,
  openedAt: null,
};

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

/** Keeps the composite that was handed over. */
export function keepComposite(event: Event): Partial<Context> {
  const { asOf, inForce, vah, val, poc, approximate } = as('composite', event);
  return { composite: { asOf, inForce, vah, val, poc, approximate } };
}

/** Why the composite says nothing about a day; null when it does. */
function refusalOf(composite: Composite | null, date: string, holiday: boolean): string | null {
  if (holiday) return 'holiday';
  if (composite === null || composite.asOf >= date) return 'no-composite';
  return composite.inForce ? null : 'composite-not-in-force';
}

/** Starts a regular session: the composite and the prior session are frozen as they stand. */
export function beginSession(config: Config, context: Context, event: Event): Partial<Context> {
  const { tradeDate, holiday, refusal } = as('sessionBegan', event);
  const missing = refusalOf(context.composite, tradeDate, holiday);
  return {
    tradeDate,
    frozen: missing === null ? context.composite : null,
    missing,
    from: zonedToUtc('America/New_York', parseTradeDate(tradeDate), config.from),
    developing: null,
    index: null,
    relation: null,
    raw: null,
    run: 0,
    value: refusal === null ? context.prior : null,
    open: null,
    openedAt: null,
  };
}

function frozenOf({ frozen }: Context): Composite {
  assert(frozen !== null, 'a relation needs a composite in force');
  return frozen;
}

/** Returns what is published after a close; null for a period in which nothing traded. */
export function publishedAt(config: Config, context: Context, event: Event): Published | null {
  const { session, close } = as('period', event);
  if (session === null || close === null) return null;
  const { relation: raw } = relateValue(session, frozenOf(context), config.toleranceTicks);
  return publish(context, raw, config.persist);
}

/** Keeps developing value before closes count. */
export function keepForming(config: Config, context: Context, event: Event): Partial<Context> {
  const published = publishedAt(config, context, event);
  return { ...keepDeveloping(event), raw: published?.raw ?? null };
}

/** Keeps developing value and what is published with it. */
export function keepRelation(config: Config, context: Context, event: Event): Partial<Context> {
  const published = publishedAt(config, context, event);
  assert(published !== null, 'the period traded');
  return { ...keepDeveloping(event), ...published };
}

function keepDeveloping(event: Event): Partial<Context> {
  const { session, index } = as('period', event);
  if (session === null) return { index };
  const { vah, val, poc } = session;
  return { developing: { vah, val, poc }, index };
}

const noMeasures = { gapTicks: 0, overlapMin: 0, jaccard: 0, overlapAvg: 0 };

function measuresOf(config: Config, { developing, frozen }: Context) {
  if (developing === null || frozen === null) return { raw: null, ...noMeasures };
  const { relation: raw, gapTicks } = relateValue(developing, frozen, config.toleranceTicks);
  const { overlapMin, jaccard, overlapAvg } = overlap(developing, frozen);
  return { raw, gapTicks, overlapMin, jaccard, overlapAvg };
}

/** Returns the row of the table as it stands. */
export function relationRow(config: Config, context: Context, stage: Row['stage']): Row {
  const { tradeDate, frozen, developing, missing } = context;
  assert(tradeDate !== null, 'a session has a trade date');
  const isFinal = stage === 'final';
  const measures = measuresOf(config, context);
  return {
    tradeDate,
    index: isFinal ? null : context.index,
    stage,
    relation: isFinal ? measures.raw : context.relation,
    ...measures,
    developing,
    composite: frozen && { vah: frozen.vah, val: frozen.val, poc: frozen.poc },
    missing,
    approximate: frozen?.approximate ?? false,
  };
}

/** Returns what two completed sessions name; null where they name no side or may not be compared. */
function readingIn(config: Config, before: Prior | null, now: Prior): Reading | null {
  if (before === null || before.gap || now.gap) return null;
  const isOther =
    before.contract !== null && now.contract !== null && before.contract !== now.contract;
  const latest = addDays(parseTradeDate(before.tradeDate), config.mostDaysApart);
  const isLater = now.tradeDate > before.tradeDate && parseTradeDate(now.tradeDate) <= latest;
  if (isOther || !isLater) return null;
  const { relation } = relateValue(now, before, config.toleranceTicks);
  const side = readingOf(relation);
  return side === null ? null : { relation, side };
}

/** Keeps a completed session, and what it and the one before name. */
export function keepPrior(config: Config, context: Context, event: Event): Partial<Context> {
  const { type: _type, ts: _ts, ...prior } = as('prior', event);
  return { prior, reading: readingIn(config, context.prior, prior) };
}

/** Keeps the first trade of the regular session. */
export function keepOpen(event: Event): Partial<Context> {
  const { price, ts } = as('opened', event);
  return { open: price, openedAt: ts };
}

/** Returns the gap of an open at a price; null where there is none or no prior session to judge by. */
export function gapIn({ value }: Context, open: number): Gap | null {
  return value === null ? null : gapOf(open, value);
}

interface Move {
  readonly activity: Activity;
  readonly side: Side;
  readonly price: number;
}

/** Returns the activity of a range extension or of a period; null where there is nothing to judge by or no direction. */
export function moveOf({ value }: Context, event: Event): Move | null {
  if (value === null) return null;
  if (event.type === 'extended') {
    const { side, price } = event;
    return { activity: activityOf(side, price, value), side, price };
  }
  const { open, close } = as('period', event);
  if (open === null || close === null) return null;
  const side = directionOf(open, close);
  if (side === null) return null;
  const activity = activityOf(side, close, value);
  return activity === 'inside' ? null : { activity, side, price: close };
}

/** Returns the event of an activity. */
export function activityIn(context: Context, event: Event): Payload<Outputs['activity']> {
  const { value, tradeDate } = context;
  const move = moveOf(context, event);
  assert(value !== null && tradeDate !== null && move !== null, 'there was activity');
  return {
    tradeDate,
    ...move,
    what: event.type === 'extended' ? 'range-extension' : 'period-close',
    priorDate: value.tradeDate,
    vah: value.vah,
    val: value.val,
  };
}

function openOf({ tradeDate, open, openedAt }: Context) {
  assert(tradeDate !== null && open !== null && openedAt !== null, 'the session opened');
  return { tradeDate, entry: open, triggeredAt: openedAt };
}

/** Returns how the reading of two sessions ended. */
export function twoDayOutcome(context: Context, event: Event, result: Outcome['result']): Outcome {
  const { expected } = context;
  assert(expected !== null, 'two sessions named a side');
  const { side, relation } = expected;
  const { tradeDate, entry, triggeredAt } = openOf(context);
  const price = as('sessionEnded', event).price ?? entry;
  return {
    tradeDate,
    setup: 'value-relation',
    variant: relation,
    side,
    result,
    triggeredAt,
    entry,
    target: null,
    invalidation: null,
    price,
    resultTicks: gainTicks(side, entry, price),
  };
}

/** Returns how a gap ended: filled, or open at the end of the session. */
export function gapOutcome(context: Context, event: Event): Outcome {
  const { tradeDate, entry, triggeredAt } = openOf(context);
  const gap = gapIn(context, entry);
  assert(gap !== null, 'there was a gap');
  const { variant, side, target } = gap;
  const isFilled = event.type === 'filled';
  const price = isFilled ? target : (as('sessionEnded', event).price ?? entry);
  return {
    tradeDate,
    setup: 'gap',
    variant,
    side,
    result: isFilled ? 'completed' : 'expired',
    triggeredAt,
    entry,
    target,
    invalidation: null,
    price,
    resultTicks: gainTicks(side, entry, price),
  };
}
