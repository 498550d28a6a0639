import { assert, medianOf, type Payload, withSession } from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import { closeEdges, type Edge, firstEdges, withCompression } from './edges.ts';
import {
  compositeFor,
  hourTicks,
  type Range,
  type RegimeName,
  type Value,
  type Way,
  withComposite,
  withHours,
} from './regime.ts';

type Received = Senses & typeof records;
type Named = {
  [K in keyof Received]: { readonly type: K; readonly ts: number } & Readonly<Payload<Received[K]>>;
};
/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Received];
type Row = Payload<Outputs['regime']>;

interface Prior extends Value {
  readonly tradeDate: string;
  readonly contract: string | null;
}

interface Composite extends Value {
  readonly asOf: string;
  readonly inForce: boolean;
}

/** What the regular session did so far. */
interface Session {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Developing point of control. */
  readonly poc: number;
}

interface Night {
  readonly high: number;
  readonly low: number;
}

/** Everything the regime remembers; plain values only. */
export interface Context {
  readonly tradeDate: string;
  readonly contract: string | null;
  readonly holiday: boolean;
  /** A half day, a thin session or one with a gap: no member of medians. */
  readonly extraordinary: boolean;
  readonly prior: Prior | null;
  readonly composites: readonly Composite[];
  readonly relation: { readonly relation: Row['relation']; readonly overlapMin: number } | null;
  /** Overnight ranges of earlier ordinary sessions in ticks, oldest first. */
  readonly nights: readonly number[];
  /** Ranges of 60 minutes by period index of earlier ordinary sessions. */
  readonly hours: readonly (readonly number[])[];
  readonly night: Night | null;
  readonly today: readonly (number | null)[];
  readonly lastPeriods: readonly [Range | null, Range | null];
  readonly session: Session | null;
  readonly edges: readonly Edge[];
  readonly regime: RegimeName;
  readonly stage: Row['stage'];
  readonly lowConfidence: boolean;
  readonly since: number;
  readonly missing: readonly string[];
  readonly reason: string;
  /** The label of 09:30; null before. */
  readonly label: { readonly regime: RegimeName; readonly lowConfidence: boolean } | null;
  readonly changes: number;
  /** What the last 30-minute closes asked for, and how many in a row. */
  readonly candidate: RegimeName | null;
  readonly run: number;
  readonly candidateReason: string;
}

const nothingToday = {
  relation: null,
  night: null,
  today: [],
  lastPeriods: [null, null],
  session: null,
  edges: [],
  regime: 'unknown',
  stage: 'none',
  lowConfidence: false,
  missing: [],
  reason: 'before the regular session',
  label: null,
  changes: 0,
  candidate: null,
  run: 0,
  candidateReason: '',
} as const satisfies Partial<Context>;

/** What the machine starts with. */
export const emptyContext: Context = {
  ...nothingToday,
  tradeDate: '',
  contract: null,
  holiday: false,
  extraordinary: false,
  prior: null,
  composites: [],
  nights: [],
  hours: [],
  since: 0,
};

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

/** Takes over the calendar's row. */
export function updateDay(event: Event): Partial<Context> {
  const day = as('phase', event);
  return {
    tradeDate: day.tradeDate,
    contract: day.contract,
    holiday: day.holiday,
    extraordinary: day.short || day.thin || day.gap || day.holiday,
  };
}

/** Adds yesterday to the medians when it was an ordinary session, and forgets it. */
export function startDay(config: Config, context: Context, event: Event): Partial<Context> {
  const { night, today, nights, hours, extraordinary } = context;
  const isMember = night !== null && !extraordinary;
  return {
    ...nothingToday,
    ...updateDay(event),
    nights: isMember ? withSession(nights, night.high - night.low, config.sessions) : nights,
    hours: isMember ? withHours(hours, today, config.sessions) : hours,
  };
}

/** Keeps the last completed session. */
export function keepPrior(event: Event): Partial<Context> {
  const { tradeDate, vah, val, poc, contract } = as('prior', event);
  return { prior: { tradeDate, vah, val, poc, contract } };
}

/** Keeps a composite beside those before it. */
export function keepComposite(context: Context, event: Event): Partial<Context> {
  const { asOf, inForce, vah, val, poc } = as('composite', event);
  return { composites: withComposite(context.composites, { asOf, inForce, vah, val, poc }) };
}

/** Keeps where developing value stands today. */
export function keepRelation(context: Context, event: Event): Partial<Context> {
  const { tradeDate, relation, overlapMin, composite } = as('relation', event);
  if (tradeDate !== context.tradeDate || composite === null) return { relation: null };
  return { relation: { relation, overlapMin } };
}

/** Returns the composite in force today; null when there is none. */
export function compositeNow(context: Context): Composite | null {
  return compositeFor(context.composites, context.tradeDate);
}

/** Returns the composite the prior session is compared with; null when there is none. */
export function compositeBefore(context: Context): Composite | null {
  return context.prior && compositeFor(context.composites, context.prior.tradeDate);
}

/** Returns the night as the event tells of it, else as it is remembered. */
export function nightOf(context: Context, event: Event): Night | null {
  if (event.type !== 'nightMeasured') return context.night;
  const { high, low } = event;
  return high === null || low === null ? null : { high, low };
}

/** Returns the inputs that are not known, in the order they are asked for. */
export function missingOf(config: Config, context: Context, event: Event): string[] {
  const { prior, tradeDate, contract, nights } = context;
  const hasPrior = prior !== null && prior.tradeDate < tradeDate;
  const isOther =
    hasPrior && prior.contract !== null && contract !== null && prior.contract !== contract;
  const asked: readonly (readonly [boolean, string])[] = [
    [context.holiday, 'an ordinary session: today is a holiday'],
    [!hasPrior, 'value of the prior session'],
    [isOther, 'a prior session of this contract'],
    [hasPrior && compositeBefore(context) === null, 'the composite in force for the prior session'],
    [nightOf(context, event) === null, 'the overnight range'],
    [nights.length < config.minSessions, `overnight ranges of ${config.minSessions} sessions`],
  ];
  return asked.filter(([isMissing]) => isMissing).map(([, what]) => what);
}

/** Returns what the pre-market decision is made from; all of it is known when nothing is missing. */
export function inputsOf(context: Context, event: Event) {
  const composite = compositeBefore(context);
  const night = nightOf(context, event);
  const nightMedian = medianOf(context.nights);
  const { prior } = context;
  assert(
    prior !== null && composite !== null && night !== null && nightMedian !== null,
    'nothing is missing',
  );
  return { prior, composite, nightTicks: night.high - night.low, nightMedian };
}

/** Writes the decision down: what, at which stage, and why. */
export function settle(
  config: Config,
  context: Context,
  event: Event,
  to: Pick<Context, 'regime' | 'lowConfidence' | 'reason'>,
): Partial<Context> {
  const stage = event.type === 'nightMeasured' ? event.stage : 'intraday';
  return {
    ...to,
    ...(event.type === 'nightMeasured' ? { tradeDate: event.tradeDate } : {}),
    stage,
    since: event.ts,
    night: nightOf(context, event),
    missing: to.regime === 'unknown' ? missingOf(config, context, event) : [],
    label:
      stage === 'final' ? { regime: to.regime, lowConfidence: to.lowConfidence } : context.label,
    candidate: null,
    run: 0,
  };
}

/** Notes what a 30-minute close asks for; the same as before counts on. */
export function keepCandidate(
  context: Context,
  candidate: RegimeName | null,
  candidateReason: string,
): Partial<Context> {
  const run = candidate !== null && context.candidate === candidate ? context.run + 1 : 1;
  return { candidate, candidateReason, run: candidate === null ? 0 : run };
}

const closeOf = (context: Context): number => context.session?.close ?? Number.NaN;

/** Changes the regime to what enough closes in a row asked for. */
export function change(config: Config, context: Context, event: Event): Partial<Context> {
  const { candidate, candidateReason, regime } = context;
  assert(candidate !== null, 'a change has a candidate');
  const shared = context.relation?.overlapMin ?? 0;
  const isPartial = regime === 'breakout-pending' || shared < config.balanceOverlap;
  return {
    regime: candidate,
    stage: 'intraday',
    lowConfidence: candidate === 'balance' && isPartial,
    since: event.ts,
    reason: candidateReason,
    changes: context.changes + 1,
    candidate: null,
    run: 0,
    ...(candidate === 'breakout-pending'
      ? { edges: withCompression(context.edges, context.lastPeriods, closeOf(context), event.ts) }
      : {}),
  };
}

/** Takes a closed period: the range of the last hour, the session so far, and what is accepted. */
export function closePeriod(context: Context, event: Event): Partial<Context> {
  const closed = as('period', event);
  if (closed.tradeDate !== context.tradeDate) return {};
  const [, before] = context.lastPeriods;
  const now: Range = { high: closed.high, low: closed.low };
  const profile = closed.session;
  const edges =
    context.session === null && profile !== null
      ? firstEdges(compositeNow(context), context.night, profile.open, closed.start)
      : context.edges;
  return {
    today: [...context.today, hourTicks(before, now)],
    lastPeriods: [before, now],
    session:
      profile === null
        ? context.session
        : {
            open: profile.open,
            high: profile.high,
            low: profile.low,
            poc: profile.poc,
            close: closed.close ?? context.session?.close ?? profile.open,
          },
    edges: closeEdges(edges, closed),
  };
}

/** Returns whether an edge that counts in this regime is accepted. */
export function isAccepted({ edges, regime }: Context, way: Way): boolean {
  return edges.some(
    (edge) =>
      edge.way === way &&
      edge.acceptance.status === 'accepted' &&
      (edge.name === 'composite' || regime === 'breakout-pending'),
  );
}

/** Returns the range of the last hour and its median for this time of day; null while unknown. */
export function hourOf(config: Config, { today, hours }: Context) {
  const index = today.length - 1;
  const earlier = hours[index] ?? [];
  const median = earlier.length >= config.minSessions ? medianOf(earlier) : null;
  return { ticks: today[index] ?? null, median };
}

/** Ends the session: no regime is in force. */
export function endDay(event: Event): Partial<Context> {
  return {
    ...updateDay(event),
    regime: 'unknown',
    stage: 'none',
    lowConfidence: false,
    missing: [],
    since: event.ts,
    reason: 'the regular session is over',
    candidate: null,
    run: 0,
  };
}
