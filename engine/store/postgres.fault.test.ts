// A real server that is down, drops the connection, answers late or not at all, or refuses.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { StoreStatus, StoreTarget } from '../runtime/store-port.ts';
import { entities } from './entities/all.ts';
import { answer } from './queries.ts';
import { appendDays, dateOf, madePartitions } from './store-fixture.ts';
import { StoreLoop } from './store-loop.ts';
import { StoreSession } from './store-session.ts';
import { dropDatabase, makeDatabase, onServer, testServer } from './test-database.ts';

/** What stands between the store and the server. */
class Wire {
  port = 0;
  /** Milliseconds each answer takes longer. */
  delayMs = 0;
  /** Answers are swallowed. */
  isDead = false;
  private readonly to: { readonly host: string; readonly port: number };
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.to = { host: hostname, port: Number(port === '' ? 5432 : port) };
  }

  async open(): Promise<void> {
    this.server = createServer((near) => this.join(near));
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    const address = this.server.address();
    if (typeof address === 'object' && address) this.port = address.port;
  }

  /** Cuts every connection; new ones are still taken. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cut();
    await closed;
  }

  private join(near: Socket): void {
    const far = connect(this.to);
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      if (this.isDead) return;
      if (this.delayMs === 0) near.write(bytes);
      else setTimeout(() => near.destroyed || near.write(bytes), this.delayMs);
    });
  }
}

/** A loop over a database, in real time but impatient. */
class Follower {
  readonly said: StoreStatus[] = [];
  readonly loop: StoreLoop;
  private readonly ended: Promise<void>;

  constructor(target: StoreTarget, log: FaultyLog) {
    this.loop = new StoreLoop({
      ...{ target, partitions: madePartitions, openLog: () => log },
      openSession: () => StoreSession.open(target, { connectMs: 400, statementMs: 400 }),
      rest: async (ms) => {
        await sleep(Math.min(ms, 20));
      },
      now: () => performance.now(),
      told: (status) => this.said.push(status),
    });
    this.ended = this.loop.run();
  }

  async until(fits: (status: StoreStatus) => boolean): Promise<StoreStatus> {
    for (;;) {
      const found = this.said.at(-1);
      if (found && fits(found)) return found;
      await sleep(5);
    }
  }

  current(): Promise<StoreStatus> {
    return this.until(({ state, done, all }) => state === 'current' && done === all);
  }

  async end(): Promise<void> {
    this.loop.end(0);
    await this.ended;
  }
}

const hasProblem = ({ problem }: StoreStatus): boolean => problem !== null;

describe.skipIf(testServer === null)('a PostgreSQL server with faults', () => {
  let database: StoreTarget & { kind: 'server' };
  let wire: Wire;
  let target: StoreTarget;
  let log: FaultyLog;

  beforeAll(async () => {
    database = await makeDatabase();
    wire = new Wire(database.url);
    await wire.open();
    await wire.close();
    const url = new URL(database.url);
    url.hostname = '127.0.0.1';
    url.port = String(wire.port);
    target = { kind: 'server', url: url.href };
    await (await StoreSession.open(database)).close();
  });
  afterEach(() => wire.close());
  afterAll(() => dropDatabase(database));
  beforeEach(async () => {
    log = new FaultyLog();
    await appendDays(log, 0, 2);
    const session = await StoreSession.open(database);
    for (const entity of entities) await session.em().nativeDelete(entity, {});
    await session.close();
    Object.assign(wire, { delayMs: 0, isDead: false });
  });

  async function signals(): Promise<number> {
    const session = await StoreSession.open(database);
    const days = [0, 1].map((n) =>
      answer(session.em(), 'signalsOf', { instrument: 'ES', tradeDate: dateOf(n) }),
    );
    const found = (await Promise.all(days)).flat();
    await session.close();
    return found.length;
  }

  it('down at the start: says so, tries again, catches up when it is there', async () => {
    const follower = new Follower(target, log);
    const first = await follower.until(hasProblem);
    expect(first).toMatchObject({ state: 'waiting' });
    expect(first.problem).toMatch(/^OF_STORE_UNREACHABLE store 'postgresql:\/\/127.0.0.1:\d+\//);
    await expect(follower.loop.ask('runs', {})).rejects.toThrow('OF_STORE_UNREACHABLE');
    await wire.open();
    expect(await follower.current()).toMatchObject({ problem: null });
    await follower.end();
    expect(await signals()).toBe(4);
  });

  it('dropped in the middle again and again: everything arrives once', async () => {
    wire.delayMs = 2;
    await wire.open();
    const follower = new Follower(target, log);
    for (let drops = 0; drops < 6; drops += 1) {
      await sleep(30 + drops * 25);
      wire.cut();
    }
    const first = await follower.current();
    // Long after the first time: the connection goes while nothing is done.
    wire.cut();
    await appendDays(log, 2, 3);
    await follower.until(({ state, done }) => state === 'current' && done! > first.done!);
    await follower.end();
    expect(await signals()).toBe(4);
  });

  it('slow: the store lags and arrives', async () => {
    wire.delayMs = 15;
    await wire.open();
    const follower = new Follower(target, log);
    await follower.current();
    expect(follower.said.some(hasProblem)).toBe(false);
    await follower.end();
    expect(await signals()).toBe(4);
  });

  it('silent: a statement without an answer ends in time, and the work is taken up again', async () => {
    await wire.open();
    const follower = new Follower(target, log);
    await follower.current();
    wire.isDead = true;
    await appendDays(log, 2, 3);
    const problem = await follower.until(hasProblem);
    expect(problem.problem).toContain('OF_STORE_SLOW');
    wire.isDead = false;
    wire.cut();
    await follower.current();
    await follower.end();
  });

  it('read-only, and a database that is not there: each has its code', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await onServer(`alter database "${name}" set default_transaction_read_only = on`);
    try {
      const follower = new Follower(database, log);
      expect((await follower.until(hasProblem)).problem).toContain('OF_STORE_READ_ONLY');
      await onServer(`alter database "${name}" set default_transaction_read_only = off`);
      await follower.current();
      await follower.end();
    } finally {
      await onServer(`alter database "${name}" reset default_transaction_read_only`);
    }
    const nowhere = { ...database, url: database.url.replace(name, 'nowhere_at_all') };
    await expect(StoreSession.open(nowhere)).rejects.toThrow('OF_STORE_REFUSED');
  });
});
