import {
  type DeadLetter,
  type JournalRecord,
  type ProbeReading,
  type ProbeWindow,
  probeSchema,
  readingsOf,
} from '../contracts/journal.ts';
import { flowTopics } from '../runtime/output.ts';
import type { NewRecord } from '../runtime/ports.ts';
import { readProbes } from '../runtime/probes.ts';
import type { Task } from '../runtime/task.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import type { WhyData } from './question.ts';

/** Returns the transitions of each node of a task that has a machine. */
export function transitionsOfTask(task: Task): ReadonlyMap<string, readonly TransitionInfo[]> {
  return new Map(
    task.nodes.flatMap((n) =>
      n.machine ? [[n.id, [...n.machine.transitions.values()]] as const] : [],
    ),
  );
}

function push<T extends { readonly node: string }>(map: Map<string, T[]>, record: T): void {
  const list = map.get(record.node);
  if (list) list.push(record);
  else map.set(record.node, [record]);
}

/** What a task wrote about itself: journal, probes, dead letters, by node and in order. */
export class History {
  private readonly journals = new Map<string, JournalRecord[]>();
  private readonly readings = new Map<string, ProbeReading[]>();
  private readonly letters = new Map<string, DeadLetter[]>();
  private readonly task: Task;
  private readonly topics: ReturnType<typeof flowTopics>;

  /** @param task - Gives flow and transitions; it need not be the one whose records are added. */
  constructor(task: Task) {
    this.task = task;
    this.topics = flowTopics(task.graph.name);
  }

  /** Takes a record in; returns false for one of an out-port, which says nothing about the task. */
  add({ topic, schema, value }: Pick<NewRecord, 'topic' | 'schema' | 'value'>): boolean {
    if (topic === this.topics.journal)
      push(this.journals, JSON.parse(String(value)) as JournalRecord);
    else if (topic === this.topics.probes) {
      // A log of an earlier version holds readings in another shape: they are as good as not there.
      if (schema !== probeSchema) return true;
      for (const reading of readingsOf(JSON.parse(String(value)) as ProbeWindow))
        push(this.readings, reading);
    } else if (topic === this.topics.deadLetters)
      push(this.letters, JSON.parse(String(value)) as DeadLetter);
    else return false;
    return true;
  }

  /** What a question is answered from. `isLive`: the records are the task's own, so its running probe windows count. */
  data(isLive: boolean): WhyData {
    const running = (node: string): readonly ProbeReading[] =>
      isLive ? readProbes(this.task.node(node), this.task.now()) : [];
    return {
      graph: this.task.graph,
      transitions: transitionsOfTask(this.task),
      journal: (node) => this.journals.get(node) ?? [],
      probes: (node) => [...(this.readings.get(node) ?? []), ...running(node)],
      deadLetters: (node) => this.letters.get(node) ?? [],
    };
  }

  /** All dead letters, by node. */
  get deadLetters(): readonly DeadLetter[] {
    return [...this.letters.values()].flat();
  }

  /** Transitions taken, by node. */
  get taken(): ReadonlyMap<string, ReadonlySet<string>> {
    return new Map(
      [...this.journals].map(([node, records]) => [node, new Set(records.flatMap((r) => r.taken))]),
    );
  }
}
