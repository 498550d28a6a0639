import { describe, expect, test } from 'vitest';
import { rangeExtension } from './initial-balance.ts';
import { profileExtremes, remainingZone, singlePrints, tails } from './profile-structure.ts';
import {
  buildTpoProfile,
  lettersAt,
  periodLetter,
  tpoCount,
  tpoInitialBalance,
  tpoLetters,
  tpoValueArea,
} from './tpo.ts';

const range = (low: number, high: number): { low: number; high: number } => ({
  low: low * 4,
  high: high * 4,
});
const day = buildTpoProfile([
  range(5000, 5002),
  range(5001, 5002.5),
  range(5001.75, 5003.5),
  range(5002, 5003),
  range(5001.5, 5002.75),
  range(5001.75, 5002.5),
]);

describe('a TPO profile (V7)', () => {
  test('counts a TPO for each row a period traded at or through', () => {
    expect(tpoCount(day)).toBe(39);
    expect(lettersAt(day, 5002 * 4)).toBe('ABCDEF');
    expect(lettersAt(day, 5003.5 * 4)).toBe('C');
    expect(lettersAt(day, 6000 * 4)).toBe('');
  });

  test('has the same value area by pairs and by rows', () => {
    const expected = { poc: 5002 * 4, val: 5001.5 * 4, vah: 5003 * 4, volume: 29, total: 39 };
    expect(tpoValueArea(day)).toEqual(expected);
    expect(tpoValueArea(day, { rule: 'one' })).toEqual(expected);
  });

  test('has an initial balance of its first two periods', () => {
    const balance = tpoInitialBalance(day)!;
    expect(balance).toEqual({ low: 5000 * 4, high: 5002.5 * 4 });
    expect(rangeExtension(balance, day.low, 5003.5 * 4)).toEqual({
      upTicks: 4,
      downTicks: 0,
      up: 0.4,
      down: 0,
    });
  });

  test('has a buying tail of four rows and a selling tail of two', () => {
    expect(tails(day)).toEqual({
      buying: { low: 5000 * 4, high: 5000.75 * 4, rows: 4, confirmed: true },
      selling: { low: 5003.25 * 4, high: 5003.5 * 4, rows: 2, confirmed: true },
    });
    expect(profileExtremes(day)).toEqual({ high: 'excess', low: 'excess' });
  });

  test('a tail made in the last period is not confirmed', () => {
    const late = buildTpoProfile([
      { low: 0, high: 9 },
      { low: 0, high: 9 },
      { low: 5, high: 12 },
    ]);
    expect(tails(late, 2)).toEqual({
      buying: null,
      selling: { low: 10, high: 12, rows: 3, confirmed: false },
    });
    expect(tails(late, 12).selling?.confirmed).toBe(true);
    const under = buildTpoProfile([
      { low: 5, high: 9 },
      { low: 5, high: 9 },
      { low: 2, high: 7 },
    ]);
    expect(tails(under, 2).buying?.confirmed).toBe(false);
    expect(tails(under, 1).buying?.confirmed).toBe(true);
  });

  test('ends are poor with two TPOs, weak with one row of excess', () => {
    const flat = buildTpoProfile([
      { low: 0, high: 9 },
      { low: 0, high: 10 },
    ]);
    expect(profileExtremes(flat)).toEqual({ high: 'weak', low: 'poor' });
    expect(tails(flat)).toEqual({ buying: null, selling: null });
  });

  test('of one period is no tail and no structure', () => {
    const one = buildTpoProfile([{ low: 3, high: 9 }]);
    expect(tails(one)).toEqual({ buying: null, selling: null });
    expect(singlePrints(one)).toEqual([]);
    expect(lettersAt(one, 3)).toBe('A');
  });

  test('of no trades has no rows', () => {
    const none = buildTpoProfile([null, null]);
    expect(none.counts).toEqual([]);
    expect(tpoValueArea(none)).toBeNull();
    expect(profileExtremes(none)).toBeNull();
    expect(tails(none)).toEqual({ buying: null, selling: null });
    expect(tpoInitialBalance(none)).toBeNull();
  });

  test('keeps the letters of periods after one without a trade', () => {
    const hole = buildTpoProfile([{ low: 0, high: 1 }, null, { low: 1, high: 2 }]);
    expect(lettersAt(hole, 1)).toBe('AC');
    expect([0, 25, 26, 51, 52].map(periodLetter)).toEqual(['A', 'Z', 'a', 'z', 'A']);
  });

  test('can have rows of several ticks', () => {
    const coarse = buildTpoProfile(
      [
        { low: -1, high: 5 },
        { low: 4, high: 9 },
      ],
      4,
    );
    expect(coarse).toMatchObject({ low: -4, counts: [1, 1, 2, 1] });
    expect(tpoValueArea(coarse, { fraction: 0.3 })).toMatchObject({ poc: 4, val: 4, vah: 7 });
    expect(lettersAt(coarse, 7)).toBe('AB');
  });
});

describe('single prints', () => {
  const split = buildTpoProfile([
    { low: 0, high: 5 },
    { low: 0, high: 5 },
    { low: 3, high: 12 },
    { low: 9, high: 14 },
  ]);

  test('are runs of two rows or more between busier rows', () => {
    expect(singlePrints(split)).toEqual([{ low: 6, high: 8 }]);
    const thin = buildTpoProfile([
      { low: 0, high: 5 },
      { low: 0, high: 7 },
      { low: 7, high: 9 },
      { low: 8, high: 9 },
    ]);
    expect(singlePrints(thin)).toEqual([]);
  });

  test('are filled by later trades, and leave what those did not cover', () => {
    const zone = { low: 6, high: 8 };
    expect(remainingZone(zone, { low: 9, high: 20 })).toEqual([zone]);
    expect(remainingZone(zone, { low: 8, high: 20 })).toEqual([{ low: 6, high: 7 }]);
    expect(remainingZone(zone, { low: 7, high: 7 })).toEqual([
      { low: 6, high: 6 },
      { low: 8, high: 8 },
    ]);
    expect(remainingZone(zone, { low: 0, high: 8 })).toEqual([]);
  });
});

test('the letters of all rows at once are those of each row', () => {
  for (const rowTicks of [1, 4]) {
    const tpo = buildTpoProfile([range(5000.25, 5002), null, range(5001, 5002.5)], rowTicks);
    const each = tpo.counts.map((_, row) => lettersAt(tpo, tpo.low + row * rowTicks));
    expect(tpoLetters(tpo)).toEqual(each);
  }
});
