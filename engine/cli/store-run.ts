import { join, resolve } from 'node:path';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import type { RunningStore, StoreStatus } from '../runtime/store-port.ts';
import type { Arguments, Option } from './arguments.ts';
import { homeOf, logFolder } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import type { LiveEngine } from './live-engine.ts';
import { isOnKafka } from './open-log.ts';
import { RunRegistry } from './run-record.ts';

/** The store waits until the run is under way: its start takes a core for a second or two. */
const startAfterMs = 1_500;
/** How long the end of a run may wait for the store. What is missing is made up for at the next start. */
const closeMs = 10_000;

/** Options of a command that runs a store beside the engine. */
export const storeOptions: readonly Option[] = [
  { name: 'no-store', summary: 'Leave out the store, which the past is shown from' },
];

/** Returns the folder of a home's embedded store. */
export function storeFolder(home: string): string {
  return join(home, 'store');
}

/** The log that was set aside takes the store that shows it along. */
export function setStoreAside(host: Host, home: string, logAside: string): void {
  const number = logAside.slice(logFolder(home).length);
  const names = host.listFolder(home);
  const isFree = !names.includes('store.lock') && !names.includes(`store${number}`);
  if (names.includes('store') && isFree)
    host.renameFolder(storeFolder(home), `${storeFolder(home)}${number}`);
}

/** What a run has of the store beside it. */
export interface StoreDesk {
  /** What to say instead of the usual hint; null while all is well. */
  notice(): string | null;
  /** How the store fares; null before it is started, and without one. */
  status(): StoreStatus | null;
}

/** Starts the store late, tells of its problems, and closes it with the run. */
class StoreBeside implements StoreDesk {
  private readonly host: Host;
  private readonly start: (told: (status: StoreStatus) => void) => Promise<RunningStore>;
  private readonly isQuiet: boolean;
  private readonly started: (store: RunningStore) => void;
  private store: Promise<RunningStore> | null = null;
  private running: RunningStore | null = null;
  private problem: string | null = null;

  constructor(
    host: Host,
    start: StoreBeside['start'],
    started: StoreBeside['started'],
    isQuiet: boolean,
  ) {
    this.host = host;
    this.start = start;
    this.started = started;
    this.isQuiet = isQuiet;
  }

  open(): Promise<RunningStore> {
    this.store ??= this.start((status) => this.told(status)).then((store) => {
      this.running = store;
      this.started(store);
      return store;
    });
    return this.store;
  }

  notice(): string | null {
    return this.problem;
  }

  status(): StoreStatus | null {
    return this.running?.status ?? null;
  }

  async close(): Promise<void> {
    // A run shorter than the wait is shown as well.
    const store = await this.open();
    await store.close(closeMs);
  }

  private told({ problem }: StoreStatus): void {
    if (problem === this.problem) return;
    const hadProblem = this.problem !== null;
    this.problem = problem;
    if (this.isQuiet) return;
    if (problem !== null) this.host.stderr.write(`${problem}\n`);
    else if (hadProblem) this.host.stderr.write('The store is back and catches up.\n');
  }
}

/**
 * Runs something with the store beside it. The engine never waits for the store, and a store that cannot work is told
 * of and tried again: the run goes on.
 *
 * @throws {OF_STORE_URL} when DATABASE_URL is no address.
 */
export async function withStore(
  host: Host,
  args: Arguments,
  of: { readonly graph: FlowGraph; readonly log: Log; readonly engine: LiveEngine | null },
  run: (desk: StoreDesk) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { graph, log, engine } = of;
  if (args.has('no-store')) return withoutStore(host, args, of, run);
  const registry = new RunRegistry(host, log, graph);
  const home = homeOf(host, args);
  const door = await host.loadStore();
  const target = door.targetOf(host.env['DATABASE_URL'], resolve(host.cwd, storeFolder(home)));
  const beside = new StoreBeside(
    host,
    async (told) =>
      door.start({
        target,
        log: host.logAddress(isOnKafka(args) ? null : logFolder(home)),
        partitions: graph.instruments.map(({ number }) => number),
        told,
      }),
    (store) => {
      if (engine) engine.store = store;
    },
    // The screen says it instead.
    host.stdout.isTerminal,
  );
  const later = host.every(startAfterMs, () => {
    later();
    void beside.open();
  });
  try {
    return await registered(registry, () => run(beside));
  } finally {
    later();
    await beside.close();
  }
}

/** Runs something whose store is another process's business. */
export function withoutStore(
  host: Host,
  _args: Arguments,
  { graph, log }: { readonly graph: FlowGraph; readonly log: Log },
  run: (desk: StoreDesk) => Promise<ExitCode>,
): Promise<ExitCode> {
  return registered(new RunRegistry(host, log, graph), () =>
    run({ notice: () => null, status: () => null }),
  );
}

async function registered(registry: RunRegistry, run: () => Promise<ExitCode>): Promise<ExitCode> {
  await registry.began();
  let state: 'stopped' | 'failed' = 'failed';
  try {
    const code = await run();
    state = 'stopped';
    return code;
  } finally {
    await registry.ended(state);
  }
}
