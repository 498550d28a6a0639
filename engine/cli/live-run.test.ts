import { describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { HostDouble } from './host-double.ts';
import { runLive, setLogAside } from './live-run.ts';

const flow = (batches: number): FlowGraph => madeFlow(madeSource((a) => writeBatches(a, batches)));

describe('a live run', () => {
  it('tells a pipe where it begins, how it stands and where it ended', async () => {
    const host = new HostDouble([]);
    expect(await runLive(host, flow(40), new FaultyLog(), 'data')).toBe(0);
    const lines = host.written.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'made 1.0.0 on ES, market from made-source',
      'A new log: the run begins with the first record.',
    ]);
    expect(host.written).toMatch(
      /^Wed 2025-11-19 10:18:33 ET {2}rth-opening {2}ES 6001\.50 .*160 trades/m,
    );
    expect(lines.at(-2)).toBe(
      'Stopped at Wed 2025-11-19 10:18:33 ET. The log is in data/log; the next start goes on from here.',
    );
    expect(host.written).not.toContain('\u001B');
  });

  it('goes on where it stopped and says that the journal was verified', async () => {
    const log = new FaultyLog();
    await runLive(new HostDouble([]), flow(20), log, 'data');
    const host = new HostDouble([]);
    await runLive(host, flow(40), log, 'data');
    expect(host.written).toMatch(
      /^Resumed at Wed 2025-11-19 10:09:13 ET: nothing to run again, journal verified \(\d+ macrosteps\)$/m,
    );
    expect(host.written).toContain('160 trades');
  });

  it('draws over itself on a terminal and gives the cursor back', async () => {
    const host = new HostDouble([], true);
    await runLive(host, flow(40), new FaultyLog(), 'data');
    expect(host.written).toContain('\u001B[?25l');
    expect(host.written).toContain('\u001B[1mMachines\u001B[0m');
    expect(host.written.lastIndexOf('\u001B[?25h')).toBeGreaterThan(
      host.written.lastIndexOf('\u001B[?25l'),
    );
    expect(host.written).toMatch(/\u001B\[\d+A\r/);
    const plain = new HostDouble([], true);
    plain.env['NO_COLOR'] = '1';
    await runLive(plain, flow(40), new FaultyLog(), 'data');
    expect(plain.written).not.toContain('\u001B[1m');
  });

  it('ends when it is asked to, with what was written worked off', async () => {
    const host = new HostDouble([]);
    const log = new FaultyLog();
    const endless = madeSource(async (a) => {
      await writeBatches(a, 3);
      host.stop();
      await new Promise<void>((resolve) => {
        if (a.signal.aborted) resolve();
        else a.signal.addEventListener('abort', () => resolve());
      });
    });
    expect(await runLive(host, madeFlow(endless), log, 'data')).toBe(0);
    expect(host.written).toContain('12 trades');
  });

  it('answers a source that failed with exit code 1 and the reason', async () => {
    const host = new HostDouble([]);
    const failing = madeSource(async () => {
      throw new Error('unplugged');
    });
    expect(await runLive(host, madeFlow(failing), new FaultyLog(), 'data')).toBe(1);
    expect(host.errors).toBe("OF_SOURCE_FAILED source 'market' stopped: unplugged\n");
  });

  it('goes on by itself where the cluster gave up what it wrote, and shows the task that is opened again', async () => {
    const host = new HostDouble([]);
    const log = new FaultyLog();
    let left = 20;
    const givingUp = Object.assign(Object.create(log) as FaultyLog, {
      append: async (...words: Parameters<FaultyLog['append']>) => {
        left -= 1;
        if (left === 0) throw new OrderflowError('OF_LOG_EXPIRED', { writer: 's', seconds: 60 });
        await log.append(...words);
      },
    });
    expect(await runLive(host, flow(40), givingUp, 'data')).toBe(0);
    expect(host.errors).toMatch(/^OF_LOG_EXPIRED transaction of 's' expected to end within 60 s/);
    expect(host.written).toMatch(/^Resumed at .*, journal verified/m);
    expect(host.written).toContain('160 trades');
  });

  it('refuses a flow without a source, and one whose sink would do nothing', async () => {
    const graph = flow(1);
    const run = (changed: FlowGraph): Promise<unknown> =>
      runLive(new HostDouble([]), changed, new FaultyLog(), 'data');
    await expect(run({ ...graph, sources: [] })).rejects.toThrow(
      /^OF_SOURCE_ABSENT flow 'made.flow.yaml' has no source/,
    );
    const sinks = [{ id: 'execution' }] as unknown as FlowGraph['sinks'];
    await expect(run({ ...graph, sinks })).rejects.toThrow(
      /^OF_SINK_UNSUPPORTED flow 'made.flow.yaml' has sink 'execution'/,
    );
  });
});

describe('setting a log aside', () => {
  it('takes the next free name, and does nothing without a log', () => {
    const host = new HostDouble([]);
    expect(setLogAside(host, 'data')).toBeNull();
    host.files.set('data/log/log.sqlite', 'first');
    expect(setLogAside(host, 'data')).toBe('data/log-1');
    host.files.set('data/log/log.sqlite', 'second');
    expect(setLogAside(host, 'data')).toBe('data/log-2');
    expect([...host.files]).toEqual([
      ['data/log-1/log.sqlite', 'first'],
      ['data/log-2/log.sqlite', 'second'],
    ]);
  });
});
