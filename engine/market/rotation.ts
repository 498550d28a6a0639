import type { PeriodRange } from './tpo.ts';

/** How steadily a session's periods stepped one way. */
export interface Framing {
  /** Each period's low lay above the one before: one-time framing up. */
  readonly up: boolean;
  /** Each period's high lay below the one before: one-time framing down. */
  readonly down: boolean;
  /** Steps that broke the framing up, and down. */
  readonly upBreaks: number;
  readonly downBreaks: number;
  /** Steps from one period to the next; without any there is no framing. */
  readonly steps: number;
}

function sign(distance: number): number {
  return distance > 0 ? 1 : distance < 0 ? -1 : 0;
}

/**
 * Returns the rotation factor of a session: per period +1 for a higher high and a higher low than the one before, -1 for a
 * lower one, summed. A step from or to a period without a trade adds nothing.
 *
 * @source CBOT Market Profile: rotation factor of half-hour ranges.
 */
export function rotationFactor(periods: readonly (PeriodRange | null)[]): number {
  let sum = 0;
  for (let i = 1; i < periods.length; i += 1) {
    const before = periods[i - 1];
    const now = periods[i];
    if (before && now) sum += sign(now.high - before.high) + sign(now.low - before.low);
  }
  return sum;
}

/**
 * Returns the one-time framing of a session's periods.
 *
 * @param toleranceTicks - 0 is strict, an equal low or high breaks it; with more, a step back of so many ticks does not.
 * A step from or to a period without a trade breaks both ways.
 */
export function oneTimeFraming(
  periods: readonly (PeriodRange | null)[],
  toleranceTicks = 0,
): Framing {
  const least = toleranceTicks === 0 ? 1 : -toleranceTicks;
  const steps = Math.max(0, periods.length - 1);
  let upBreaks = 0;
  let downBreaks = 0;
  for (let i = 1; i <= steps; i += 1) {
    const before = periods[i - 1];
    const now = periods[i];
    if (!before || !now || now.low - before.low < least) upBreaks += 1;
    if (!before || !now || before.high - now.high < least) downBreaks += 1;
  }
  return {
    up: steps > 0 && upBreaks === 0,
    down: steps > 0 && downBreaks === 0,
    upBreaks,
    downBreaks,
    steps,
  };
}
