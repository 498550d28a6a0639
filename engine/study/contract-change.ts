import type { FlowGraph } from '../flow/graph.ts';
import { rowKey } from '../runtime/tables.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row that still counts, and the port it came from. */
interface InForce {
  readonly name: string;
  readonly row: Row;
}

/**
 * What becomes of records where a table says which contract was traded on which date: they name that contract, whatever
 * the calendar says, and at a change whatever is in force is withdrawn. Nothing crosses a change.
 */
export class ContractChange {
  private readonly contractOf: (tradeDate: string) => string | null;
  private readonly rolled: ReadonlySet<string>;
  private readonly dated: ReadonlySet<string>;
  /** Ports whose rows say whether they are in force, with the field that tells rows apart. */
  private readonly standing: ReadonlyMap<string, string | undefined>;
  private readonly inForce = new Map<string, InForce>();

  /** @param rolled - Trade dates that are the first of another contract. */
  constructor(
    graph: FlowGraph,
    contractOf: (tradeDate: string) => string | null,
    rolled: ReadonlySet<string>,
  ) {
    this.contractOf = contractOf;
    this.rolled = rolled;
    const ports = graph.nodes.flatMap(({ id, plugin }) =>
      Object.entries(plugin.out).map(([port, spec]) => ({ name: `${id}.${port}`, spec })),
    );
    const has = (shape: object, ...fields: string[]): boolean => fields.every((f) => f in shape);
    this.dated = new Set(
      ports
        .filter(({ spec }) => has(spec.schema.shape, 'tradeDate', 'contract'))
        .map(({ name }) => name),
    );
    this.standing = new Map(
      ports
        .filter(({ spec }) => spec.kind === 'table' && has(spec.schema.shape, 'inForce'))
        .map(({ name, spec }) => [name, spec.key]),
    );
  }

  /** Returns a record as it goes on. */
  map(name: string, payload: Row): Row {
    if (this.standing.has(name)) {
      const key = `${name} ${rowKey(payload, this.standing.get(name))}`;
      if (payload['inForce'] === true) this.inForce.set(key, { name, row: payload });
      else this.inForce.delete(key);
    }
    const date = payload['tradeDate'];
    if (!this.dated.has(name) || typeof date !== 'string') return payload;
    const contract = this.contractOf(date);
    const rolled = 'rolled' in payload ? { rolled: this.rolled.has(date) } : {};
    return { ...payload, contract, ...rolled };
  }

  /** Returns the rows to withdraw at a change. */
  withdraw(): readonly InForce[] {
    const rows = [...this.inForce.values()];
    this.inForce.clear();
    return rows.map(({ name, row }) => ({ name, row: { ...row, inForce: false } }));
  }
}
