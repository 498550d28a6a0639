import { OrderflowError } from '../errors.ts';
import type { StoreTarget } from '../runtime/store-port.ts';

/** A store in memory, for tests. */
export const inMemory = { kind: 'embedded', directory: 'memory://' } as const satisfies StoreTarget;

/** Returns whether a store has a folder that lasts. */
export function isFolder(target: StoreTarget): target is StoreTarget & { kind: 'embedded' } {
  return target.kind === 'embedded' && target.directory !== inMemory.directory;
}

/**
 * Returns where the store is: `DATABASE_URL` when it is set, else a folder.
 *
 * @throws {OF_STORE_URL} when the address is no PostgreSQL address. The message never shows it: it may hold a password.
 */
export function targetOf(databaseUrl: string | undefined, directory: string): StoreTarget {
  if (databaseUrl === undefined || databaseUrl === '') return { kind: 'embedded', directory };
  const url = URL.parse(databaseUrl);
  if (url === null) throw new OrderflowError('OF_STORE_URL', { was: 'no address' });
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw new OrderflowError('OF_STORE_URL', { was: `one that begins with '${url.protocol}'` });
  return { kind: 'server', url: databaseUrl };
}

/** Returns the name of a store for messages, without user and password. */
export function nameOf(target: StoreTarget): string {
  if (target.kind === 'embedded') return target.directory;
  const { hostname, port, pathname } = new URL(target.url);
  return `postgresql://${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
