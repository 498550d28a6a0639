import { describe, expect, test } from 'vitest';
import { defineInstrument, findInstrument, instruments } from './instrument.ts';

const row = {
  symbol: 'M2K',
  number: 100,
  description: 'Micro E-mini Russell 2000',
  tickSize: { num: 1, den: 10 },
  multiplierUsd: 5,
  tickValueCents: 50,
  kind: 'future',
  calendar: 'cme-equity',
  months: 'HMUZ',
};

describe('the instrument table', () => {
  test('ships nine instruments with numbers of their own', () => {
    expect(instruments.map((i) => i.symbol)).toEqual([
      'ES',
      'MES',
      'NQ',
      'MNQ',
      'YM',
      'RTY',
      'CL',
      'GC',
      'SPY',
    ]);
    expect(new Set(instruments.map((i) => i.number)).size).toBe(instruments.length);
  });

  test('a tick is worth tick size times multiplier', () => {
    const cents = instruments.map((i) => [i.symbol, i.tickValueCents]);
    expect(cents).toEqual([
      ['ES', 1250],
      ['MES', 125],
      ['NQ', 500],
      ['MNQ', 50],
      ['YM', 500],
      ['RTY', 500],
      ['CL', 1000],
      ['GC', 1000],
      ['SPY', 1],
    ]);
    for (const i of instruments) {
      expect((i.multiplierUsd * 100 * i.tickSize.num) / i.tickSize.den).toBe(i.tickValueCents);
    }
  });

  test('every shipped row passes the check for rows of users', () => {
    for (const instrument of instruments) expect(defineInstrument(instrument)).toEqual(instrument);
  });

  test('an unknown symbol names the nearest one', () => {
    expect(() => findInstrument('MESS')).toThrow(
      "OF_INSTRUMENT_UNKNOWN instrument 'MESS' is not in the instrument table; nearest: 'MES'",
    );
    expect(() => findInstrument('es')).toThrow(/nearest: 'ES'/);
  });

  test('rows of the user come first', () => {
    const own = defineInstrument(row);
    expect(findInstrument('M2K', [own])).toBe(own);
    expect(own).toEqual({ ...row, currency: 'USD', root: 'M2K' });
    const changed = { ...instruments[0]!, description: 'mine' };
    expect(findInstrument('ES', [changed]).description).toBe('mine');
  });

  test.each<[string, unknown, RegExp]>([
    ['not a mapping', ['ES'], /'row' expected a mapping of fields, was \["ES"\]/],
    [
      'no symbol',
      { ...row, symbol: undefined },
      /'symbol' expected a name of capitals.*was absent/,
    ],
    ['a symbol in small letters', { ...row, symbol: 'm2k' }, /'symbol'/],
    ['a field it does not know', { ...row, ticksize: 1 }, /'ticksize' expected no such field/],
    [
      'a tick that is a number',
      { ...row, tickSize: 0.1 },
      /'tickSize' expected \{ num, den \}.*was 0\.1/,
    ],
    ['a tick of a third', { ...row, tickSize: { num: 1, den: 3 } }, /'tickSize'/],
    ['a tick of zero', { ...row, tickSize: { num: 0, den: 4 } }, /'tickSize'/],
    [
      'a tick value that contradicts',
      { ...row, tickValueCents: 51 },
      /'tickValueCents' expected 50 .* was 51/,
    ],
    [
      'a number another one has',
      { ...row, number: 0 },
      /'number' expected a number of its own \(ES has 0\)/,
    ],
    ['a fractional number', { ...row, number: 1.5 }, /'number' expected a whole number/],
    ['an unknown calendar', { ...row, calendar: 'cbot' }, /'calendar' expected one of cme-equity/],
    ['another currency', { ...row, currency: 'EUR' }, /'currency' expected one of USD, was "EUR"/],
    ['another kind', { ...row, kind: 'bond' }, /'kind' expected one of future, etf/],
    ['a future without months', { ...row, months: null }, /'months' expected month letters/],
    ['months out of order', { ...row, months: 'ZH' }, /'months'/],
    ['an etf with months', { ...row, kind: 'etf' }, /'months' expected none for an etf/],
    ['an empty description', { ...row, description: ' ' }, /'description' expected a text/],
    ['a floor of zero', { ...row, absorptionFloorContracts: 0 }, /'absorptionFloorContracts'/],
    ['an infinite multiplier', { ...row, multiplierUsd: Infinity }, /'multiplierUsd'/],
  ])('a row with %s is refused', (_, raw, message) => {
    expect(() => defineInstrument(raw)).toThrow(/^OF_INSTRUMENT_INVALID/);
    expect(() => defineInstrument(raw)).toThrow(message);
  });
});
