import { wilson } from '../market/wilson.ts';

/** One setup that ended, as far as figures need it. */
export interface Ended {
  readonly setup: string;
  readonly variant: string;
  readonly tradeDate: string;
  readonly completed: boolean;
  /** After costs; null where the data had no price. */
  readonly netTicks: number | null;
}

/** How a hit rate stands beside that of shuffled days. */
export type Verdict = 'above' | 'below' | 'like chance' | 'too few' | 'no comparison';

/** Figures of one year. */
export interface YearFigures {
  readonly year: string;
  readonly n: number;
  readonly completed: number;
  readonly meanTicks: number | null;
}

/** What shuffled days made of a setup. */
export interface NullFigures {
  readonly seeds: number;
  /** Cases a seed, on average. */
  readonly n: number;
  /** Mean of the seeds' hit rates, the lowest and the highest. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly meanTicks: number | null;
}

/** Figures of one setup and variant. */
export interface SetupFigures {
  readonly setup: string;
  readonly variant: string;
  readonly n: number;
  readonly completed: number;
  /** Completed over all. */
  readonly rate: number;
  /** Wilson, 95 %. */
  readonly low: number;
  readonly high: number;
  readonly meanTicks: number | null;
  readonly years: readonly YearFigures[];
  readonly null: NullFigures | null;
  readonly verdict: Verdict;
}

/** Cases below which a verdict would say more than the data. */
const leastCases = 30;

function meanTicksOf(cases: readonly Ended[]): number | null {
  const known = cases.flatMap(({ netTicks }) => (netTicks === null ? [] : [netTicks]));
  if (known.length === 0) return null;
  return known.reduce((sum, ticks) => sum + ticks, 0) / known.length;
}

function completedOf(cases: readonly Ended[]): number {
  return cases.filter(({ completed }) => completed).length;
}

function groupBy(cases: readonly Ended[], nameOf: (one: Ended) => string): Map<string, Ended[]> {
  const groups = new Map<string, Ended[]>();
  for (const one of cases) {
    const list = groups.get(nameOf(one));
    if (list) list.push(one);
    else groups.set(nameOf(one), [one]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const nameOf = ({ setup, variant }: Ended): string => `${setup}\u0000${variant}`;

function nullOf(seeds: readonly (readonly Ended[])[], name: string): NullFigures | null {
  const runs = seeds.map((cases) => cases.filter((one) => nameOf(one) === name));
  const told = runs.filter((cases) => cases.length > 0);
  if (told.length === 0) return null;
  const rates = told.map((cases) => completedOf(cases) / cases.length);
  return {
    seeds: seeds.length,
    n: runs.reduce((sum, { length }) => sum + length, 0) / seeds.length,
    rate: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    low: Math.min(...rates),
    high: Math.max(...rates),
    meanTicks: meanTicksOf(told.flat()),
  };
}

function verdictOf(n: number, low: number, high: number, chance: NullFigures | null): Verdict {
  if (!chance) return 'no comparison';
  if (n < leastCases) return 'too few';
  if (low > chance.rate) return 'above';
  return high < chance.rate ? 'below' : 'like chance';
}

/**
 * Returns the figures of each setup and variant, beside what shuffled days made of it: `above` and `below` when the whole
 * interval of the real rate lies on one side of the shuffled mean.
 *
 * @param seeds - Cases of each shuffled run.
 */
export function hitRates(
  real: readonly Ended[],
  seeds: readonly (readonly Ended[])[],
): SetupFigures[] {
  return [...groupBy(real, nameOf)].map(([name, cases]) => {
    const [first] = cases;
    const n = cases.length;
    const completed = completedOf(cases);
    const { low, high } = wilson(completed, n) ?? { low: 0, high: 1 };
    const chance = nullOf(seeds, name);
    const years = [...groupBy(cases, ({ tradeDate }) => tradeDate.slice(0, 4))];
    return {
      setup: first?.setup ?? '',
      variant: first?.variant ?? '',
      ...{ n, completed, rate: completed / n, low, high, meanTicks: meanTicksOf(cases) },
      years: years.map(([year, of]) => ({
        ...{ year, n: of.length, completed: completedOf(of), meanTicks: meanTicksOf(of) },
      })),
      null: chance,
      verdict: verdictOf(n, low, high, chance),
    };
  });
}
