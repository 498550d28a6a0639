import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HostDouble } from './host-double.ts';

function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** A host double whose working folder is a real one, made for a test: for commands that write files. */
export class FolderHost extends HostDouble {
  readonly folder: string;

  constructor(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
    super(args);
    this.folder = mkdtempSync(join(tmpdir(), 'orderflow-host-'));
    Object.defineProperty(this, 'cwd', { value: this.folder });
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = resolve(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  override readText(path: string): string | null {
    return orElse(() => readFileSync(resolve(this.folder, path), 'utf8'), null);
  }

  override listFolder(path: string): readonly string[] {
    return orElse(() => readdirSync(resolve(this.folder, path)).sort(), []);
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
