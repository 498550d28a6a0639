import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { OrderflowError } from '../errors.ts';
import type { FlowText, FlowVersion } from './desk.ts';
import type { Disk } from './disk.ts';
import type { Host } from './host.ts';
import { defaultFlowFiles } from './load-flow.ts';

/** sha256 of a text. */
export function shaOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Returns what a flow file is called in addresses: its name without `.flow.yaml`. */
function idOf(file: string): string {
  return basename(file).replace(/\.flow\.ya?ml$/, '');
}

function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new OrderflowError('OF_CLI_WRITE', { file: path, cause }, { cause: error });
  }
}

/** A text that lies beside its file, written and not yet in its place. */
export interface StagedText {
  /** Puts it in its place. A reader, and whoever comes after a crash, sees the old text or the new one. */
  put(): void;
  /** Takes it away. */
  drop(): void;
}

/** Writes a text beside the file of a path, from where it is put in place. */
export function stage(disk: Disk, path: string, text: string): StagedText {
  const own = `${path}.${process.pid}.tmp`;
  writing(path, () => disk.write(own, text));
  return {
    put: () => writing(path, () => disk.rename(own, path)),
    drop: () => writing(path, () => disk.remove(own)),
  };
}

/** The flow files a process may edit: those of the folder `flows/` and the one that runs. */
export class FlowFiles {
  private readonly host: Host;
  private readonly running: string;
  private readonly disk: Disk;

  constructor(host: Host, running: string, disk: Disk) {
    this.host = host;
    this.running = running;
    this.disk = disk;
  }

  /** Files by id, ascending; of two with one name the running one. */
  all(): ReadonlyMap<string, string> {
    const files = new Map(defaultFlowFiles(this.host).map((file) => [idOf(file), file]));
    files.set(idOf(this.running), this.running);
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  read(id: string): FlowText | null {
    const file = this.all().get(id);
    const text = file === undefined ? null : this.host.readText(file);
    if (file === undefined || text === null) return null;
    return { id, file, text, sha: shaOf(text), isRunning: file === this.running };
  }

  /** Writes a text beside the file of a flow, from where it is put in place; null when there is no such flow. */
  stage(id: string, text: string): StagedText | null {
    const file = this.all().get(id);
    return file === undefined ? null : stage(this.disk, resolve(this.host.cwd, file), text);
  }

  /** Removes what was staged for a flow by a process that ended before it was put in place; called before anything is staged. */
  sweep(id: string): void {
    const file = this.all().get(id);
    if (file === undefined) return;
    const folder = dirname(resolve(this.host.cwd, file));
    for (const name of this.host.listFolder(folder)) {
      const [, own, pid] = /^(.*)\.(\d+)\.tmp$/.exec(name) ?? [];
      if (own === basename(file) && isOver(Number(pid))) this.disk.remove(join(folder, name));
    }
  }
}

/** Whether a process has ended. In a container each start may get the number of the last one. */
function isOver(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
  }
}

/** Reads a line of a list; none from one that a crash cut off. */
function versionsIn(line: string): FlowVersion[] {
  try {
    return [JSON.parse(line) as FlowVersion];
  } catch {
    return [];
  }
}

/** The texts of flows that were saved or deployed, kept in the home folder. */
export class FlowVersions {
  private readonly folder: string;
  private readonly disk: Disk;

  constructor(host: Host, home: string, disk: Disk) {
    this.folder = resolve(host.cwd, home, 'versions');
    this.disk = disk;
  }

  /** Versions of a flow, oldest first. */
  of(id: string): readonly FlowVersion[] {
    const read = this.listOf(id).split('\n').flatMap(versionsIn);
    return [...new Map(read.map((version) => [version.number, version])).values()];
  }

  text(id: string, number: number): string | null {
    if (!this.of(id).some((version) => version.number === number)) return null;
    try {
      return readFileSync(join(this.folder, id, `${number}.flow.yaml`), 'utf8');
    } catch {
      return null;
    }
  }

  /** Keeps a text; returns its version. */
  add(id: string, text: string, of: Omit<FlowVersion, 'number' | 'at' | 'sha'>): FlowVersion {
    const number = Math.max(0, ...this.numbersOf(id)) + 1;
    const version = { number, at: Date.now(), sha: shaOf(text), ...of };
    this.write(join(this.folder, id, `${number}.flow.yaml`), text);
    this.append(id, version);
    return version;
  }

  /** Notes what became of a version. */
  settle(id: string, version: FlowVersion, what: FlowVersion['what']): FlowVersion {
    const settled = { ...version, what };
    this.append(id, settled);
    return settled;
  }

  /** A line more, which stands for an earlier one of the same number. */
  private append(id: string, version: FlowVersion): void {
    const list = this.listOf(id);
    const end = list === '' || list.endsWith('\n') ? '' : '\n';
    const line = `${JSON.stringify(version)}\n`;
    this.write(join(this.folder, id, 'versions.ndjson'), `${list}${end}${line}`);
  }

  private write(path: string, text: string): void {
    stage(this.disk, path, text).put();
  }

  /** The list as it lies there. One that cannot be read is an error: taken for empty, it would be written anew. */
  private listOf(id: string): string {
    const path = join(this.folder, id, 'versions.ndjson');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Numbers whose text is there, whatever the list says: a text that was kept is never written over. */
  private numbersOf(id: string): number[] {
    const path = join(this.folder, id);
    const names = existsSync(path) ? readdirSync(path) : [];
    return names.flatMap((name) => {
      const [, number] = /^(\d+)\.flow\.yaml$/.exec(name) ?? [];
      return number === undefined ? [] : [Number(number)];
    });
  }
}
