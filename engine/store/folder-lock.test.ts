import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { livingOwner, lockFolder, releaseOwn } from './folder-lock.ts';

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
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-lock-'));
    store = join(folder, 'store');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lies beside the folder, keeps a second one out and goes when it is released', () => {
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBeNull();
    expect(existsSync(store)).toBe(false);
    expect(livingOwner(store)).toBe(process.pid);
    expect(() => lockFolder(store)).toThrow(
      `OF_STORE_LOCKED store '${store}' is in use by process ${process.pid}; stop it first`,
    );
    lock.release();
    expect(livingOwner(store)).toBeNull();
    lockFolder(store).release();
  });

  it('is never taken from a living process, and is taken over from a dead one', async () => {
    const other = living();
    writeFileSync(`${store}.lock`, `${other.pid} 1\n`);
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    expect(livingOwner(store)).toBe(other.pid);
    await other.end();
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBe(other.pid);
    expect(readFileSync(`${store}.lock`, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    lock.release();
  });

  it('of an earlier process with this number, as in a container, is taken over', () => {
    writeFileSync(`${store}.lock`, `${process.pid} 1000\n`);
    const lock = lockFolder(store);
    expect(lock.tookOverFrom).toBe(process.pid);
    lock.release();
  });

  it('is left to whoever takes it over at this moment, and a takeover that died is forgotten', () => {
    writeFileSync(`${store}.lock`, '999999999 1\n');
    const guard = `${store}.lock.takeover`;
    writeFileSync(guard, '');
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    utimesSync(guard, 1, 1);
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
    lockFolder(store).release();
    expect(existsSync(guard)).toBe(false);
  });

  it('that is being written is nobody’s to take', () => {
    writeFileSync(`${store}.lock`, '');
    expect(() => lockFolder(store)).toThrow('OF_STORE_LOCKED');
  });

  it('is let go for a thread of this process that ended without doing so', async () => {
    lockFolder(store);
    releaseOwn(store);
    expect(existsSync(`${store}.lock`)).toBe(false);
    const other = living();
    writeFileSync(`${store}.lock`, `${other.pid} 1\n`);
    releaseOwn(store);
    expect(existsSync(`${store}.lock`)).toBe(true);
    await other.end();
  });
});
