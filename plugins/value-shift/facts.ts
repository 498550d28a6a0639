import {
  type Acceptance,
  beginAcceptance,
  closeAcceptance,
  crossAcceptance,
  overlap,
  type Payload,
  relateValue,
} from '#engine';
import type { Config } from './config.ts';
import type { Senses } from './ports.ts';
import {
  type Area,
  edgeOf,
  type Held,
  type PerSide,
  type PocName,
  type Side,
  signOf,
  type View,
} from './value-shift.ts';

/** What is known of the day but the calendar, the regime and what other nodes say. */
export interface Day {
  readonly open: number;
  readonly area: View['area'];
  readonly prior: Area | null;
  readonly price: number;
  readonly high: number;
  readonly low: number;
  readonly sessionHigh: number;
  readonly sessionLow: number;
  readonly vwap: number;
  readonly index: number;
  readonly closed: View['closed'];
  readonly developing: Area | null;
  readonly relation: View['relation'];
  /** Developing points of control of the last closes, newest last; three at most. */
  readonly pocs: readonly number[];
  readonly beyond: PerSide<Acceptance>;
  /** Into value from the outside of a side, and the furthest price in there. */
  readonly inward: PerSide<Acceptance>;
  readonly depth: PerSide<number>;
  /** Volume when the edge of a side was crossed first: in all, and beyond it. */
  readonly marks: PerSide<{ readonly volume: number; readonly beyond: number }>;
  readonly crossed: PerSide<boolean>;
  readonly outside: PerSide<boolean>;
  readonly closesBeyond: number;
  readonly building: PerSide<number>;
  readonly migrating: PerSide<number>;
  readonly apart: PerSide<boolean>;
  readonly held: PerSide<Held | null>;
  readonly broken: PerSide<readonly PocName[]>;
  readonly targetDone: boolean;
}

type HalfHour = Payload<Senses['halfHour']> & { readonly ts: number };

/** Makes a pair from what is said of each side. */
export const both = <T>(of: (side: Side) => T): PerSide<T> => ({
  long: of('long'),
  short: of('short'),
});

/** Starts the day at its open. */
export function openDay(event: Payload<Senses['opened']> & { readonly ts: number }): Day {
  const { area, prior, price, high, low, vwap, ts } = event;
  const beyond = both((side) => beginAcceptance(edgeOf(area, side), signOf(side), price, ts));
  const isOut = both((side) => (price - edgeOf(area, side)) * signOf(side) > 0);
  return {
    ...{ area, prior, price, high, low, vwap, beyond },
    open: price,
    sessionHigh: high,
    sessionLow: low,
    index: -1,
    closed: null,
    developing: null,
    relation: null,
    pocs: [],
    inward: both((side) =>
      beginAcceptance(edgeOf(area, side), signOf(side) > 0 ? -1 : 1, price, ts),
    ),
    depth: both(() => 0),
    marks: both(() => ({ volume: 0, beyond: 0 })),
    crossed: isOut,
    outside: isOut,
    closesBeyond: 0,
    building: both(() => 0),
    migrating: both(() => 0),
    apart: both(() => false),
    held: both(() => null),
    broken: both(() => []),
    targetDone: false,
  };
}

/** Takes price and range of anything told. */
export function moveDay(
  day: Day,
  told: {
    readonly price: number;
    readonly high: number;
    readonly low: number;
    readonly vwap: number;
  },
): Day {
  const { price, high, low, vwap } = told;
  return {
    ...day,
    ...{ price, high, low, vwap, closed: null },
    sessionHigh: Math.max(day.sessionHigh, high),
    sessionLow: Math.min(day.sessionLow, low),
  };
}

/** Takes the first trade beyond an edge; volume is counted from here. */
export function crossDay(
  day: Day,
  event: Payload<Senses['crossed']> & { readonly ts: number },
): Day {
  const side: Side = event.edge === 'vah' ? 'long' : 'short';
  const before = day.beyond[side];
  const after = crossAcceptance(before, event.ts);
  const isNew = after !== before;
  const mark = { volume: event.volume, beyond: side === 'long' ? event.above : event.below };
  return {
    ...day,
    beyond: { ...day.beyond, [side]: after },
    marks: isNew ? { ...day.marks, [side]: mark } : day.marks,
    crossed: { ...day.crossed, [side]: true },
  };
}

function acceptanceAfter(day: Day, event: HalfHour, side: Side, c: Config): Acceptance {
  const mark = day.marks[side];
  const volume = side === 'long' ? event.above : event.below;
  return closeAcceptance(
    day.beyond[side],
    edgeOf(day.area, side),
    signOf(side),
    { ...event, high: event.periodHigh, low: event.periodLow },
    {
      beyond: volume - mark.beyond,
      total: event.volume - mark.volume,
      poc: event.developing.poc,
    },
    { closes: 2, minutes: c.acceptMinutes, volumeShare: c.acceptVolumeShare },
  );
}

/** Follows price from the outside of a side into value. */
function inwardAfter(day: Day, event: HalfHour, side: Side): Acceptance {
  return closeAcceptance(day.inward[side], edgeOf(day.area, side), signOf(side) > 0 ? -1 : 1, {
    ...event,
    high: event.periodHigh,
    low: event.periodLow,
  });
}

/** How far into value price came since it entered from the outside of a side. */
function depthAfter(day: Day, event: HalfHour, side: Side): number {
  const inner = side === 'long' ? event.periodLow : event.periodHigh;
  const reached = inner === null ? 0 : (edgeOf(day.area, side) - inner) * signOf(side);
  return Math.max(day.inward[side].status === 'pending' ? day.depth[side] : 0, reached);
}

function isBuilding(day: Day, event: HalfHour, side: Side, c: Config): boolean {
  const beyond = side === 'long' ? event.above : event.below;
  const isThere = (event.developing.poc - edgeOf(day.area, side)) * signOf(side) > 0;
  return event.index >= 1 && isThere && beyond >= c.buildingShare * event.volume;
}

function isMigrating(
  day: Day,
  event: HalfHour,
  pocs: readonly number[],
  side: Side,
  c: Config,
): boolean {
  const { relation } = relateValue(event.developing, day.area);
  const [higher, overlapping] =
    side === 'long' ? ['higher', 'overlapping-higher'] : ['lower', 'overlapping-lower'];
  const isRelated =
    relation === higher ||
    (relation === overlapping &&
      overlap(event.developing, day.area).overlapMin <= c.migrationOverlap);
  const [oldest, newest] = [pocs[0], pocs.at(-1)];
  const hasMoved =
    pocs.length === 3 && newest !== undefined && oldest !== undefined
      ? (newest - oldest) * signOf(side) > 0
      : false;
  const isDeltaWith =
    event.delta === null ? c.withoutDelta === 'ignore' : event.delta * signOf(side) > 0;
  return isRelated && hasMoved && isDeltaWith;
}

/** Takes a half hour that ended. */
export function closeDay(day: Day, event: HalfHour, c: Config): Day {
  const { close, periodHigh, periodLow, developing, index } = event;
  const pocs = [...day.pocs, developing.poc].slice(-3);
  const beyond = both((side) => acceptanceAfter(day, event, side, c));
  const isOut = close !== null && (close > day.area.vah || close < day.area.val);
  return {
    ...day,
    ...{ index, developing, pocs, beyond },
    closed:
      close === null || periodHigh === null || periodLow === null
        ? null
        : { high: periodHigh, low: periodLow, close },
    relation: relateValue(developing, day.area).relation,
    inward: both((side) => inwardAfter(day, event, side)),
    depth: both((side) => depthAfter(day, event, side)),
    outside: both((side) => day.outside[side] || beyond[side].status === 'accepted'),
    crossed: both((side) => day.crossed[side] || beyond[side].since !== null),
    closesBeyond: day.closesBeyond + (isOut ? 1 : 0),
    building: both((side) => (isBuilding(day, event, side, c) ? day.building[side] + 1 : 0)),
    migrating: both((side) =>
      isMigrating(day, event, pocs, side, c) ? day.migrating[side] + 1 : 0,
    ),
  };
}

/** Whether price was sent back out of value on a side, having been deep enough in it. */
export function isRejected(day: Day, side: Side, c: Config): boolean {
  return day.inward[side].status === 'rejected' && day.depth[side] >= c.enterTicks;
}
