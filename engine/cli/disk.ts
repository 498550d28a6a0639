import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What files are changed with; each step is on the disk when it returns. Tests let it fail at any of them. */
export interface Disk {
  /** Writes a file, with the folders above it. */
  write(path: string, text: string): void;
  /** Gives a file the name of another one, which it replaces. */
  rename(from: string, to: string): void;
  /** Removes a file, if it is there. */
  remove(path: string): void;
}

function sync(path: string, flags: string, act: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    act(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A name in a folder outlasts a power cut only when the folder is written too. */
const syncFolderOf = (path: string): void => sync(dirname(path), 'r', () => {});

/** The disk of this machine. */
export const disk: Disk = {
  write: (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    sync(path, 'w', (file) => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    });
  },
  rename: (from, to) => {
    renameSync(from, to);
    syncFolderOf(to);
  },
  remove: (path) => rmSync(path, { force: true }),
};
