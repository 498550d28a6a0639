import { OrderflowError } from '../errors.ts';

type Row = Readonly<Record<string, unknown>>;

/** The latest rows of the flow's table out-ports: a KTable each. A key of '' is the one row of a table without key. */
export class Tables {
  private readonly tables = new Map<string, Map<string, Row>>();

  /** Writes a row; returns it. */
  write(node: string, port: string, key: string, row: Row): void {
    const name = `${node}.${port}`;
    let table = this.tables.get(name);
    if (!table) this.tables.set(name, (table = new Map()));
    table.set(key, row);
  }

  /** Returns the one row, or for a keyed table its rows by key; undefined while nothing was written. */
  read(
    node: string,
    port: string,
    keyed: boolean,
  ): Row | Readonly<Record<string, Row>> | undefined {
    const table = this.tables.get(`${node}.${port}`);
    if (!table) return undefined;
    return keyed ? Object.fromEntries(table) : table.get('');
  }

  /** Returns all rows for a checkpoint. */
  snapshot(): readonly (readonly [string, readonly (readonly [string, Row])[]])[] {
    return [...this.tables].map(([name, rows]) => [name, [...rows]]);
  }

  /** Goes on from a checkpoint; `rename` maps the old node key of a moved node. */
  restore(snapshot: ReturnType<Tables['snapshot']>, rename: (node: string) => string): void {
    this.tables.clear();
    for (const [name, rows] of snapshot) {
      const dot = name.indexOf('.');
      if (dot < 0) throw new OrderflowError('OF_SNAPSHOT_TABLE', { table: name });
      this.tables.set(`${rename(name.slice(0, dot))}${name.slice(dot)}`, new Map(rows));
    }
  }
}

/** Returns the key of a row in its table, '' for a table of one row. */
export function rowKey(row: Row, key: string | undefined): string {
  return key === undefined ? '' : String(row[key]);
}
