import type { EntityManager, FilterQuery } from '@mikro-orm/core';
import type { Table } from './tables.ts';

/** Rows of one statement: PostgreSQL takes 65,535 values, and memory is one batch's. */
const perStatement = 500;

type AnyTable = Table<Record<string, unknown>>;
type AnyRow = Record<string, unknown>;

interface Keyed {
  readonly rows: Map<string, AnyRow>;
}

function keyOf(row: AnyRow, key: readonly string[]): string {
  return key.map((column) => String(row[column])).join('\u0001');
}

/** The rows that a batch of records comes to, before they are written. */
export class Rows {
  private readonly added = new Map<AnyTable, AnyRow[]>();
  private readonly keyed = new Map<AnyTable, Keyed>();
  private counted = 0;

  /** Rows so far. */
  get count(): number {
    return this.counted;
  }

  /** Takes a row of a record. */
  add<Row extends object>(table: Table<Row>, row: Row): void {
    const { key, join } = table;
    if (key === null) {
      listOf(this.added, table as unknown as AnyTable).push(row as AnyRow);
      this.counted += 1;
      return;
    }
    let known = this.keyed.get(table as unknown as AnyTable);
    if (!known) this.keyed.set(table as unknown as AnyTable, (known = { rows: new Map() }));
    const place = keyOf(row as AnyRow, key);
    const older = known.rows.get(place) as Row | undefined;
    known.rows.set(place, (older && join ? join(older, row) : row) as AnyRow);
    if (!older) this.counted += 1;
  }

  /** Writes everything, in the caller's transaction. */
  async write(em: EntityManager): Promise<void> {
    for (const [table, rows] of this.added)
      for (const part of partsOf(rows)) await em.insertMany(table.entity, part);
    for (const [table, { rows }] of this.keyed) {
      for (const part of partsOf([...rows.values()])) await replace(em, table, part);
      if (table.keep) await prune(em, table, table.keep, rows.values());
    }
  }
}

function listOf<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}

function partsOf(rows: AnyRow[]): AnyRow[][] {
  const parts: AnyRow[][] = [];
  for (let at = 0; at < rows.length; at += perStatement)
    parts.push(rows.slice(at, at + perStatement));
  return parts;
}

/** Joins rows with what the table holds of their keys, and writes them. */
async function replace(em: EntityManager, table: AnyTable, rows: AnyRow[]): Promise<void> {
  const { entity, key, join } = table;
  const columns = key ?? [];
  // More keys than asked for where columns have several values each: far cheaper than one condition per key.
  const where = Object.fromEntries(
    columns.map((column) => [column, { $in: [...new Set(rows.map((row) => row[column]))] }]),
  ) as FilterQuery<AnyRow>;
  const stored = await em.find(entity, where, { disableIdentityMap: true });
  const byKey = new Map(stored.map((row) => [keyOf(row, columns), { ...row }]));
  const fresh: AnyRow[] = [];
  const changed: AnyRow[] = [];
  for (const row of rows) {
    const older = byKey.get(keyOf(row, columns));
    if (!older) fresh.push(row);
    else changed.push(join ? join(older, row) : row);
  }
  // An upsert costs twice an insert, and most rows are new.
  if (fresh.length > 0) await em.insertMany(entity, fresh);
  if (changed.length > 0) await em.upsertMany(entity, changed);
}

function pick(row: AnyRow, columns: readonly string[]): AnyRow {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

/** Removes what a policy does not keep. */
async function prune(
  em: EntityManager,
  { entity }: AnyTable,
  { by, newest }: NonNullable<AnyTable['keep']>,
  rows: Iterable<AnyRow>,
): Promise<void> {
  const streams = new Map([...rows].map((row) => [keyOf(row, ['topic', 'partition']), row]));
  for (const row of streams.values()) {
    const stream = pick(row, ['topic', 'partition']);
    const options = { orderBy: { [by]: 'desc' }, offset: newest, limit: 1 } as const;
    const [first] = await em.find(entity, stream, {
      ...options,
      disableIdentityMap: true,
    });
    if (!first) continue;
    await em.nativeDelete(entity, { ...stream, [by]: { $lte: first[by] } });
  }
}
