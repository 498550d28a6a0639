import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Log } from '../runtime/ports.ts';
import { TaskRunner } from '../runtime/runner.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { readArguments } from './arguments.ts';
import { readinessOf } from './health.ts';
import { opsOptions, withOps } from './health-run.ts';
import { openOps } from './health-server.ts';
import { HostDouble } from './host-double.ts';
import { RunMetrics } from './metrics.ts';
import { metricsContentType } from './metrics-text.ts';
import { runFlow } from './run-flow.ts';

const graph = madeFlow(madeSource((a) => writeBatches(a, 5)));
const words = (...args: string[]): ReturnType<typeof readArguments> =>
  readArguments({ name: 'run', words: [], options: opsOptions }, args);

interface Bench {
  now: number;
  readonly log: FaultyLog;
  readonly metrics: RunMetrics;
}

function bench(): Bench {
  const made: Bench = {
    now: 0,
    log: new FaultyLog(),
    metrics: new RunMetrics(graph, { wallClock: () => made.now, epochMs: () => 0 }),
  };
  made.metrics.expect('ES');
  return made;
}

async function open({ log, metrics }: Bench): Promise<void> {
  const runner = await TaskRunner.open(log, graph, graph.instruments[0]!, { wallClock: () => 0 });
  metrics.opened(runner);
}

const waiting = { topic: 'market.data', key: 'ES', ts: 1, schema: 'market-batch/1', value: '' };

describe('readiness', () => {
  it('waits until the task is restored', async () => {
    const made = bench();
    expect(await readinessOf(made.metrics, made.log)).toMatchObject({
      ready: false,
      reasons: ['task made.ES is not restored yet'],
      tasks: [{ flow: 'made', instrument: 'ES', restored: false, eventTime: null, lag: [] }],
    });
    await open(made);
    expect(await readinessOf(made.metrics, made.log)).toMatchObject({ ready: true, reasons: [] });
  });

  it('ends when input waits and nobody takes it, and not while there is none', async () => {
    const made = bench();
    await open(made);
    made.now = 45_000;
    expect((await readinessOf(made.metrics, made.log)).ready).toBe(true);
    await made.log.append(0, [waiting]);
    expect((await readinessOf(made.metrics, made.log)).reasons).toEqual([
      'task made.ES is stalled: input waits and none was taken for 45 s',
    ]);
    made.now = 20_000;
    expect((await readinessOf(made.metrics, made.log)).ready).toBe(true);
  });

  it('ends when the log is out of reach', async () => {
    const made = bench();
    await open(made);
    const broken = { end: () => Promise.reject(new Error('connection lost')) } as unknown as Log;
    expect((await readinessOf(made.metrics, broken)).reasons).toEqual([
      'the log is out of reach for task made.ES: connection lost',
    ]);
  });

  it('ends when a task is down, and says of what', async () => {
    const made = bench();
    await open(made);
    made.metrics.failed('ES', new Error('out of order'));
    expect((await readinessOf(made.metrics, made.log)).reasons).toEqual([
      'task made.ES is down: out of order',
    ]);
    await open(made);
    expect((await readinessOf(made.metrics, made.log)).ready).toBe(true);
  });

  it('ends when a source fails, until its task is opened again', async () => {
    const made = bench();
    await open(made);
    made.metrics.sourceFailed('ES', new Error('connection lost'));
    expect((await readinessOf(made.metrics, made.log)).reasons).toEqual([
      'the source of task made.ES has failed: connection lost',
    ]);
    await open(made);
    expect((await readinessOf(made.metrics, made.log)).ready).toBe(true);
  });

  it('stays with a quarantined node, which is told of as less than whole', async () => {
    const made = bench();
    await open(made);
    const node = made.metrics.tasks.get('ES')?.runner?.task.nodes[0];
    if (!node) throw new Error('the flow of the test has nodes');
    node.quarantined = true;
    expect(await readinessOf(made.metrics, made.log)).toMatchObject({
      ...{ ready: true, reasons: [] },
      degraded: [`node '${node.id}' of made.ES is quarantined`],
    });
  });

  it('does not look at tasks that other processes run', async () => {
    const made = bench();
    made.metrics.gone('ES');
    expect(await readinessOf(made.metrics, made.log)).toEqual({
      ready: true,
      reasons: [],
      degraded: [],
      tasks: [],
    });
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

function ask(url: string, more: { method?: string; headers?: object } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, more as object, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () =>
        resolve({ status: response.statusCode, type: response.headers['content-type'], body }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('the endpoint for operators', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function listen(made: Bench, port = '0'): Promise<string> {
    const ops = await openOps(new HostDouble([]), words('--ops', port), made.metrics, made.log);
    if (!ops) throw new Error('it was asked for');
    closing.push(ops.close);
    return ops.url;
  }

  it('is closed unless it is asked for, by option or environment', async () => {
    const made = bench();
    const host = new HostDouble([]);
    expect(await openOps(host, words(), made.metrics, made.log)).toBeNull();
    host.env['ORDERFLOW_OPS_PORT'] = '0';
    const ops = await openOps(host, words(), made.metrics, made.log);
    expect(ops?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await ops?.close();
    for (const port of ['65536', 'x', '-1', '1.5'])
      await expect(listen(made, port)).rejects.toThrow(/^OF_CLI_VALUE '--ops' expected a port/);
  });

  it('serves metrics, liveness and readiness with its reasons', async () => {
    const made = bench();
    const url = await listen(made);
    const metrics = await ask(`${url}/metrics`);
    expect(metrics).toMatchObject({ status: 200, type: metricsContentType });
    expect(metrics.body.endsWith('# EOF\n')).toBe(true);
    expect(JSON.parse((await ask(`${url}/health`)).body)).toMatchObject({
      status: 'alive',
      flow: 'made',
    });
    const before = await ask(`${url}/ready`);
    expect(before.status).toBe(503);
    expect(JSON.parse(before.body)).toMatchObject({
      reasons: ['task made.ES is not restored yet'],
    });
    await open(made);
    expect((await ask(`${url}/ready`)).status).toBe(200);
    expect((await ask(`${url}/`)).status).toBe(404);
  });

  it('answers nobody who changes things or asks under another name', async () => {
    const url = await listen(bench());
    expect((await ask(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    const elsewhere = await ask(`${url}/metrics`, { headers: { host: 'evil.example' } });
    expect(elsewhere.status).toBe(403);
  });

  it('says when its port is taken', async () => {
    const url = await listen(bench());
    await expect(listen(bench(), new URL(url).port)).rejects.toThrow(/^OF_OPS_PORT port \d+/);
  });
});

describe('a run with lines for programs', () => {
  it('writes one object a line on the error output, and an error as one of them', async () => {
    const host = new HostDouble([]);
    host.env['SECRET_TOKEN'] = 'do-not-tell';
    const log = new FaultyLog();
    const args = words('--log-format', 'json');
    const code = await withOps(host, args, { graph, log }, async ({ told, metrics }) => {
      told?.started(graph, ['made-source']);
      const end = await runFlow({
        host,
        log,
        graph,
        explain: true,
        keep: true,
        signal: new AbortController().signal,
        opened: (runner) => {
          metrics.opened(runner);
          told?.opened(runner);
        },
      });
      told?.ended(end);
      return 0;
    });
    expect(code).toBe(0);
    const lines = host.errors.trim().split('\n');
    const parsed = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(parsed.map(({ level, event, flow }) => [level, event, flow])).toEqual([
      ['info', 'run-started', 'made'],
      ['info', 'task-opened', 'made'],
      ['info', 'stopped', 'made'],
    ]);
    for (const { time } of parsed) expect(String(time)).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);
    expect(parsed[1]).toMatchObject({ instrument: 'ES', resumed: false, eventTime: null });
    expect(parsed[2]?.['eventTime']).toBe('2025-11-19T15:02:13.000000Z');
    expect(host.errors + host.written).not.toContain('do-not-tell');
    const failing = await withOps(host, args, { graph, log }, async () => {
      throw new Error('out of order');
    });
    expect(failing).toBe(3);
    expect(JSON.parse(host.errors.trim().split('\n').at(-1) ?? '')).toMatchObject({
      level: 'error',
      event: 'failed',
      code: null,
      error: 'out of order',
    });
  });

  it('leaves out what is less serious than asked for, and text stays the default', async () => {
    const host = new HostDouble([]);
    const of = { graph, log: new FaultyLog() };
    await withOps(host, words('--log-format', 'json', '--log-level', 'warn'), of, async (desk) => {
      desk.told?.started(graph, []);
      return 0;
    });
    await withOps(host, words(), of, async (desk) => {
      expect(desk.told).toBeNull();
      return 0;
    });
    expect(host.errors).toBe('');
    await expect(withOps(host, words('--log-format', 'xml'), of, async () => 0)).rejects.toThrow(
      /^OF_CLI_VALUE '--log-format' expected text or json, was 'xml'/,
    );
  });
});
