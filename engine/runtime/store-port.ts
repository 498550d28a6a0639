import type { Log } from './ports.ts';

/** Where a store lives: PGlite in a folder of this machine, or a PostgreSQL server. */
export type StoreTarget =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'server'; readonly url: string };

/** How another thread opens the log: an export of a module, called with options. */
export interface LogAddress {
  /** URL of the module. */
  readonly module: string;
  /** Name of the function. */
  readonly open: string;
  /** What it is called with; plain data. */
  readonly options: unknown;
}

/** How a store that runs beside the engine fares. */
export interface StoreStatus {
  /**
   * `opening` first, `behind` while it works off the log, `current` at its end, `waiting` after an error until the next
   * try, `stopped` when no try will help or the thread has ended.
   */
  readonly state: 'opening' | 'behind' | 'current' | 'waiting' | 'stopped';
  /** Records of the log that are in the store, and those that ought to be; null before it is open. */
  readonly done: number | null;
  readonly all: number | null;
  /** The newest problem with its code; null while there is none. */
  readonly problem: string | null;
}

/** A store that runs in a thread of its own beside the engine. The engine never waits for it. */
export interface RunningStore {
  /** Folder, or address without user and password. */
  readonly name: string;
  readonly status: StoreStatus;
  /**
   * Asks one of the questions of `engine/store/queries.ts`, by name.
   *
   * @throws the coded error that keeps the store from answering, such as {OF_STORE_UNREACHABLE}.
   */
  ask(question: string, ask?: unknown): Promise<unknown>;
  /** Works off what the log holds for at most so long, then closes the store. */
  close(mostMs: number): Promise<void>;
}

/** What a store beside the engine is started with. */
export interface StoreStart {
  readonly target: StoreTarget;
  readonly log: LogAddress;
  /** Numbers of the instruments. */
  readonly partitions: readonly number[];
  /** Told of every change of state and of every new problem. */
  readonly told: (status: StoreStatus) => void;
}

/** A table of the store with its rows. */
export interface StoreTable {
  readonly table: string;
  readonly rows: number;
}

/** What `orderflow store status` tells. */
export interface StoreReport {
  readonly store: string;
  /** Process that has the embedded store open, of another machine or container with its host; everything below is null then. */
  readonly heldBy: number | string | null;
  /** Whether there is a store; an absent one is not made to be looked at. */
  readonly exists: boolean;
  readonly migrations: { readonly done: number; readonly pending: number } | null;
  readonly logId: string | null;
  readonly tables: readonly StoreTable[] | null;
  readonly topics:
    | readonly {
        readonly topic: string;
        readonly partition: number;
        readonly next: number;
        /** Offset after the newest record of the log; null without a log. */
        readonly end: number | null;
        readonly refused: number;
        readonly missed: number;
      }[]
    | null;
}

/** How far a long piece of work is. */
export type StoreProgress = (done: number, all: number, rows: number) => void;

/** The store as the command line knows it; `orderflow.ts` hands it in, and nothing of it is loaded before. */
export interface StoreDoor {
  /** @throws {OF_STORE_URL} when the address is none. */
  targetOf(databaseUrl: string | undefined, directory: string): StoreTarget;
  start(options: StoreStart): RunningStore;
  status(target: StoreTarget, log: Log | null): Promise<StoreReport>;
  /** Makes or updates the tables; returns how many migrations ran. */
  migrate(target: StoreTarget): Promise<number>;
  /**
   * Makes the store anew from the whole log; a damaged folder is set aside.
   *
   * @returns How many rows were made, and the name the old folder has now; null when it was emptied in place.
   */
  rebuild(
    target: StoreTarget,
    log: Log,
    partitions: readonly number[],
    progress: StoreProgress,
  ): Promise<{ readonly records: number; readonly rows: number; readonly aside: string | null }>;
  /**
   * Hands over a table's rows as text, in the order of its key.
   *
   * @throws {OF_STORE_TABLE} when there is no such table.
   */
  export(
    target: StoreTarget,
    table: string,
    format: 'jsonl' | 'csv',
    write: (text: string) => void,
    progress: StoreProgress,
  ): Promise<number>;
}
