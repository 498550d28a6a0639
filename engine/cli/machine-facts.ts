import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What `orderflow doctor` asks the machine; nothing here changes anything. */
export interface MachineFacts {
  readonly runtime: 'Node' | 'Deno';
  readonly version: string;
  /** Milliseconds since 1970 by the system's clock. */
  readonly systemTime: number;
  /** When the packages were installed, in milliseconds since 1970; null where that is not known. */
  readonly installedAt: number | null;
  /** Text of package-lock.json of the project, and of what is installed; null when absent. */
  readonly wantedPackages: string | null;
  readonly installedPackages: string | null;
  /** Says where files of a folder would land, and what is known of that place. */
  placeOf(folder: string): FolderFacts;
}

/** A folder, or the nearest one above that is there. */
export interface FolderFacts {
  readonly exists: boolean;
  readonly isWritable: boolean;
  /** Bytes that this user may still write; null where the system does not say. */
  readonly freeBytes: number | null;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function nearestFolder(path: string): string {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) || folder === dirname(folder)) return folder;
  }
}

function placeOf(folder: string): FolderFacts {
  const place = nearestFolder(folder);
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  return {
    exists: existsSync(folder),
    isWritable: isFolder && orNull(() => accessSync(place, constants.W_OK)) !== null,
    freeBytes: orNull(() => {
      const { bavail, bsize } = statfsSync(place);
      return bavail * bsize;
    }),
  };
}

/** Returns the facts of this machine. */
export function machineFacts(): MachineFacts {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const deno = process.versions['deno'];
  return {
    runtime: deno === undefined ? 'Node' : 'Deno',
    version: deno ?? process.versions.node,
    systemTime: Date.now(),
    installedAt: statSync(installed, { throwIfNoEntry: false })?.mtimeMs ?? null,
    wantedPackages: orNull(() => readFileSync(join(root, 'package-lock.json'), 'utf8')),
    installedPackages: orNull(() => readFileSync(installed, 'utf8')),
    placeOf,
  };
}
