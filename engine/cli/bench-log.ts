import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { assert, isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { type AnySource, definePlugin } from '../plugin/define-plugin.ts';
import type { Log, NewRecord } from '../runtime/ports.ts';
import { type BenchTape, runTape } from './bench-cases.ts';
import type { ClusterLog, Host } from './host.ts';
import { runFlow } from './run-flow.ts';

/** Median and 99th percentile, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** What one backend of the log costs. */
export interface LogCase {
  readonly log: Log['kind'];
  readonly trades: number;
  /** The whole flow: source, log, task, outputs committed. */
  readonly flowTradesPerSecond: number;
  /** Shares of that run's wall time that the task waited for reads and for commits, and that it computed. */
  readonly readShare: number;
  readonly commitShare: number;
  readonly taskShare: number;
  /** Batches appended by a source that does not wait, and read again. */
  readonly appendTradesPerSecond: number;
  readonly readTradesPerSecond: number;
  /** A commit of twenty outputs, a hundred times a second. */
  readonly commitMs: Latency;
  /** From the call of a commit to another task that has its output. */
  readonly outputMs: Latency;
}

/** What is measured. */
export interface LogBench {
  readonly host: Host;
  readonly graph: FlowGraph;
  readonly tape: BenchTape;
  /** Folder in which the local log gets one of its own, removed in the end. */
  readonly home: string;
  readonly note: (text: string) => void;
}

const commits = 300;
const outputsPerCommit = 20;
const everyMs = 10;
const underWay = 512;
const tapeTopic = 'bench.tape';

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Returns the percentiles of times; sorts them. */
export function latencyOf(times: number[]): Latency {
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.floor(times.length * share)] ?? Number.NaN) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}

function tapeSource({ batches }: BenchTape): AnySource {
  return definePlugin({
    id: 'bench-tape',
    kind: 'source',
    version: '1.0.0',
    api: 1,
    summary: 'Plays a tape that lies in memory',
    needs: [],
    in: {},
    out: { market: { kind: 'market', takes: ['trade', 'quote'] } },
    config: z.object({}),
    examples: [],
    open: async (run) => {
      const from = run.resume === null ? 0 : Number(run.resume) + 1;
      for (const [i, batch] of batches.entries()) if (i >= from) await run.write(batch, String(i));
    },
  });
}

/** Share of the tape that is played before the clock starts: topics are made, and the code is warm. */
const warmShare = 0.1;

async function wholeFlow(
  { host, graph, tape }: LogBench,
  log: Log,
): Promise<Pick<LogCase, 'flowTradesPerSecond' | 'readShare' | 'commitShare' | 'taskShare'>> {
  const place = { file: graph.file, line: 1, col: 1 };
  const playing = (batches: BenchTape['batches']) => ({
    ...graph,
    sources: [{ id: 'market', plugin: tapeSource({ ...tape, batches }), config: {}, place }],
  });
  const signal = new AbortController().signal;
  const warm = tape.batches.slice(0, Math.ceil(tape.batches.length * warmShare));
  await runFlow({ host, log, graph: playing(warm), explain: true, keep: true, signal });
  const clock = (): number => host.wallClock();
  const start = clock();
  const { sourceErrors, runners } = await runFlow({
    host,
    log,
    graph: playing(tape.batches),
    explain: true,
    keep: true,
    signal,
  });
  const wall = clock() - start;
  if (sourceErrors.length > 0) throw sourceErrors[0];
  const share = (part: number): number => Math.round((part / wall) * 1_000) / 1_000;
  const ms = runners[0]?.waitedMs ?? { read: Number.NaN, commit: Number.NaN };
  return {
    flowTradesPerSecond: Math.round(((tape.trades * (1 - warmShare)) / wall) * 1_000),
    readShare: share(ms.read),
    commitShare: share(ms.commit),
    taskShare: share(wall - ms.read - ms.commit),
  };
}

async function throughput(
  { host, tape }: LogBench,
  log: Log,
): Promise<Pick<LogCase, 'appendTradesPerSecond' | 'readTradesPerSecond'>> {
  const perSecond = (ms: number): number => Math.round((tape.trades / ms) * 1_000);
  const start = host.wallClock();
  const appends: Promise<void>[] = [];
  for (const [i, value] of tape.batches.entries()) {
    const record = { topic: tapeTopic, key: 'ES', ts: i, schema: marketSchema, value };
    appends.push(log.append(0, [record], { source: 'bench-tape', value: String(i) }));
    if (appends.length >= underWay) await appends.shift();
  }
  await Promise.all(appends);
  const appended = host.wallClock();
  const task = await log.openTask('bench-read.ES', 0, [tapeTopic]);
  const from = host.wallClock();
  for (let offset = 0; ; ) {
    const records = await task.read({ [tapeTopic]: offset }, 256, 0);
    const last = records.at(-1);
    if (!last) break;
    offset = last.offset + 1;
  }
  const read = host.wallClock();
  await task.close();
  return {
    appendTradesPerSecond: perSecond(appended - start),
    readTradesPerSecond: perSecond(read - from),
  };
}

async function latencies(
  { host }: LogBench,
  log: Log,
): Promise<Pick<LogCase, 'commitMs' | 'outputMs'>> {
  const writer = await log.openTask('bench-write.ES', 0, [marketTopic]);
  const reader = await log.openTask('bench-listen.ES', 0, ['bench-write.one.out']);
  const outputs = Array.from(
    { length: outputsPerCommit },
    (_, i): NewRecord => ({
      topic: i % 4 === 0 ? 'bench-write.one.out' : 'bench-write.journal',
      key: 'ES',
      ts: i,
      schema: 'signal/1',
      seq: i,
      value: JSON.stringify({ seq: i, text: 'x'.repeat(200) }),
    }),
  );
  const [commitMs, outputMs]: [number[], number[]] = [[], []];
  let position = 0;
  for (let i = 0; i < commits; i += 1) {
    const start = host.wallClock();
    const listening = reader.read({ 'bench-write.one.out': position }, 1_000, 10_000);
    await writer.commit({ outputs, state: [{ key: '@task', value: `{"seq":${i}}` }] });
    commitMs.push(host.wallClock() - start);
    position = ((await listening).at(-1)?.offset ?? position) + 1;
    outputMs.push(host.wallClock() - start);
    await pause(everyMs);
  }
  await reader.close();
  await writer.close();
  return { commitMs: latencyOf(commitMs), outputMs: latencyOf(outputMs) };
}

async function measure(bench: LogBench, log: Log): Promise<LogCase> {
  bench.note(`measuring the ${log.kind} log`);
  const flow = await wholeFlow(bench, log);
  const rates = await throughput(bench, log);
  const times = await latencies(bench, log);
  return { log: log.kind, trades: bench.tape.trades, ...flow, ...rates, ...times };
}

/** Measures every backend of the log in one run; Kafka where a broker answers. */
export async function measureLogs(bench: LogBench): Promise<readonly LogCase[]> {
  const { host, home, note, graph, tape } = bench;
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  note('warming the flow up');
  // The first log would else be measured with cold code, the others with warm.
  runTape({ graph, instrument, tape, options: { explain: true }, repeats: 1 }, () => 0);
  const cases: LogCase[] = [];
  const memory = host.openMemoryLog();
  cases.push(await measure(bench, memory));
  await memory.close();
  const folder = join(home, `orderflow-bench-${randomUUID()}`);
  const local = host.openLocalLog(folder, 'owner');
  cases.push(await measure(bench, local));
  await local.close();
  host.removeFolder(folder);
  const kafka = await kafkaOf(host, note);
  if (kafka) {
    cases.push(await measure(bench, kafka));
    await kafka.discard?.();
    await kafka.close();
  }
  return cases;
}

async function kafkaOf(host: Host, note: (text: string) => void): Promise<ClusterLog | null> {
  try {
    return await host.openKafkaLog(`bench-${randomUUID().slice(0, 8)}.`);
  } catch (error) {
    if (!isOrderflowError(error, 'OF_KAFKA_UNREACHABLE')) throw error;
    note(`skipped: kafka (${error.message})`);
    return null;
  }
}
