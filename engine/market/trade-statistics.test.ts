import { describe, expect, it } from 'vitest';
import { bulkBuyVolume } from './bulk-volume.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { positionSize } from './position-size.ts';
import { expectedBestSharpe, probabilisticSharpe, tradeStatistics } from './trade-statistics.ts';
import { wilson } from './wilson.ts';

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.841_344_746_068_543],
    [-1.959_963_984_540_054, 0.025],
    [3, 0.998_650_101_968_37],
    [6, 0.999_999_999_013_412],
    [-8, 6.220_960_574_271_785e-16],
  ])('lies below %s with probability %s', (x, p) => {
    expect(normalCdf(x)).toBeCloseTo(p, 12);
    if (p < 0.999) expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-6 * (1 + Math.abs(x)));
  });
});

describe('statistics of results', () => {
  const results = [1.5, -1, 2, -1, -0.5, 1, -1, 3, 0.5, -1];
  const found = tradeStatistics(results)!;

  it('are those of the vector V16', () => {
    expect(found.expectancy).toBeCloseTo(0.35, 12);
    expect(found.profitFactor).toBeCloseTo(1.7778, 4);
    expect(found.winShare).toBe(0.5);
    const interval = wilson(5, 10)!;
    expect([interval.low, interval.high]).toEqual([
      expect.closeTo(0.236_59, 5),
      expect.closeTo(0.763_41, 5),
    ]);
    expect(found.deviation).toBeCloseTo(1.472_903, 6);
    expect(found.sharpe).toBeCloseTo(0.237_626, 6);
    expect(found.downside).toBeCloseTo(0.651_92, 6);
    expect(found.sortino).toBeCloseTo(0.536_875, 6);
    expect(found.maxDrawdown).toBe(1.5);
    expect(found.skew).toBeCloseTo(0.529_457, 6);
    expect(found.kurtosis).toBeCloseTo(1.900_805, 6);
    expect(probabilisticSharpe(found, 0)).toBeCloseTo(0.775_465, 6);
    const best = expectedBestSharpe(20, 0.02);
    expect(best).toBeCloseTo(0.268_801, 6);
    expect(probabilisticSharpe(found, best)).toBeCloseTo(0.460_447, 6);
    expect([10, 100, 1_000].map((trials) => expectedBestSharpe(trials, 1))).toEqual([
      expect.closeTo(1.574_598, 6),
      expect.closeTo(2.530_603, 6),
      expect.closeTo(3.255_122, 6),
    ]);
  });

  it('deflate the published example V16b to .9004', () => {
    const best = expectedBestSharpe(100, 0.5 / 250);
    expect(best).toBeCloseTo(0.113_172, 6);
    const of = { count: 1_250, sharpe: 2.5 / Math.sqrt(250), skew: -3, kurtosis: 10 };
    expect(probabilisticSharpe(of, best)).toBeCloseTo(0.9004, 4);
  });

  it('are not to be had from one result, or from equal ones', () => {
    expect(tradeStatistics([1])).toBeNull();
    expect(tradeStatistics([2, 2, 2])).toBeNull();
    expect(tradeStatistics([1, 2])?.profitFactor).toBeNull();
  });
});

it('sizes positions as the vector V17', () => {
  const mes = { slipTicks: 1, tickValueUsd: 1.25, roundTurnUsd: 1.24 };
  const of = (equityUsd: number, riskShare: number, stopTicks: number) =>
    positionSize({ ...mes, equityUsd, riskShare, stopTicks });
  expect(of(25_000, 0.01, 16)).toEqual({ contracts: 11, riskPerContractUsd: 22.49 });
  expect(of(25_000, 0.005, 40).contracts).toBe(2);
  expect(of(5_000, 0.01, 60).contracts).toBe(0);
  expect(of(50_000, 0.01, 8).contracts).toBe(40);
});

it('classifies the volume of a bar by its price change as the vector V15', () => {
  expect(bulkBuyVolume(1_000, 0.75)).toBeCloseTo(773.37, 2);
  expect(1_000 - bulkBuyVolume(1_000, 0.75)).toBeCloseTo(226.63, 2);
});
