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

const quietShare = 0.5;
const trendExtension = 2;
const oneSided = 0.25;
const outerFifth = 0.2;
/** Three breaks in the twelve steps of an ordinary day. */
const mostBreaks = 0.25;
const doubleExtension = 1;
const neutralExtension = 0.1;
const extremeShare = 0.15;
const normalExtension = 0.15;

/**
 * Returns the day type of a session, as it stands or when it is over: the first that fits of nontrend, trend, double
 * distribution, neutral extreme, neutral, normal; everything else is a normal variation.
 *
 * An extension of at most a tenth of the initial balance counts as none.
 *
 * @source Dalton, Mind over Markets, for the names; the ratios are ours.
 */
export function dayType(n: DayNumbers): DayType {
  const { up, down } = rangeExtension(n.balance, n.low, n.high);
  const closePosition = n.high > n.low ? (n.close - n.low) / (n.high - n.low) : 0.5;
  const type = isQuiet(n) ? 'nontrend' : typeByExtension(n, up, down, closePosition);
  const extended = type === 'normal-variation' && Math.max(up, down) >= trendExtension;
  return { type, extended, up, down, closePosition };
}

function isQuiet(n: DayNumbers): boolean {
  return (
    n.high - n.low < quietShare * n.averageRange &&
    n.balance.high - n.balance.low < quietShare * n.averageBalance
  );
}

function typeByExtension(n: DayNumbers, up: number, down: number, close: number): DayTypeName {
  const most = Math.max(up, down);
  const least = Math.min(up, down);
  const isOneSided = least <= oneSided;
  if (most >= trendExtension && isOneSided && isTrend(n.framing, up > down, close)) return 'trend';
  if (n.shape === 'B' && most >= doubleExtension && isOneSided) return 'double-dist';
  if (least > neutralExtension) {
    return close <= extremeShare || close >= 1 - extremeShare ? 'neutral-extreme' : 'neutral';
  }
  return most <= normalExtension ? 'normal' : 'normal-variation';
}

function isTrend(framing: Framing, isUp: boolean, close: number): boolean {
  const breaks = isUp ? framing.upBreaks : framing.downBreaks;
  const isOuter = isUp ? close >= 1 - outerFifth : close <= outerFifth;
  return isOuter && breaks <= mostBreaks * framing.steps;
}
