import { formatPrice, type Instrument, openingLocation, type Payload } from '#engine';
import type { Config, Outputs } from './config.ts';
import {
  as,
  averageRange,
  type Context,
  compositeNow,
  type Event,
  edgeAt,
  edgesAt,
  fixedOf,
  type Plan,
  priceNow,
  priorNow,
} from './context.ts';
import {
  biasOf,
  conditionOf,
  endersOf,
  nearestBeyond,
  nearestEnder,
  objectionsOf,
  within,
} from './hypothesis.ts';
import { type Case, casesOf, type Levels } from './scenarios.ts';
import { beginTracks } from './tracks.ts';

function levelsOf(config: Config, context: Context, price: number | null): Levels {
  const { composed, night } = context;
  const at = price ?? 0;
  const isKnown = price !== null;
  const lows = composed.map(({ val }) => val);
  const highs = composed.map(({ vah }) => vah);
  return {
    composite: compositeNow(context),
    prior: priorNow(context),
    night,
    range: averageRange(config, context),
    price,
    above: isKnown ? nearestBeyond(lows, at, 1) : null,
    below: isKnown ? nearestBeyond(highs, at, -1) : null,
  };
}

function objections(context: Context): string[] {
  const { holiday, short, rolled, regime, news } = context;
  return objectionsOf({
    regime: regime?.regime ?? 'unknown',
    holiday,
    short,
    rolled,
    partial: compositeNow(context)?.partial ?? false,
    priorGap: priorNow(context)?.gap ?? false,
    news,
  });
}

function evidenceOf(config: Config, context: Context): Plan['evidence'] {
  const { regime } = context;
  const range = averageRange(config, context);
  const known: (readonly [string, number | null, string])[] = [
    ['share of prior value inside the composite', regime?.overlapMin ?? null, 'share'],
    ['overnight range', regime?.overnightRangeTicks ?? null, 'tick'],
    ['median overnight range', regime?.overnightMedianTicks ?? null, 'tick'],
    ['average daily range', range, 'tick'],
  ];
  return known.flatMap(([what, value, unit]) => (value === null ? [] : [{ what, value, unit }]));
}

const valueOf = ({ vah, val, poc }: { vah: number; val: number; poc: number }) => ({
  vah,
  val,
  poc,
});

function locationNow(context: Context, isOpen: boolean): string | null {
  const prior = priorNow(context);
  if (!isOpen || prior === null || context.price === null) return null;
  return openingLocation(context.price, prior);
}

/** What the regime's row says; an unknown regime before the first one. */
function standOf({ regime: row }: Context) {
  if (row === null)
    return {
      regime: 'unknown' as const,
      lowConfidence: false,
      relation: null,
      condition: conditionOf('unknown', false, 'no regime was told', []),
    };
  const { regime, lowConfidence, relation, reason, missing } = row;
  const condition = conditionOf(regime, lowConfidence, reason, missing);
  return { regime, lowConfidence, relation, condition };
}

function nearbyOf(
  config: Config,
  { nakedPocs, stacked }: Context,
  { price, range }: Levels,
): Pick<Plan, 'nakedPocs' | 'stackAbove' | 'stackBelow'> {
  if (price === null) return { nakedPocs: [], stackAbove: null, stackBelow: null };
  return {
    nakedPocs: within(nakedPocs, price, range === null ? Number.NaN : config.nakedRanges * range),
    stackAbove: nearestBeyond(stacked, price, 1),
    stackBelow: nearestBeyond(stacked, price, -1),
  };
}

interface Draft {
  readonly plan: Plan;
  readonly cases: readonly Case[];
}

/** Makes the next version of the plan from what is known now. */
function draftOf(
  config: Config,
  instrument: Instrument,
  context: Context,
  reason: string,
  openCase: string | null,
): Draft {
  const price = priceNow(context);
  const levels = levelsOf(config, context, price);
  const { regime, lowConfidence, relation, condition } = standOf(context);
  const bias = biasOf(regime, price, levels.composite);
  const write = (ticks: number): string => formatPrice(instrument, ticks);
  const cases = casesOf(regime, levels, config.targetRanges, write);
  const prior = priorNow(context);
  const doNotTrade = objections(context);
  return {
    cases,
    plan: {
      tradeDate: context.tradeDate,
      version: context.version + 1,
      reason,
      regime,
      lowConfidence,
      bias,
      condition,
      relation,
      relations: context.relations.map((row) => row.relation),
      composite: levels.composite && valueOf(levels.composite),
      prior: prior && { ...valueOf(prior), shape: prior.shape },
      overnight: context.night,
      inventory: context.inventory,
      ...nearbyOf(config, context, levels),
      openCase,
      scenarios: cases.map(({ scenario }) => scenario),
      invalidation: nearestEnder(endersOf(regime, bias, levels), price),
      doNotTrade,
      permits: doNotTrade.length === 0,
      evidence: evidenceOf(config, context),
      averageRange: levels.range,
    },
  };
}

function watched(config: Config, context: Context, plan: Plan, ts: number): Context['enders'] {
  const price = priceNow(context);
  if (price === null) return [];
  const levels = levelsOf(config, context, price);
  return endersOf(plan.regime, plan.bias, levels).map(({ level, way }) =>
    edgeAt(level, way, price, ts),
  );
}

/** Writes the first version, before the open. */
export function draft(
  config: Config,
  instrument: Instrument,
  context: Context,
  event: Event,
): Partial<Context> {
  const { high, low, last } = as('morning', event);
  const night = high === null || low === null ? null : { high, low };
  const now = { ...context, night, price: last };
  const { plan } = draftOf(config, instrument, now, 'pre-market', null);
  return { night, price: last, plan, version: plan.version };
}

/** Writes the version that stays: the open is known, and from here on the plan is followed. */
export function fix(
  config: Config,
  instrument: Instrument,
  context: Context,
  event: Event,
): Partial<Context> {
  const { high, low, price } = as('opened', event);
  const night = high === null || low === null ? null : { high, low };
  const now = { ...context, night, price };
  const { plan, cases } = draftOf(config, instrument, now, 'open', locationNow(now, true));
  return {
    night,
    price,
    plan,
    version: plan.version,
    fixed: fixedOf(plan),
    enders: watched(config, now, plan, event.ts),
    edges: edgesAt(now, price, event.ts),
    tracks: beginTracks(cases, price, event.ts),
  };
}

/** Writes a new version for a new regime; the one fixed at the open is still the one that is scored. */
export function revise(
  config: Config,
  instrument: Instrument,
  context: Context,
  event: Event,
): Partial<Context> {
  const row = as('regime', event);
  const was = context.plan?.regime ?? 'unknown';
  const reason = `regime changed from ${was} to ${row.regime}: ${row.reason}`;
  const openCase = context.plan?.openCase ?? null;
  const { plan } = draftOf(config, instrument, context, reason, openCase);
  return { plan, version: plan.version, enders: watched(config, context, plan, event.ts) };
}

/** Writes the version that says the plan is over. */
export function invalidate(context: Context, event: Event): Partial<Context> {
  const { plan, version, invalidatedAt } = context;
  if (plan === null) return {};
  return {
    invalidatedAt: invalidatedAt ?? event.ts,
    version: version + 1,
    plan: {
      ...plan,
      version: version + 1,
      reason: 'invalidated: two half hours closed beyond',
      permits: false,
    },
  };
}

/** Writes the version that takes permission away near news, or gives it back. */
export function amend(context: Context, event: Event): Partial<Context> {
  const { time, near } = as('news', event);
  const { plan, version } = context;
  if (plan === null) return {};
  const doNotTrade = objections(context);
  return {
    version: version + 1,
    plan: {
      ...plan,
      version: version + 1,
      reason: near ? `news at ${time} is near` : `news at ${time} is over`,
      doNotTrade,
      permits: doNotTrade.length === 0,
    },
  };
}

/** Returns the outcome of a scenario that triggered and ended. */
export function outcomeOf(context: Context, place: number): Payload<Outputs['outcome']> | null {
  const track = context.tracks[place];
  if (track === undefined || track.way === 0) return null;
  const { entry, price, triggeredAt, status, way, target, invalidation, id } = track;
  if (entry === null || price === null || triggeredAt === null) return null;
  return {
    tradeDate: context.tradeDate,
    setup: 'hypothesis-scenario',
    variant: id,
    side: way > 0 ? 'long' : 'short',
    result: status === 'target' ? 'completed' : status === 'invalidated' ? 'rejected' : 'expired',
    triggeredAt,
    entry,
    target,
    invalidation,
    price,
    resultTicks: (price - entry) * way,
  };
}
