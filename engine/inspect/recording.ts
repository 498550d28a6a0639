import type { DeadLetter, JournalRecord, ProbeRecord } from '../contracts/journal.ts';
import { toEdge } from '../plugin/edge.ts';
import { flowTopics } from '../runtime/output.ts';
import type { NewRecord } from '../runtime/ports.ts';
import { readProbes } from '../runtime/probes.ts';
import type { Task } from '../runtime/task.ts';
import type { WhyData } from './question.ts';

type Row = Readonly<Record<string, unknown>>;

/** A record of an out-port, prices as decimals. */
export interface Emission {
  /** `<node>.<port>` */
  readonly port: string;
  readonly ts: number;
  readonly payload: Row;
}

/** Everything a task wrote, sorted for questions. */
export class Recording {
  readonly emissions: Emission[] = [];
  private readonly journals = new Map<string, JournalRecord[]>();
  private readonly probeRecords = new Map<string, ProbeRecord[]>();
  private readonly letters = new Map<string, DeadLetter[]>();
  private readonly task: Task;

  constructor(task: Task) {
    this.task = task;
  }

  /** Takes in what the task has written since. */
  take(): void {
    const topics = flowTopics(this.task.graph.name);
    for (const record of this.task.output.take()) {
      const value = JSON.parse(String(record.value)) as Row;
      if (record.topic === topics.journal) push(this.journals, value as unknown as JournalRecord);
      else if (record.topic === topics.probes) push(this.probeRecords, value as unknown as ProbeRecord);
      else if (record.topic === topics.deadLetters) push(this.letters, value as unknown as DeadLetter);
      else this.emitted(record, value);
    }
  }

  /** What a question is answered from; probes include the window that is still running. */
  data(): WhyData {
    return {
      graph: this.task.graph,
      transitions: new Map(this.task.nodes.flatMap((n) => (n.machine ? [[n.id, [...n.machine.transitions.values()]] as const] : []))),
      journal: (node) => this.journals.get(node) ?? [],
      probes: (node) => [...(this.probeRecords.get(node) ?? []), ...readProbes(this.task.node(node), this.task.now())],
      deadLetters: (node) => this.letters.get(node) ?? [],
    };
  }

  get deadLetters(): readonly DeadLetter[] {
    return [...this.letters.values()].flat();
  }

  /** Transitions taken, by node. */
  get taken(): Map<string, Set<string>> {
    return new Map([...this.journals].map(([node, records]) => [node, new Set(records.flatMap((r) => r.taken))]));
  }

  private emitted(record: NewRecord, value: Row): void {
    const node = record.node ?? '';
    const spec = this.task.node(node).graphNode.plugin.out[record.port ?? ''];
    if (!spec) return;
    const { ts, ...payload } = value as Row & { ts: number };
    this.emissions.push({ port: `${node}.${record.port}`, ts, payload: toEdge(spec.schema, payload, this.task.instrument) });
  }
}

function push<T extends { readonly node: string }>(map: Map<string, T[]>, record: T): void {
  const list = map.get(record.node);
  if (list) list.push(record);
  else map.set(record.node, [record]);
}
