import { normalCdf, normalQuantile } from './normal.ts';

/** What a list of results says, in the unit of the results; null where it cannot be said. */
export interface TradeStatistics {
  readonly count: number;
  /** Mean result. */
  readonly expectancy: number;
  /** Gross win over gross loss; null without a loss. */
  readonly profitFactor: number | null;
  readonly winShare: number;
  /** Standard deviation with n - 1. */
  readonly deviation: number;
  /** Mean over deviation, per result. */
  readonly sharpe: number;
  /** Root mean square of the losses over all results. */
  readonly downside: number;
  readonly sortino: number | null;
  /** Deepest fall of the running sum below its peak; the peak starts at 0. */
  readonly maxDrawdown: number;
  readonly skew: number;
  /** Raw kurtosis: 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Euler's constant, for the expected best of many trials. */
const euler = 0.577_215_664_901_532_9;

function maxDrawdownOf(results: readonly number[]): number {
  let equity = 0;
  let peak = 0;
  let deepest = 0;
  for (const result of results) {
    equity += result;
    peak = Math.max(peak, equity);
    deepest = Math.max(deepest, peak - equity);
  }
  return deepest;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Returns the statistics of results in the order they came; null for fewer than two, or without any spread. */
export function tradeStatistics(results: readonly number[]): TradeStatistics | null {
  const count = results.length;
  const mean = sum(results) / count;
  const squares = sum(results.map((x) => (x - mean) * (x - mean)));
  if (count < 2 || squares === 0) return null;
  const variance = squares / count;
  const cubes = sum(results.map((x) => (x - mean) * (x - mean) * (x - mean))) / count;
  const fourths =
    sum(results.map((x) => (x - mean) * (x - mean) * (x - mean) * (x - mean))) / count;
  const losses = results.filter((x) => x < 0);
  const downside = Math.sqrt(sum(losses.map((x) => x * x)) / count);
  const deviation = Math.sqrt(squares / (count - 1));
  return {
    count,
    expectancy: mean,
    profitFactor: losses.length === 0 ? null : sum(results.filter((x) => x > 0)) / -sum(losses),
    winShare: results.filter((x) => x > 0).length / count,
    deviation,
    sharpe: mean / deviation,
    downside,
    sortino: downside > 0 ? mean / downside : null,
    maxDrawdown: maxDrawdownOf(results),
    skew: cubes / (variance * Math.sqrt(variance)),
    kurtosis: fourths / (variance * variance),
  };
}

/**
 * Returns the probability that the true Sharpe ratio exceeds `benchmark`, given its length, skew and raw kurtosis.
 *
 * @param of - Sharpe ratio per result, not annualised.
 * @source Bailey and Lopez de Prado, The Deflated Sharpe Ratio (2014).
 */
export function probabilisticSharpe(
  of: Pick<TradeStatistics, 'count' | 'sharpe' | 'skew' | 'kurtosis'>,
  benchmark: number,
): number {
  const { count, sharpe, skew, kurtosis } = of;
  const spread = 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return normalCdf(((sharpe - benchmark) * Math.sqrt(count - 1)) / Math.sqrt(spread));
}

/** Returns the best Sharpe ratio that `trials` strategies without any edge are expected to show. */
export function expectedBestSharpe(trials: number, varianceOfTrials: number): number {
  const first = normalQuantile(1 - 1 / trials);
  const second = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(varianceOfTrials) * ((1 - euler) * first + euler * second);
}
