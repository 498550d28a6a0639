/** The range of the first hour of the regular session, in ticks. */
export interface InitialBalance {
  readonly low: number;
  readonly high: number;
}

/** How far a session went beyond its initial balance. */
export interface RangeExtension {
  /** Ticks above the initial balance high, 0 when it held. */
  readonly upTicks: number;
  /** Ticks below the initial balance low, 0 when it held. */
  readonly downTicks: number;
  /** `upTicks` in widths of the initial balance; a width of 0 ticks counts as 1. */
  readonly up: number;
  /** `downTicks` in widths of the initial balance. */
  readonly down: number;
}

/** A level projected from both edges of the initial balance, in whole ticks. */
export interface ExtensionLevel {
  /** Widths of the initial balance beyond the edge. */
  readonly multiple: number;
  readonly up: number;
  readonly down: number;
}

/** Returns the range of the periods of the first hour; null when none of them traded. */
export function initialBalance(
  firstHour: readonly ({ readonly low: number; readonly high: number } | null)[],
): InitialBalance | null {
  let low = Infinity;
  let high = -Infinity;
  for (const period of firstHour) {
    if (period === null) continue;
    low = Math.min(low, period.low);
    high = Math.max(high, period.high);
  }
  return high < low ? null : { low, high };
}

/** Returns the extension of a session's range beyond its initial balance; a break by 0 ticks is none. */
export function rangeExtension(
  balance: InitialBalance,
  sessionLow: number,
  sessionHigh: number,
): RangeExtension {
  const width = Math.max(1, balance.high - balance.low);
  const upTicks = Math.max(0, sessionHigh - balance.high);
  const downTicks = Math.max(0, balance.low - sessionLow);
  return { upTicks, downTicks, up: upTicks / width, down: downTicks / width };
}

/** Returns the levels at multiples of the width beyond each edge, rounded to the tick away from the balance on a half. */
export function extensionLevels(
  balance: InitialBalance,
  multiples: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 3],
): ExtensionLevel[] {
  const width = balance.high - balance.low;
  return multiples.map((multiple) => {
    const distance = Math.round(width * multiple);
    return { multiple, up: balance.high + distance, down: balance.low - distance };
  });
}
