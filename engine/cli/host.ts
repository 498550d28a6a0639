import type { Plugin } from '../plugin/define-plugin.ts';
import type { Log } from '../runtime/ports.ts';
import type { LogAddress, StoreDoor } from '../runtime/store-port.ts';
import type { LiveEngine } from './live-engine.ts';
import type { WorkerGroup, WorkerGroupHandlers, WorkerGroupOptions } from './worker-group.ts';

/** Where text goes: a terminal, a pipe or a file. */
export interface Output {
  /** A person reads it: bars and redrawing are welcome. */
  readonly isTerminal: boolean;
  /** Width and height in characters; read them anew for each drawing, windows change. */
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

/** A plugin with the file it came from. */
export interface FoundPlugin {
  readonly plugin: Plugin;
  /** Absolute path. */
  readonly file: string;
}

/** A log on a cluster, which others share. */
export interface ClusterLog extends Log {
  /** Deletes the log with everything it holds. */
  discard?(): Promise<void>;
}

/** Where the web app of a run is to be served. */
export interface WebOptions {
  readonly engine: LiveEngine;
  /** Address to listen on; anything but the loopback needs a password. */
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Serve the sources, with hot reload, instead of the build. */
  readonly isDev: boolean;
}

/** A web app that is being served. */
export interface WebDoor {
  readonly url: string;
  /** Lets requests that are on their way have the thread; a run calls it after each turn. */
  breathe(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Everything the command line has of the world: `orderflow.ts` hands in the real one, tests one of their own. Paths given
 * to it are relative to `cwd` or absolute.
 */
export interface Host {
  /** Words after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Version of the program. */
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds of a clock that only moves forward. */
  wallClock(): number;
  /** Lets everything else that waits have its turn: signals, timers, I/O. */
  turn(): Promise<void>;
  /** Calls back every `ms` milliseconds until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
  /** Calls back when the user or the system asks to stop: `isForced` at the second time. Returns how to end listening. */
  onStop(callback: (isForced: boolean) => void): () => void;
  /** Returns a file's text, null when it cannot be read. */
  readText(path: string): string | null;
  /** Returns the names in a folder, ascending; empty when it cannot be read. */
  listFolder(path: string): readonly string[];
  /** Gives a folder another name. */
  renameFolder(from: string, to: string): void;
  /** Removes a folder with all it holds, if it is there. */
  removeFolder(path: string): void;
  /** Loads what discovery finds, ascending by id. */
  loadPlugins(): Promise<readonly FoundPlugin[]>;
  /** Opens a log that lasts as long as the process. */
  openMemoryLog(): Log;
  /** Opens the log of a folder, which is made when it is absent; a `guest` reads beside the process that owns it. */
  openLocalLog(directory: string, access: 'owner' | 'guest'): Log;
  /** Opens the log on the Kafka cluster that the environment names; `part` is put before its topics, for a log beside it. */
  openKafkaLog(part?: string): Promise<ClusterLog>;
  /** Makes this process a worker of a group on that cluster, as soon as it is run. */
  joinKafkaGroup(options: WorkerGroupOptions, handlers: WorkerGroupHandlers): WorkerGroup;
  /** Returns how another thread opens the log of a folder, or with null the one on Kafka, beside its owner. */
  logAddress(directory: string | null): LogAddress;
  /** Loads the store. */
  loadStore(): Promise<StoreDoor>;
  /**
   * Serves the web app of a run.
   *
   * @throws {OF_WEB_PORT} when the port is taken.
   * @throws {OF_WEB_PASSWORD} when the address can be reached from elsewhere and no password is set.
   */
  openWeb(options: WebOptions): Promise<WebDoor>;
}

/** How a command ended: 0 ok, 1 the job found problems, 2 wrong usage, 3 operating error. */
export type ExitCode = 0 | 1 | 2 | 3;
