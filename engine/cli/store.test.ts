import { describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type {
  RunningStore,
  StoreDoor,
  StoreReport,
  StoreStart,
  StoreStatus,
} from '../runtime/store-port.ts';
import { madeFlow, madeSource } from '../testing/made-flow.ts';
import { Arguments } from './arguments.ts';
import { HostDouble } from './host-double.ts';
import { LiveEngine } from './live-engine.ts';
import { runCommandLine } from './main.ts';
import { setStoreAside, withStore } from './store-run.ts';

const report: StoreReport = {
  ...{ store: '/project/data/store', heldBy: null, exists: true, logId: 'l' },
  migrations: { done: 1, pending: 0 },
  tables: [
    { table: 'bars', rows: 4_140 },
    { table: 'signals', rows: 65 },
  ],
  topics: [
    { topic: 'market.data', partition: 0, next: 90, end: 100, refused: 0, missed: 0 },
    { topic: 'x.journal', partition: 0, next: 5, end: 5, refused: 2, missed: 1 },
  ],
};

/** A store that does what a test says and remembers what it was asked. */
class DoorDouble implements StoreDoor {
  readonly asked: unknown[] = [];
  report = report;
  started: StoreStart | null = null;
  closed = 0;

  targetOf(databaseUrl: string | undefined, directory: string) {
    this.asked.push(databaseUrl ?? directory);
    return { kind: 'embedded', directory } as const;
  }
  start(options: StoreStart): RunningStore {
    this.started = options;
    return {
      name: 'the store',
      status: { state: 'opening', done: null, all: null, problem: null },
      ask: async () => [],
      close: async () => {
        this.closed += 1;
        this.tell({ state: 'stopped', problem: null });
      },
    };
  }
  tell(status: Partial<StoreStatus>): void {
    this.started?.told({ state: 'current', done: 1, all: 1, problem: null, ...status });
  }
  async status(): Promise<StoreReport> {
    return this.report;
  }
  async migrate(): Promise<number> {
    return 1;
  }
  rebuild: StoreDoor['rebuild'] = async (_target, _log, partitions, progress) => {
    this.asked.push(partitions.length);
    progress(5, 10, 3);
    return { records: 63_468, rows: 20_116, aside: '/project/data/store-1' };
  };
  export: StoreDoor['export'] = async (_target, table, format, write, progress) => {
    write(`${table} as ${format}\n`);
    progress(1, 1, 1);
    return 1;
  };
}

function hostOf(line: string, isTerminal = false): HostDouble & { store: DoorDouble } {
  const host = new HostDouble(line.split(' '), isTerminal);
  host.log = new FaultyLog();
  host.files.set('data/log/log.sqlite', '');
  return Object.assign(host, { store: new DoorDouble() });
}

describe('orderflow store', () => {
  it('status tells tables, how far behind, and what was refused', async () => {
    const host = hostOf('store status');
    expect(await runCommandLine(host)).toBe(0);
    expect(host.written).toBe(
      [
        '/project/data/store',
        '10 records behind',
        'x.journal 0: 2 records refused, 1 dropped by the log before they were read',
        '',
        '  table     rows',
        '  bars     4,140',
        '  signals     65',
        '',
      ].join('\n'),
    );
    expect(host.store.asked).toEqual(['/project/data/store']);
  });

  it.each([
    [{ heldBy: 41 }, 'is in use by process 41'],
    [{ exists: false }, 'is not there yet'],
    [{ migrations: { done: 0, pending: 2 }, topics: null }, '2 migrations are pending'],
    [{ topics: [] }, 'at the end of the log'],
  ])('status of %o', async (change, text) => {
    const host = hostOf('store status');
    host.store.report = { ...report, ...change };
    expect(await runCommandLine(host)).toBe(0);
    expect(host.written).toContain(text);
  });

  it('each action, as text and as JSON', async () => {
    const said = async (line: string): Promise<string> => {
      const host = hostOf(line);
      expect(await runCommandLine(host)).toBe(0);
      return host.written;
    };
    expect(JSON.parse(await said('store status --json'))).toEqual(report);
    expect(await said('store migrate')).toBe('1 migrations ran.\n');
    expect(JSON.parse(await said('store migrate --json'))).toEqual({ migrations: 1 });
    expect(await said('store rebuild')).toBe(
      'The damaged store was set aside as /project/data/store-1.\n20,116 rows of 63,468 records.\n',
    );
    expect(JSON.parse(await said('store rebuild --json'))).toMatchObject({ rows: 20_116 });
    expect(await said('store export bars --format csv')).toBe('bars as csv\n');
    expect(await said('store export bars')).toBe('bars as jsonl\n');
  });

  it('shows progress on a terminal only', async () => {
    const host = hostOf('store rebuild', true);
    host.now = 1_000;
    await runCommandLine(host);
    expect(host.errors).toContain('rebuilding');
    const pipe = hostOf('store rebuild');
    await runCommandLine(pipe);
    expect(pipe.errors).toBe('');
  });

  it('is measured from the log of the home folder, and on a server only where one is named', async () => {
    const host = hostOf('bench --store --json');
    host.wallClock = () => (host.now += 1_000);
    host.env['BENCH_DATABASE_URL'] = 'postgresql://db/bench';
    expect(await runCommandLine(host)).toBe(0);
    const { cases } = JSON.parse(host.written) as { cases: unknown[] };
    const measured = { records: 63_468, rows: 20_116, seconds: 2, rowsPerSecond: 10_058 };
    expect(cases).toEqual([
      { backend: 'pglite', ...measured },
      { backend: 'postgresql', ...measured },
    ]);
    const alone = hostOf('bench --store');
    alone.wallClock = () => (alone.now += 1_000);
    await runCommandLine(alone);
    expect(alone.written).toMatch(/pglite +63,468 +20,116 +2 s +10,058\n$/);
    expect(alone.errors).toContain('skipped: postgresql');
    const bare = hostOf('bench --store');
    bare.files.clear();
    expect(await runCommandLine(bare)).toBe(3);
    expect(bare.errors).toContain('OF_LOG_ABSENT');
  });

  it('refuses an action it does not have, an export of nothing, a rebuild without a log', async () => {
    for (const [line, text] of [
      ['store mend', "'ACTION' expected status, migrate, rebuild, export, follow, was 'mend'"],
      ['store export', "'TABLE' expected the name of a table, was 'nothing'"],
    ] as const) {
      const host = hostOf(line);
      expect(await runCommandLine(host)).toBe(2);
      expect(host.errors).toContain(text);
    }
    const bare = hostOf('store rebuild');
    bare.files.clear();
    expect(await runCommandLine(bare)).toBe(3);
    expect(bare.errors).toContain('OF_LOG_ABSENT');
  });

  it('follow keeps on until it is stopped, and tells of problems', async () => {
    const host = hostOf('store follow');
    const ended = runCommandLine(host);
    await host.turn();
    await host.turn();
    expect(host.store.started?.log).toEqual({
      ...{ module: 'the-log', open: 'openLog', options: { directory: 'data/log' } },
    });
    host.store.tell({ state: 'waiting', problem: 'OF_STORE_FULL full' });
    host.store.tell({ state: 'waiting', problem: 'OF_STORE_FULL full' });
    host.store.tell({});
    host.stop();
    expect(await ended).toBe(0);
    expect(host.errors).toBe('OF_STORE_FULL full\n');
    const failed = hostOf('store follow');
    const end = runCommandLine(failed);
    await failed.turn();
    await failed.turn();
    failed.store.tell({ state: 'stopped', problem: 'OF_STORE_CORRUPT cut' });
    expect(await end).toBe(3);
  });
});

describe('the store beside a run', () => {
  const graph = madeFlow(madeSource(async () => {}));
  const plain = new Arguments('start', [], new Map());

  /** A host whose timers run when a test says so. */
  function timed(isTerminal = false) {
    const host = hostOf('start', isTerminal);
    const timers = new Map<number, () => void>();
    host.every = ((ms: number, callback: () => void) => {
      timers.set(ms, callback);
      return () => timers.delete(ms);
    }) as never;
    return { host, log: host.log as FaultyLog, timers };
  }

  async function runsOf(log: FaultyLog): Promise<unknown[]> {
    const records = await log.read('system.runs', graph.instruments[0]!.number, 0, 10);
    return records.map(({ value }) => (JSON.parse(String(value)) as { state: string }).state);
  }

  it('starts after the run, is handed to those that watch it, tells of problems, closes last', async () => {
    const { host, log, timers } = timed();
    const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'x', home: 'data' });
    const code = await withStore(host, plain, { graph, log, engine }, async (desk) => {
      expect(host.store.started).toBeNull();
      timers.get(1_500)?.();
      await host.turn();
      expect(engine.store?.name).toBe('the store');
      expect(host.store.started?.partitions).toEqual(graph.instruments.map((i) => i.number));
      host.store.tell({ state: 'waiting', problem: 'OF_STORE_UNREACHABLE down' });
      expect(desk.notice()).toBe('OF_STORE_UNREACHABLE down');
      host.store.tell({});
      expect(desk.notice()).toBeNull();
      return 0;
    });
    expect(code).toBe(0);
    expect(host.store.closed).toBe(1);
    expect(host.errors).toBe('OF_STORE_UNREACHABLE down\nThe store is back and catches up.\n');
    expect(await runsOf(log)).toEqual(['running', 'stopped']);
  });

  it('shows a run too short for it as well, and leaves the screen of a terminal alone', async () => {
    const { host, log } = timed(true);
    await withStore(host, plain, { graph, log, engine: null }, async () => {
      return 0;
    });
    expect(host.store.started).not.toBeNull();
    host.store.tell({ problem: 'OF_STORE_FULL full' });
    expect(host.errors).toBe('');
  });

  it('can be left out; a run that fails is written down as failed', async () => {
    const { host, log } = timed();
    const without = new Arguments('start', [], new Map([['no-store', []]]));
    const failing = withStore(host, without, { graph, log, engine: null }, async () => {
      throw new Error('made to fail');
    });
    await expect(failing).rejects.toThrow('made to fail');
    expect(host.store.started).toBeNull();
    expect(await runsOf(log)).toEqual(['running', 'failed']);
  });

  it('goes aside with its log, unless somebody has it', () => {
    const host = hostOf('start');
    host.files.set('data/store/PG_VERSION', '17');
    setStoreAside(host, 'data', 'data/log-3');
    expect(host.listFolder('data')).toEqual(['log', 'store-3']);
    host.files.set('data/store/PG_VERSION', '17');
    host.files.set('data/store.lock', '1 1');
    setStoreAside(host, 'data', 'data/log-4');
    expect(host.listFolder('data')).toEqual(['log', 'store', 'store-3', 'store.lock']);
  });
});
