import { chanceFrom, shuffleOf } from './chance.ts';
import { type Tape, withOwnPrices } from './tape.ts';
import type { TradeDay } from './trade-days.ts';

/** A tape on which days trade the path of other days. */
export interface ShuffledTape {
  readonly tape: Tape;
  /** Trade dates whose regular hours are another day's. */
  readonly shuffled: ReadonlySet<string>;
  /** Rows at which a path of another day is over and the real one goes on somewhere else. */
  readonly ends: ReadonlySet<number>;
}

/** Returns the days that can lend and take a path: ordinary, with a known average range, all of one count of bars. */
export function shuffledDays(days: readonly TradeDay[]): TradeDay[] {
  const usable = days.filter((day) => day.ordinary && (day.averageRange ?? 0) > 0);
  const counts = new Map<number, number>();
  const countOf = ({ rth }: TradeDay): number => rth.until - rth.from;
  for (const day of usable) counts.set(countOf(day), (counts.get(countOf(day)) ?? 0) + 1);
  const [commonest] = [...counts].sort((x, y) => y[1] - x[1]);
  return usable.filter((day) => countOf(day) === commonest?.[0]);
}

/** Writes the path of `donor` over the regular hours of `day`: from this day's open, scaled by the average ranges. */
function lend(from: Tape, to: Tape, donor: TradeDay, day: TradeDay): void {
  const scale = (day.averageRange ?? 1) / (donor.averageRange ?? 1);
  const [open, base] = [from.a[day.rth.from]!, from.a[donor.rth.from]!];
  // Rounding keeps order, so a bar's high stays its highest price and its low the lowest.
  const moved = (price: number): number => open + Math.round((price - base) * scale);
  const count = day.rth.until - day.rth.from;
  for (let k = 0; k < count; k += 1) {
    const [i, j] = [day.rth.from + k, donor.rth.from + k];
    to.a[i] = moved(from.a[j]!);
    to.b[i] = moved(from.b[j]!);
    to.c[i] = moved(from.c[j]!);
    to.d[i] = moved(from.d[j]!);
    to.bars.set(from.bars.subarray(j * 4, j * 4 + 3), i * 4);
    to.bars[i * 4 + 3] = open + (from.bars[j * 4 + 3]! - base) * scale;
  }
}

/**
 * Returns the tape of a world without memory: each ordinary day's regular hours follow the path of another ordinary day,
 * drawn at random, never its own. Nights stay as they were.
 */
export function shuffleDays(tape: Tape, days: readonly TradeDay[], seed: number): ShuffledTape {
  const members = shuffledDays(days);
  if (members.length < 2) return { tape, shuffled: new Set(), ends: new Set() };
  const order = shuffleOf(members.length, chanceFrom(seed));
  const made = withOwnPrices(tape);
  members.forEach((day, i) => lend(tape, made, members[order[i]!]!, day));
  return {
    tape: made,
    shuffled: new Set(members.map(({ tradeDate }) => tradeDate)),
    ends: new Set(members.map(({ rth }) => rth.until)),
  };
}
