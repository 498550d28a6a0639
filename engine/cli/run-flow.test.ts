import { describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { HostDouble } from './host-double.ts';
import { runProblems } from './replay-report.ts';
import { type FlowRun, type FlowRunEnd, runFlow } from './run-flow.ts';
import { watchTasks } from './watched-log.ts';

const never = new AbortController().signal;

function run(log: Log, graph: FlowGraph, more: Partial<FlowRun> = {}): Promise<FlowRunEnd> {
  return runFlow({
    host: new HostDouble([]),
    log,
    graph,
    explain: true,
    keep: true,
    signal: never,
    ...more,
  });
}

function hashOf({ runners }: FlowRunEnd): string | undefined {
  return runners[0]?.task.journal.hash;
}

const flow = (batches: number): FlowGraph => madeFlow(madeSource((a) => writeBatches(a, batches)));

describe('running a flow', () => {
  it('ends when its source has ended and everything is worked off', async () => {
    const log = new FaultyLog();
    const shares: number[] = [];
    const end = await run(log, flow(200), { progress: (done) => shares.push(done) });
    expect(end.runners[0]?.task.clock.trades).toBe(800);
    expect(end.sourceErrors).toEqual([]);
    expect(shares.at(-1)).toBe(1);
    expect(await log.end('made.journal', 0)).toBe(end.runners[0]?.task.journal.seq);
  });

  it('writes no outputs when it only reports, and arrives at the same hash', async () => {
    const log = new FaultyLog();
    const end = await run(log, flow(200), { keep: false });
    expect(await log.topics()).toEqual(['market.data']);
    expect(hashOf(end)).toBe(hashOf(await run(new FaultyLog(), flow(200))));
  });

  it('stopped and run again equals never stopped', async () => {
    const log = new FaultyLog();
    const stop = new AbortController();
    const first = await run(log, flow(200), {
      signal: stop.signal,
      stepped: ({ task }) => task.clock.trades > 100 && stop.abort(),
    });
    expect(first.runners[0]?.task.clock.trades).toBeLessThan(800);
    const second = await run(log, flow(200), {
      opened: ({ recovery }) =>
        expect(recovery).toMatchObject({ records: 0, seq: first.runners[0]?.task.journal.seq }),
    });
    expect(second.runners[0]?.task.clock.trades).toBe(800);
    expect(hashOf(second)).toBe(hashOf(await run(new FaultyLog(), flow(200))));
  });

  it('works off what a source wrote before it failed, and says why it failed', async () => {
    const failing = madeSource(async (a) => {
      await writeBatches(a, 10);
      throw new Error('unplugged');
    });
    const end = await run(new FaultyLog(), madeFlow(failing));
    expect(end.runners[0]?.task.clock.trades).toBe(40);
    expect(end.sourceErrors.map(String)).toEqual([
      "OrderflowError: OF_SOURCE_FAILED source 'market' stopped: unplugged",
    ]);
  });

  it.each([
    ['commits', 'the log is full', { commit: new Error('the log is full') }],
    ['is opened', 'the log is gone', { read: new Error('the log is gone') }],
  ])('lets go of the log of a task that fails while it %s', async (_, expected, failure) => {
    const log = new FaultyLog();
    await run(log, flow(20));
    let held = 0;
    const failing = watchTasks(log, (_id, task) => {
      held += 1;
      // As if the last start had ended without a checkpoint, so that there is something to run again.
      const state = new Map([...task.state].filter(([key]) => key === '@task'));
      return {
        state,
        read: async (...args) => {
          if ('read' in failure) throw failure.read;
          return task.read(...args);
        },
        commit: async (commit) => {
          if ('commit' in failure) throw failure.commit;
          await task.commit(commit);
        },
        close: async () => {
          held -= 1;
        },
      };
    });
    await expect(run(failing, flow(30))).rejects.toThrow(expected);
    expect(held).toBe(0);
  });

  it.each(['commit', 'append'] as const)(
    'opens its task anew when the log gave up what a %s wrote and nobody else has it',
    async (what) => {
      const log = new FaultyLog();
      const told: string[] = [];
      const opened: (number | undefined)[] = [];
      const end = await run(givingUp(log, what), flow(200), {
        host: hastyHost(),
        opened: ({ recovery }) => void opened.push(recovery?.seq),
        expired: ({ symbol }, { code }) => void told.push(`${symbol} ${code}`),
      });
      expect(told).toEqual(['ES OF_LOG_EXPIRED']);
      expect(opened).toEqual([undefined, expect.any(Number)]);
      expect(end.sourceErrors).toEqual([]);
      expect(end.runners[0]?.task.clock.trades).toBe(800);
      const undisturbed = new FaultyLog();
      expect(hashOf(end)).toBe(hashOf(await run(undisturbed, flow(200))));
      expect(await log.read('made.journal', 0, 0, 10_000)).toHaveLength(
        await undisturbed.end('made.journal', 0),
      );
    },
  );

  it('leaves a task that was given up to the next start when it is asked to stop', async () => {
    const stop = new AbortController();
    const log = givingUp(new FaultyLog(), 'commit', () => stop.abort());
    const running = run(log, flow(200), { host: hastyHost(), signal: stop.signal });
    await expect(running).rejects.toThrow('OF_LOG_EXPIRED');
  });

  it('hands over what quarantined nodes left behind', async () => {
    const graph = flow(10);
    const nodes = graph.nodes.map((node) => ({
      ...node,
      plugin: { ...node.plugin, sensor: { ...node.plugin.sensor, trade: explode } },
    }));
    const end = await run(
      new FaultyLog(),
      { ...graph, nodes: nodes as unknown as FlowGraph['nodes'] },
      { keep: false },
    );
    expect(end.deadLetters).toMatchObject({
      count: 1,
      newest: [{ node: 'lots', error: 'no more', input: { topic: 'market.data', o: 0, i: 0 } }],
    });
  });

  it('keeps the newest dead letters only, and all of them in the log', async () => {
    const log = new FaultyLog();
    const broken = { topic: 'market.data', key: 'ES', ts: 1, schema: 'market-batch/1' };
    for (let i = 0; i < 120; i += 1)
      await log.append(0, [{ ...broken, value: new Uint8Array([i]) }]);
    const end = await run(log, { ...flow(0), sources: [] }, { host: hastyHost() });
    const written = await log.read('made.dead-letters', 0, 0, 1_000);
    expect(written).toHaveLength(120);
    expect(end.deadLetters.count).toBe(120);
    expect(end.deadLetters.newest).toEqual(
      written.slice(-50).map(({ value }) => JSON.parse(String(value)) as unknown),
    );
    const problems = runProblems(end.deadLetters);
    expect(problems).toHaveLength(51);
    expect(problems[0]).toMatch(/^70 dead letters came before these; /);
  });
});

/** A host whose clock runs: commits come with time. */
function hastyHost(): HostDouble {
  const host = new HostDouble([]);
  return Object.assign(host, { wallClock: () => (host.now += 20) });
}

/** A log that gives up a write in the middle of a run, once. */
function givingUp(log: FaultyLog, what: 'commit' | 'append', told = (): void => {}): Log {
  let left = what === 'commit' ? 3 : 50;
  const giveUp = (): void => {
    left -= 1;
    if (left !== 0) return;
    told();
    throw new OrderflowError('OF_LOG_EXPIRED', { writer: 'made.ES.0', seconds: 60 });
  };
  const tasks = watchTasks(log, (_, task) => ({
    state: task.state,
    read: (...words) => task.read(...words),
    commit: async (commit) => {
      if (what === 'commit') giveUp();
      await task.commit(commit);
    },
    close: () => task.close(),
  }));
  return {
    ...tasks,
    append: async (...words) => {
      if (what === 'append') giveUp();
      await log.append(...words);
    },
  };
}

function explode(): never {
  throw new Error('no more');
}
