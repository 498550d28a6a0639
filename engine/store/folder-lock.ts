import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { OrderflowError } from '../errors.ts';

/** A lock this process holds. */
export interface FolderLock {
  /** Process that died with the lock, which was taken over; null when there was none. */
  readonly tookOverFrom: number | null;
  release(): void;
}

interface Owner {
  readonly pid: number;
  /** Start of that process, milliseconds since the epoch. */
  readonly startedAt: number;
}

/** How far two readings of a process's start may lie apart. */
const startSlackMs = 10_000;
/** A takeover lasts milliseconds; one this old was killed in the middle. */
const takeoverMs = 10_000;

/** A file without a number: its process is about to write it. */
const unsaid = 0;

const startOfThis = (): number => Math.round(Date.now() - process.uptime() * 1_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** In a container each start may get the number of the last one: then the time of the start tells them apart. */
function isStale({ pid, startedAt }: Owner): boolean {
  if (pid === unsaid) return false;
  if (pid === process.pid) return Math.abs(startedAt - startOfThis()) > startSlackMs;
  return !isAlive(pid);
}

/** Makes a file that is not there yet; false when it is. */
function createFile(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Returns who holds a lock; null when nobody does. */
export function ownerOf(directory: string): Owner | null {
  let text: string;
  try {
    text = readFileSync(lockFile(directory), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const [pid = Number.NaN, startedAt = Number.NaN] = text.split(' ').map(Number);
  return Number.isInteger(pid) && pid > 0 ? { pid, startedAt } : { pid: unsaid, startedAt: 0 };
}

/** Returns the living process that holds a folder; null when none does. */
export function livingOwner(directory: string): number | null {
  const owner = ownerOf(directory);
  return owner === null || isStale(owner) ? null : owner.pid;
}

/** Beside the folder, never in it: the database owns what is inside. */
function lockFile(directory: string): string {
  return `${directory}.lock`;
}

function takeOver(directory: string, text: string): boolean {
  const guard = `${lockFile(directory)}.takeover`;
  if (!createFile(guard, text)) {
    if (Date.now() - statSync(guard).mtimeMs > takeoverMs) rmSync(guard, { force: true });
    return false;
  }
  try {
    // Another may have taken it over while this one was looking.
    const owner = ownerOf(directory);
    if (owner !== null && !isStale(owner)) return false;
    rmSync(lockFile(directory), { force: true });
    return createFile(lockFile(directory), text);
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Takes a folder for this process. PGlite has no lock of its own: a second process would lose rows without a word.
 *
 * @throws {OF_STORE_LOCKED} when a living process has it; it is never taken from one.
 */
export function lockFolder(directory: string): FolderLock {
  mkdirSync(dirname(directory), { recursive: true });
  const text = `${process.pid} ${startOfThis()}\n`;
  const release = (): void => rmSync(lockFile(directory), { force: true });
  if (createFile(lockFile(directory), text)) return { tookOverFrom: null, release };
  const owner = ownerOf(directory);
  const isFree = owner === null || isStale(owner);
  if (isFree && takeOver(directory, text)) return { tookOverFrom: owner?.pid ?? null, release };
  const pid = ownerOf(directory)?.pid || 'unknown';
  throw new OrderflowError('OF_STORE_LOCKED', { directory, pid });
}

/** Lets go of a folder for a thread of this process that ended without doing so. */
export function releaseOwn(directory: string): void {
  const owner = ownerOf(directory);
  if (owner?.pid === process.pid && !isStale(owner)) rmSync(lockFile(directory), { force: true });
}
