import type { Log } from '../runtime/ports.ts';
import type { LogAddress, StoreDoor } from '../runtime/store-port.ts';
import type { FoundPlugin, Host, WebDoor, WebOptions } from './host.ts';
import type { WorkerGroup } from './worker-group.ts';

/** A host without a world: what the program wrote is kept, files are a map, the clock stands still until it is moved. */
export class HostDouble implements Host {
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined> = {};
  readonly cwd = '/project';
  readonly version = '0.0.0';
  readonly files = new Map<string, string>();
  plugins: readonly FoundPlugin[] = [];
  log: Log | null = null;
  store: StoreDoor | null = null;
  group: Host['joinKafkaGroup'] | null = null;
  written = '';
  errors = '';
  now = 0;
  private readonly stops = new Set<(isForced: boolean) => void>();

  constructor(args: readonly string[], isTerminal = false) {
    this.args = args;
    this.stdout = { ...this.stdout, isTerminal };
    this.stderr = { ...this.stderr, isTerminal };
  }

  /** What the web app was asked for; it is not served. */
  web: WebOptions | null = null;

  openWeb(options: WebOptions): Promise<WebDoor> {
    this.web = options;
    return Promise.resolve({
      url: `http://${options.address}:${options.port}`,
      breathe: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
  }

  stdout: Host['stdout'] = {
    isTerminal: false,
    columns: 80,
    rows: 24,
    write: (text) => {
      this.written += text;
    },
  };

  stderr: Host['stderr'] = {
    isTerminal: false,
    columns: 80,
    rows: 24,
    write: (text) => {
      this.errors += text;
    },
  };

  /** Asks for a stop, as Ctrl-C does. */
  stop(isForced = false): void {
    for (const callback of this.stops) callback(isForced);
  }

  wallClock(): number {
    return this.now;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  every(): () => void {
    return () => {};
  }

  onStop(callback: (isForced: boolean) => void): () => void {
    this.stops.add(callback);
    return () => this.stops.delete(callback);
  }

  readText(path: string): string | null {
    return this.files.get(path) ?? null;
  }

  listFolder(path: string): readonly string[] {
    const names = [...this.files.keys()]
      .filter((file) => file.startsWith(`${path}/`))
      .map((file) => file.slice(path.length + 1).split('/')[0] ?? '');
    return [...new Set(names)].sort();
  }

  renameFolder(from: string, to: string): void {
    for (const [file, text] of this.files) {
      if (!file.startsWith(`${from}/`)) continue;
      this.files.delete(file);
      this.files.set(`${to}${file.slice(from.length)}`, text);
    }
  }

  removeFolder(path: string): void {
    for (const file of this.files.keys()) if (file.startsWith(`${path}/`)) this.files.delete(file);
  }

  async loadPlugins(): Promise<readonly FoundPlugin[]> {
    return this.plugins;
  }

  openMemoryLog(): Log {
    return this.openLocalLog();
  }

  async openKafkaLog(): Promise<Log> {
    return this.openLocalLog();
  }

  joinKafkaGroup(...of: Parameters<Host['joinKafkaGroup']>): WorkerGroup {
    if (!this.group) throw new Error('the test gave the host no group');
    return this.group(...of);
  }

  logAddress(directory: string | null): LogAddress {
    return { module: 'the-log', open: 'openLog', options: { directory } };
  }

  async loadStore(): Promise<StoreDoor> {
    if (!this.store) throw new Error('the test gave the host no store');
    return this.store;
  }

  openLocalLog(): Log {
    if (!this.log) throw new Error('the test gave the host no log');
    return this.log;
  }
}
