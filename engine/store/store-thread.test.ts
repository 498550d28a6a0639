// The thread as it runs beside the engine: a real folder, a real log, real faults.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../runtime/ports.ts';
import type { StoreStatus, StoreTarget } from '../runtime/store-port.ts';
import { storeDoor } from './index.ts';
import { identityOf } from './process-identity.ts';
import { appendDays, dateOf, madePartitions } from './store-fixture.ts';
import { StoreSession } from './store-session.ts';

const kafka = new URL('../../kafka/index.ts', import.meta.url).href;
const day = { instrument: 'ES', tradeDate: dateOf(0) };

/** Waits until the store says something that fits. */
class Ear {
  status: StoreStatus | null = null;
  private readonly waiting = new Set<() => void>();

  readonly told = (status: StoreStatus): void => {
    this.status = status;
    for (const look of this.waiting) look();
  };

  until(fits: (status: StoreStatus) => boolean): Promise<StoreStatus> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.status || !fits(this.status)) return;
        this.waiting.delete(look);
        resolve(this.status);
      };
      this.waiting.add(look);
      look();
    });
  }
}

describe('the thread of the store', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-thread-'));
  const directory = join(folder, 'log');
  let log: Log;

  beforeAll(async () => {
    const door = (await import(kafka)) as { openLocalLog(options: object): Log };
    log = door.openLocalLog({ directory });
    await appendDays(log, 0, 1);
  });
  afterAll(async () => {
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const targetOf = (name: string): StoreTarget & { kind: 'embedded' } => ({
    kind: 'embedded',
    directory: join(folder, name),
  });
  const address = {
    ...{ module: kafka, open: 'openLocalLog' },
    options: { directory, access: 'guest' },
  };
  const start = (target: StoreTarget, ear: Ear) =>
    storeDoor.start({ target, log: address, partitions: madePartitions, told: ear.told });
  const isCurrent = ({ state }: StoreStatus): boolean => state === 'current';

  it('follows the log without holding up the engine, answers, and lets go of the folder', async () => {
    const target = targetOf('followed');
    const ear = new Ear();
    const store = start(target, ear);
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 20);
    const first = await ear.until(isCurrent);
    clearInterval(ticking);
    // Opening alone takes a second of computing, all of it elsewhere.
    expect(ticks).toBeGreaterThan(10);
    expect(first.done).toBe(first.all);
    expect(await store.ask('signalsOf', day)).toHaveLength(2);
    await appendDays(log, 1, 2);
    await ear.until((status) => isCurrent(status) && status.done! > first.done!);
    expect(await store.ask('signalsOf', { ...day, tradeDate: dateOf(1) })).toHaveLength(2);
    await expect(store.ask('nothing')).rejects.toThrow("no 'nothing'");
    expect(existsSync(`${target.directory}.lock`)).toBe(true);
    await store.close(5_000);
    expect(existsSync(`${target.directory}.lock`)).toBe(false);
    expect(store.status).toMatchObject({ state: 'stopped', problem: null });
    await expect(store.ask('signalsOf', day)).rejects.toThrow('OF_STORE_IO');
  });

  it('a folder of another process: says whose, waits, and begins when it is free', async () => {
    const target = targetOf('held');
    writeFileSync(`${target.directory}.lock`, JSON.stringify(identityOf(process.ppid)));
    const ear = new Ear();
    const store = start(target, ear);
    const waiting = await ear.until(({ state }) => state === 'waiting');
    expect(waiting.problem).toContain(`OF_STORE_LOCKED store '${target.directory}' is in use`);
    expect(waiting.problem).toContain(`process ${process.ppid};`);
    await expect(store.ask('signalsOf', day)).rejects.toThrow('OF_STORE_LOCKED');
    expect(await storeDoor.status(target, log)).toMatchObject({ heldBy: process.ppid });
    await expect(storeDoor.migrate(target)).rejects.toThrow('OF_STORE_LOCKED');
    rmSync(`${target.directory}.lock`);
    expect(await ear.until(isCurrent)).toMatchObject({ problem: null });
    await store.close(5_000);
  });

  it('a damaged folder: says so once and ends; a rebuild sets it aside', async () => {
    const target = targetOf('damaged');
    await (await StoreSession.open(target)).close();
    writeFileSync(join(target.directory, 'global', 'pg_control'), 'garbage');
    const ear = new Ear();
    const store = start(target, ear);
    const stopped = await ear.until(({ state }) => state === 'stopped');
    expect(stopped.problem).toContain(`OF_STORE_CORRUPT store '${target.directory}' is damaged`);
    await store.close(5_000);
    const made = await storeDoor.rebuild(target, log, madePartitions, () => {});
    expect(made.aside).toBe(`${target.directory}-1`);
    expect(made.rows).toBeGreaterThan(200);
    const report = await storeDoor.status(target, log);
    expect(report.tables).toContainEqual({ table: 'signals', rows: 8 });
    const rowsOf = async (table: string, format: 'csv' | 'jsonl'): Promise<string[]> => {
      const lines: string[] = [];
      await storeDoor.export(
        target,
        table,
        format,
        (text) => lines.push(text),
        () => {},
      );
      return lines;
    };
    const [head, first] = await rowsOf('latest_prices', 'csv');
    expect(head).toBe('instrument,feedTs,last,lastSize,lastTs,bid,bidSize,ask,askSize,quoteTs\n');
    expect(first).toMatch(/^ES,\d{16},\d+,/);
    const runs = await rowsOf('runs', 'jsonl');
    expect(runs.map((line) => (JSON.parse(line) as { id: string }).id)).toContain('run-1');
    await expect(rowsOf('signal', 'csv')).rejects.toThrow(
      /OF_STORE_TABLE table 'signal' .* signals,/,
    );
    expect(report.topics?.every(({ next, end }) => next === end)).toBe(true);
  });

  it('a folder whose making was cut off is made anew', async () => {
    const target = targetOf('half');
    await (await StoreSession.open(target)).close();
    rmSync(join(target.directory, 'base'), { recursive: true });
    writeFileSync(`${target.directory}.making`, '');
    const session = await StoreSession.open(target);
    expect(await session.orm.migrator.getPending()).toEqual([]);
    await session.close();
    expect(existsSync(`${target.directory}.making`)).toBe(false);
  });

  it('a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const below = { kind: 'embedded', directory: join(folder, 'file', 'store') } as const;
    await expect(StoreSession.open(below)).rejects.toThrow('OF_STORE_');
  });

  it('a log that cannot be opened is tried again, like a store', async () => {
    const ear = new Ear();
    const target = targetOf('no-log');
    const nowhere = { ...address, open: 'openNothing' };
    const store = storeDoor.start({
      ...{ target, log: nowhere, partitions: madePartitions, told: ear.told },
    });
    const waiting = await ear.until(({ state }) => state === 'waiting');
    expect(waiting.problem).toContain("has no 'openNothing'");
    await store.close(0);
    expect(existsSync(`${target.directory}.lock`)).toBe(false);
  });

  it('a folder that was taken while it stood still: writes nothing more there, and goes on once it is free', async () => {
    const target = targetOf('taken');
    const ear = new Ear();
    const store = start(target, ear);
    await ear.until(isCurrent);
    const other = { ...identityOf(41), place: 'another machine', host: 'other' };
    // All at once, as another process would: a file that is being written names nobody.
    writeFileSync(`${target.directory}.other`, JSON.stringify(other));
    renameSync(`${target.directory}.other`, `${target.directory}.lock`);
    await appendDays(log, 4, 5);
    const lost = await ear.until(({ problem }) => problem !== null);
    expect(lost.problem).toContain("OF_STORE_LOST store '");
    expect(lost.problem).toContain("by process 41 of host 'other'");
    await ear.until(({ problem }) => problem?.startsWith('OF_STORE_LOCKED') === true);
    rmSync(`${target.directory}.lock`);
    await ear.until(isCurrent);
    expect(await store.ask('signalsOf', { ...day, tradeDate: dateOf(4) })).toHaveLength(2);
    await store.close(5_000);
  });
});
