import { OrderflowError } from '../errors.ts';
import type { Instrument } from './instrument-table.ts';

/** A price this far from the grid, in ticks, is rounding of a double; farther is a wrong price. */
const gridTolerance = 1e-6;
const decimalText = /^([+-]?)(\d+)(?:\.(\d+))?$/;

function offGrid(instrument: Instrument, price: number | string, place: string): OrderflowError {
  return new OrderflowError('OF_PRICE_OFF_GRID', {
    place,
    instrument: instrument.symbol,
    tick: instrument.tickSize.num / instrument.tickSize.den,
    price,
  });
}

/**
 * Returns a decimal price as whole ticks.
 *
 * Text is read digit by digit, so `0.1` is exactly a tenth; a number may miss the grid by a millionth of a tick.
 *
 * @param place - Where the price stands, for the message: `trades.csv:17`.
 * @throws {OF_PRICE_OFF_GRID} when the price is no multiple of the tick.
 * @throws {OF_PRICE_UNREADABLE} when the text is not a decimal number, or the number not finite.
 */
export function toTicks(instrument: Instrument, decimal: number | string, place = 'price'): number {
  const { num, den } = instrument.tickSize;
  const exact =
    typeof decimal === 'number' ? (decimal * den) / num : textTicks(instrument, decimal, place);
  const ticks = Math.round(exact);
  if (Math.abs(exact - ticks) <= gridTolerance) return ticks + 0;
  if (Number.isFinite(exact)) throw offGrid(instrument, decimal, place);
  throw new OrderflowError('OF_PRICE_UNREADABLE', { place, price: String(decimal) });
}

function textTicks(instrument: Instrument, text: string, place: string): number {
  const parts = decimalText.exec(text);
  if (parts === null) throw new OrderflowError('OF_PRICE_UNREADABLE', { place, price: text });
  const { num, den } = instrument.tickSize;
  const fraction = parts[3] ?? '';
  const digits = Number(`${parts[1]}${parts[2]}${fraction}`);
  let scale = num;
  for (let i = 0; i < fraction.length; i += 1) scale *= 10;
  return (digits * den) / scale;
}

/** Returns ticks as a decimal price, correctly rounded; fractional ticks, such as an average price, are welcome. */
export function toDecimal(instrument: Instrument, ticks: number): number {
  return (ticks * instrument.tickSize.num) / instrument.tickSize.den;
}

/** Returns how many decimals the prices of an instrument need: 2 for a quarter, 1 for a tenth, 0 for a whole point. */
export function priceDecimals(instrument: Instrument): number {
  const { num, den } = instrument.tickSize;
  let decimals = 0;
  for (let scale = 1; (num * scale) % den !== 0 && decimals < 9; scale *= 10) decimals += 1;
  return decimals;
}

/** Writes ticks as a price with the instrument's number of decimals: `4530.50`. */
export function formatPrice(instrument: Instrument, ticks: number): string {
  return toDecimal(instrument, ticks).toFixed(priceDecimals(instrument));
}
