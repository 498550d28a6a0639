/** The value area the rule works on, in ticks. */
export interface ValueLevels {
  readonly val: number;
  readonly vah: number;
  readonly poc: number;
}

/** Direction of the trade: short when value was entered from above. */
export type Direction = 'long' | 'short';

/** A closed period, prices in ticks; null when nothing traded in it. */
export interface ClosedPeriod {
  readonly index: number;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
}

export type Trigger = 'close2' | 'touch2' | 'closeOpen';

/** Returns whether a price lies in the value area, edges included. */
export function isInside(price: number, { val, vah }: ValueLevels): boolean {
  return price >= val && price <= vah;
}

/** Returns 1 for a price above value, -1 below, 0 inside. */
export function sideOf(price: number, { val, vah }: ValueLevels): number {
  if (price > vah) return 1;
  return price < val ? -1 : 0;
}

/** Returns the edge a direction enters value by. */
export function entryEdge(direction: Direction, { val, vah }: ValueLevels): number {
  return direction === 'short' ? vah : val;
}

/** Returns the opposite edge: the target. */
export function farEdge(direction: Direction, { val, vah }: ValueLevels): number {
  return direction === 'short' ? val : vah;
}

/** Returns the other direction. */
export function opposite(direction: Direction): Direction {
  return direction === 'short' ? 'long' : 'short';
}

/**
 * Returns whether a period counts as one in value.
 *
 * A period without a trade never does.
 */
export function isPeriodInValue(
  period: ClosedPeriod,
  value: ValueLevels,
  trigger: Trigger,
): boolean {
  const { high, low, close } = period;
  if (high === null || low === null || close === null) return false;
  return trigger === 'touch2' ? low <= value.vah && high >= value.val : isInside(close, value);
}

/** Returns how many adjacent periods in value there are with this one, which is in value. */
export function runWith(run: number, lastIndex: number | null, period: ClosedPeriod): number {
  return lastIndex !== null && period.index === lastIndex + 1 ? run + 1 : 1;
}

/** Returns the last instant at which a trigger counts: a clock time, on a half day a distance from the regular end. */
export function lastTriggerAt(
  clockTs: number,
  rthEnd: number | null,
  isShort: boolean,
  shortDistance: number,
): number {
  return isShort && rthEnd !== null ? rthEnd - shortDistance : clockTs;
}

/** Returns the ticks gained from entry to exit in a direction. */
export function gainTicks(direction: Direction, entry: number, exit: number): number {
  return direction === 'long' ? exit - entry : entry - exit;
}
