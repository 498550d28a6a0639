import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { MikroORM } from '@mikro-orm/postgresql';
import type { StoreTarget } from '../runtime/store-port.ts';

/** Server to test against; null when the environment names none. */
export const testServer = serverOf(process.env['TEST_DATABASE_URL']);

function serverOf(url: string | undefined): string | null {
  if (url !== undefined && url !== '') return url;
  const said = 'skipped: the store on PostgreSQL; TEST_DATABASE_URL names no server';
  if (process.env['CI'] === 'true') throw new Error(`${said}, and CI skips nothing`);
  process.stderr.write(`${said}\n`);
  return null;
}

/** Runs one statement on the server itself. */
export async function onServer(statement: string): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: testServer ?? '',
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  try {
    await orm.em.getConnection().execute(statement);
  } finally {
    await orm.close(true);
  }
}

/** Makes an empty database of its own. */
export async function makeDatabase(): Promise<StoreTarget & { kind: 'server' }> {
  const name = `orderflow_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database "${name}"`);
  const url = new URL(testServer ?? '');
  url.pathname = `/${name}`;
  return { kind: 'server', url: url.href };
}

/** Drops a database, whoever is still in it. */
export async function dropDatabase(target: StoreTarget): Promise<void> {
  if (target.kind !== 'server') return;
  await onServer(`drop database if exists "${new URL(target.url).pathname.slice(1)}" with (force)`);
}
