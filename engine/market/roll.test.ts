import { describe, expect, test } from 'vitest';
import { findInstrument } from './instrument.ts';
import { expiryOf, frontContract, rollDate, thirdFriday } from './roll.ts';

const es = findInstrument('ES');

describe('index futures', () => {
  test.each([
    [2025, 12, 20251219, 20251215, 20251211],
    [2026, 3, 20260320, 20260316, 20260312],
    [2026, 6, 20260619, 20260615, 20260611],
    [2026, 9, 20260918, 20260914, 20260910],
    [2026, 12, 20261218, 20261214, 20261210],
    [2027, 3, 20270319, 20270315, 20270311],
    [2014, 9, 20140919, 20140915, 20140911],
    [2014, 12, 20141219, 20141215, 20141211],
  ])(
    'of %i-%i have third Friday %i, Monday %i and Thursday %i (V18)',
    (year, month, friday, monday, thursday) => {
      expect(thirdFriday(year, month)).toBe(friday);
      const expiry = expiryOf('ES', year, month);
      expect(rollDate(expiry, 'ES', 'monday')).toBe(monday);
      expect(rollDate(expiry, 'ES', 'thursday8')).toBe(thursday);
    },
  );

  test('expire a day earlier when the third Friday is a holiday', () => {
    expect(expiryOf('ES', 2026, 6)).toBe(20260618);
    expect(expiryOf('ES', 2027, 6)).toBe(20270617);
    expect(expiryOf('ES', 2026, 3)).toBe(20260320);
  });

  test('roll on Thursday until March 2022 and on Monday from June 2022', () => {
    expect(rollDate(expiryOf('ES', 2022, 3), 'ES')).toBe(20220310);
    expect(rollDate(expiryOf('MES', 2022, 6), 'MES')).toBe(20220613);
  });

  test('lead until the trade date of their roll', () => {
    expect(frontContract(es, 20130911)?.code).toBe('ESU13');
    expect(frontContract(es, 20130912)?.code).toBe('ESZ13');
    expect(frontContract(es, 20130912, 'monday')?.code).toBe('ESU13');
    expect(frontContract(es, 20231225)).toEqual({
      code: 'ESH24',
      year: 2024,
      month: 3,
      expiry: 20240315,
      roll: 20240311,
    });
    expect(frontContract(es, 20241216)?.code).toBe('ESH25');
    expect(frontContract(es, 20241213)?.code).toBe('ESZ24');
  });
});

test('crude oil expires three business days before the 25th of the month before', () => {
  expect(expiryOf('CL', 2024, 1)).toBe(20231219);
  expect(expiryOf('CL', 2020, 5)).toBe(20200421);
  expect(expiryOf('CL', 2023, 7)).toBe(20230620);
  expect(frontContract(findInstrument('CL'), 20200417)?.code).toBe('CLM20');
  expect(frontContract(findInstrument('CL'), 20200415)?.code).toBe('CLK20');
});

test('gold leads until before the first notice of delivery', () => {
  const gc = findInstrument('GC');
  expect(expiryOf('GC', 2024, 6)).toBe(20240626);
  expect(rollDate(expiryOf('GC', 2024, 6), 'GC')).toBe(20240529);
  expect(frontContract(gc, 20240528)?.code).toBe('GCM24');
  expect(frontContract(gc, 20240529)?.code).toBe('GCQ24');
  expect(frontContract(gc, 20240905)?.code).toBe('GCZ24');
});

test('a share has no contract, and an unknown root no rule', () => {
  expect(frontContract(findInstrument('SPY'), 20240305)).toBeNull();
  expect(() => expiryOf('ZN', 2024, 3)).toThrow(
    "OF_CONTRACT_UNKNOWN contract month 2024-3 of 'ZN' has no expiry rule",
  );
  expect(() => rollDate(20240320, 'ZN')).toThrow(/OF_CONTRACT_UNKNOWN/);
  expect(() => frontContract({ ...es, root: 'ZN' }, 20240305)).toThrow(/OF_CONTRACT_UNKNOWN/);
});
