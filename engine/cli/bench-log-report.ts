import type { LogCase } from './bench-log.ts';
import type { Host } from './host.ts';
import { alignColumns } from './text-table.ts';

/** What `bench --log --json` prints. */
export interface LogsReport {
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
  readonly flow: string;
  readonly cases: readonly LogCase[];
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
}
