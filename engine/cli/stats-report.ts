import type { Costs } from '../study/fills.ts';
import type { SetupFigures } from '../study/hit-rates.ts';
import { shuffledDays } from '../study/shuffled-days.ts';
import type { Tape } from '../study/tape.ts';
import type { TradeDay } from '../study/trade-days.ts';
import { formatCount, formatElapsed, formatShare } from './format-number.ts';
import { alignColumns } from './text-table.ts';

/** What the data are: kinds of sessions, counted. */
export interface DataFacts {
  readonly rows: number;
  readonly sessions: number;
  readonly from: string;
  readonly to: string;
  readonly ordinary: number;
  readonly halfDays: number;
  readonly holidays: number;
  readonly thin: number;
  readonly gaps: number;
  readonly withoutRegularHours: number;
  readonly contractChanges: number;
  /** Days whose regular hours are exchanged in shuffled runs. */
  readonly shuffled: number;
}

/** What `orderflow stats` found. */
export interface StatsReport {
  readonly flow: string;
  readonly files: readonly string[];
  readonly instrument: string;
  readonly data: DataFacts;
  readonly costs: Costs;
  readonly seeds: number;
  readonly setups: readonly SetupFigures[];
  readonly elapsedMs: number;
}

/** Counts the kinds of sessions of a tape. */
export function dataFacts(days: readonly TradeDay[], tape: Tape): DataFacts {
  const count = (is: (day: TradeDay) => boolean): number => days.filter(is).length;
  return {
    rows: tape.count,
    sessions: days.length,
    from: days[0]?.tradeDate ?? '',
    to: days.at(-1)?.tradeDate ?? '',
    ordinary: count((day) => day.ordinary),
    halfDays: count((day) => day.short && !day.holiday),
    holidays: count((day) => day.holiday),
    thin: count((day) => day.thin),
    gaps: count((day) => day.gap),
    withoutRegularHours: count(({ rth }) => rth.until === rth.from),
    contractChanges: count((day) => day.rolled),
    shuffled: shuffledDays(days).length,
  };
}

const usd = (ticks: number | null, { tickUsd }: Costs): string =>
  ticks === null ? '–' : (ticks * tickUsd).toFixed(2);
const fine = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
const span = (low: number, high: number): string =>
  `${(low * 100).toFixed(1)}–${formatShare(high)}`;

type Cells = readonly string[];

function mainTable({ setups, costs, seeds }: StatsReport): Cells[] {
  const heading = ['setup', 'variant', 'n', 'completed', 'rate', '95 %', 'ticks', 'USD'];
  const chance = ['chance', 'seeds', 'ticks', 'verdict'];
  const rows = setups.map((s): Cells => {
    const own = [
      s.setup,
      s.variant,
      formatCount(s.n),
      formatCount(s.completed),
      formatShare(s.rate),
      span(s.low, s.high),
      fine(s.meanTicks),
      usd(s.meanTicks, costs),
    ];
    if (seeds === 0) return own;
    if (!s.null) return [...own, '–', '–', '–', s.verdict];
    const { rate, low, high, meanTicks } = s.null;
    return [...own, formatShare(rate), span(low, high), fine(meanTicks), s.verdict];
  });
  return [seeds === 0 ? heading : [...heading, ...chance], ...rows];
}

function yearTable({ setups, costs }: StatsReport): Cells[] {
  const heading = ['setup', 'variant', 'year', 'n', 'completed', 'rate', 'ticks', 'USD'];
  const rows = setups.flatMap(({ setup, variant, years }) =>
    years.map(({ year, n, completed, meanTicks }): Cells => {
      const rate = formatShare(completed / n);
      const counts = [year, formatCount(n), formatCount(completed), rate];
      return [setup, variant, ...counts, fine(meanTicks), usd(meanTicks, costs)];
    }),
  );
  return [heading, ...rows];
}

function dataLines({ data, files, instrument, flow }: StatsReport): string[] {
  const rest = `${data.halfDays} half days, ${data.holidays} holidays, ${data.thin} thin, ${data.gaps} with gaps, ${data.withoutRegularHours} without regular hours`;
  const changes =
    data.contractChanges === 0
      ? 'contracts by the calendar'
      : `${data.contractChanges} changes of contract, nothing carried over`;
  return [
    `Flow ${flow} over ${files.join(', ')} (${instrument}).`,
    `${formatCount(data.sessions)} sessions from ${data.from} to ${data.to}, ${formatCount(data.rows)} rows: ${formatCount(data.ordinary)} ordinary; ${rest}; ${changes}.`,
  ];
}

function readingLines({ costs, seeds, data }: StatsReport): string[] {
  const { slippageTicks, commissionUsd, tickUsd } = costs;
  const lines = [
    `Rate: completed over all. Ticks and USD: mean result of one contract after costs (in at the open after the trigger, out at the target by limit, else at the next open; ${slippageTicks} ticks of slippage a market fill, ${commissionUsd} USD a round turn, ${tickUsd} USD a tick).`,
  ];
  if (seeds === 0) return lines;
  return [
    ...lines,
    `Chance: mean rate of ${seeds} runs in which the regular hours of ${formatCount(data.shuffled)} ordinary days follow another day's path against their own real levels; seeds: lowest and highest of them.`,
    'Verdict: above or below when the whole 95 % interval lies on one side of chance; too few below 30 cases. It compares one setup at a time: of twenty setups one stands out by luck.',
  ];
}

const rightMain = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const rightYears = [3, 4, 5, 6, 7];
const none = 'No setup ended in these data.';

/** Returns the report for a terminal. */
export function statsText(report: StatsReport): string {
  const lines = [...dataLines(report), ''];
  if (report.setups.length === 0) lines.push(none, '');
  else
    lines.push(
      ...alignColumns(mainTable(report), rightMain),
      '',
      ...alignColumns(yearTable(report), rightYears),
      '',
      ...readingLines(report),
    );
  return `${[...lines, `${formatElapsed(report.elapsedMs)}.`].join('\n')}\n`;
}

function markdownTable(
  [heading = [], ...rows]: readonly Cells[],
  right: readonly number[],
): string {
  const line = (cells: Cells): string => `| ${cells.join(' | ')} |`;
  const rule = heading.map((_, i) => (right.includes(i) ? '--:' : '---'));
  return [heading, rule, ...rows].map(line).join('\n');
}

/** Returns the report as a page. */
export function statsMarkdown(report: StatsReport): string {
  const tables =
    report.setups.length === 0
      ? [none]
      : [
          markdownTable(mainTable(report), rightMain),
          readingLines(report).join('\n\n'),
          '## By year',
          markdownTable(yearTable(report), rightYears),
        ];
  return `${['# What became of the setups', dataLines(report).join(' '), ...tables].join('\n\n')}\n`;
}
