import type { MetricFamily } from '../metrics-text.ts';
import { markdownTable } from './markdown-table.ts';

/** A metric as a list names it. */
export type MetricFact = Pick<MetricFamily, 'name' | 'kind' | 'unit' | 'help'>;

/** Writes the page for operators: the endpoint, and every metric. */
export function metricsPage(metrics: readonly MetricFact[]): string {
  const rows = metrics.map(({ name, kind, unit, help }) => [
    `\`${name}${kind === 'counter' ? '_total' : ''}\``,
    kind,
    unit ?? 'count',
    help,
  ]);
  return [
    '# For operators',
    '',
    'Made by `npm run docs`. `start`, `run` and `worker` take `--ops PORT` (or `ORDERFLOW_OPS_PORT`; 0 takes a free port) and then',
    'answer on 127.0.0.1:',
    '',
    markdownTable(
      ['path', 'answer'],
      [
        [
          '`/metrics`',
          'the metrics below, as OpenMetrics text; of a histogram `_bucket`, `_sum` and `_count`',
        ],
        ['`/health`', '200 as long as the process answers'],
        [
          '`/ready`',
          '200, or 503 with `reasons`: a task is not restored, is down or takes no record although input waits; its source has failed; the log is out of reach. `degraded` names quarantined nodes: they stay so over a start, so the process counts as ready',
        ],
      ],
    ),
    '',
    'Metrics of a task have the labels `flow` and `instrument`.',
    '',
    markdownTable(['metric', 'kind', 'unit', 'what'], rows),
    '',
  ].join('\n');
}
