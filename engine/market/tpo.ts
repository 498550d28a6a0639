import { type InitialBalance, initialBalance } from './initial-balance.ts';
import { type ValueArea, type ValueAreaOptions, valueArea } from './value-area.ts';
import type { Profile } from './volume-profile.ts';

/** The range of one 30-minute period in ticks, both ends traded. */
export interface PeriodRange {
  readonly low: number;
  readonly high: number;
}

/** Time price opportunities per row: how many periods traded at or through it. */
export interface TpoProfile {
  /** Height of a row in ticks. */
  readonly rowTicks: number;
  /** Tick of the lower edge of the first row. */
  readonly low: number;
  /** Periods per row, ascending; every row from the lowest to the highest. */
  readonly counts: readonly number[];
  /** The periods in time order; null for one without a trade, so that letters keep their place. */
  readonly periods: readonly (PeriodRange | null)[];
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function rowOf(tick: number, rowTicks: number): number {
  return Math.floor(tick / rowTicks);
}

/**
 * Builds a TPO profile: each period gives one TPO to every row between its low and its high, skipped prices included.
 *
 * @param periods - Ranges in time order; null for a period without a trade. The result has no rows when all are null.
 */
export function buildTpoProfile(
  periods: readonly (PeriodRange | null)[],
  rowTicks = 1,
): TpoProfile {
  let first = Infinity;
  let last = -Infinity;
  for (const period of periods) {
    if (period === null) continue;
    first = Math.min(first, rowOf(period.low, rowTicks));
    last = Math.max(last, rowOf(period.high, rowTicks));
  }
  if (last < first) return { rowTicks, low: 0, counts: [], periods };
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const period of periods) {
    if (period === null) continue;
    for (let row = rowOf(period.low, rowTicks); row <= rowOf(period.high, rowTicks); row += 1) {
      counts[row - first] = counts[row - first]! + 1;
    }
  }
  return { rowTicks, low: first * rowTicks, counts, periods };
}

/** Returns the letter of a period: A to Z, then a to z, then again from A. */
export function periodLetter(period: number): string {
  return alphabet.charAt(period % alphabet.length);
}

/** Returns the letters of the periods that traded at or through a tick, in time order. */
export function lettersAt(tpo: TpoProfile, tick: number): string {
  const row = rowOf(tick, tpo.rowTicks);
  let letters = '';
  for (const [i, period] of tpo.periods.entries()) {
    if (period === null) continue;
    const covers =
      rowOf(period.low, tpo.rowTicks) <= row && row <= rowOf(period.high, tpo.rowTicks);
    if (covers) letters += periodLetter(i);
  }
  return letters;
}

/** Returns the letters of every row, ascending; each as {@link lettersAt} gives it. */
export function tpoLetters(tpo: TpoProfile): string[] {
  const letters = tpo.counts.map(() => '');
  const first = rowOf(tpo.low, tpo.rowTicks);
  for (let i = 0; i < tpo.periods.length; i += 1) {
    const period = tpo.periods[i];
    if (!period) continue;
    const letter = periodLetter(i);
    const last = rowOf(period.high, tpo.rowTicks) - first;
    for (let row = rowOf(period.low, tpo.rowTicks) - first; row <= last; row += 1)
      letters[row] += letter;
  }
  return letters;
}

/** Returns the TPO counts as a profile with one row per TPO row, so that every profile function applies. */
export function tpoRows(tpo: TpoProfile): Profile {
  return { low: tpo.low / tpo.rowTicks, volumes: tpo.counts };
}

/** Returns the number of TPOs. */
export function tpoCount(tpo: TpoProfile): number {
  return tpo.counts.reduce((sum, n) => sum + n, 0);
}

/**
 * Returns the value area by TPO count, null without periods.
 *
 * With rows higher than a tick, `poc` and `val` are the lower edges of their rows and `vah` the upper edge of its row.
 */
export function tpoValueArea(tpo: TpoProfile, options: ValueAreaOptions = {}): ValueArea | null {
  const area = valueArea(tpoRows(tpo), options);
  if (area === null) return null;
  return {
    ...area,
    poc: area.poc * tpo.rowTicks,
    val: area.val * tpo.rowTicks,
    vah: area.vah * tpo.rowTicks + tpo.rowTicks - 1,
  };
}

/** Returns the initial balance of the profile: the range of its first two periods. */
export function tpoInitialBalance(tpo: TpoProfile): InitialBalance | null {
  return initialBalance(tpo.periods.slice(0, 2));
}
