import type { Instrument } from '#engine';

/** About what each instrument cost late in 2025, in points; assumption. */
const startPrices: Readonly<Record<string, number>> = {
  ES: 6_000,
  MES: 6_000,
  NQ: 21_000,
  MNQ: 21_000,
  YM: 44_000,
  RTY: 2_300,
  CL: 70,
  GC: 2_600,
  SPY: 600,
};
const otherStartPrice = 6_000;

/** Returns the price in points at which the market of an instrument begins when a flow names none. */
export function startPriceOf({ symbol }: Instrument): number {
  return startPrices[symbol] ?? otherStartPrice;
}
