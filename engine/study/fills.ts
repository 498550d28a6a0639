import { rowKind } from '../contracts/market-batch.ts';
import type { ToldOutcome } from './study-run.ts';
import { rowAfter, type Tape } from './tape.ts';

/** What trading costs. */
export interface Costs {
  /** Ticks given away by a fill at the market. */
  readonly slippageTicks: number;
  /** Commission of a round turn, USD a contract. */
  readonly commissionUsd: number;
  /** Worth of a tick, USD a contract. */
  readonly tickUsd: number;
}

/** The last price before a row; null where none was. */
function priceBefore(tape: Tape, row: number): number | null {
  for (let i = row - 1; i >= 0; i -= 1) {
    if (tape.kind[i] === rowKind.trade) return tape.a[i]!;
    if (tape.kind[i] === rowKind.bar) return tape.d[i]!;
  }
  return null;
}

/** Returns the first price after an instant: the next trade, or the open of the next bar; the last price at an end. */
function priceAfter(tape: Tape, ts: number, ends: ReadonlySet<number>): number | null {
  for (let i = rowAfter(tape, ts); i < tape.count; i += 1) {
    if (ends.has(i)) return priceBefore(tape, i);
    if (tape.kind[i] === rowKind.trade || tape.kind[i] === rowKind.bar) return tape.a[i]!;
  }
  return priceBefore(tape, tape.count);
}

/**
 * Returns what a setup would have earned in ticks after costs: in at the first price after the trigger, out at the target
 * by a limit order, else at the first price after the end; market fills give slippage away. Null without a price.
 *
 * @param ends - Rows before which prices end, because what follows is of another path.
 */
export function resultAfterCosts(
  told: ToldOutcome,
  tape: Tape,
  { slippageTicks, commissionUsd, tickUsd }: Costs,
  ends: ReadonlySet<number>,
): number | null {
  const { side, result, target, triggeredAt, ts } = told;
  const way = side === 'long' ? 1 : -1;
  const [bought, sold] = [priceAfter(tape, triggeredAt, ends), priceAfter(tape, ts, ends)];
  if (bought === null || sold === null) return null;
  const entry = bought + way * slippageTicks;
  const exit = result === 'completed' && target !== null ? target : sold - way * slippageTicks;
  return way * (exit - entry) - commissionUsd / tickUsd;
}
