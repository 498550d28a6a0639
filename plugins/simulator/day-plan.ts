import type { SessionDay } from '#engine';
import { Random } from './random.ts';
import type { EpisodeKind } from './script-state.ts';
import { type PlannedEpisode, planEpisodes } from './staging.ts';
import { regularProgress } from './volume-smile.ts';

/** What a day leaves to the next one; prices in ticks. */
export interface PriorDay {
  /** Last price of the day. */
  readonly close: number;
  /** Volume-weighted mean and standard deviation of the regular session's prices. */
  readonly mean: number;
  readonly deviation: number;
  /** Whether it was a day of one balance: only its value area is symmetric enough to be crossed by plan. */
  readonly balanced: boolean;
}

/** Whether a day has whole regular hours: only such days stage episodes. */
export type DayLength = 'whole' | 'short';

/** The kinds of day, by what value does. */
export type DayKind =
  | 'balance'
  | 'trend'
  | 'rally-then-balance'
  | 'sell-off-then-balance'
  | 'two-balances'
  | 'traverse'
  | 'drive';

/** A place on the way of value: a share of the regular session and a price in ticks. */
type Waypoint = readonly [share: number, price: number];

/** How a day is meant to go. The auction wanders around it. */
export interface DayPlan {
  readonly kind: DayKind;
  /** Where value lies, by share of the regular session, ascending from 0 to 1. */
  readonly path: readonly Waypoint[];
  /** Standard deviation of price around value in ticks, in the regular session and outside. */
  readonly wander: number;
  readonly nightWander: number;
  /** Seconds in which a distance from value shrinks to 37 %. */
  readonly returnSeconds: number;
  /** Trades relative to an ordinary day. */
  readonly activity: number;
  /** Shares of the regular session after which an absorption is staged, ascending. */
  readonly absorptions: readonly number[];
  /** Episodes staged on demand, in the order of time; empty in the ordinary mixture of days. */
  readonly episodes: readonly PlannedEpisode[];
  /** Whether the kind of the day was demanded. */
  readonly isStaged: boolean;
}

/** The price level at which distances below are given; others are in proportion. */
const referenceTicks = 24_000;
const defaultReturnSeconds = 1_500;
/** Share of each kind of day, in the order they are drawn. */
const kinds: readonly (readonly [kind: DayKind, share: number])[] = [
  ['trend', 0.15],
  ['rally-then-balance', 0.1],
  ['sell-off-then-balance', 0.1],
  ['two-balances', 0.12],
  ['balance', 0.53],
];
/** Share of the days after a balanced one on which its value area is traversed. */
const traverseShare = 0.4;
/** Of a bell shape, 70 % lies within this many standard deviations of the mean. */
const valueAreaDeviations = 1.04;

/** What a kind of day is drawn from. */
interface Draw {
  readonly random: Random;
  readonly prior: PriorDay;
  /** Ticks per tick of the reference price level. */
  readonly scale: number;
  /** 1 up, -1 down: leans back to where the market began, so that an endless run stays in sight of it. */
  readonly direction: number;
  /** Planned price at the regular open. */
  readonly open: number;
}

type Shape = Pick<DayPlan, 'path' | 'wander'> & Partial<DayPlan>;

const shapes: Readonly<Record<DayKind, (draw: Draw) => Shape>> = {
  balance({ random, scale, open }) {
    const value = open + random.bell() * 14 * scale;
    return {
      path: [
        [0, value],
        [1, value + random.bell() * 8 * scale],
      ],
      wander: random.between(27, 42) * scale,
    };
  },
  trend({ random, scale, open, direction }) {
    const length = direction * random.between(190, 290) * scale;
    // As fast as volume comes in, so that no price gathers more of it than another.
    const stops = regularProgress().map(([share, volume]): Waypoint => {
      return [share, open + length * (volume + random.between(-0.02, 0.02))];
    });
    return {
      path: [[0, open], ...stops],
      wander: 11 * scale,
      returnSeconds: 120,
      activity: 1.25,
      absorptions: [random.between(0.3, 0.6)],
    };
  },
  drive({ random, scale, open, direction }) {
    const far = random.between(44, 60) * scale * direction;
    return {
      path: [
        [0, open],
        // At once away from the open, so that nothing trades back through it.
        [0.003, open + 8 * scale * direction],
        [0.077, open + far],
        [0.1, open + far * 0.72],
        [0.14, open + far * 1.1],
        [0.25, open + far * 1.5],
        [1, open + far * 2],
      ],
      wander: 2.5 * scale,
      nightWander: 2 * scale,
      returnSeconds: 60,
      activity: 1.5,
      absorptions: [],
    };
  },
  'rally-then-balance': (draw) => oneSided(draw, 1),
  'sell-off-then-balance': (draw) => oneSided(draw, -1),
  'two-balances'({ random, scale, open, direction }) {
    const change = random.between(0.35, 0.55);
    const second = open + direction * random.between(105, 150) * scale;
    return {
      path: [
        [0, open],
        [change, open],
        [change + 0.05, second],
        [1, second],
      ],
      wander: random.between(11, 15) * scale,
      returnSeconds: 900,
    };
  },
  traverse(draw) {
    const { prior, scale, open } = draw;
    const low = prior.mean - valueAreaDeviations * prior.deviation;
    const width = 2 * valueAreaDeviations * prior.deviation;
    const fromAbove = open > prior.mean;
    const inside = (share: number): number =>
      fromAbove ? low + width * (1 - share) : low + width * share;
    return {
      path: [
        [0, open],
        [0.06, inside(-0.03)],
        [0.1, inside(0.2)],
        [0.3, inside(0.34)],
        [0.5, inside(0.55)],
        [0.72, inside(1.12)],
        [1, inside(1.45)],
      ],
      wander: Math.min(10 * scale, 0.09 * width),
      nightWander: 6 * scale,
      returnSeconds: 600,
    };
  },
};

function oneSided({ random, scale, open }: Draw, direction: 1 | -1): Shape {
  const top = open + direction * random.between(95, 135) * scale;
  return {
    path: [
      [0, open],
      [0.05, open + (top - open) * 0.6],
      [0.12, top],
      [1, top + random.bell() * 6 * scale],
    ],
    wander: random.between(12, 17) * scale,
    returnSeconds: 900,
  };
}

function kindOf(random: Random, prior: PriorDay): DayKind {
  if (random.next() < traverseShare && prior.balanced) return 'traverse';
  let rest = random.next();
  for (const [kind, share] of kinds) {
    rest -= share;
    if (rest < 0) return kind;
  }
  return 'balance';
}

/** Where whole days are staged, each demanded one follows a balanced day; the others are balanced. */
function demandedKind(
  dayNumber: number,
  prior: PriorDay,
  stage: readonly EpisodeKind[],
  length: DayLength,
): DayKind {
  const days = stage.filter((kind) => kind === 'drive' || kind === 'traverse');
  const isTurn = dayNumber % 2 === 1 && length === 'whole' && prior.balanced;
  if (days.length === 0 || !isTurn) return 'balance';
  return days[((dayNumber - 1) / 2) % days.length]!;
}

/** Returns whether a price lies at an edge of a day's value, to two ticks. */
export function isAtValueEdge(prior: PriorDay, price: number): boolean {
  const fromMean = Math.abs(price - prior.mean);
  return prior.deviation > 0 && Math.abs(fromMean - valueAreaDeviations * prior.deviation) <= 2;
}

/** Returns the price meant for the regular open: somewhere else than the close, for a traverse outside of value. */
function openOf(
  random: Random,
  kind: DayKind,
  prior: PriorDay,
  scale: number,
  direction: number,
): number {
  if (kind !== 'traverse' && kind !== 'drive')
    return prior.close + random.bell() * 34 * scale + direction * 8 * scale;
  const edge = valueAreaDeviations * prior.deviation + 24 * scale;
  if (kind === 'drive') return prior.mean + direction * edge;
  return prior.mean + (prior.close >= prior.mean ? edge : -edge);
}

/**
 * Returns the plan of a day: the same for the same seed, number of the day and day before.
 *
 * @param startTicks - Price the market began at.
 */
export function planDay(
  seed: number,
  dayNumber: number,
  prior: PriorDay,
  startTicks: number,
  stage: readonly EpisodeKind[] = [],
  length: DayLength = 'whole',
): DayPlan {
  const random = Random.seeded(seed, dayNumber + 1);
  const scale = startTicks / referenceTicks;
  const stretch = (prior.close - startTicks) / (0.06 * startTicks);
  const direction = random.next() < 0.5 - 0.5 * Math.max(-0.9, Math.min(0.9, stretch)) ? 1 : -1;
  const demanded = stage.length === 0 ? null : demandedKind(dayNumber, prior, stage, length);
  const kind = demanded ?? kindOf(random, prior);
  const open = openOf(random, kind, prior, scale, direction);
  const activity = random.between(0.8, 1.2);
  const shape = shapes[kind]({ random, prior, scale, direction, open });
  const first = random.between(0.08, 0.3);
  return {
    kind,
    nightWander: 12 * scale,
    returnSeconds: defaultReturnSeconds,
    absorptions: [first, first + random.between(0.15, 0.3), first + random.between(0.35, 0.6)],
    ...shape,
    ...(stage.length > 0 ? { absorptions: [] } : {}),
    activity: activity * (shape.activity ?? 1),
    episodes: demanded === 'balance' && length === 'whole' ? planEpisodes(random, stage) : [],
    isStaged: demanded !== null,
  };
}

/** Returns where value lies at an instant: at night on the way from the last close to the regular open. */
export function valueAt(plan: DayPlan, prior: PriorDay, day: SessionDay, ts: number): number {
  const { rthOpen, rthEnd } = day;
  const open = plan.path[0]![1];
  if (rthOpen === null || rthEnd === null) return prior.close;
  if (ts < rthOpen)
    return prior.close + (open - prior.close) * easedShare((ts - day.open) / (rthOpen - day.open));
  return alongPath(plan.path, Math.min(1, (ts - rthOpen) / (rthEnd - rthOpen)));
}

/** The night's way: little in Asia, most of it with Europe, none in the last half hour before the open. */
function easedShare(share: number): number {
  const way = Math.min(1, Math.max(0, (share - 0.2) / 0.75));
  return way * way * (3 - 2 * way);
}

function alongPath(path: readonly Waypoint[], share: number): number {
  let [beforeShare, beforePrice] = path[0]!;
  for (const [nextShare, nextPrice] of path) {
    if (share < nextShare) {
      return (
        beforePrice +
        ((nextPrice - beforePrice) * (share - beforeShare)) / (nextShare - beforeShare)
      );
    }
    beforeShare = nextShare;
    beforePrice = nextPrice;
  }
  return beforePrice;
}
