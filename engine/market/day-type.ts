import { type InitialBalance, rangeExtension } from './initial-balance.ts';
import type { ProfileShape } from './profile-shape.ts';
import type { Framing } from './rotation.ts';

/** What kind of day a session was; every session is exactly one of them. */
export type DayTypeName =
  | 'nontrend'
  | 'trend'
  | 'double-dist'
  | 'neutral-extreme'
  | 'neutral'
  | 'normal'
  | 'normal-variation';

/** The numbers a day type is read from; prices and widths in ticks. */
export interface DayNumbers {
  readonly low: number;
  readonly high: number;
  readonly close: number;
  readonly balance: InitialBalance;
  readonly shape: ProfileShape;
  readonly framing: Framing;
  /** Mean range of earlier ordinary sessions. */
  readonly averageRange: number;
  /** Mean width of their initial balances. */
  readonly averageBalance: number;
}

/** A day type with the numbers it was read from: never a bare label. */
export interface DayType {
  readonly type: DayTypeName;
  /** A normal variation that went two widths beyond its initial balance without being a trend day. */
  readonly extended: boolean;
  /** Extensions beyond the initial balance, in its widths. */
  readonly up: number;
  readonly down: number;
  /** Place of the close in the range, 0 = low, 1 = high; the middle of a range of one tick. */
  readonly closePosition: number;
}

/** Where the day types begin; extensions in widths of the initial balance, places and breaks as shares. */
interface DayTypeLimits {
  /** Range and initial balance below this share of their averages: nontrend. */
  readonly dayQuietShare: number;
  /** Extension of a trend day, and of an extended normal variation. */
  readonly dayTrendExtension: number;
  /** Most extension on the other side of a one-sided day. */
  readonly dayOneSided: number;
  /** A trend closes in this outer part of the range. */
  readonly dayOuterShare: number;
  /** Most steps that break one-time framing on a trend day. */
  readonly dayMostBreaks: number;
  /** Extension of a double distribution. */
  readonly dayDoubleExtension: number;
  /** An extension up to this is none. */
  readonly dayNoExtension: number;
  /** A neutral day that closes in this outer part is extreme. */
  readonly dayExtremeShare: number;
  /** Most extension of a normal day. */
  readonly dayNormalExtension: number;
}

/** The usual limits. */
export const dayTypeLimits: DayTypeLimits = {
  dayQuietShare: 0.5,
  dayTrendExtension: 2,
  dayOneSided: 0.25,
  dayOuterShare: 0.2,
  /** Three breaks in the twelve steps of an ordinary day. */
  dayMostBreaks: 0.25,
  dayDoubleExtension: 1,
  dayNoExtension: 0.1,
  dayExtremeShare: 0.15,
  dayNormalExtension: 0.15,
};

/**
 * Returns the day type of a session, as it stands or when it is over: the first that fits of nontrend, trend, double
 * distribution, neutral extreme, neutral, normal; everything else is a normal variation.
 *
 * An extension of at most a tenth of the initial balance counts as none.
 *
 * @source Dalton, Mind over Markets, for the names; the ratios are ours.
 */
export function dayType(n: DayNumbers, limits: DayTypeLimits = dayTypeLimits): DayType {
  const { up, down } = rangeExtension(n.balance, n.low, n.high);
  const closePosition = n.high > n.low ? (n.close - n.low) / (n.high - n.low) : 0.5;
  const type = isQuiet(n, limits)
    ? 'nontrend'
    : typeByExtension(n, { up, down, closePosition }, limits);
  const extended = type === 'normal-variation' && Math.max(up, down) >= limits.dayTrendExtension;
  return { type, extended, up, down, closePosition };
}

function isQuiet(n: DayNumbers, { dayQuietShare }: DayTypeLimits): boolean {
  return (
    n.high - n.low < dayQuietShare * n.averageRange &&
    n.balance.high - n.balance.low < dayQuietShare * n.averageBalance
  );
}

function typeByExtension(
  n: DayNumbers,
  { up, down, closePosition: close }: Pick<DayType, 'up' | 'down' | 'closePosition'>,
  limits: DayTypeLimits,
): DayTypeName {
  const most = Math.max(up, down);
  const least = Math.min(up, down);
  const isOneSided = least <= limits.dayOneSided;
  const isFar = most >= limits.dayTrendExtension;
  if (isFar && isOneSided && isTrend(n.framing, up > down, close, limits)) return 'trend';
  if (n.shape === 'B' && most >= limits.dayDoubleExtension && isOneSided) return 'double-dist';
  if (least > limits.dayNoExtension) {
    const outer = limits.dayExtremeShare;
    return close <= outer || close >= 1 - outer ? 'neutral-extreme' : 'neutral';
  }
  return most <= limits.dayNormalExtension ? 'normal' : 'normal-variation';
}

function isTrend(framing: Framing, isUp: boolean, close: number, limits: DayTypeLimits): boolean {
  const breaks = isUp ? framing.upBreaks : framing.downBreaks;
  const outer = limits.dayOuterShare;
  const isOuter = isUp ? close >= 1 - outer : close <= outer;
  return isOuter && breaks <= limits.dayMostBreaks * framing.steps;
}
