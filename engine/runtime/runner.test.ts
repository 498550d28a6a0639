import { beforeEach, describe, expect, it } from 'vitest';
import { crashFlow, crashInstrument, fillCrashLog, outputsOf } from '../faults/crash-flow.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Commit, TaskLog } from './ports.ts';
import { TaskRunner } from './runner.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const graph = crashFlow();

/** A log whose commits take until a test lets them happen, as on a cluster. */
class SlowLog extends FaultyLog {
  /** Commits under way: what they write, and how to end them. */
  readonly underWay: { readonly commit: Commit; readonly end: (error?: Error) => void }[] = [];
  isSlow = true;

  override async openTask(...words: Parameters<FaultyLog['openTask']>): Promise<TaskLog> {
    const task = await super.openTask(...words);
    const commit = async (all: Commit): Promise<void> => {
      if (this.isSlow)
        await new Promise<void>((resolve, reject) => {
          const end = (error?: Error): void => (error ? reject(error) : resolve());
          this.underWay.push({ commit: all, end });
        });
      await task.commit(all);
    };
    return { ...task, commit };
  }
}

let log = new SlowLog();

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await turn();
}

async function stateOf(promise: Promise<unknown>): Promise<'running' | 'over'> {
  const over = promise.then(
    () => 'over' as const,
    () => 'over' as const,
  );
  return Promise.race([over, turns(5).then(() => 'running' as const)]);
}

function open(commitEveryRecords = 3): Promise<TaskRunner> {
  const options = { wallClock: () => 0, turn, commitEveryRecords, commitEveryMs: Infinity };
  return TaskRunner.open(log, graph, crashInstrument, options);
}

async function untilUnderWay(count: number): Promise<void> {
  for (let i = 0; log.underWay.length < count && i < 1_000; i += 1) await turn();
  expect(log.underWay.length).toBe(count);
}

beforeEach(async () => {
  log = new SlowLog();
  await fillCrashLog(log, 1);
});

describe('a commit that takes its time', () => {
  it('lets the records after it be worked on, up to the next commit', async () => {
    const runner = await open();
    const running = runner.runOnce(0);
    await untilUnderWay(1);
    await turns(50);
    // Three records further, and no farther: the next commit waits for this one.
    expect(sumOf(runner.task.offsets)).toBe(6);
    expect(log.underWay.length).toBe(1);
    log.underWay[0]!.end();
    await untilUnderWay(2);
    log.isSlow = false;
    log.underWay[1]!.end();
    await running;
    await runner.close();
    const quick = new FaultyLog();
    await fillCrashLog(quick, 1);
    const other = await TaskRunner.open(quick, graph, crashInstrument, { wallClock: () => 0 });
    while ((await other.runOnce(0)) > 0);
    await other.close();
    expect(await outputsOf(log, graph.name)).toEqual(await outputsOf(quick, graph.name));
  });

  it('is waited for when nothing more comes', async () => {
    const runner = await open(1);
    const running = runner.runOnce(0);
    for (let ended = 0; (await stateOf(running)) === 'running'; ended += 1)
      log.underWay[ended]?.end();
    await running;
    const idle = runner.runOnce(0);
    expect(await stateOf(idle)).toBe('running');
    for (const { end } of log.underWay) end();
    expect(await idle).toBe(0);
  });

  it('fails the task when it fails, and nothing is committed after it', async () => {
    const runner = await open();
    const running = runner.runOnce(0);
    await untilUnderWay(1);
    log.underWay[0]!.end(new Error('the cluster is gone'));
    await expect(running).rejects.toThrow('the cluster is gone');
    await expect(runner.close()).rejects.toThrow('the cluster is gone');
    await runner.abandon();
    expect(log.underWay.length).toBe(1);
    expect(await outputsOf(log, graph.name)).toEqual({});
  });

  it('is waited for when the task is given up meanwhile', async () => {
    const runner = await open();
    void runner.runOnce(0).catch(() => {});
    await untilUnderWay(1);
    const closing = runner.abandon();
    expect(await stateOf(closing)).toBe('running');
    log.underWay[0]!.end(new Error('over'));
    await closing;
  });
});

function sumOf(offsets: Readonly<Record<string, number>>): number {
  return Object.values(offsets).reduce((sum, offset) => sum + offset, 0);
}
