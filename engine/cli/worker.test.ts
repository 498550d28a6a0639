import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../contracts/run.ts';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import type { Log } from '../runtime/ports.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeSource, writeBatches } from '../testing/made-flow.ts';
import { HostDouble } from './host-double.ts';
import { runCommandLine } from './main.ts';
import { watchTasks } from './watched-log.ts';
import type { WorkerGroup, WorkerGroupHandlers, WorkerGroupOptions } from './worker-group.ts';

const file = 'lots.flow.yaml';
const text = `flow: lots
version: 1.0.0
doc: Large lots.
instruments: [ES, NQ]
sources: { market: { use: made-source } }
nodes:
  lots: { use: large-lot, in: { market: market } }
`;

/** A group that does what a test says. */
class GroupDouble implements WorkerGroup {
  options: WorkerGroupOptions | null = null;
  isIn = true;
  private readonly script: (handlers: WorkerGroupHandlers, signal: AbortSignal) => Promise<void>;
  private handlers: WorkerGroupHandlers | null = null;

  constructor(script: (handlers: WorkerGroupHandlers, signal: AbortSignal) => Promise<void>) {
    this.script = script;
  }

  readonly join = (options: WorkerGroupOptions, handlers: WorkerGroupHandlers): WorkerGroup => {
    this.options = options;
    this.handlers = handlers;
    return this;
  };

  async run(signal: AbortSignal): Promise<void> {
    if (!this.handlers) throw new Error('nobody has joined');
    await this.script(this.handlers, signal);
    await this.handlers.released();
  }

  async isMember(): Promise<boolean> {
    return this.isIn;
  }
}

function hostWith(log: Log, group: GroupDouble, ...words: string[]): HostDouble {
  const host = new HostDouble(['worker', file, ...words]);
  const source = madeSource((a) => writeBatches(a, 20));
  host.plugins = [largeLot, source].map((plugin) => ({
    plugin: plugin as unknown as Plugin,
    file: `/project/plugins/${plugin.id}/plugin.ts`,
  }));
  host.files.set(file, text);
  host.log = log;
  host.group = group.join;
  // A clock that moves: commits come with time.
  return Object.assign(host, { wallClock: () => (host.now += 20) });
}

/** Resolves once a condition holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

const stopped = (signal: AbortSignal): Promise<void> =>
  until(() => signal.aborted).then(() => undefined);

/** A log whose tasks fail a commit as a test says. */
function failing(log: Log, failure: (taskId: string) => Error | null): Log {
  return watchTasks(log, (taskId, task) => ({
    state: task.state,
    read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
    commit: async (commit) => {
      const error = failure(taskId);
      if (error) throw error;
      await task.commit(commit);
    },
    close: () => task.close(),
  }));
}

describe('a worker', () => {
  it('works on what the group gives it, and gives it back with a checkpoint', async () => {
    const log = new FaultyLog();
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([0], 1);
      await until(async () => (await log.end('market.data', 0)) === 20);
      await handlers.released();
      handlers.assigned([2], 2);
      await until(async () => (await log.end('market.data', 2)) === 20);
      await until(() => handlers.positions()[0]?.offset === 20);
      expect(handlers.positions()).toEqual([{ topic: 'market.data', partition: 2, offset: 20 }]);
    });
    const host = hostWith(log, group);
    expect(await runCommandLine(host)).toBe(0);
    expect(group.options).toEqual({
      group: 'orderflow.lots',
      topic: 'market.data',
      partitions: [0, 2],
      sessionMs: 6_000,
    });
    for (const [symbol, number] of [
      ['ES', 0],
      ['NQ', 2],
    ] as const) {
      const { state } = await log.openTask(`lots.${symbol}`, number, []);
      expect(state.has('@checkpoint')).toBe(true);
      expect(host.written).toContain(`${symbol}: given back with a checkpoint\n`);
    }
    expect(host.written).toMatch(/^Has ES \(generation 1 of the group\)$/m);
    const runs = [await log.read('system.runs', 0, 0, 9), await log.read('system.runs', 2, 0, 9)];
    const told = runs.map((of) =>
      of.map(({ key, value }) => {
        const { id, flow, state } = JSON.parse(String(value)) as RunRecord;
        return { key, id, flow, state };
      }),
    );
    expect(told.map((of) => of.map(({ key, flow, state }) => [key, flow, state]))).toEqual(
      ['ES', 'NQ'].map((key) => [
        [key, 'lots', 'running'],
        [key, 'lots', 'stopped'],
      ]),
    );
    expect(new Set(told.flat().map(({ id }) => id)).size).toBe(2);
  });

  it('forgets what is taken away while it is still being opened', async () => {
    const log = new FaultyLog();
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([0, 2], 1);
      await handlers.released();
      handlers.assigned([2], 2);
      await until(() => handlers.positions().length > 0);
      expect(handlers.positions().map(({ partition }) => partition)).toEqual([2]);
    });
    const host = hostWith(log, group);
    expect(await runCommandLine(host)).toBe(0);
    expect(host.written.match(/^All open/gm)).toHaveLength(1);
    expect(host.written.match(/^\w+: (begins|resumed)/gm)).toEqual([expect.stringContaining('NQ')]);
  });

  it('starts no source when others bring the market, and takes the name of its group', async () => {
    const log = new FaultyLog();
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([0, 2], 1);
      await until(() => host.written.includes('All open'));
    });
    const host = hostWith(log, group, '--no-sources', '--group', 'mine');
    expect(await runCommandLine(host)).toBe(0);
    expect(group.options?.group).toBe('mine');
    expect(await log.end('market.data', 0)).toBe(0);
    expect(host.written).toContain('market from other processes');
  });

  it('ends when somebody outside of the group takes a task of its own', async () => {
    const log = new FaultyLog();
    const group = new GroupDouble(async (handlers, signal) => {
      handlers.assigned([0, 2], 1);
      await stopped(signal);
    });
    const fenced = new OrderflowError('OF_LOG_FENCED', { task: 'lots.NQ', epoch: 1, newer: 2 });
    const host = hostWith(
      failing(log, (id) => (id === 'lots.NQ' ? fenced : null)),
      group,
    );
    expect(await runCommandLine(host)).toBe(3);
    expect(host.errors).toMatch(/^OF_LOG_FENCED task 'lots\.NQ' was opened again/m);
    expect(host.written).toContain('NQ: another process runs it now');
    expect(host.written).toContain('ES: given back with a checkpoint');
  });

  it('drops a task that went to another worker while it was thought dead', async () => {
    const log = new FaultyLog();
    const group = new GroupDouble(async (handlers) => {
      group.isIn = false;
      handlers.assigned([2], 1);
      await until(() => host.written.includes('another process runs it'));
    });
    const fenced = new OrderflowError('OF_LOG_FENCED', { task: 'lots.NQ', epoch: 1, newer: 2 });
    const host = hostWith(
      failing(log, () => fenced),
      group,
    );
    expect(await runCommandLine(host)).toBe(0);
    expect(host.errors).toBe('');
  });

  it('outlives a group that cannot say who has a task', async () => {
    const log = new FaultyLog();
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([2], 1);
      await until(() => host.written.includes('another process runs it'));
    });
    group.isMember = async () => {
      throw new OrderflowError('OF_KAFKA_UNREACHABLE', { brokers: 'b', seconds: 60, cause: 'x' });
    };
    const fenced = new OrderflowError('OF_LOG_FENCED', { task: 'lots.NQ', epoch: 1, newer: 2 });
    const host = hostWith(
      failing(log, () => fenced),
      group,
    );
    expect(await runCommandLine(host)).toBe(0);
    expect(host.errors).toBe('');
  });

  it('opens a task again whose error may pass, and leaves others down alone', async () => {
    const log = new FaultyLog();
    let failures = 0;
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([0, 2], 1);
      await until(() => failures >= 2);
      await until(isAgain);
    });
    const busy = new OrderflowError('OF_LOG_BUSY', { directory: 'log', ms: 5 });
    const broken = failing(log, (id) => {
      const error = id === 'lots.ES' ? (failures < 1 ? busy : null) : new Error('out of order');
      if (error) failures += 1;
      return error;
    });
    const host = hostWith(broken, group);
    // The pause before the second try takes no time here.
    Object.assign(host, {
      every: (_: number, callback: () => void) => {
        setImmediate(() => callback());
        return () => {};
      },
    });
    const isAgain = (): boolean => host.written.split('ES: begins with').length > 2;
    expect(await runCommandLine(host)).toBe(1);
    expect(host.written).toContain('ES: failed and is opened again');
    expect(host.written).toContain('NQ: failed and stays down');
    expect(host.errors).toContain('OF_LOG_BUSY');
    expect(host.errors).toContain('Unexpected: out of order');
  });

  it('opens a source again that lost the cluster', async () => {
    const facts = { brokers: 'b', seconds: 1, cause: 'silence' };
    const error = new OrderflowError('OF_KAFKA_UNREACHABLE', facts);
    const log = new FaultyLog();
    let isAway = true;
    const failingOnce: Log = Object.assign(Object.create(log) as Log, {
      append: async (...args: Parameters<Log['append']>) => {
        if (isAway && (await log.end('market.data', 2)) === 5) {
          isAway = false;
          throw error;
        }
        return log.append(...args);
      },
    });
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([2], 1);
      await until(() => handlers.positions()[0]?.offset === 20);
    });
    const host = hostWith(failingOnce, group);
    Object.assign(host, {
      every: (_ms: number, callback: () => void) => {
        setImmediate(() => callback());
        return () => {};
      },
    });
    expect(await runCommandLine(host)).toBe(1);
    expect(await log.end('market.data', 2)).toBe(20);
    expect(host.written).toMatch(/^NQ: a source stopped; it is opened again$/m);
    expect(host.written).toMatch(/^NQ: resumed at /m);
  });

  it('goes on by itself with a task that the cluster gave up and nobody took', async () => {
    const log = new FaultyLog();
    let commits = 0;
    const gaveUp = new OrderflowError('OF_LOG_EXPIRED', { writer: 'lots.NQ.2', seconds: 60 });
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([2], 1);
      await until(() => handlers.positions()[0]?.offset === 20);
      await until(() => host.written.includes('NQ: resumed at'));
    });
    const host = hostWith(
      failing(log, () => ((commits += 1) === 2 ? gaveUp : null)),
      group,
    );
    expect(await runCommandLine(host)).toBe(0);
    expect(host.errors).toMatch(/^OF_LOG_EXPIRED transaction of 'lots\.NQ\.2' expected to end/);
    expect(host.written).toContain('NQ: nobody else has it; opened again from its last commit');
    expect(await log.end('market.data', 2)).toBe(20);
  });

  it('says that a source was fenced, and counts it as no problem', async () => {
    const log = new FaultyLog();
    const fenced: Log = Object.assign(Object.create(log) as Log, {
      append: async () => {
        throw new OrderflowError('OF_LOG_FENCED', { task: 'source.NQ', epoch: 1, newer: 2 });
      },
    });
    const told = (): boolean => host.written.includes('a source stopped');
    const group = new GroupDouble(async (handlers) => {
      handlers.assigned([2], 1);
      await until(told);
    });
    const host = hostWith(fenced, group);
    expect(await runCommandLine(host)).toBe(0);
    expect(host.written).toContain('NQ: a source stopped; the task goes on with what others write');
    expect(host.errors).toContain('OF_LOG_FENCED');
  });

  it('refuses a group or a session that no cluster would take', async () => {
    const group = new GroupDouble(async () => {});
    const host = hostWith(new FaultyLog(), group, '--group', 'a b');
    expect(await runCommandLine(host)).toBe(2);
    expect(host.errors).toMatch(/^OF_CLI_VALUE '--group' expected up to 100 letters/);
    for (const seconds of ['5', '301']) {
      const impatient = hostWith(new FaultyLog(), group, '--session', seconds);
      expect(await runCommandLine(impatient)).toBe(2);
      expect(impatient.errors).toMatch(/^OF_CLI_VALUE '--session' expected /);
    }
  });
});
