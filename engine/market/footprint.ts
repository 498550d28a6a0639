import type { Side } from './aggressor.ts';
import { Ladder } from './ladder.ts';
import { mergeProfiles, type Profile } from './volume-profile.ts';

/** How a row without counterpart volume is compared. */
export type ZeroRule = 'one' | 'ignore' | 'infinite';

/** Choices of {@link diagonalImbalances}. */
export interface ImbalanceOptions {
  /** The dominant side must exceed the other more than this many times. */
  readonly ratio?: number;
  /** Least volume of the dominant side in contracts. */
  readonly minContracts?: number;
  /** Counterpart of 0 contracts: counts as 1, makes no imbalance, or is always exceeded. */
  readonly zero?: ZeroRule;
}

/** Ticks with a diagonal imbalance, ascending. */
export interface Imbalances {
  /** Buyers at the tick against sellers one tick below. */
  readonly buy: readonly number[];
  /** Sellers at the tick against buyers one tick above. */
  readonly sell: readonly number[];
}

/** A run of imbalances of one side on adjacent ticks. */
export interface ImbalanceStack {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
}

/** Volume of a bar per tick by side: a {@link Footprint}, or the ladders of a sensor with their common range. */
export interface FootprintRows {
  readonly bid: Ladder;
  readonly ask: Ladder;
  readonly unknown: Ladder;
  /** Lowest and highest tick traded; low above high while nothing is. */
  readonly low: number;
  readonly high: number;
}

/**
 * Volume of a bar per tick, split by the aggressor's side.
 *
 * `bid` holds selling volume (traded at the bid), `ask` buying volume, `unknown` what has no side.
 */
export class Footprint implements FootprintRows {
  readonly bid = new Ladder();
  readonly ask = new Ladder();
  readonly unknown = new Ladder();

  /** Lowest tick traded; above `high` while the bar is empty. */
  get low(): number {
    return Math.min(this.bid.low, this.ask.low, this.unknown.low);
  }

  /** Highest tick traded; below `low` while the bar is empty. */
  get high(): number {
    return Math.max(this.bid.high, this.ask.high, this.unknown.high);
  }

  /** Adds a trade. */
  add(tick: number, size: number, side: Side): void {
    if (side > 0) this.ask.add(tick, size);
    else if (side < 0) this.bid.add(tick, size);
    else this.unknown.add(tick, size);
  }

  /** Starts the next bar. */
  clear(): void {
    this.bid.clear();
    this.ask.clear();
    this.unknown.clear();
  }

  /** Returns the volume of all sides per tick. */
  profile(): Profile {
    return mergeProfiles([this.bid.view(), this.ask.view(), this.unknown.view()]);
  }
}

/** Returns buying minus selling volume of a row in contracts. */
export function rowDelta(footprint: Pick<FootprintRows, 'bid' | 'ask'>, tick: number): number {
  return footprint.ask.at(tick) - footprint.bid.at(tick);
}

/**
 * Finds the diagonal imbalances of a bar: buyers at a tick against sellers one tick below, and the mirror.
 *
 * The dominant side must *exceed* ratio times the other; equality is none. Rows whose counterpart lies outside the bar
 * are skipped.
 */
export function diagonalImbalances(
  footprint: Omit<FootprintRows, 'unknown'>,
  options: ImbalanceOptions = {},
): Imbalances {
  const { ratio = 3, minContracts = 10, zero = 'one' } = options;
  const dominates = (strong: number, weak: number): boolean => {
    if (strong < minContracts || strong === 0) return false;
    if (weak > 0) return strong > ratio * weak;
    return zero === 'infinite' || (zero === 'one' && strong > ratio);
  };
  const { low, high, bid, ask } = footprint;
  const buy: number[] = [];
  const sell: number[] = [];
  for (let tick = low; tick <= high; tick += 1) {
    if (tick > low && dominates(ask.at(tick), bid.at(tick - 1))) buy.push(tick);
    if (tick < high && dominates(bid.at(tick), ask.at(tick + 1))) sell.push(tick);
  }
  return { buy, sell };
}

/** Returns the runs of at least `minRows` adjacent ticks among the imbalances of one side, ascending. */
export function stackedImbalances(ticks: readonly number[], minRows = 3): ImbalanceStack[] {
  const stacks: ImbalanceStack[] = [];
  let start = 0;
  for (let i = 1; i <= ticks.length; i += 1) {
    if (i < ticks.length && ticks[i] === ticks[i - 1]! + 1) continue;
    if (i - start >= minRows) {
      stacks.push({ low: ticks[start]!, high: ticks[i - 1]!, rows: i - start });
    }
    start = i;
  }
  return stacks;
}

/** Says at which ends both sides traded at the extreme tick, so that the auction there is unfinished. */
export function unfinishedAuction(footprint: Omit<FootprintRows, 'unknown'>): {
  high: boolean;
  low: boolean;
} {
  const { low, high, bid, ask } = footprint;
  return {
    high: bid.at(high) > 0 && ask.at(high) > 0,
    low: bid.at(low) > 0 && ask.at(low) > 0,
  };
}

/**
 * Says at which ends nobody on the passive side traded: at the high only buyers, at the low only sellers. Volume without
 * a side at that tick may be of either, so it makes none.
 */
export function zeroPrints(footprint: FootprintRows): { high: boolean; low: boolean } {
  const { low, high, bid, ask, unknown } = footprint;
  return {
    high: ask.at(high) > 0 && bid.at(high) === 0 && unknown.at(high) === 0,
    low: bid.at(low) > 0 && ask.at(low) === 0 && unknown.at(low) === 0,
  };
}
