import { describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { HostDouble } from './host-double.ts';
import { RunMetrics } from './metrics.ts';
import { Histogram, type MetricFamily, metricsText } from './metrics-text.ts';
import { runFlow } from './run-flow.ts';

/** What the ABNF of OpenMetrics 1.0 allows on a line of a family. */
const line =
  /^(# (TYPE \w+ (counter|gauge|histogram)|UNIT \w+ \w+|HELP \w+ ([^\\"\n]|\\[n"\\])*)|[a-zA-Z_:][\w:]*(\{[a-zA-Z_]\w*="([^\\"\n]|\\[n"\\])*"(,[a-zA-Z_]\w*="([^\\"\n]|\\[n"\\])*")*\})? (NaN|[+-]Inf|-?\d+(\.\d*)?(e[+-]?\d+)?))$/;

/** Samples of a text by their line without the value. */
function samplesOf(text: string): ReadonlyMap<string, number> {
  const samples = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
  return new Map(
    samples.map((row) => [
      row.slice(0, row.lastIndexOf(' ')),
      Number(row.slice(row.lastIndexOf(' ') + 1)),
    ]),
  );
}

async function measured(
  graph: FlowGraph,
): Promise<{ readonly text: string; readonly metrics: RunMetrics; readonly log: FaultyLog }> {
  const log = new FaultyLog();
  const host = new HostDouble([]);
  const metrics = new RunMetrics(graph, {
    wallClock: () => (host.now += 0.005),
    epochMs: () => Date.UTC(2025, 10, 20),
  });
  await runFlow({
    host,
    log: metrics.watch(log),
    graph,
    explain: true,
    keep: true,
    signal: new AbortController().signal,
    opened: (runner) => metrics.opened(runner),
  });
  return { text: metricsText(await metrics.families(log)), metrics, log };
}

describe('the text of metrics', () => {
  it('is what OpenMetrics 1.0 says: metadata in order, suffixes, cumulated buckets, an end', () => {
    const histogram = new Histogram([0.5, 1, 2.5]);
    histogram.observe(0.2);
    histogram.observe(1, 2);
    histogram.observe(9);
    const families: MetricFamily[] = [
      {
        name: 'a_rows',
        kind: 'counter',
        help: 'Rows of "a"\nand \\.',
        points: [{ labels: { flow: 'f"\\\n' }, value: 3 }],
      },
      {
        name: 'b_seconds',
        kind: 'histogram',
        unit: 'seconds',
        help: 'Time.',
        points: [{ labels: { flow: 'f' }, histogram }],
      },
      {
        name: 'c',
        kind: 'gauge',
        help: 'C.',
        points: [
          { labels: {}, value: Infinity },
          { labels: {}, value: NaN },
        ],
      },
    ];
    expect(metricsText(families)).toBe(
      [
        '# TYPE a_rows counter',
        String.raw`# HELP a_rows Rows of \"a\"\nand \\.`,
        String.raw`a_rows_total{flow="f\"\\\n"} 3`,
        '# TYPE b_seconds histogram',
        '# UNIT b_seconds seconds',
        '# HELP b_seconds Time.',
        'b_seconds_bucket{flow="f",le="0.5"} 1',
        'b_seconds_bucket{flow="f",le="1.0"} 3',
        'b_seconds_bucket{flow="f",le="2.5"} 3',
        'b_seconds_bucket{flow="f",le="+Inf"} 4',
        'b_seconds_count{flow="f"} 4',
        'b_seconds_sum{flow="f"} 11.2',
        '# TYPE c gauge',
        '# HELP c C.',
        'c +Inf',
        'c NaN',
        '# EOF',
        '',
      ].join('\n'),
    );
  });
});

describe('the metrics of a run', () => {
  it('count what the task did, in lines the format allows', async () => {
    const graph = madeFlow(madeSource((a) => writeBatches(a, 200)));
    const { text, metrics, log } = await measured(graph);
    const rows = text.split('\n');
    expect(rows.slice(-2)).toEqual(['# EOF', '']);
    expect(rows.slice(0, -2).filter((row) => !line.test(row))).toEqual([]);
    const samples = samplesOf(text);
    const of = (name: string, labels = ''): number | undefined =>
      samples.get(`${name}{flow="made",instrument="ES"${labels}}`);
    const task = metrics.tasks.get('ES')?.runner?.task;
    expect(of('orderflow_rows_total')).toBe(800);
    expect(of('orderflow_step_microseconds_count')).toBe(200);
    // Each reading of the clock takes 5 µs here, and a step reads it twice.
    expect(of('orderflow_step_microseconds_sum')).toBeCloseTo(200 * 5);
    expect(of('orderflow_macrosteps_total')).toBe(task?.journal.seq);
    expect(of('orderflow_commits_total')).toBe(of('orderflow_commit_seconds_count'));
    expect(of('orderflow_commits_total')).toBeGreaterThan(0);
    expect(of('orderflow_late_rows_total')).toBe(0);
    expect(of('orderflow_quarantined_nodes')).toBe(0);
    expect(of('orderflow_input_lag_records', ',topic="market.data",partition="0"')).toBe(0);
    expect(of('orderflow_event_time_skew_seconds')).toBeCloseTo(
      Date.UTC(2025, 10, 20) / 1e3 - (task?.clock.now ?? 0) / 1e6,
    );
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    await log.append(0, [
      { topic: 'market.data', key: 'ES', ts: 1, schema: 'market-batch/1', value: '' },
    ]);
    expect(metricsText(await metrics.families(log))).toContain(
      'orderflow_input_lag_records{flow="made",instrument="ES",topic="market.data",partition="0"} 1\n',
    );
  });

  it('count how often each guard was asked and held, from the committed journal', async () => {
    const graph = madeFlow(madeSource((a) => writeBatches(a, 200)));
    const { text, log } = await measured(graph);
    const journal = await log.read('made.journal', 0, 0, 10_000);
    const asked = new Map<string, { evaluated: number; passed: number }>();
    for (const { value } of journal) {
      const { explain = [], taken } = JSON.parse(String(value)) as {
        explain?: { transition: string; verdict: string }[];
        taken: string[];
      };
      for (const { transition, verdict } of explain) {
        const count = asked.get(transition) ?? { evaluated: 0, passed: 0 };
        asked.set(transition, count);
        count.evaluated += 1;
        if (verdict === 'fired' && taken.includes(transition)) count.passed += 1;
      }
    }
    const guarded = [...samplesOf(text)].filter(([name]) =>
      name.startsWith('orderflow_guard_evaluations_total'),
    );
    expect(guarded.length).toBeGreaterThan(0);
    for (const [name, evaluated] of guarded) {
      const transition = /transition="([^"]+)"/.exec(name)?.[1] ?? '';
      const passed = samplesOf(text).get(name.replace('evaluations', 'passes'));
      const expected = asked.get(transition) ?? { evaluated: 0, passed: 0 };
      expect({ transition, evaluated, passed }).toEqual({ transition, ...expected });
    }
    expect(guarded.some(([, evaluated]) => evaluated > 0)).toBe(true);
  });

  it('leave out the lag while the log is out of reach, and nothing else', async () => {
    const { metrics } = await measured(madeFlow(madeSource((a) => writeBatches(a, 10))));
    const away = { end: () => Promise.reject(new Error('connection lost')) } as unknown as Log;
    const text = metricsText(await metrics.families(away));
    expect(text).toContain('# TYPE orderflow_input_lag_records gauge\n');
    expect(text).not.toContain('orderflow_input_lag_records{');
    expect(text).toContain('orderflow_rows_total{flow="made",instrument="ES"} 40\n');
  });

  it('count dead letters and quarantined nodes', async () => {
    const graph = madeFlow(madeSource((a) => writeBatches(a, 3)));
    const nodes = graph.nodes.map((node) => ({
      ...node,
      plugin: {
        ...node.plugin,
        sensor: {
          ...node.plugin.sensor,
          trade: () => {
            throw new Error('no more');
          },
        },
      },
    }));
    const { text } = await measured({ ...graph, nodes: nodes as unknown as FlowGraph['nodes'] });
    expect(text).toContain('orderflow_dead_letters_total{flow="made",instrument="ES"} 1\n');
    expect(text).toContain('orderflow_quarantined_nodes{flow="made",instrument="ES"} 1\n');
  });
});
