import type { StagedResult } from './calibrate-staged.ts';
import { formatCount } from './format-number.ts';
import { alignColumns } from './text-table.ts';

interface Count {
  readonly count: number;
  readonly minutes: number;
}

/** One port on one tape: what it did on the real one, and on each null tape. */
export interface SignalRates {
  readonly key: string;
  readonly plugin: string;
  readonly port: string;
  readonly isSignal: boolean;
  readonly real: Count;
  readonly permuted: readonly Count[];
  readonly shifted: readonly Count[];
}

/** The ports on one tape. */
export interface TapeReport {
  readonly tape: string;
  readonly minutes: number;
  readonly hours: 'regular' | 'all';
  readonly trades: number;
  readonly signals: readonly SignalRates[];
}

/** What `orderflow calibrate --json` prints. */
export interface CalibrationReport {
  readonly flow: string;
  readonly seeds: number;
  readonly days: number;
  readonly tapes: readonly TapeReport[];
  readonly staged: readonly StagedResult[];
}

/** A null rate from here on asks for tuning or a warning. */
const mostNullShare = 0.01;
const wantedShare = 0.9;

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function rateOf({ minutes }: Count, all: number): number {
  return all > 0 ? minutes / all : 0;
}

function nullText(counts: readonly Count[], all: number): string {
  const rates = counts.map((count) => rateOf(count, all));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  return `${percent(mean)} (${percent(Math.min(...rates))} to ${percent(Math.max(...rates))})`;
}

/** Says in words how a port stands against its nulls: rates only, no promise. */
export function verdictOf(signal: SignalRates, all: number): string {
  const nulls = [...signal.permuted, ...signal.shifted].map((count) => rateOf(count, all));
  const most = Math.max(...nulls);
  const real = rateOf(signal.real, all);
  if (signal.real.count === 0 && most === 0) return 'silent';
  const often = most >= mostNullShare ? 'often by chance; ' : '';
  if (real > most) return `${often}more often than chance`;
  return real < Math.min(...nulls) ? `${often}less often than chance` : `${often}like chance`;
}

function secondsText(seconds: readonly number[]): string {
  if (seconds.length === 0) return '–';
  const at = (share: number): string =>
    seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))]!.toFixed(1);
  return `${at(0.5)} s (90 %: ${at(0.9)} s)`;
}

function tapeRows({ minutes, signals }: TapeReport): string[][] {
  return signals.map((signal) => [
    signal.key,
    signal.isSignal ? 'signal' : 'mark',
    formatCount(signal.real.count),
    percent(rateOf(signal.real, minutes)),
    nullText(signal.permuted, minutes),
    nullText(signal.shifted, minutes),
    verdictOf(signal, minutes),
  ]);
}

const tapeHeading = [
  'port',
  'kind',
  'fired',
  'real: minutes with one',
  'permuted (range)',
  'shifted (range)',
  'in words',
];
const stagedHeading = ['staged', 'plugin', 'episodes', 'found', 'share', 'time to detection'];

function stagedRows(staged: readonly StagedResult[]): string[][] {
  return staged.map((result) => {
    const share = result.found / result.staged;
    return [
      result.kind,
      result.plugin,
      formatCount(result.staged),
      formatCount(result.found),
      `${(100 * share).toFixed(1)} %${share < wantedShare ? ' (below 90 %)' : ''}`,
      secondsText(result.secondsToDetection),
    ];
  });
}

function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [heading = [], ...body] = rows;
  return [line(heading), line(heading.map(() => '---')), ...body.map(line)];
}

/** Returns the report as text, or as Markdown tables. */
export function printCalibration(report: CalibrationReport, isMarkdown: boolean): string {
  const table = isMarkdown
    ? markdownTable
    : (rows: readonly (readonly string[])[]): string[] => alignColumns(rows, [2, 3, 4, 5]);
  const sections = report.tapes.map((tape) => [
    `${tape.tape}: ${formatCount(tape.minutes)} traded minutes of ${tape.hours} hours, ${formatCount(tape.trades)} trades, ${report.seeds} null tapes of each kind`,
    '',
    ...table([tapeHeading, ...tapeRows(tape)]),
    '',
  ]);
  const staged =
    report.staged.length === 0
      ? []
      : [
          `Episodes staged by the simulator: ${report.seeds} markets of ${report.days} days after a warm-up`,
          '',
          ...table([stagedHeading, ...stagedRows(report.staged)]),
          '',
        ];
  return `${[...sections.flat(), ...staged].join('\n').trimEnd()}\n`;
}
