import { OrderflowError } from '../errors.ts';
import { isBusinessDay } from './calendar.ts';
import type { Instrument } from './instrument-table.ts';
import { addDays, daysFromTradeDate, type TradeDate, weekdayOf } from './time.ts';

/** When the lead passes to the next contract: Monday of the expiry week, or Thursday eight days before expiry. */
export type RollMode = 'monday' | 'thursday8';

/** A contract of a future. */
export interface Contract {
  /** Root, month letter and two digits of the year: ESU13. */
  readonly code: string;
  readonly year: number;
  readonly month: number;
  /** Last trading day. */
  readonly expiry: TradeDate;
  /** First trade date on which the next contract leads. */
  readonly roll: TradeDate;
}

const monthLetters = 'FGHJKMNQUVXZ';
const indexRoots: readonly string[] = ['ES', 'MES', 'NQ', 'MNQ', 'YM', 'RTY'];
/** From here on the exchange moves the lead month on Monday. */
const mondayFrom: TradeDate = 20220613;
const monday = 1;
const friday = 5;

/** Returns the third Friday of a month, holiday or not. */
export function thirdFriday(year: number, month: number): TradeDate {
  const first = year * 10_000 + month * 100 + 1;
  return first + ((friday - weekdayOf(first) + 7) % 7) + 14;
}

/** Returns the business day `count` business days before a date; 0 returns the date or the last business day before it. */
function businessDaysBefore(date: TradeDate, count: number): TradeDate {
  let day = date;
  for (let left = count; ; ) {
    if (isBusinessDay(day)) {
      if (left === 0) return day;
      left -= 1;
    }
    day = addDays(day, -1);
  }
}

function lastOfMonth(year: number, month: number): TradeDate {
  const next = month === 12 ? (year + 1) * 10_000 + 101 : year * 10_000 + (month + 1) * 100 + 1;
  return addDays(next, -1);
}

function monthBefore(year: number, month: number): { year: number; month: number } {
  return month === 1 ? { year: year - 1, month: 12 } : { year, month: month - 1 };
}

/**
 * Returns the last trading day of a contract month.
 *
 * Index futures: the third Friday, or the business day before when that is a holiday. CL: three business days before
 * the 25th of the month before. GC: the third last business day of the month.
 *
 * @throws {OF_CONTRACT_UNKNOWN} when no rule is known for the root.
 */
export function expiryOf(root: string, year: number, month: number): TradeDate {
  if (indexRoots.includes(root)) return businessDaysBefore(thirdFriday(year, month), 0);
  if (root === 'CL') {
    const before = monthBefore(year, month);
    const day25 = before.year * 10_000 + before.month * 100 + 25;
    return businessDaysBefore(day25, 3);
  }
  if (root === 'GC') return businessDaysBefore(lastOfMonth(year, month), 2);
  throw new OrderflowError('OF_CONTRACT_UNKNOWN', { root, year, month });
}

/**
 * Returns the first trade date on which the contract after the expiring one leads.
 *
 * Index futures: Monday of the week of expiry from June 2022, before that the Thursday of the week before. CL leads until three
 * business days before its expiry, GC until three before the end of the month before delivery; these two are engineering defaults.
 *
 * @throws {OF_CONTRACT_UNKNOWN} when no rule is known for the root.
 */
export function rollDate(expiry: TradeDate, root: string, mode?: RollMode): TradeDate {
  if (indexRoots.includes(root)) {
    const mondayOfWeek = addDays(expiry, monday - weekdayOf(expiry));
    const chosen = mode ?? (mondayOfWeek >= mondayFrom ? 'monday' : 'thursday8');
    return chosen === 'monday' ? mondayOfWeek : addDays(mondayOfWeek, -4);
  }
  if (root === 'CL') return businessDaysBefore(expiry, 3);
  const year = Math.floor(expiry / 10_000);
  const month = Math.floor(expiry / 100) % 100;
  if (root !== 'GC') throw new OrderflowError('OF_CONTRACT_UNKNOWN', { root, year, month });
  const before = monthBefore(year, month);
  return businessDaysBefore(lastOfMonth(before.year, before.month), 2);
}

/**
 * Returns the contract that leads on a trade date, null for an instrument that does not expire.
 *
 * @throws {OF_CONTRACT_UNKNOWN} when no rule is known for the instrument's root.
 */
export function frontContract(
  instrument: Instrument,
  tradeDate: TradeDate,
  mode?: RollMode,
): Contract | null {
  const { months, root } = instrument;
  if (months === null) return null;
  let year = Math.floor(tradeDate / 10_000);
  let month = Math.floor(tradeDate / 100) % 100;
  for (;;) {
    const letter = monthLetters.charAt(month - 1);
    if (months.includes(letter)) {
      const expiry = expiryOf(root, year, month);
      const roll = rollDate(expiry, root, mode);
      if (daysFromTradeDate(tradeDate) < daysFromTradeDate(roll)) {
        const code = `${root}${letter}${String(year % 100).padStart(2, '0')}`;
        return { code, year, month, expiry, roll };
      }
    }
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
}

/** How a plugin tells contracts apart: by the date's own rule, by one rule for all dates, or not at all. */
export type ContractRule = RollMode | 'by-date' | 'raw';

/** Returns the code of the contract that leads on a trade date, such as `ESZ25`; null where contracts are not told apart. */
export function contractCode(
  instrument: Instrument,
  tradeDate: TradeDate,
  rule: ContractRule,
): string | null {
  if (rule === 'raw') return null;
  return frontContract(instrument, tradeDate, rule === 'by-date' ? undefined : rule)?.code ?? null;
}
