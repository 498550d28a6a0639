// A file system that takes nothing, for real: only root may mount one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../runtime/ports.ts';
import type { StoreStatus, StoreTarget } from '../runtime/store-port.ts';
import { storeDoor } from './index.ts';
import { appendDays, madePartitions } from './store-fixture.ts';

const kafka = new URL('../../kafka/index.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'orderflow-mounted-'));
const disk = join(folder, 'disk');
const megabytes = 120;

/** Whether this process may mount; a machine that does not let it says so, also in CI, where nobody can grant it. */
function mount(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk], {
      stdio: 'pipe',
    });
    return true;
  } catch {
    process.stderr.write('skipped: a read-only and a full disk; only root may mount one\n');
    return false;
  }
}

const remount = (way: 'ro' | 'rw'): void =>
  void execFileSync('mount', ['-o', `remount,${way}`, disk]);

/** Takes all space of the disk but so many bytes; returns how to give it back. */
function fill(left: number): () => void {
  const { bavail, bsize } = statfsSync(disk);
  const file = join(disk, 'filler');
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - left), 1));
  return () => rmSync(file);
}

const isMounted = mount();
afterAll(() => {
  if (isMounted) execFileSync('umount', ['--lazy', disk]);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isMounted)('the disk of an embedded store', { timeout: 180_000 }, () => {
  const directory = join(folder, 'log');
  const target: StoreTarget = { kind: 'embedded', directory: join(disk, 'store') };
  let log: Log;

  beforeAll(async () => {
    const door = (await import(kafka)) as { openLocalLog(options: object): Log };
    log = door.openLocalLog({ directory });
    await appendDays(log, 0, 1);
    await storeDoor.rebuild(target, log, madePartitions, () => {});
  }, 120_000);
  afterAll(() => log?.close());

  /** Runs the thread while something is wrong with the disk, mends it, and waits until the store is whole. */
  async function lastWord(code: string, mend: () => void): Promise<string> {
    let problem = '';
    let current = (): void => {};
    const isCurrent = new Promise<void>((resolve) => {
      current = resolve;
    });
    let failed = (): void => {};
    const hasFailed = new Promise<void>((resolve) => {
      failed = resolve;
    });
    const told = (status: StoreStatus): void => {
      if (status.problem !== null) problem ||= status.problem;
      if (status.problem !== null) failed();
      if (problem !== '' && status.state === 'current') current();
    };
    const address = {
      ...{ module: kafka, open: 'openLocalLog' },
      options: { directory, access: 'guest' },
    };
    const store = storeDoor.start({ target, log: address, partitions: madePartitions, told });
    await hasFailed;
    expect(problem).toMatch(new RegExp(`^${code} `));
    // The engine goes on: its log is on another disk.
    await appendDays(log, 1, 2);
    mend();
    await isCurrent;
    await store.close(10_000);
    return problem;
  }

  async function rows(of: StoreTarget): Promise<readonly unknown[]> {
    const { tables, topics } = await storeDoor.status(of, log);
    return [tables, topics];
  }

  /** What a store would hold that nothing had happened to. */
  async function expectWhole(): Promise<void> {
    const other: StoreTarget = { kind: 'embedded', directory: join(folder, 'whole') };
    await storeDoor.rebuild(other, log, madePartitions, () => {});
    expect(await rows(target)).toEqual(await rows(other));
  }

  it('read-only: it is said so, and the store catches up once it can be written', async () => {
    remount('ro');
    expect(await lastWord('OF_STORE_READ_ONLY', () => remount('rw'))).toContain('read-only');
    await expectWhole();
  });

  it('full: it is said so, and the store catches up once there is space', async () => {
    await appendDays(log, 2, 40);
    const free = fill(64 * 1_024);
    expect(await lastWord('OF_STORE_FULL', free)).toContain('free some');
    await expectWhole();
  });
});
