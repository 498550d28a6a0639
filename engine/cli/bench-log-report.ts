import type { LogCase } from './bench-log.ts';
import type { WorkersCase } from './bench-workers.ts';
import { formatCount } from './format-number.ts';
import type { Host } from './host.ts';
import { alignColumns } from './text-table.ts';

/** What `bench --log --json` prints. */
export interface LogsReport {
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
  readonly flow: string;
  readonly cases: readonly LogCase[];
  /** Empty without a cluster. */
  readonly workers: readonly WorkersCase[];
}

/** Prints the table of the logs. */
export function printLogs(host: Host, report: LogsReport): void {
  const { commit, machine, node, flow } = report;
  host.stdout.write(`commit ${commit} · ${machine} · Node ${node} · flow ${flow}\n\n`);
  const rate = (perSecond: number): string => `${(perSecond / 1e6).toFixed(3)} M/s`;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const times = ({ p50, p99 }: LogCase['commitMs']): string[] => [`${p50} ms`, `${p99} ms`];
  const heading = [
    'log',
    'flow',
    'of it task',
    'commit',
    'read',
    'append',
    'read',
    'commit p50',
    'p99',
    'output p50',
    'p99',
  ];
  const rows = report.cases.map((c) => [
    c.log,
    rate(c.flowTradesPerSecond),
    percent(c.taskShare),
    percent(c.commitShare),
    percent(c.readShare),
    rate(c.appendTradesPerSecond),
    rate(c.readTradesPerSecond),
    ...times(c.commitMs),
    ...times(c.outputMs),
  ]);
  const right = heading.map((_, i) => i).slice(1);
  host.stdout.write(`${alignColumns([heading, ...rows], right).join('\n')}\n`);
  if (report.workers.length > 0) host.stdout.write(`\n${workersText(report.workers).join('\n')}\n`);
}

function workersText(cases: readonly WorkersCase[]): readonly string[] {
  const heading = ['Kafka', 'instruments', 'trades', 'all together', 'committed p50', 'p99'];
  const rows = cases.map(({ workers, instruments, trades, tradesPerSecond, committedMs }) => [
    workers === 1 ? '1 worker' : `${workers} workers`,
    String(instruments),
    formatCount(trades),
    `${(tradesPerSecond / 1e6).toFixed(3)} M/s`,
    `${committedMs.p50} ms`,
    `${committedMs.p99} ms`,
  ]);
  return alignColumns([heading, ...rows], heading.map((_, i) => i).slice(1));
}
