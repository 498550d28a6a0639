import { toEdge } from '../plugin/edge.ts';
import type { NewRecord } from '../runtime/ports.ts';
import type { Task } from '../runtime/task.ts';
import { History } from './history.ts';

type Row = Readonly<Record<string, unknown>>;

/** A record of an out-port, prices as decimals. */
export interface Emission {
  /** `<node>.<port>` */
  readonly port: string;
  readonly ts: number;
  readonly payload: Row;
}

/** Everything a task wrote: what left its out-ports, and its history. */
export class Recording {
  readonly emissions: Emission[] = [];
  readonly history: History;
  private readonly task: Task;

  constructor(task: Task) {
    this.task = task;
    this.history = new History(task);
  }

  /** Takes records in. */
  add(records: readonly NewRecord[]): void {
    for (const record of records) if (!this.history.add(record)) this.emitted(record);
  }

  private emitted({ node = '', port = '', value }: NewRecord): void {
    const spec = this.task.node(node).graphNode.plugin.out[port];
    if (!spec) return;
    const { ts, ...payload } = JSON.parse(String(value)) as Row & { ts: number };
    this.emissions.push({
      port: `${node}.${port}`,
      ts,
      payload: toEdge(spec.schema, payload, this.task.instrument),
    });
  }
}
