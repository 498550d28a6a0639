import { describe, expect, it } from 'vitest';
import { findInstrument, sessionDay } from '#engine';
import { type PriorDay, planDay, valueAt } from './day-plan.ts';
import { shareOfSecond } from './volume-smile.ts';

const start = 24_000;
const prior: PriorDay = { close: 24_010, mean: 23_980, deviation: 40, balanced: true };
const plans = Array.from({ length: 400 }, (_, day) => planDay(5, day, prior, start));
const day = sessionDay(findInstrument('ES').calendar, 20251119)!;

describe('the plan of a day', () => {
  it('is the same for the same seed, day and day before', () => {
    expect(planDay(5, 17, prior, start)).toEqual(plans[17]);
    expect(planDay(6, 17, prior, start)).not.toEqual(plans[17]);
  });

  it('has each kind of day, and a traverse only after a balanced one', () => {
    const kinds = new Map<string, number>();
    for (const { kind } of plans) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect(kinds.size).toBe(6);
    expect(kinds.get('traverse')! / plans.length).toBeCloseTo(0.4, 1);
    const after = Array.from(
      { length: 100 },
      (_, n) => planDay(5, n, { ...prior, balanced: false }, start).kind,
    );
    expect(after).not.toContain('traverse');
  });

  it('opens a traverse outside of the value it then crosses', () => {
    for (const plan of plans.filter(({ kind }) => kind === 'traverse')) {
      const offsets = plan.path.map(([, price]) => (price - prior.mean) / prior.deviation);
      expect(offsets[0]).toBeGreaterThan(1.2);
      expect(Math.min(...offsets)).toBeLessThan(-1.2);
    }
  });

  it('leads value along its path from the last close, shares and absorptions ascending', () => {
    for (const plan of plans) {
      const shares = plan.path.map(([share]) => share);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
      expect(plan.absorptions).toEqual([...plan.absorptions].sort((a, b) => a - b));
      expect(valueAt(plan, prior, day, day.open)).toBe(prior.close);
      expect(valueAt(plan, prior, day, day.rthOpen!)).toBeCloseTo(plan.path[0]![1], 9);
      expect(valueAt(plan, prior, day, day.close)).toBeCloseTo(plan.path.at(-1)![1], 9);
      const middle = valueAt(plan, prior, day, (day.rthOpen! + day.rthEnd!) / 2);
      const prices = plan.path.map(([, price]) => price);
      expect(middle).toBeGreaterThanOrEqual(Math.min(...prices) - 1e-9);
      expect(middle).toBeLessThanOrEqual(Math.max(...prices) + 1e-9);
    }
  });

  it('leans back to where the market began', () => {
    const ups = (close: number): number => {
      const drawn = Array.from({ length: 200 }, (_, n) =>
        planDay(9, n, { ...prior, close, balanced: false }, start),
      );
      return drawn.filter(({ path }) => path.at(-1)![1] > path[0]![1]).length;
    };
    expect(ups(start * 0.92)).toBeGreaterThan(ups(start * 1.08) + 20);
  });
});

it('spreads the trades of an ordinary day over its seconds', () => {
  let sum = 0;
  for (let ts = day.open; ts < day.close; ts += 1_000_000) sum += shareOfSecond(day, ts);
  expect(sum).toBeCloseTo(1, 9);
});
