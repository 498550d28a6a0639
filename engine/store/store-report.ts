import { existsSync } from 'node:fs';
import type { EntityManager } from '@mikro-orm/core';
import type { Log } from '../runtime/ports.ts';
import type { StoreReport, StoreTable, StoreTarget } from '../runtime/store-port.ts';
import { projected } from './entities/all.ts';
import { StoreIdentity } from './entities/system.ts';
import { livingOwner } from './folder-lock.ts';
import { migrations } from './migrations/all.ts';
import { projectedTo } from './queries-system.ts';
import { storeFailure } from './store-failure.ts';
import { StoreSession } from './store-session.ts';
import { isFolder, nameOf } from './target.ts';

const nothing = { migrations: null, logId: null, tables: null, topics: null } as const;

async function tablesOf(em: EntityManager): Promise<StoreTable[]> {
  const tables: StoreTable[] = [];
  for (const entity of projected)
    tables.push({ table: entity.meta.tableName, rows: await em.count(entity, {}) });
  return tables;
}

async function topicsOf(em: EntityManager, log: Log | null): Promise<StoreReport['topics']> {
  const stored = await projectedTo(em);
  return Promise.all(
    stored.map(async ({ topic, partition, next, refused, missed }) => ({
      ...{ topic, partition, next, refused, missed },
      end: log ? await log.end(topic, partition) : null,
    })),
  );
}

/**
 * Looks at a store; its rows stay as they are.
 *
 * @param log - Told beside the offsets how far they could be; null when there is none.
 */
export async function reportStore(target: StoreTarget, log: Log | null): Promise<StoreReport> {
  const store = nameOf(target);
  if (isFolder(target)) {
    const heldBy = livingOwner(target.directory);
    const exists = existsSync(target.directory);
    if (heldBy !== null || !exists) return { store, heldBy, exists, ...nothing };
  }
  const session = await StoreSession.open(target, { migrates: false });
  try {
    const done = (await session.orm.migrator.getExecuted()).length;
    const pending = migrations.length - done;
    const report = { store, heldBy: null, exists: done > 0, migrations: { done, pending } };
    if (pending > 0) return { ...nothing, ...report };
    const em = session.em();
    const identity = await em.findOne(StoreIdentity, { id: 1 });
    const [tables, topics] = [await tablesOf(em), await topicsOf(em, log)];
    return { ...report, logId: identity?.logId ?? null, tables, topics };
  } catch (error) {
    throw storeFailure(error, target);
  } finally {
    await session.close();
  }
}
