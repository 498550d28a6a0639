import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { livingOwner, lockFolder, releaseOwn } from './folder-lock.ts';
import { identityOf, type ProcessIdentity } from './process-identity.ts';

/** A process that is alive as long as its handle is not killed. */
function living(): { readonly pid: number; end(): Promise<void> } {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const gone = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    end: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

describe('the lock of a folder', () => {
  let folder: string;
  let store: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-lock-'));
    store = join(folder, 'store');
    file = `${store}.lock`;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Leaves the lock of a process whose last sign of life is so old. */
  function leave(owner: ProcessIdentity, silentSeconds = 0): void {
    writeFileSync(file, `${JSON.stringify({ ...owner, key: 'another' })}\n`);
    const at = Date.now() / 1_000 - silentSeconds;
    utimesSync(file, at, at);
  }

  /** The process of this number in another container of this machine, and one of another machine. */
  const elsewhere = (pid: number): readonly ProcessIdentity[] => {
    const here = identityOf(pid);
    return [
      { ...here, place: here.place.replace(/pid:\[\d+\]|$/, 'pid:[1]'), host: 'container' },
      { ...here, place: 'another boot', host: 'machine' },
    ];
  };

  it('lies beside the folder, keeps a second one out and goes when it is released', () => {
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBeNull();
    expect(existsSync(store)).toBe(false);
    expect(livingOwner(store)).toBe(process.pid);
    lock.check();
    expect(() => lockFolder(store)).toThrow(
      `OF_STORE_LOCKED store '${store}' is in use by process ${process.pid}; stop it first`,
    );
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
    lock.release();
    expect(livingOwner(store)).toBeNull();
    lockFolder(store).release();
  });

  it('is never taken from a living process, and is taken over from a dead one', async () => {
    const other = living();
    const owner = identityOf(other.pid);
    // It may stand still for hours, with its machine.
    leave(owner, 3_600);
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    expect(livingOwner(store)).toBe(other.pid);
    await other.end();
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBe(other.pid);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('of an earlier process whose number another one has now is taken over', () => {
    const lasting = identityOf(process.ppid);
    leave({ ...lasting, startedAt: (lasting.startedAt ?? 0) - 1 });
    expect(livingOwner(store)).toBeNull();
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBe(process.ppid);
    lock.release();
    // In a container each start may get the number of the last one.
    leave({ ...identityOf(process.pid), startedAt: 1 });
    releaseOwn(store);
    expect(existsSync(file)).toBe(true);
    lockFolder(store).release();
  });

  it.each([0, 1])(
    'of another machine or container is judged by its signs of life (%i)',
    (which) => {
      // Here this number is one of a process that runs, or of none: neither says anything.
      for (const pid of [process.pid, 999_999_999]) {
        const owner = elsewhere(pid)[which]!;
        leave(owner, 20);
        expect(livingOwner(store)).toBe(`${pid} of host '${owner.host}'`);
        expect(() => lockFolder(store)).toThrow(
          `by process ${pid} of host '${owner.host}'; stop it`,
        );
        releaseOwn(store);
        leave(owner, 40);
        expect(livingOwner(store)).toBeNull();
        const lock = lockFolder(store);
        expect(lock.tookOverFrom).toBe(pid);
        lock.release();
      }
    },
  );

  it('gives signs of life as long as it is held', async () => {
    const lock = lockFolder(store);
    utimesSync(file, 1, 1);
    await sleep(2_500);
    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(2_500);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('that was lost while its holder stood still is noticed, and left to whoever has it', () => {
    const lock = lockFolder(store);
    const [owner] = elsewhere(41);
    leave(owner!);
    expect(() => lock.check()).toThrow(
      `OF_STORE_LOST store '${store}' was taken by process 41 of host 'container'`,
    );
    lock.release();
    expect(livingOwner(store)).toBe("41 of host 'container'");
    rmSync(file);
    const again = lockFolder(store);
    rmSync(file);
    expect(() => again.check()).toThrow('OF_STORE_LOST');
    again.release();
  });

  it('is left to whoever takes it over at this moment, and a takeover that died is forgotten', () => {
    leave({ ...identityOf(999_999_999), startedAt: 1 });
    const guard = `${file}.takeover`;
    writeFileSync(guard, '');
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    utimesSync(guard, 1, 1);
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    lockFolder(store).release();
    expect(existsSync(guard)).toBe(false);
  });

  it('that is being written is nobody’s to take, unless its process was killed over it', () => {
    writeFileSync(file, '');
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    utimesSync(file, 1, 1);
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBeNull();
    lock.release();
  });

  it('is let go for a thread of this process that ended without doing so', async () => {
    lockFolder(store);
    releaseOwn(store);
    expect(existsSync(file)).toBe(false);
    const other = living();
    leave(identityOf(other.pid));
    releaseOwn(store);
    expect(existsSync(file)).toBe(true);
    await other.end();
  });
});
