import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { OrderflowError } from '../errors.ts';
import { fateOf, identityOf, isOfThisPlace, type ProcessIdentity } from './process-identity.ts';

/** A lock this process holds. */
export interface FolderLock {
  /** Process that died with the lock, which was taken over; null when there was none. */
  readonly tookOverFrom: number | null;
  /**
   * Makes sure that it is held still: a process that stood still for long, with its machine or container, may have lost it.
   *
   * @throws {OF_STORE_LOST} when another process has it, or somebody removed it.
   */
  check(): void;
  /** Lets go of it, if it is held still. */
  release(): void;
}

/** A lock as it lies there. */
interface Found {
  /** Null while its process is about to write who it is, and for the text of another program. */
  readonly owner: ProcessIdentity | null;
  readonly text: string;
  /** Its last sign of life, by the clock of the file system. */
  readonly beatAt: number;
}

/** How often the holder gives a sign of life. */
const beatMs = 2_000;
/** Without one for so long the lock of a process that cannot be seen from here is free. */
const silentMs = 30_000;
/** A takeover lasts milliseconds; one this old was killed in the middle. */
const takeoverMs = 10_000;

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Makes a file that is not there yet and leaves it open; null when it is. */
function createFile(path: string, text: string): number | null {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if (isCode(error, 'EEXIST')) return null;
    throw error;
  }
  try {
    writeSync(file, text);
    return file;
  } catch (error) {
    closeSync(file);
    rmSync(path, { force: true });
    throw error;
  }
}

function identityIn(text: string): ProcessIdentity | null {
  try {
    const said = JSON.parse(text) as ProcessIdentity;
    return Number.isInteger(said.pid) && said.pid > 0 ? said : null;
  } catch {
    return null;
  }
}

/** Beside the folder, never in it: the database owns what is inside. */
function lockFile(directory: string): string {
  return `${directory}.lock`;
}

function readLock(directory: string): Found | null {
  try {
    const text = readFileSync(lockFile(directory), 'utf8');
    return { owner: identityIn(text), text, beatAt: statSync(lockFile(directory)).mtimeMs };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** @param now - By the clock of the file system, which may be another machine's. */
function isHeld({ owner, beatAt }: Found, now: number): boolean {
  const fate = owner ? fateOf(owner) : 'unknown';
  return fate === 'runs' || (fate === 'unknown' && now - beatAt <= silentMs);
}

/** Names the holder: its number, of another machine or container with its host. */
function nameOf({ owner }: Found): number | string {
  if (!owner) return 'unknown';
  return isOfThisPlace(owner) ? owner.pid : `${owner.pid} of host '${owner.host}'`;
}

/** Returns the living process that holds a folder, see {@link nameOf}; null when none does. */
export function livingOwner(directory: string): number | string | null {
  const found = readLock(directory);
  return found && isHeld(found, Date.now()) ? nameOf(found) : null;
}

/** Makes the file in place of one whose process is gone; null when it is not. */
function takeOver(
  directory: string,
  text: string,
): { readonly file: number; readonly from: number | null } | null {
  const path = `${lockFile(directory)}.takeover`;
  const guard = createFile(path, text);
  if (guard === null) {
    if (Date.now() - statSync(path).mtimeMs > takeoverMs) rmSync(path, { force: true });
    return null;
  }
  try {
    closeSync(guard);
    const found = readLock(directory);
    if (found && isHeld(found, statSync(path).mtimeMs)) return null;
    rmSync(lockFile(directory), { force: true });
    const file = createFile(lockFile(directory), text);
    return file === null ? null : { file, from: found?.owner?.pid ?? null };
  } finally {
    rmSync(path, { force: true });
  }
}

/** Keeps a lock that was made, until it is released. */
function keep(directory: string, text: string, file: number, from: number | null): FolderLock {
  const beat = setInterval(() => {
    try {
      // Through the open file: it is never the file of whoever took over.
      writeSync(file, text, 0);
    } catch {
      // A sign of life that is missed is no reason to end; whoever takes the lock for that is noticed.
    }
  }, beatMs);
  beat.unref();
  return {
    tookOverFrom: from,
    check: () => {
      const found = readLock(directory);
      if (found?.text === text) return;
      const pid = found ? nameOf(found) : 'unknown';
      throw new OrderflowError('OF_STORE_LOST', { directory, pid });
    },
    release: () => {
      clearInterval(beat);
      closeSync(file);
      if (readLock(directory)?.text === text) rmSync(lockFile(directory), { force: true });
    },
  };
}

/**
 * Takes a folder for this process. PGlite has no lock of its own: a second process would lose rows without a word. A holder
 * that can be seen from here is judged by whether it runs, one of another machine or container by its signs of life.
 *
 * @throws {OF_STORE_LOCKED} when a living process has it; it is never taken from one.
 */
export function lockFolder(directory: string): FolderLock {
  mkdirSync(dirname(directory), { recursive: true });
  const text = `${JSON.stringify({ ...identityOf(process.pid), key: randomUUID() })}\n`;
  const file = createFile(lockFile(directory), text);
  if (file !== null) return keep(directory, text, file, null);
  const taken = takeOver(directory, text);
  if (taken) return keep(directory, text, taken.file, taken.from);
  const found = readLock(directory);
  throw new OrderflowError('OF_STORE_LOCKED', {
    directory,
    pid: found ? nameOf(found) : 'unknown',
  });
}

/** Lets go of a folder for a thread of this process that ended without doing so. */
export function releaseOwn(directory: string): void {
  const owner = readLock(directory)?.owner;
  if (owner?.pid !== process.pid || !isOfThisPlace(owner) || fateOf(owner) === 'gone') return;
  rmSync(lockFile(directory), { force: true });
}
