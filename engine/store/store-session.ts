import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EntityManager, MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { StoreTarget } from '../runtime/store-port.ts';
import { entities } from './entities/all.ts';
import { StoreIdentity } from './entities/system.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { migrations } from './migrations/all.ts';
import { storeFailure } from './store-failure.ts';
import { isFolder, nameOf } from './target.ts';

/** Version of the rules that make rows of records. Another number asks for a rebuild. */
export const projectionVersion = 2;

/** How long a server may take to let this process in, and for one statement. */
const connectMs = 10_000;
const statementMs = 30_000;
/** How long a server's connections are given to close. */
const closeMs = 1_000;
/** PGlite would take 128 MB for buffers and keep 1 GB of write-ahead log; the store of one machine needs neither. */
const lean = ["shared_buffers = '16MB'", "max_wal_size = '64MB'", "min_wal_size = '32MB'"];

/** How a store is opened. */
export interface StoreOptions {
  /** Whether tables are made or brought up to date; yes by default. */
  readonly migrates?: boolean;
  /** Limits that a test makes shorter. */
  readonly connectMs?: number;
  readonly statementMs?: number;
}

async function ormOf(target: StoreTarget, options: StoreOptions): Promise<MikroORM> {
  const shared = {
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false },
    allowGlobalContext: false,
    ensureDatabase: false,
    // Drivers warn of a lost connection by themselves; the projector says so once, with its code.
    logger: () => {},
  };
  // Each driver is loaded only where it is used: together they take a second.
  if (target.kind === 'embedded') {
    const { MikroORM: Embedded } = await import('@mikro-orm/pglite');
    return Embedded.init({ ...shared, dbName: target.directory });
  }
  const { MikroORM: Server } = await import('@mikro-orm/postgresql');
  const timeout = options.statementMs ?? statementMs;
  return Server.init({
    ...shared,
    clientUrl: target.url,
    pool: { min: 0, max: 4 },
    driverOptions: {
      connectionTimeoutMillis: options.connectMs ?? connectMs,
      statement_timeout: timeout,
      lock_timeout: timeout,
      // Also when the network swallows the answer.
      query_timeout: timeout + 2_000,
      application_name: 'orderflow',
    },
  });
}

/** A store that is open: its tables are there, and nobody else of this machine has its folder. */
export class StoreSession {
  readonly target: StoreTarget;
  /** Process that died with the folder's lock, which was taken over; null when there was none. */
  readonly tookOverFrom: number | null;
  readonly orm: MikroORM;
  private readonly lock: FolderLock | null;
  private isClosed = false;

  private constructor(target: StoreTarget, orm: MikroORM, lock: FolderLock | null) {
    this.target = target;
    this.orm = orm;
    this.lock = lock;
    this.tookOverFrom = lock?.tookOverFrom ?? null;
  }

  /**
   * Opens a store, makes it the first time, and brings its tables up to date.
   *
   * @throws {OF_STORE_LOCKED} when another process has the folder.
   * @throws {OF_STORE_VERSION} when a newer build made the tables.
   * @throws {OF_STORE_CORRUPT} when its files are damaged, {OF_STORE_UNREACHABLE} when the server does not answer; the
   * other codes of the store as they apply.
   */
  static async open(target: StoreTarget, options: StoreOptions = {}): Promise<StoreSession> {
    let lock: FolderLock | null = null;
    let orm: MikroORM | null = null;
    try {
      lock = isFolder(target) ? takeFolder(target.directory) : null;
      const isNew = isFolder(target) && prepareFolder(target.directory);
      orm = await ormOf(target, options);
      // Asked first: the migrator would make a database that is not there, and hide a mistake in the address.
      await orm.em.getConnection().execute('select 1');
      const isUpToDate = await checkTables(orm, target);
      // Even with nothing to do a migration reads the whole schema, which costs 200 MB in the embedded database.
      lock?.check();
      if (!isUpToDate && options.migrates !== false) await orm.migrator.up();
      if (isNew && isFolder(target)) await settle(orm, target.directory);
      return new StoreSession(target, orm, lock);
    } catch (error) {
      if (orm) await closeOrm(orm, target).catch(() => {});
      lock?.release();
      throw storeFailure(error, target);
    }
  }

  /** Returns a fresh unit of work. */
  em(): EntityManager {
    return this.orm.em.fork();
  }

  /**
   * Makes sure that the store may be written; asked before the first and after the last statement of a transaction.
   *
   * @throws {OF_STORE_LOST} when another process has taken the folder over.
   */
  checkOwned(): void {
    this.lock?.check();
  }

  /** Closes the database, then lets go of the folder. One that was lost is left alone: closing writes. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      if (this.isOwned()) await closeOrm(this.orm, this.target);
    } finally {
      this.lock?.release();
    }
  }

  private isOwned(): boolean {
    try {
      this.checkOwned();
      return true;
    } catch (error) {
      if (isOrderflowError(error, 'OF_STORE_LOST')) return false;
      throw error;
    }
  }
}

/** A pool waits for connections that a broken network will never give back. */
async function closeOrm(orm: MikroORM, target: StoreTarget): Promise<void> {
  const closed = orm.close(true);
  if (target.kind === 'embedded') return closed;
  closed.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMs);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
}

function takeFolder(directory: string): FolderLock {
  mkdirSync(dirname(directory), { recursive: true });
  accessSync(dirname(directory), constants.W_OK);
  return lockFolder(directory);
}

/** Stands beside a folder from before it is made until it is whole: a process killed in between leaves half a database. */
const makingFile = (directory: string): string => `${directory}.making`;

/** Returns whether the folder is made anew by the database that is opened next. */
function prepareFolder(directory: string): boolean {
  if (existsSync(makingFile(directory))) rmSync(directory, { recursive: true, force: true });
  if (existsSync(directory)) {
    accessSync(directory, constants.W_OK);
    return false;
  }
  writeFileSync(makingFile(directory), '');
  return true;
}

async function settle(orm: MikroORM, directory: string): Promise<void> {
  // Settings hold from the next start on; the first one has little to keep.
  for (const setting of lean) await orm.em.getConnection().execute(`alter system set ${setting}`);
  rmSync(makingFile(directory), { force: true });
}

/** Returns whether the tables are up to date; refuses those that a newer build made. */
async function checkTables(orm: MikroORM, target: StoreTarget): Promise<boolean> {
  const known = new Set(migrations.map(({ name }) => name));
  const executed = await orm.migrator.getExecuted();
  const foreign = executed.find(({ name }) => !known.has(name));
  if (foreign)
    throw new OrderflowError('OF_STORE_VERSION', {
      store: nameOf(target),
      expected: `tables up to '${migrations.at(-1)?.name ?? ''}'`,
      was: `'${foreign.name}', of a newer build`,
    });
  return executed.length >= migrations.length;
}

/**
 * Makes sure that a store shows this log, and writes so into a store that is empty.
 *
 * @throws {OF_STORE_OTHER_LOG} when it shows another log.
 * @throws {OF_STORE_VERSION} when other rules made its rows.
 */
export async function claimStore(session: StoreSession, logId: string): Promise<void> {
  const em = session.em();
  const found = await em.findOne(StoreIdentity, { id: 1 });
  const store = nameOf(session.target);
  if (!found) {
    session.checkOwned();
    await em.insert(StoreIdentity, { id: 1, logId, projection: projectionVersion });
  } else if (found.logId !== logId) {
    throw new OrderflowError('OF_STORE_OTHER_LOG', { store, expected: logId, was: found.logId });
  } else if (found.projection !== projectionVersion) {
    const expected = `rows of projection ${projectionVersion}`;
    throw new OrderflowError('OF_STORE_VERSION', {
      store,
      expected,
      was: String(found.projection),
    });
  }
}
