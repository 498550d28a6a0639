import { describe, expect, it } from 'vitest';
import { chanceFrom, shuffleOf } from './chance.ts';
import { shuffleDays, shuffledDays } from './shuffled-days.ts';
import { es, madeBatches } from './study-fixture.ts';
import { batchesOf, rowAfter, type Tape, tapeOf } from './tape.ts';
import { tradeDays } from './trade-days.ts';

const tape = tapeOf(madeBatches());
const days = tradeDays(tape, es, () => null);

const row = ({ ts, kind, a, b, c, d }: Tape, i: number) => [ts[i], kind[i], a[i], b[i], c[i], d[i]];

describe('chance', () => {
  it('gives numbers from 0 to 1 that follow from the seed', () => {
    const draw = (seed: number): number[] => {
      const chance = chanceFrom(seed);
      return Array.from({ length: 300 }, () => chance());
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    for (const seed of [-1, 0, 7]) {
      expect(Math.min(...draw(seed))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...draw(seed))).toBeLessThan(1);
      expect(new Set(draw(seed)).size).toBe(300);
    }
  });

  it('orders all anew, nothing at its own place', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const order = shuffleOf(9, chanceFrom(seed));
      expect([...order].sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(order.every((from, i) => from !== i)).toBe(true);
    }
    expect(shuffleOf(1, chanceFrom(1))).toEqual([0]);
  });
});

describe('a tape', () => {
  it('gives back what it was made of, and finds rows by time', () => {
    const again = tapeOf([...batchesOf(tape, 'ES', 0, tape.count)]);
    expect(again).toEqual(tape);
    expect(rowAfter(tape, tape.ts[4]!)).toBe(5);
    expect(rowAfter(tape, tape.ts[4]! - 1)).toBe(4);
    expect(rowAfter(tape, Infinity)).toBe(tape.count);
  });
});

describe('shuffled days', () => {
  it('are ordinary ones whose average range is known', () => {
    expect(shuffledDays(days)).toEqual(days.slice(5));
  });

  it('take the path of another day from their own open, scaled by the ranges', () => {
    const { tape: made, shuffled, ends } = shuffleDays(tape, days, 1);
    expect(shuffled.size).toBe(10);
    expect(ends.size).toBe(10);
    let moved = 0;
    for (const day of days) {
      for (let i = day.from; i < day.until; i += 1) {
        const isRth = i >= day.rth.from && i < day.rth.until;
        if (!isRth || !shuffled.has(day.tradeDate)) expect(row(made, i)).toEqual(row(tape, i));
        else if (made.d[i] !== tape.d[i]) moved += 1;
        expect(made.b[i]).toBeGreaterThanOrEqual(Math.max(made.a[i]!, made.d[i]!));
        expect(made.c[i]).toBeLessThanOrEqual(Math.min(made.a[i]!, made.d[i]!));
      }
      expect(made.a[day.rth.from]).toBe(tape.a[day.rth.from]);
    }
    expect(moved).toBeGreaterThan(60);
  });

  it('are the same for the same seed only', () => {
    expect(shuffleDays(tape, days, 2)).toEqual(shuffleDays(tape, days, 2));
    expect(shuffleDays(tape, days, 2).tape.d).not.toEqual(shuffleDays(tape, days, 3).tape.d);
  });

  it('are none where there are too few', () => {
    const { tape: same, shuffled } = shuffleDays(tape, days.slice(0, 6), 1);
    expect(same).toBe(tape);
    expect(shuffled.size).toBe(0);
  });
});
