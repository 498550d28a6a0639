import { existsSync, renameSync } from 'node:fs';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { Log } from '../runtime/ports.ts';
import type { StoreDoor, StoreProgress, StoreTarget } from '../runtime/store-port.ts';
import { entities } from './entities/all.ts';
import { lockFolder } from './folder-lock.ts';
import { migrations } from './migrations/all.ts';
import { Projector } from './projector.ts';
import { storeFailure } from './store-failure.ts';
import { StoreSession } from './store-session.ts';
import { isFolder } from './target.ts';

const rowsPerRead = 1_000;

async function withSession<T>(
  target: StoreTarget,
  migrates: boolean,
  work: (session: StoreSession) => Promise<T>,
): Promise<T> {
  const session = await StoreSession.open(target, { migrates });
  try {
    return await work(session);
  } catch (error) {
    throw storeFailure(error, target);
  } finally {
    await session.close();
  }
}

/** Makes or updates the tables; returns how many migrations ran. */
export function migrateStore(target: StoreTarget): Promise<number> {
  return withSession(target, false, async ({ orm }) => {
    const done = (await orm.migrator.getExecuted()).length;
    if (done < migrations.length) await orm.migrator.up();
    return migrations.length - done;
  });
}

/** Gives a folder the next free name beside it; returns that name. */
function setAside(directory: string): string | null {
  if (!existsSync(directory)) return null;
  const lock = lockFolder(directory);
  try {
    let number = 1;
    while (existsSync(`${directory}-${number}`)) number += 1;
    renameSync(directory, `${directory}-${number}`);
    return `${directory}-${number}`;
  } finally {
    lock.release();
  }
}

function empty(session: StoreSession): Promise<void> {
  return session.em().transactional(async (em) => {
    session.checkOwned();
    for (const entity of entities) await em.nativeDelete(entity, {});
  });
}

/**
 * Opens a store to be filled anew.
 *
 * @returns The session, and where a folder went that could not be opened.
 */
async function openEmpty(
  target: StoreTarget,
): Promise<{ session: StoreSession; aside: string | null }> {
  try {
    const session = await StoreSession.open(target);
    try {
      await empty(session);
      return { session, aside: null };
    } catch (error) {
      await session.close();
      throw storeFailure(error, target);
    }
  } catch (error) {
    const isBroken = ['OF_STORE_CORRUPT', 'OF_STORE_VERSION'] as const;
    const mayReplace = isFolder(target) && isBroken.some((code) => isOrderflowError(error, code));
    if (!mayReplace) throw error;
    return { aside: setAside(target.directory), session: await StoreSession.open(target) };
  }
}

/** Makes a store anew from the whole log. */
export async function rebuildStore(
  target: StoreTarget,
  log: Log,
  partitions: readonly number[],
  progress: StoreProgress,
): ReturnType<StoreDoor['rebuild']> {
  const { session, aside } = await openEmpty(target);
  try {
    const projector = new Projector({ log, session, partitions });
    await projector.open();
    let [records, rows] = [0, 0];
    for (;;) {
      const round = await projector.round();
      records += round.records;
      rows += round.rows;
      const { done, all } = await projector.progress();
      progress(done, all, rows);
      if (round.records === 0 && !round.isOvertaken) return { records, rows, aside };
    }
  } finally {
    await session.close();
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Hands over a table's rows as text, in the order of its key, read page by page.
 *
 * @throws {OF_STORE_TABLE} when there is no such table.
 */
export function exportTable(
  target: StoreTarget,
  table: string,
  format: 'jsonl' | 'csv',
  write: (text: string) => void,
  progress: StoreProgress,
): Promise<number> {
  const entity = entities.find(({ meta }) => meta.tableName === table);
  if (!entity) {
    const tables = entities.map(({ meta }) => meta.tableName).join(', ');
    throw new OrderflowError('OF_STORE_TABLE', { table, tables });
  }
  return withSession(target, true, async (session) => {
    const em = session.em();
    const meta = em.getMetadata().get(entity);
    const columns = meta.props.map(({ name }) => name);
    const orderBy = Object.fromEntries(meta.primaryKeys.map((key) => [key, 'asc' as const]));
    const line = lineOf[format];
    const all = await em.count(entity, {});
    if (format === 'csv') write(`${columns.join(',')}\n`);
    for (let done = 0; ; ) {
      const options = { orderBy, limit: rowsPerRead, offset: done, disableIdentityMap: true };
      const page = await em.find(entity, {}, options);
      for (const row of page) write(line(columns, row));
      done += page.length;
      progress(done, Math.max(all, done), done);
      if (page.length < rowsPerRead) return done;
    }
  });
}

const lineOf = {
  csv: (columns: readonly string[], row: Readonly<Record<string, unknown>>) =>
    `${columns.map((column) => cell(row[column])).join(',')}\n`,
  jsonl: (columns: readonly string[], row: Readonly<Record<string, unknown>>) =>
    `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])))}\n`,
};
