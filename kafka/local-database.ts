import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

import { isOrderflowError, OrderflowError } from '#engine';

/** How long a process waits until the others let it read or write. */
const busyMs = 5_000;
/** How often it asks. SQLite itself would sleep up to 100 ms between, and hardly ever meet the gaps of a busy writer. */
const askEveryMs = 2;
/** How long a start waits for the last owner to end. */
const lockMs = 250;
/** Marks the file as ours: `OFLG`. */
const applicationId = 0x4f_46_4c_47;
const schemaVersion = 1;

const schema = `
  create table log (id text not null);
  create table streams (
    id integer primary key, topic text not null, partition integer not null,
    first integer not null, next integer not null, unique (topic, partition)
  );
  create table records (
    place integer primary key, stream integer not null, "offset" integer not null, key text not null,
    ts integer not null, schema text not null, node text, port text, seq integer, value not null
  );
  create unique index records_by_stream on records (stream, "offset");
  create table resume (
    source text not null, partition integer not null, value text not null, primary key (source, partition)
  ) without rowid;
  create table tasks (
    id integer primary key, name text not null, partition integer not null, epoch integer not null,
    unique (name, partition)
  );
  create table state (
    task integer not null, key text not null, value text not null, primary key (task, key)
  );
  pragma application_id = ${applicationId};
  pragma user_version = ${schemaVersion};
`;

/**
 * Opens the database of a log, and makes it the first time.
 *
 * @param newLogId - The id of a log that is made now.
 * @throws {OF_LOG_FOREIGN} when the file is no log.
 * @throws {OF_LOG_VERSION} when a newer build made it.
 */
export function openDatabase(directory: string, newLogId: string): DatabaseSync {
  const db = new DatabaseSync(join(directory, 'log.sqlite'), { timeout: busyMs });
  try {
    // A batch of 512 trades has 7 kB. Pages of 8 write it faster than the usual 4; larger ones wear the disk with small commits.
    db.exec('pragma page_size = 8192; pragma journal_mode = wal');
    if (isEmpty(db)) create(db, newLogId);
    const mark = Number(db.prepare('pragma application_id').get()?.['application_id']);
    if (mark !== applicationId) {
      throw new OrderflowError('OF_LOG_FOREIGN', {
        directory,
        was: `a database of SQLite application id ${mark}`,
      });
    }
    const was = Number(db.prepare('pragma user_version').get()?.['user_version']);
    if (was > schemaVersion)
      throw new OrderflowError('OF_LOG_VERSION', { directory, expected: schemaVersion, was });
    db.exec(`pragma busy_timeout = ${askEveryMs}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Returns the bytes of a log's files: of the database, and of what is written and not yet in it. */
export function bytesOf(directory: string): number {
  const sizes = ['log.sqlite', 'log.sqlite-wal'].map(
    (name) => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('select count(*) as n from sqlite_schema').get()?.['n'] === 0;
}

function create(db: DatabaseSync, logId: string): void {
  db.exec('begin immediate');
  // Another process may have made it by now.
  if (isEmpty(db)) {
    db.exec(schema);
    db.prepare('insert into log values (?)').run(logId);
  }
  db.exec('commit');
}

/** Begins a transaction, by an action that may meet the lock of another process. */
export function beginInTurn(db: DatabaseSync, begin: () => void): void {
  const until = performance.now() + busyMs;
  for (;;) {
    try {
      begin();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      if (db.isTransaction) db.exec('rollback');
    }
  }
}

/**
 * Takes the directory for this process, until the returned database is closed or the process ends.
 *
 * An open transaction is the lock: the operating system lets go of it with the process, so a killed owner leaves
 * nothing behind and no process id is mistaken for that of a later program.
 *
 * @throws {OF_LOG_LOCKED} when a living process has it.
 */
export function lockDirectory(directory: string): DatabaseSync {
  const db = new DatabaseSync(join(directory, 'owner.sqlite'), { timeout: lockMs });
  try {
    db.exec(
      'begin immediate; create table if not exists owner (pid integer not null); delete from owner',
    );
    db.prepare('insert into owner values (?)').run(process.pid);
    db.exec('commit; begin immediate');
    return db;
  } catch (error) {
    const failure = isBusy(error)
      ? new OrderflowError('OF_LOG_LOCKED', { directory, pid: ownerOf(db) })
      : error;
    db.close();
    throw failure;
  }
}

function ownerOf(db: DatabaseSync): string {
  try {
    return String(db.prepare('select pid from owner').get()?.['pid']);
  } catch (error) {
    if (isBusy(error) || causeOf(error).includes('no such table')) return 'unknown';
    throw error;
  }
}

/** Makes the directory when it is missing, and refuses one in which this user cannot write. */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  accessSync(directory, constants.W_OK);
}

/** Returns the coded error for what SQLite or the file system reported; any other error as it is. */
export function logFailure(error: unknown, directory: string): unknown {
  if (isOrderflowError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = causeOf(error);
  // By message, because Deno reports no number; the words are SQLite's own.
  if (cause.includes('not a database')) {
    return new OrderflowError(
      'OF_LOG_FOREIGN',
      { directory, was: 'a file that is not a database' },
      { cause: error },
    );
  }
  if (isBusy(error))
    return new OrderflowError('OF_LOG_BUSY', { directory, ms: busyMs }, { cause: error });
  const facts = { directory, cause };
  if (cause.includes('malformed'))
    return new OrderflowError('OF_LOG_CORRUPT', facts, { cause: error });
  if (cause.includes('readonly database') || ['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new OrderflowError('OF_LOG_READ_ONLY', facts, { cause: error });
  }
  return code === 'ERR_SQLITE_ERROR' || /^E[A-Z]+$/.test(code)
    ? new OrderflowError('OF_LOG_IO', facts, { cause: error })
    : error;
}

function isBusy(error: unknown): boolean {
  return causeOf(error).includes('is locked');
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
