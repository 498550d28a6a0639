import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TaskState } from '../contracts/journal.ts';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { assert } from '../errors.ts';
import { findInstrument, type Instrument } from '../market/instrument.ts';
import { taskKey } from '../runtime/checkpoint.ts';
import type { BenchTape } from './bench-cases.ts';
import { type Latency, type LogBench, latencyOf, pause } from './bench-log.ts';
import type { ClusterLog } from './host.ts';
import { StartedProgram } from './started-program.ts';
import { writeText } from './write-text.ts';

/** What workers of a group on Kafka bring about together. */
export interface WorkersCase {
  readonly workers: number;
  readonly instruments: number;
  /** Of all instruments, from the first record to the commit of the last. */
  readonly trades: number;
  readonly tradesPerSecond: number;
  /** From producing a batch to reading what the worker committed of it. Workers commit every 100 ms. */
  readonly committedMs: Latency;
}

const symbols = ['ES', 'NQ'];
const lookEveryMs = 2;
const underWay = 512;
/** Batches held back from the tape and produced one by one in the end. */
const singles = 100;
const singleEveryMs = 37;
const patienceMs = 600_000;

/** Where the task of one instrument has committed to. */
class Follower {
  /** Next offset of the market that the task reads. */
  private position = 0;
  private from = 0;
  private readonly log: ClusterLog;
  private readonly flow: string;
  private readonly instrument: Instrument;

  constructor(log: ClusterLog, flow: string, instrument: Instrument) {
    this.log = log;
    this.flow = flow;
    this.instrument = instrument;
  }

  /** Reads on in the committed state. */
  private async look(): Promise<void> {
    const { symbol, number } = this.instrument;
    const records = await this.log.read(`${this.flow}.state`, number, this.from, 1_000);
    for (const { key, value, offset } of records) {
      this.from = offset + 1;
      if (key !== `${symbol}/${taskKey}`) continue;
      this.position = (JSON.parse(String(value)) as TaskState).offsets[marketTopic] ?? 0;
    }
  }

  /** Resolves once the task has committed what it made of the last record of its market. */
  async untilEnd(): Promise<void> {
    const last = await lastOf(this.log, this.instrument.number);
    for (await this.look(); this.position <= last; await this.look()) await pause(lookEveryMs);
  }
}

/** Appends batches of one instrument; resolves when they are all in the log. */
async function bring(
  log: ClusterLog,
  { symbol, number }: Instrument,
  batches: readonly Uint8Array[],
): Promise<void> {
  const appends: Promise<void>[] = [];
  for (const [i, value] of batches.entries()) {
    const record = { topic: marketTopic, key: symbol, ts: i, schema: marketSchema, value };
    appends.push(log.append(number, [record], { source: 'bench-tape', value: String(i) }));
    if (appends.length >= underWay) await appends.shift();
  }
  await Promise.all(appends);
}

/** Whether the last thing that each worker said of its partitions is that all are open, and there are so many. */
function isShared(workers: readonly StartedProgram[], each: number): boolean {
  return workers.every(({ err }) => {
    const events = err.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
    const told = events.map(
      (line) => JSON.parse(line) as { event: string; instruments?: string[] },
    );
    const given = told.findLastIndex(({ event }) => event === 'partitions');
    const open = told.findLastIndex(({ event }) => event === 'rebalanced');
    return open > given && told[given]?.instruments?.length === each;
  });
}

/** Writes the flow for the instruments of this measurement, without its sources' instruments; returns the file. */
function flowOf({ host, graph, home }: LogBench): string {
  const text = host.readText(graph.file) ?? '';
  const line = /^instruments:.*$/m;
  assert(line.test(text), 'the flow of a bench names its instruments in one line');
  const file = join(home, `orderflow-bench-${randomUUID()}`, `${graph.name}.flow.yaml`);
  writeText(host, file, text.replace(line, `instruments: [${symbols.join(', ')}]`));
  return file;
}

async function measure(
  log: ClusterLog,
  workers: readonly StartedProgram[],
  flow: string,
  { batches, trades }: BenchTape,
): Promise<WorkersCase> {
  const instruments = symbols.map((symbol) => findInstrument(symbol));
  const [bulk, rest] = [batches.slice(0, -singles), batches.slice(-singles)];
  const each = symbols.length / workers.length;
  await workers[0]?.until('the workers at work', () => isShared(workers, each), patienceMs);
  const followers = instruments.map((instrument) => new Follower(log, flow, instrument));
  const start = performance.now();
  await Promise.all(instruments.map((instrument) => bring(log, instrument, bulk)));
  await Promise.all(followers.map((follower) => follower.untilEnd()));
  const ms = performance.now() - start;
  const times: number[] = [];
  for (const [i, batch] of rest.entries()) {
    const [instrument, follower] = [instruments[i % 2], followers[i % 2]];
    if (!instrument || !follower) continue;
    const from = performance.now();
    await bring(log, instrument, [batch]);
    await follower.untilEnd();
    times.push(performance.now() - from);
    await pause(singleEveryMs);
  }
  const all = Math.round(((trades * bulk.length) / batches.length) * symbols.length);
  return {
    workers: workers.length,
    instruments: symbols.length,
    trades: all,
    tradesPerSecond: Math.round((all / ms) * 1_000),
    committedMs: latencyOf(times),
  };
}

/** Returns the offset of the last market record: marks of transactions come after it. */
async function lastOf(log: ClusterLog, partition: number): Promise<number> {
  const end = await log.end(marketTopic, partition);
  for (let back = 1; back <= end; back += 1) {
    const [record] = await log.read(marketTopic, partition, end - back, 1);
    if (record) return record.offset;
  }
  return -1;
}

/**
 * Measures groups of one and of two processes of `orderflow worker` that share instruments over a cluster, all of them
 * beside this process, which brings the market.
 */
export async function measureGroups(bench: LogBench): Promise<readonly WorkersCase[]> {
  return [await measureGroup(bench, 1), await measureGroup(bench, 2)];
}

async function measureGroup(bench: LogBench, count: number): Promise<WorkersCase> {
  const { host, graph, tape, note } = bench;
  note(`measuring ${count} ${count === 1 ? 'worker' : 'workers'} on Kafka`);
  const part = `bench-${randomUUID().slice(0, 8)}.`;
  const file = flowOf(bench);
  const log = await host.openKafkaLog(part);
  const env = { KAFKA_PREFIX: `${host.env['KAFKA_PREFIX'] ?? ''}${part}` };
  const words = ['worker', file, '--no-sources', '--log-format', 'json'];
  const workers = Array.from({ length: count }, () => new StartedProgram(words, env));
  try {
    const result = await measure(log, workers, graph.name, tape);
    await Promise.all(workers.map((worker) => worker.stop()));
    return result;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    await log.discard?.();
    await log.close();
    host.removeFolder(join(file, '..'));
  }
}
