import { overlap, relateValue, type ValueRelation } from '#engine';

/** A value area with its point of control, in ticks. */
export interface Value {
  readonly vah: number;
  readonly val: number;
  readonly poc: number;
}

export type RegimeName = 'unknown' | 'balance' | 'trend-up' | 'trend-down' | 'breakout-pending';
type Bias = 'long' | 'short' | 'neutral';

/** One direction of a trend. */
export type Way = 1 | -1;

const upward: readonly ValueRelation[] = ['higher', 'overlapping-higher'];
const downward: readonly ValueRelation[] = ['lower', 'overlapping-lower'];

/** Returns whether value stepped the way of a trend. */
export function isOfFamily(relation: ValueRelation, way: Way): boolean {
  return (way > 0 ? upward : downward).includes(relation);
}

/** Returns the share of the narrower of two areas that lies inside the other. */
export function sharedValue(prior: Value, composite: Value): number {
  return overlap(prior, composite).overlapMin;
}

/** Returns the bias a regime goes with; a balance of low confidence leans the way value stepped. */
export function biasOf(
  regime: RegimeName,
  lowConfidence: boolean,
  relation: ValueRelation | null,
): Bias {
  if (regime === 'trend-up') return 'long';
  if (regime === 'trend-down') return 'short';
  if (regime !== 'balance' || !lowConfidence || relation === null) return 'neutral';
  if (isOfFamily(relation, 1)) return 'long';
  return isOfFamily(relation, -1) ? 'short' : 'neutral';
}

/** A composite with the sessions it counts up to. */
interface Dated {
  readonly asOf: string;
  readonly inForce: boolean;
}

/** Composites kept: today's, the prior session's, and one for a holiday between them. */
const composites = 4;

/** Returns the composites with one more; a record of the same day replaces the earlier one. */
export function withComposite<T extends Dated>(kept: readonly T[], next: T): T[] {
  return [...kept.filter(({ asOf }) => asOf < next.asOf), next].slice(-composites);
}

/**
 * Returns the composite in force for a session: the newest one that counts sessions before it only.
 *
 * A composite that contained the session it is compared with would lean every comparison toward overlap.
 */
export function compositeFor<T extends Dated>(kept: readonly T[], session: string): T | null {
  const newest = kept.findLast(({ asOf }) => asOf < session);
  return newest?.inForce ? newest : null;
}

/** Returns where prior value lies against the composite before it, and how much they share. */
export function locate(prior: Value, composite: Value, toleranceTicks: number) {
  return {
    relation: relateValue(prior, composite, toleranceTicks).relation,
    overlapMin: sharedValue(prior, composite),
  };
}

/** High and low of a period, null when nothing traded in it. */
export interface Range {
  readonly high: number | null;
  readonly low: number | null;
}

/** Returns the range of the last two periods in ticks; null unless both traded. */
export function hourTicks(before: Range | null, now: Range): number | null {
  if (before === null || before.high === null || before.low === null) return null;
  if (now.high === null || now.low === null) return null;
  return Math.max(before.high, now.high) - Math.min(before.low, now.low);
}

/** Returns today's ranges by period index added to those of earlier sessions, each list at most `most` long. */
export function withHours(
  history: readonly (readonly number[])[],
  today: readonly (number | null)[],
  most: number,
): number[][] {
  const places = Math.max(history.length, today.length);
  return Array.from({ length: places }, (_, index) => {
    const earlier = history[index] ?? [];
    const ticks = today[index] ?? null;
    return ticks === null ? [...earlier] : [...earlier, ticks].slice(-most);
  });
}
