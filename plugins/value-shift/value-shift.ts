import { type Acceptance, compare, holds, type ValueRelation } from '#engine';

export type Side = 'long' | 'short';
export type PocName = 'composite' | 'prior';

/** An area of value in ticks. */
export interface Area {
  readonly vah: number;
  readonly val: number;
  readonly poc: number;
}

/** The area a day is judged by. */
export interface FrozenArea extends Area {
  readonly basis: 'composite' | 'prior';
}

/** The expectations in the order of the framework. */
export const expectationNames = [
  'other-side',
  'stay-rotational',
  'next-balance',
  'shift',
  'poc-holds',
  'building-outside',
  'day-fades',
] as const;
export type ExpectationName = (typeof expectationNames)[number];

/** A point of control that held, and how. */
export interface Held {
  readonly poc: PocName;
  readonly price: number;
  readonly touches: number;
  readonly bounceTicks: number;
}

/** A value for each direction. */
export interface PerSide<T> {
  readonly long: T;
  readonly short: T;
}

/** What is known of the day when the rules are asked; prices are ticks. */
export interface View {
  /** Counts what was told; an expectation is judged by what came after it became active. */
  readonly seq: number;
  readonly ts: number;
  readonly tradeDate: string;
  readonly area: FrozenArea;
  readonly prior: Area | null;
  readonly open: number;
  readonly price: number;
  /** Range since the last thing told. */
  readonly high: number;
  readonly low: number;
  readonly sessionHigh: number;
  readonly sessionLow: number;
  readonly vwap: number;
  /** A 30-minute period ended right now; `index` and `closed` are its. */
  readonly isClose: boolean;
  readonly index: number;
  readonly closed: { readonly high: number; readonly low: number; readonly close: number } | null;
  readonly isEnd: boolean;
  readonly rthEnd: number | null;
  readonly regime: string | null;
  readonly relation: ValueRelation | null;
  readonly developing: Area | null;
  /** Where the levels stand: above the area, below it. */
  readonly beyond: PerSide<Acceptance>;
  /** Traded beyond the edge of a side today. */
  readonly crossed: PerSide<boolean>;
  /** Opened beyond the edge of a side, or was accepted there. */
  readonly outside: PerSide<boolean>;
  /** Half hours that closed beyond either edge. */
  readonly closesBeyond: number;
  /** Half hours in a row with value building beyond the edge of a side. */
  readonly building: PerSide<number>;
  /** Half hours in a row in which value migrated to a side. */
  readonly migrating: PerSide<number>;
  /** Price came into value from the outside of a side and was sent back there. */
  readonly rejected: PerSide<boolean>;
  readonly apart: PerSide<boolean>;
  readonly held: PerSide<Held | null>;
  readonly broken: PerSide<readonly PocName[]>;
  /** A target of other-side, next-balance or shift was reached today. */
  readonly targetDone: boolean;
  readonly averageRange: number | null;
  readonly zones: Zones;
}

/** Where balance lies elsewhere. */
export interface Zones {
  readonly composites: readonly { readonly low: number; readonly high: number }[];
  readonly stacks: readonly { readonly low: number; readonly high: number }[];
  /** Sessions in a row that shared value: none, or the last such balance. */
  readonly balances: readonly { readonly low: number; readonly high: number }[];
}

/** What an expectation says when it becomes active. */
export interface Terms {
  readonly target: number | null;
  readonly waypoints: readonly number[];
  readonly invalidation: number | null;
  /** Closes are counted beyond this level in this direction; null without. */
  readonly level: number | null;
  readonly direction: number;
  /** Kind within the expectation. */
  readonly mode: string;
  readonly reason: string;
  readonly evidence: readonly {
    readonly what: string;
    readonly value: number;
    readonly needed?: number;
    readonly unit: string;
  }[];
}

/** An expectation in one direction. */
export interface Slot {
  readonly status: 'idle' | 'armed' | 'active' | 'fulfilled' | 'failed';
  readonly seq: number;
  readonly since: number;
  readonly tradeDate: string;
  readonly price: number;
  readonly horizon: number | null;
  readonly area: FrozenArea | null;
  readonly terms: Terms | null;
  /** Closes in a row beyond the level, and back. */
  readonly beyond: number;
  readonly back: number;
  /** Range of the session when it became active. */
  readonly range: number;
  /** For outcomes of those without a direction: that of the last move. */
  readonly way: Side;
}

/** The rules of one expectation, each a pure question. */
export interface Rule {
  /** False: there is one for both directions, kept as `long`. */
  readonly isDirected: boolean;
  /** Keeps its levels for several sessions. */
  readonly isLong: boolean;
  arms(view: View, side: Side): boolean;
  activates(view: View, side: Side): boolean;
  terms(view: View, side: Side): Terms;
  fulfils(view: View, slot: Slot, side: Side): boolean;
  fails(view: View, slot: Slot, side: Side): boolean;
}

export const emptySlot: Slot = {
  status: 'idle',
  seq: 0,
  since: 0,
  tradeDate: '',
  price: 0,
  horizon: null,
  area: null,
  terms: null,
  beyond: 0,
  back: 0,
  range: 0,
  way: 'long',
};

/** Every leaf is asked, so that a near miss shows all that was missing. */
export const isAll = (...leaves: readonly boolean[]): boolean => leaves.every(Boolean);

export const signOf = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1);
export const opposite = (side: Side): Side => (side === 'long' ? 'short' : 'long');
/** The edge of an area on the side that a direction points to. */
export const edgeOf = ({ vah, val }: Area, side: Side): number => (side === 'long' ? vah : val);
/** The furthest price in a direction. */
export const furthest = (side: Side, high: number, low: number): number =>
  side === 'long' ? high : low;

/** Whether a price lies beyond a level in a direction. */
export function isPast(text: string, price: number, level: number, side: Side): boolean {
  return compare(text, price, side === 'long' ? '>' : '<', level, 'price');
}

/** Whether a price reached a level in a direction. */
export function isAt(text: string, price: number, level: number, side: Side): boolean {
  return compare(text, price, side === 'long' ? '>=' : '<=', level, 'price');
}

/** Whether trading since the last thing told reached the target. */
export function isTargetReached(view: View, { terms }: Slot, side: Side): boolean {
  if (terms === null || terms.target === null) return holds('there is a target', false);
  const reached = furthest(side, view.high, view.low);
  return isAt('price on the way to the target', reached, terms.target, side);
}

/** Whether a level was traded in a direction in this session. */
export function isUntraded(view: View, level: number, side: Side): boolean {
  const reached = furthest(side, view.sessionHigh, view.sessionLow);
  return isPast('the target, not yet traded today', level, reached, side);
}

/** Counts a close beyond a level or back; a half hour without a trade breaks both counts. */
export function countClose(slot: Slot, close: number | null): Slot {
  const { terms } = slot;
  if (slot.status !== 'active' || terms === null || terms.level === null) return slot;
  const isBeyond = close !== null && (close - terms.level) * terms.direction > 0;
  return {
    ...slot,
    beyond: isBeyond ? slot.beyond + 1 : 0,
    back: close === null || isBeyond ? 0 : slot.back + 1,
  };
}

/** Levels between a price and a target, in the order they are passed. */
export function waypointsOf(price: number, target: number, levels: readonly number[]): number[] {
  const sign = target > price ? 1 : -1;
  const between = levels
    .map((level) => Math.round(level))
    .filter((level) => (level - price) * sign > 0 && (target - level) * sign > 0);
  return [...new Set(between)].sort((a, b) => (a - b) * sign);
}

/** Rules that measure where the next balance lies. */
export interface BalanceRules {
  readonly nextBalanceTicks: number;
  readonly nextBalanceShare: number;
  readonly measuredShare: number;
}

/** Where price travels to beyond an edge: the near edge of the next balance, or a part of the width of the area. */
export function nextBalanceOf(
  { area, zones, sessionHigh, sessionLow }: View,
  side: Side,
  rules: BalanceRules,
): { readonly target: number; readonly kind: 'composite' | 'stack' | 'balance' | 'measured' } {
  const sign = signOf(side);
  const edge = edgeOf(area, side);
  const width = area.vah - area.val;
  const least = Math.max(rules.nextBalanceTicks, rules.nextBalanceShare * width);
  const traded = (furthest(side, sessionHigh, sessionLow) - edge) * sign;
  const nearest = (all: Zones['stacks']): number | null => {
    const distances = all
      .map(({ low, high }) => ((side === 'long' ? low : high) - edge) * sign)
      .filter((distance) => distance >= least && distance > traded);
    return distances.length === 0 ? null : edge + Math.min(...distances) * sign;
  };
  for (const kind of ['composite', 'stack', 'balance'] as const) {
    const target = nearest(zones[`${kind}s`]);
    if (target !== null) return { target, kind };
  }
  return { target: edge + Math.round(rules.measuredShare * width) * sign, kind: 'measured' };
}
