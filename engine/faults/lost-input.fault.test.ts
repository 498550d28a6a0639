import { describe, expect, it } from 'vitest';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import { TaskRunner } from '../runtime/runner.ts';
import { crashFlow, crashInstrument, fillCrashLog, outputsOf, runCrashFlow } from './crash-flow.ts';
import { FaultyLog } from './faulty-log.ts';

const graph = crashFlow();
const { topics } = graph;

const other = { topic: 'test.more', key: 'ES', ts: 1, schema: 'cancel/1', value: '{}' };

/** A log whose task has committed half of its input without a checkpoint; so many records of another topic come first. */
async function halfRun(others = 0): Promise<FaultyLog> {
  const log = new FaultyLog();
  for (let i = 0; i < others; i += 1) await log.append(crashInstrument.number, [other]);
  await fillCrashLog(log, 6);
  let now = 0;
  const wallClock = (): number => (now += 50);
  const options = { wallClock, commitEveryMs: 1, checkpointEveryMs: 1e9 };
  const half = readingAs(log, (records) => records.slice(0, 12));
  const runner = await TaskRunner.open(half, graph, crashInstrument, options);
  expect(await runner.runOnce(0)).toBe(12);
  await runner.abandon();
  return log;
}

/** The log as tasks see it that read through something. */
function readingAs(
  log: FaultyLog,
  through: (records: readonly StoredRecord[], waitMs: number) => readonly StoredRecord[],
): Log {
  const openTask: Log['openTask'] = async (...words) => {
    const task = await log.openTask(...words);
    return {
      ...task,
      read: async (positions, limit, waitMs) =>
        through(await task.read(positions, limit, waitMs), waitMs),
    };
  };
  return Object.assign(Object.create(log) as FaultyLog, { openTask });
}

const open = (log: Log, flow: FlowGraph = graph): Promise<TaskRunner> =>
  TaskRunner.open(log, flow, crashInstrument, { wallClock: () => 0 });

describe('input that is to be run again', () => {
  it('is waited for while it is late, and then run', async () => {
    const log = await halfRun();
    const waits: number[] = [];
    const late = readingAs(log, (records, waitMs) => {
      waits.push(waitMs);
      return waits.length <= 5 ? [] : records;
    });
    await runCrashFlow(late, graph);
    expect(waits.slice(0, 6)).toEqual([0, 250, 250, 250, 250, 250]);
    const whole = new FaultyLog();
    await fillCrashLog(whole, 6);
    await runCrashFlow(whole, graph);
    expect(await outputsOf(log, graph.name)).toEqual(await outputsOf(whole, graph.name));
  });

  it('and never comes is told of with its place', async () => {
    const log = await halfRun();
    const market = await log.end('market.data', crashInstrument.number);
    await expect(open(readingAs(log, () => []))).rejects.toThrow(
      /^OF_LOG_MISSING topic 'market\.data' partition 0: 'crash\.ES' expected records from offset 0 up to (\d+) to run again, was a gap there/,
    );
    const shorter = Object.assign(
      readingAs(log, () => []),
      { end: async () => 3 },
    );
    await expect(open(shorter)).rejects.toThrow(/was an end at offset 3;/);
    expect(market).toBe(30);
  });

  it('and lies in a hole of the log is told of without waiting', async () => {
    const log = await halfRun();
    let reads = 0;
    const holed = readingAs(log, (records) => {
      reads += 1;
      return records.filter(({ offset }) => offset < 4 || offset > 15);
    });
    await expect(open(holed)).rejects.toMatchObject({
      code: 'OF_LOG_MISSING',
      facts: { topic: 'market.data', from: 4 },
    });
    expect(reads).toBeLessThan(4);
  });

  it('is all that is run again where the flow reads another topic by now', async () => {
    const log = await halfRun(300);
    const runner = await open(log, { ...graph, topics: [...topics, other.topic] });
    expect(runner.recovery?.records).toBe(12);
    expect(runner.task.offsets[other.topic]).toBeUndefined();
  });
});
