import { type OpeningLocation, openingLocation, type ValueRelation } from '#engine';

/** Direction of a trade. */
export type Side = 'long' | 'short';
/** How a move lies to prior value. */
export type Activity = 'initiative' | 'responsive' | 'inside';

/** The prior session's levels that openings and moves are judged by, in ticks. */
export interface PriorLevels {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly vah: number;
  readonly val: number;
  readonly poc: number;
}

/** What two sessions' value says about the next one, by Ochoa; null where it says nothing of a side. */
export function readingOf(relation: ValueRelation): Side | null {
  if (relation === 'higher' || relation === 'overlapping-higher') return 'long';
  return relation === 'lower' || relation === 'overlapping-lower' ? 'short' : null;
}

/** The published relation and how often the raw one came in a row. */
export interface Published {
  readonly relation: ValueRelation | null;
  readonly raw: ValueRelation;
  readonly run: number;
}

/** Takes one more raw relation: it is published once it came `persist` times in a row; until then the old one stands. */
export function publish(
  before: {
    readonly relation: ValueRelation | null;
    readonly raw: ValueRelation | null;
    readonly run: number;
  },
  raw: ValueRelation,
  persist: number,
): Published {
  const run = before.raw === raw ? before.run + 1 : 1;
  return { relation: run >= persist ? raw : before.relation, raw, run };
}

/** Says whether a move begins business away from value or answers a price outside it; a price at an edge is inside. */
export function activityOf(
  side: Side,
  price: number,
  value: { readonly vah: number; readonly val: number },
): Activity {
  if (price > value.vah) return side === 'long' ? 'initiative' : 'responsive';
  if (price < value.val) return side === 'short' ? 'initiative' : 'responsive';
  return 'inside';
}

/** The direction a period went; null when it closed where it opened. */
export function directionOf(open: number, close: number): Side | null {
  if (open === close) return null;
  return close > open ? 'long' : 'short';
}

const gapVariants: Partial<
  Record<OpeningLocation, 'above-range' | 'above-value' | 'below-value' | 'below-range'>
> = {
  'above-range': 'above-range',
  'above-value-in-range': 'above-value',
  'below-value-in-range': 'below-value',
  'below-range': 'below-range',
};

/** An open outside prior value, with the way back to the prior close. */
export interface Gap {
  readonly variant: 'above-range' | 'above-value' | 'below-value' | 'below-range';
  readonly side: Side;
  readonly target: number;
}

/** Returns the gap of an open; null inside prior value, and where it opened at the prior close. */
export function gapOf(open: number, prior: PriorLevels): Gap | null {
  const variant = gapVariants[openingLocation(open, prior)];
  const side = directionOf(open, prior.close);
  return variant === undefined || side === null ? null : { variant, side, target: prior.close };
}

/** Ticks gained from entry to a price in the direction of a side. */
export function gainTicks(side: Side, entry: number, price: number): number {
  return side === 'long' ? price - entry : entry - price;
}
