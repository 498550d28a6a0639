/** A range traded after the session of a point of control, in ticks. */
export interface LaterRange {
  readonly low: number;
  readonly high: number;
  /** Whether the range was traded in a regular session. */
  readonly rth: boolean;
}

/** Which later trades can touch a point of control. */
export type TouchScope = 'all' | 'rth';

/** Returns whether no later trade in scope came within `toleranceTicks` of a completed session's point of control. */
export function isNaked(
  poc: number,
  later: readonly LaterRange[],
  scope: TouchScope = 'all',
  toleranceTicks = 0,
): boolean {
  return !later.some(
    (range) =>
      (scope === 'all' || range.rth) &&
      range.low - toleranceTicks <= poc &&
      poc <= range.high + toleranceTicks,
  );
}
