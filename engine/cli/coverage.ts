import { basename } from 'node:path';
import { OrderflowError } from '../errors.ts';
import { RunCoverage } from '../inspect/run-coverage.ts';
import { microsPerDay } from '../market/time.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import {
  type CoverageReport,
  coverageMarkdown,
  coverageReport,
  coverageText,
} from './coverage-report.ts';
import { addReports, isSameFlow, readReport } from './coverage-sum.ts';
import type { Host } from './host.ts';
import { flowOptions, loadFlow, type MarketSource } from './load-flow.ts';
import { Progress } from './progress.ts';
import { runProblems } from './replay-report.ts';
import { runFlow } from './run-flow.ts';
import { writeText } from './write-text.ts';

/** One run of the flow: what it is called, its source in place of the flow's own, and when to stop. */
interface Part {
  readonly name: string;
  readonly source: MarketSource | null;
  /** Event time to run, microseconds; null runs to the source's end. */
  readonly lengthUs: number | null;
}

function partsOf(args: Arguments): Part[] {
  const files = args.all('data');
  const replay = (name: string, of: readonly string[]): Part => {
    return { name, source: { use: 'replay', with: { files: of } }, lengthUs: null };
  };
  const names = files.map((file) => basename(file));
  const recorded = args.has('each')
    ? files.map((file) => replay(basename(file), [file]))
    : files.length > 0
      ? [replay(names.join(', '), files)]
      : [];
  const days = args.number('days', 1);
  if (recorded.length === 0 && days === null && !args.has('add'))
    throw args.refuse(
      '--data',
      'one or more files, --days N for the flow’s own source, or --add FILE',
      'nothing',
    );
  if (days === null) return recorded;
  const own = { name: `${days} days of its own source`, source: null };
  return [...recorded, { ...own, lengthUs: days * microsPerDay }];
}

async function runPart(
  host: Host,
  args: Arguments,
  { name, source, lengthUs }: Part,
  coverage: RunCoverage,
): Promise<{ flow: string; rows: number; problems: readonly string[] }> {
  const symbol = args.text('instrument');
  const graph = await loadFlow(host, args.words[0] ?? '', args, {
    ...(source ? { marketSource: source } : {}),
    ...(symbol === null ? {} : { instruments: [symbol] }),
  });
  if (graph.sources.length === 0)
    throw new OrderflowError('OF_SOURCE_ABSENT', { flow: graph.name });
  const stop = new AbortController();
  const forget = host.onStop(() => stop.abort());
  const log = host.openMemoryLog();
  const bar = new Progress(host, `covering ${name}`);
  let done: number | null = null;
  let begun = Number.NaN;
  try {
    const end = await runFlow({
      host,
      log,
      graph,
      explain: true,
      keep: false,
      signal: stop.signal,
      opened: ({ task }) => coverage.watch(task),
      stepped: ({ task }) => {
        if (Number.isNaN(begun)) begun = task.now();
        const share = lengthUs === null ? done : (task.now() - begun) / lengthUs;
        if (share !== null && share >= 1 && lengthUs !== null) stop.abort();
        bar.show(share, task.clock.rows, 'rows');
      },
      progress: (share) => {
        done = share;
      },
    });
    coverage.end();
    const errors = end.sourceErrors.map((e) => (e instanceof Error ? e.message : String(e)));
    return {
      flow: graph.name,
      rows: end.runners.reduce((sum, { task }) => sum + task.clock.rows, 0),
      problems: [...errors, ...runProblems(end.deadLetters)],
    };
  } finally {
    bar.end();
    forget();
    await log.close();
  }
}

/** Reads the reports of earlier runs, which must be of this flow as it is in `own`, where anything ran. */
function earlierReports(
  host: Host,
  args: Arguments,
  own: CoverageReport | null,
): readonly CoverageReport[] {
  const reports: CoverageReport[] = [];
  for (const file of args.all('add')) {
    const report = readReport(host.readText(file) ?? '');
    const first = own ?? reports[0] ?? report;
    if (report === null || first === null || !isSameFlow(first, report))
      throw args.refuse('--add', 'reports of one flow that --json printed', file);
    reports.push(report);
  }
  return reports;
}

/** `orderflow coverage`: which states and transitions of a flow market data reach. */
export const command: Command = {
  name: 'coverage',
  summary:
    'Show which states a flow entered and which transitions it took or refused over market data',
  words: ['FLOW'],
  options: [
    {
      name: 'data',
      value: 'FILE',
      list: true,
      summary: 'CSV files of trades, bars or footprints, plain or gzip; merged by time',
    },
    { name: 'each', summary: 'Run each file by itself and add the counts up' },
    {
      name: 'days',
      value: 'N',
      summary: "Run N days of event time of the flow's own source, such as the simulator, as well",
    },
    {
      name: 'add',
      value: 'FILE',
      list: true,
      summary: 'Add up what earlier runs printed with --json, such as those of other environments',
    },
    {
      name: 'instrument',
      value: 'SYMBOL',
      summary: "What the files are of (default: the flow's only instrument)",
    },
    ...flowOptions,
    { name: 'strict', summary: 'End with exit code 1 when a state was never entered' },
    { name: 'json', summary: 'Print one JSON object' },
    { name: 'markdown', value: 'FILE', summary: 'Write the report as a page too' },
  ],
  examples: [
    [
      'orderflow coverage flows/pro-course.flow.yaml --data trades/*.csv.gz --each',
      'counts what real days made of every state and transition',
    ],
    [
      'orderflow coverage flows/pro-course.flow.yaml --days 5 --strict',
      'fails when five simulated days leave a state unreached',
    ],
    [
      'orderflow coverage flows/pro-course.flow.yaml --add a.json b.json --markdown flows/COVERAGE.md',
      'adds two runs up on one page',
    ],
  ],
  async run(host, args) {
    const coverage = new RunCoverage();
    const parts = partsOf(args);
    const ends = [];
    for (const part of parts) ends.push(await runPart(host, args, part, coverage));
    const rows = ends.reduce((sum, end) => sum + end.rows, 0);
    const names = parts.map(({ name }) => name);
    const own =
      ends[0] === undefined ? null : coverageReport(ends[0].flow, names, rows, coverage.result());
    const reports = [...(own === null ? [] : [own]), ...earlierReports(host, args, own)];
    const report = reports.reduce(addReports);
    const page = args.text('markdown');
    if (page !== null) writeText(host, page, coverageMarkdown(report));
    host.stdout.write(args.has('json') ? `${JSON.stringify(report)}\n` : coverageText(report));
    const problems = ends.flatMap((end) => end.problems);
    for (const problem of problems) host.stderr.write(`${problem}\n`);
    const isUnreached = args.has('strict') && report.neverEntered.length > 0;
    return problems.length > 0 || isUnreached ? 1 : 0;
  },
};
