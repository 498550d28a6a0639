import { describe, expect, it } from 'vitest';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { resultAfterCosts } from './fills.ts';
import { type Ended, hitRates } from './hit-rates.ts';
import type { ToldOutcome } from './study-run.ts';
import { tapeOf } from './tape.ts';

const costs = { slippageTicks: 1, commissionUsd: 1.25, tickUsd: 1.25 };
const none = new Set<number>();

function tapeOfOpens(...opens: number[]) {
  const builder = new MarketBatchBuilder('ES');
  opens.forEach((open, i) =>
    builder.bar((i + 1) * 10, open, open + 5, open - 5, open + 3, 1, 0, 0, open),
  );
  return tapeOf([builder.finish()]);
}

function told(more: Partial<ToldOutcome>): ToldOutcome {
  return {
    tradeDate: '2025-11-19',
    setup: 's',
    variant: 'v',
    side: 'long',
    result: 'rejected',
    triggeredAt: 10,
    entry: 999,
    target: 120,
    invalidation: 90,
    price: 999,
    resultTicks: 0,
    ts: 20,
    node: 'n',
    ...more,
  };
}

describe('the result after costs', () => {
  const tape = tapeOfOpens(100, 104, 110, 90);

  it('goes in and out at the next open, one tick worse each, less the commission', () => {
    expect(resultAfterCosts(told({}), tape, costs, none)).toBe(110 - 1 - (104 + 1) - 1);
    expect(resultAfterCosts(told({ side: 'short' }), tape, costs, none)).toBe(104 - 1 - 111 - 1);
  });

  it('goes out at the target by a limit, without slippage', () => {
    expect(resultAfterCosts(told({ result: 'completed' }), tape, costs, none)).toBe(120 - 105 - 1);
    const without = told({ result: 'completed', target: null });
    expect(resultAfterCosts(without, tape, costs, none)).toBe(109 - 105 - 1);
  });

  it('takes the last close where data end, or where another path begins', () => {
    expect(resultAfterCosts(told({ ts: 40 }), tape, costs, none)).toBe(93 - 1 - 105 - 1);
    expect(resultAfterCosts(told({}), tape, costs, new Set([2]))).toBe(107 - 1 - 105 - 1);
    expect(resultAfterCosts(told({}), tapeOf([]), costs, none)).toBeNull();
  });
});

const cases = (n: number, completed: number, more: Partial<Ended> = {}): Ended[] =>
  Array.from({ length: n }, (_, i) => ({
    setup: 's',
    variant: 'v',
    tradeDate: i % 2 === 0 ? '2015-03-02' : '2016-03-02',
    completed: i < completed,
    netTicks: 2,
    ...more,
  }));

describe('hit rates', () => {
  it('counts by setup, variant and year', () => {
    const real = [...cases(4, 3), ...cases(2, 0, { variant: 'a', netTicks: null })];
    const [a, v] = hitRates(real, []);
    expect(a).toMatchObject({ variant: 'a', n: 2, completed: 0, rate: 0, meanTicks: null });
    expect(v).toMatchObject({ variant: 'v', n: 4, completed: 3, rate: 0.75, meanTicks: 2 });
    expect(v?.low).toBeCloseTo(0.3006, 4);
    expect(v?.years).toEqual([
      { year: '2015', n: 2, completed: 2, meanTicks: 2 },
      { year: '2016', n: 2, completed: 1, meanTicks: 2 },
    ]);
    expect(v).toMatchObject({ null: null, verdict: 'no comparison' });
  });

  it.each([
    [60, [20, 30], 'above'],
    [2, [20, 30], 'below'],
    [30, [20, 30], 'like chance'],
  ] as const)('holds %d of 100 beside seeds of %j: %s', (completed, seeds, verdict) => {
    const shuffled = seeds.map((hits) => cases(100, hits, { netTicks: -1 }));
    const [figures] = hitRates(cases(100, completed), shuffled);
    expect(figures).toMatchObject({
      verdict,
      null: { seeds: 2, n: 100, rate: 0.25, low: 0.2, high: 0.3, meanTicks: -1 },
    });
  });

  it('says nothing of few cases, or where shuffled days had none', () => {
    expect(hitRates(cases(29, 29), [cases(50, 0)])[0]?.verdict).toBe('too few');
    expect(hitRates(cases(50, 9), [[]])[0]).toMatchObject({ null: null, verdict: 'no comparison' });
  });
});
