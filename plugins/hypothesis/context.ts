import {
  type Acceptance,
  assert,
  beginAcceptance,
  closeAcceptance,
  meanOf,
  type Payload,
  withSession,
} from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import type { Ender } from './hypothesis.ts';
import type { Value, Way } from './scenarios.ts';
import type { Realised, Tally } from './score.ts';
import { type Slice, seeClose, seeSlice, type Track } from './tracks.ts';

type Received = Senses & typeof records;
type Named = {
  [K in keyof Received]: { readonly type: K; readonly ts: number } & Readonly<Payload<Received[K]>>;
};
/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Received];
export type Plan = Payload<Outputs['plan']>;
type RegimeRow = Payload<Received['regime']>;
type Prior = Pick<
  Payload<Received['prior']>,
  'tradeDate' | 'vah' | 'val' | 'poc' | 'high' | 'low' | 'shape' | 'gap'
>;
type Closed = Pick<
  Payload<Received['period']>,
  'start' | 'end' | 'open' | 'high' | 'low' | 'close' | 'session'
>;

interface Composite extends Value {
  readonly asOf: string;
  readonly inForce: boolean;
  readonly partial: boolean;
}

/** An edge the market may accept beyond. */
interface Edge extends Ender {
  readonly acceptance: Acceptance;
  /** Accepted at some close of the day. */
  readonly ever: boolean;
}

/** Edges of the composite and of the night, which the score looks at. */
interface Edges {
  readonly up: Edge | null;
  readonly down: Edge | null;
  readonly nightHigh: Edge | null;
  readonly nightLow: Edge | null;
}

interface Session {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Everything the hypothesis remembers; plain values only. */
export interface Context {
  readonly tradeDate: string;
  readonly holiday: boolean;
  readonly short: boolean;
  readonly rolled: boolean;
  /** A half day, a thin session or one with a gap: no member of averages and figures. */
  readonly extraordinary: boolean;
  readonly prior: Prior | null;
  readonly composites: readonly Composite[];
  readonly regime: RegimeRow | null;
  readonly relations: readonly {
    readonly tradeDate: string;
    readonly relation: Plan['relations'][number];
  }[];
  readonly nakedPocs: readonly number[];
  /** Edges of independent composites, and prices of stacks and clusters. */
  readonly composed: readonly { readonly vah: number; readonly val: number }[];
  readonly stacked: readonly number[];
  readonly inventory: Plan['inventory'];
  /** Ranges of earlier ordinary sessions in ticks, oldest first. */
  readonly ranges: readonly number[];
  readonly night: { readonly high: number; readonly low: number } | null;
  /** The open, or the last price before it. */
  readonly price: number | null;
  /** Time of news that is near; null without. */
  readonly news: string | null;
  readonly plan: Plan | null;
  readonly version: number;
  /** The version that was fixed at the open. */
  readonly fixed: Pick<Plan, 'version' | 'regime' | 'bias'> | null;
  readonly enders: readonly Edge[];
  readonly invalidatedAt: number | null;
  readonly edges: Edges;
  readonly tracks: readonly Track[];
  /** Places of the scenarios that ended with the last five minutes. */
  readonly ended: readonly number[];
  /** A period whose close is judged with the five minutes that end with it. */
  readonly pending: Closed | null;
  readonly session: Session | null;
  readonly realised: readonly Realised[];
  readonly condition: Tally;
  readonly biases: Tally;
  readonly baseline: Tally;
}

const noEdges: Edges = { up: null, down: null, nightHigh: null, nightLow: null };

const nothingToday = {
  regime: null,
  inventory: 'unknown',
  night: null,
  price: null,
  news: null,
  plan: null,
  version: 0,
  fixed: null,
  enders: [],
  invalidatedAt: null,
  edges: noEdges,
  tracks: [],
  ended: [],
  pending: null,
  session: null,
} as const satisfies Partial<Context>;

const noTally: Tally = { n: 0, hits: 0 };

/** What the machine starts with. */
export const emptyContext: Context = {
  ...nothingToday,
  tradeDate: '',
  holiday: false,
  short: false,
  rolled: false,
  extraordinary: false,
  prior: null,
  composites: [],
  relations: [],
  nakedPocs: [],
  composed: [],
  stacked: [],
  ranges: [],
  realised: [],
  condition: noTally,
  biases: noTally,
  baseline: noTally,
};

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

/** Takes over the calendar's row. */
export function updateDay(event: Event): Partial<Context> {
  const { tradeDate, holiday, short, rolled, thin, gap } = as('phase', event);
  return { tradeDate, holiday, short, rolled, extraordinary: short || holiday || thin || gap };
}

/** Adds yesterday's range to the average when it was an ordinary session, and forgets the day. */
export function startDay(config: Config, context: Context, event: Event): Partial<Context> {
  const { session, extraordinary, ranges } = context;
  const isMember = session !== null && !extraordinary;
  return {
    ...nothingToday,
    ...updateDay(event),
    ranges: isMember ? withSession(ranges, session.high - session.low, config.sessions) : ranges,
  };
}

/** Keeps a row of one of the tables the plan is made from. */
export function keep(config: Config, context: Context, event: Event): Partial<Context> {
  switch (event.type) {
    case 'prior': {
      const { tradeDate, vah, val, poc, high, low, shape, gap } = event;
      return { prior: { tradeDate, vah, val, poc, high, low, shape, gap } };
    }
    case 'composite': {
      const { asOf, inForce, vah, val, poc, partial } = event;
      const others = context.composites.filter((other) => other.asOf < asOf);
      return { composites: [...others, { asOf, inForce, vah, val, poc, partial }].slice(-2) };
    }
    case 'relation':
      return keepRelation(context, event);
    case 'naked':
      return { nakedPocs: event.pocs.map(({ price }) => price) };
    case 'stack':
      return keepStack(config, event);
    case 'inventory':
      return { inventory: event.tradeDate === context.tradeDate ? event.net : 'unknown' };
    case 'news':
      return { news: event.near ? event.time : null };
    case 'regime': {
      const { type: _type, ts: _ts, ...row } = event;
      return { regime: row };
    }
    default:
      return {};
  }
}

const mostRelations = 5;

function keepRelation(context: Context, event: Named['relation']): Partial<Context> {
  const { stage, relation, raw, tradeDate } = event;
  const name = relation ?? raw;
  if (stage !== 'final' || name === null) return {};
  const others = context.relations.filter((other) => other.tradeDate < tradeDate);
  return { relations: [...others, { tradeDate, relation: name }].slice(-mostRelations) };
}

function keepStack(config: Config, event: Named['stack']): Partial<Context> {
  if (!event.inForce) return { composed: [], stacked: [] };
  const isEnough = ({ nEff }: { nEff: number }) => nEff >= config.minNEff;
  return {
    composed: event.composites.map(({ vah, val }) => ({ vah, val })),
    stacked: [
      ...event.stacks.filter(isEnough).flatMap(({ low, high }) => [low, high]),
      ...event.clusters.filter(isEnough).map(({ price }) => price),
    ],
  };
}

/** Returns the composite in force today; null when there is none. */
export function compositeNow({ composites, tradeDate }: Context): Composite | null {
  const newest = composites.findLast(({ asOf }) => asOf < tradeDate);
  return newest?.inForce ? newest : null;
}

/** Returns the prior session, if it is one. */
export function priorNow({ prior, tradeDate }: Context): Prior | null {
  return prior !== null && prior.tradeDate < tradeDate ? prior : null;
}

/** Returns the average daily range in ticks; null with too few sessions. */
export function averageRange(config: Config, { ranges }: Context): number | null {
  return ranges.length >= config.minSessions ? meanOf(ranges) : null;
}

/** Begins to watch a level; a price beyond it counts from here. */
export function edgeAt(level: number, way: Way, price: number, ts: number): Edge {
  return { level, way, acceptance: beginAcceptance(level, way, price, ts), ever: false };
}

/** Returns the edges that the score looks at, watched from the open on. */
export function edgesAt(context: Context, open: number, ts: number): Edges {
  const area = compositeNow(context);
  const { night } = context;
  return {
    up: area && edgeAt(area.vah, 1, open, ts),
    down: area && edgeAt(area.val, -1, open, ts),
    nightHigh: night && edgeAt(night.high, 1, open, ts),
    nightLow: night && edgeAt(night.low, -1, open, ts),
  };
}

function closeEdge(edge: Edge, closed: Closed): Edge {
  const acceptance = closeAcceptance(edge.acceptance, edge.level, edge.way, closed);
  return { ...edge, acceptance, ever: edge.ever || acceptance.status === 'accepted' };
}

const closeMaybe = (edge: Edge | null, closed: Closed): Edge | null =>
  edge && closeEdge(edge, closed);

/** Returns the period that ends with these five minutes; null while it runs. */
function closedWith({ pending }: Context, slice: Slice): Closed | null {
  return pending !== null && pending.end <= slice.end ? pending : null;
}

/** Returns what ends the plan after these five minutes. */
export function endersAfter(context: Context, event: Event): readonly Edge[] {
  const closed = closedWith(context, as('slice', event));
  return closed === null ? context.enders : context.enders.map((edge) => closeEdge(edge, closed));
}

/** Takes five minutes, and the close that falls on their end: what triggers, what ends, what is accepted. */
export function follow(context: Context, event: Event): Partial<Context> {
  const slice = as('slice', event);
  const closed = closedWith(context, slice);
  const seen = context.tracks.map((track) => seeSlice(track, slice));
  const isQuiet = closed === null && seen.every((track, i) => track === context.tracks[i]);
  if (isQuiet) return context.ended.length === 0 ? {} : { ended: [] };
  const tracks = closed === null ? seen : seen.map((track) => seeClose(track, closed));
  const ended = tracks.flatMap(({ status }, i) => {
    const before = context.tracks[i]?.status;
    return status !== before && (status === 'target' || status === 'invalidated') ? [i] : [];
  });
  if (closed === null) return { tracks, ended };
  const { up, down, nightHigh, nightLow } = context.edges;
  return {
    tracks,
    ended,
    enders: endersAfter(context, event),
    edges: {
      up: closeMaybe(up, closed),
      down: closeMaybe(down, closed),
      nightHigh: closeMaybe(nightHigh, closed),
      nightLow: closeMaybe(nightLow, closed),
    },
    pending: null,
  };
}

/** Keeps a closed period until the five minutes that end with it were seen, and the session so far. */
export function keepPeriod(context: Context, event: Event): Partial<Context> {
  const { tradeDate, start, end, open, high, low, close, session } = as('period', event);
  if (tradeDate !== context.tradeDate) return {};
  return {
    pending: { start, end, open, high, low, close, session },
    session:
      session === null
        ? context.session
        : {
            open: session.open,
            high: session.high,
            low: session.low,
            close: close ?? context.session?.close ?? session.open,
          },
  };
}

/** Returns the price now: the last close, else the open. */
export function priceNow({ session, price }: Context): number | null {
  return session?.close ?? price;
}

/** Returns the bias a plan was fixed with. */
export function fixedOf(plan: Plan): Context['fixed'] {
  const { version, regime, bias } = plan;
  return { version, regime, bias };
}
