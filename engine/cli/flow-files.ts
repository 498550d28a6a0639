import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { OrderflowError } from '../errors.ts';
import type { FlowText, FlowVersion } from './desk.ts';
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

/** Writes a file whole or not at all: a reader sees the old text or the new one. */
export function writeAtomically(path: string, text: string): void {
  const own = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(own, text);
    renameSync(own, path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new OrderflowError('OF_CLI_WRITE', { file: path, cause }, { cause: error });
  }
}

/** The flow files a process may edit: those of the folder `flows/` and the one that runs. */
export class FlowFiles {
  private readonly host: Host;
  private readonly running: string;

  constructor(host: Host, running: string) {
    this.host = host;
    this.running = running;
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

  write(id: string, text: string): void {
    const file = this.all().get(id);
    if (file !== undefined) writeAtomically(resolve(this.host.cwd, file), text);
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

  constructor(host: Host, home: string) {
    this.folder = resolve(host.cwd, home, 'versions');
  }

  /** Versions of a flow, oldest first. */
  of(id: string): readonly FlowVersion[] {
    return this.listOf(id).split('\n').flatMap(versionsIn);
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
    const list = this.listOf(id);
    const number = Math.max(0, ...this.numbersOf(id)) + 1;
    const version = { number, at: Date.now(), sha: shaOf(text), ...of };
    writeAtomically(join(this.folder, id, `${number}.flow.yaml`), text);
    const end = list === '' || list.endsWith('\n') ? '' : '\n';
    const line = `${JSON.stringify(version)}\n`;
    writeAtomically(join(this.folder, id, 'versions.ndjson'), `${list}${end}${line}`);
    return version;
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
