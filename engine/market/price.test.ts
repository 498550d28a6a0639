import { describe, expect, test } from 'vitest';
import { isOrderflowError } from '../errors.ts';
import { findInstrument } from './instrument.ts';
import { formatPrice, priceDecimals, toDecimal, toTicks } from './price.ts';

const es = findInstrument('ES');
const ym = findInstrument('YM');
const rty = findInstrument('RTY');
const cl = findInstrument('CL');

describe('prices', () => {
  test('a decimal price is whole ticks, as number and as text', () => {
    expect(toTicks(es, 4530.25)).toBe(18121);
    expect(toTicks(es, '4530.250')).toBe(18121);
    expect(toTicks(rty, 0.1 + 0.2)).toBe(3);
    expect(toTicks(rty, '2044.7')).toBe(20447);
    expect(toTicks(cl, '-37.63')).toBe(-3763);
    expect(toTicks(ym, '34567')).toBe(34567);
    expect(Object.is(toTicks(es, -0), 0)).toBe(true);
  });

  test('a price off the grid is refused with place, tick and price', () => {
    let caught: unknown;
    try {
      toTicks(es, 4530.3, 'trades.csv:17');
    } catch (error) {
      caught = error;
    }
    expect(isOrderflowError(caught, 'OF_PRICE_OFF_GRID')).toBe(true);
    expect(String(caught)).toContain(
      "trades.csv:17: price of 'ES' expected a multiple of 0.25, was 4530.3",
    );
    expect(() => toTicks(es, '1640.2500001')).not.toThrow();
    expect(() => toTicks(es, '1640.250001')).toThrow(/OF_PRICE_OFF_GRID/);
    expect(() => toTicks(ym, 34567.5)).toThrow(/OF_PRICE_OFF_GRID/);
  });

  test.each(['', 'abc', '1,640.25', '1e3', '.5', ' 1640.25', 'NaN'])("'%s' is no price", (text) => {
    expect(() => toTicks(es, text)).toThrow(/OF_PRICE_UNREADABLE/);
  });

  test('numbers that are not finite are no price', () => {
    expect(() => toTicks(es, Number.NaN)).toThrow(/OF_PRICE_UNREADABLE/);
    expect(() => toTicks(es, Number.POSITIVE_INFINITY)).toThrow(/OF_PRICE_UNREADABLE/);
  });

  test('ticks print with the decimals of the instrument', () => {
    expect(formatPrice(es, 18121)).toBe('4530.25');
    expect(formatPrice(es, 18120)).toBe('4530.00');
    expect(formatPrice(ym, 34567)).toBe('34567');
    expect(formatPrice(rty, 20447)).toBe('2044.7');
    expect(formatPrice(cl, -3763)).toBe('-37.63');
    expect([es, ym, rty, cl].map(priceDecimals)).toEqual([2, 0, 1, 2]);
  });

  test('fractional ticks become decimals', () => {
    expect(toDecimal(es, 20000.8)).toBe(5000.2);
    expect(toDecimal(rty, 3)).toBe(0.3);
  });
});
