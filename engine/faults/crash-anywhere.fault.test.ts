import { describe, expect, it } from 'vitest';
import type { FlowGraph } from '../flow/graph.ts';
import { TaskRunner } from '../runtime/runner.ts';
import { crashFlow, crashInstrument, fillCrashLog, outputsOf, runCrashFlow } from './crash-flow.ts';
import { Crash, type CrashPlan, FaultyLog } from './faulty-log.ts';

const graph = crashFlow();

async function runWithCrash(seed: number, plan: CrashPlan): Promise<FaultyLog> {
  const log = new FaultyLog();
  await fillCrashLog(log, seed);
  log.crashAt(plan);
  try {
    await runCrashFlow(log, graph);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  log.crashAt(null);
  await runCrashFlow(log, graph);
  return log;
}

describe('a task that dies anywhere', () => {
  it.each([1, 2, 3])(
    'writes what the task that never died writes, record for record (seed %i)',
    async (seed) => {
      const whole = new FaultyLog();
      await fillCrashLog(whole, seed);
      whole.crashAt(null);
      await runCrashFlow(whole, graph);
      const expected = await outputsOf(whole, graph.name);
      expect(Object.keys(expected)).toContain('.journal');
      for (let operation = 1; operation <= whole.operations; operation += 1) {
        for (const when of ['before', 'after'] as const) {
          const log = await runWithCrash(seed, { operation, when });
          expect(await outputsOf(log, graph.name), `died ${when} operation ${operation}`).toEqual(
            expected,
          );
        }
      }
    },
  );

  it('refuses a zombie: an older handle cannot commit', async () => {
    const log = new FaultyLog();
    await fillCrashLog(log, 5);
    const options = { wallClock: () => 0 };
    const zombie = await TaskRunner.open(log, graph, crashInstrument, options);
    await zombie.runOnce(0);
    const heir = await TaskRunner.open(log, graph, crashInstrument, options);
    await expect(zombie.close()).rejects.toMatchObject({ code: 'OF_LOG_FENCED' });
    await heir.close();
  });

  it('stops loudly when re-running does not arrive at the committed hash', async () => {
    const log = new FaultyLog();
    await fillCrashLog(log, 6);
    let now = 0;
    const wallClock = (): number => (now += 50);
    const runner = await TaskRunner.open(log, graph, crashInstrument, {
      wallClock,
      commitEveryMs: 1,
      checkpointEveryMs: 1e9,
    });
    await runner.runOnce(0);
    const changed: FlowGraph = {
      ...graph,
      nodes: graph.nodes.map((n) => ({ ...n, config: { minSize: 30, neededSize: 100 } })),
    };
    await expect(
      TaskRunner.open(log, changed, crashInstrument, { wallClock }),
    ).rejects.toMatchObject({
      code: 'OF_SNAPSHOT_DIVERGED',
    });
  });

  it('says when the flow that goes on is not the one that wrote the log', async () => {
    const log = new FaultyLog();
    await fillCrashLog(log, 7);
    await runCrashFlow(log, graph);
    const same = await TaskRunner.open(log, graph, crashInstrument, { wallClock: () => 0 });
    expect(same.recovery).toMatchObject({ records: 0, flowChanged: false });
    const changed = await TaskRunner.open(log, { ...graph, hash: 'other' }, crashInstrument, {
      wallClock: () => 0,
    });
    expect(changed.recovery).toMatchObject({ records: 0, flowChanged: true });
  });

  it('commits every 100 ms also while it works off a backlog', async () => {
    const log = new FaultyLog();
    await fillCrashLog(log, 8);
    log.crashAt(null);
    let now = 0;
    const runner = await TaskRunner.open(log, graph, crashInstrument, {
      wallClock: () => (now += 30),
    });
    expect(await runner.runOnce(0)).toBeGreaterThan(20);
    expect(log.operations).toBeGreaterThan(5);
  });
});
