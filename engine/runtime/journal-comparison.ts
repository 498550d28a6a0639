import { canonicalJson } from '../contracts/canonical.ts';
import type { JournalRecord, TaskState } from '../contracts/journal.ts';
import { chainHash, emptyJournalHash, hashedPart } from './journal.ts';
import { flowTopics } from './output.ts';
import type { Log, NewRecord, StoredRecord } from './ports.ts';
import type { Task } from './task.ts';

/** One field that differs; `undefined` where a side does not have it. */
export interface FieldDifference {
  readonly path: string;
  readonly stored: unknown;
  readonly computed: unknown;
}

/** The first place where a log does not hold what its inputs lead to. */
export interface Difference {
  readonly kind: /** The stored record is not the one its hash was made of. */
    | 'changed-after-writing'
    /** Running the inputs again made another record. */
    | 'computed-otherwise'
    /** The log lacks a record. */
    | 'missing'
    /** The log holds a record that the inputs do not lead to. */
    | 'surplus'
    /** The journal ends elsewhere than the last commit says. */
    | 'ends-elsewhere';
  readonly topic: string;
  /** Macrostep for the journal, else offset. */
  readonly at: number;
  readonly node: string;
  readonly ts: number;
  readonly fields: readonly FieldDifference[];
}

const recordsPerRead = 256;
const hashedFields = [
  'seq',
  'ts',
  'node',
  'event',
  'from',
  'to',
  'guards',
  'patch',
  'emits',
] as const;
const otherFields = ['taken', 'in'] as const;

function textOf(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

/** Returns the innermost fields in which two values differ. */
function differences(path: string, stored: unknown, computed: unknown): FieldDifference[] {
  if (textOf(stored) === textOf(computed)) return [];
  const areObjects = [stored, computed].every(
    (value) => typeof value === 'object' && value !== null,
  );
  if (!areObjects || Array.isArray(stored) !== Array.isArray(computed))
    return [{ path, stored, computed }];
  const [a, b] = [stored, computed] as [
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) => differences(path === '' ? key : `${path}.${key}`, a[key], b[key]));
}

/** Reads a topic forward, a page at a time. */
class TopicReader {
  private readonly log: Log;
  private readonly topic: string;
  private readonly partition: number;
  private page: readonly StoredRecord[] = [];
  private at = 0;
  private offset = 0;

  constructor(log: Log, topic: string, partition: number) {
    this.log = log;
    this.topic = topic;
    this.partition = partition;
  }

  async next(): Promise<StoredRecord | null> {
    if (this.at >= this.page.length) {
      this.page = await this.log.read(this.topic, this.partition, this.offset, recordsPerRead);
      this.at = 0;
    }
    const record = this.page[this.at] ?? null;
    this.at += 1;
    if (record) this.offset = record.offset + 1;
    return record;
  }
}

/** Compares what a task makes with what the log holds, record by record. */
export class JournalComparison {
  readonly task: Task;
  private readonly log: Log;
  private readonly topics: ReturnType<typeof flowTopics>;
  private readonly readers = new Map<string, TopicReader>();
  /** Hash of the stored journal so far, as its records claim it. */
  private storedHash = emptyJournalHash;

  constructor(log: Log, task: Task) {
    this.log = log;
    this.task = task;
    this.topics = flowTopics(task.graph.name);
  }

  /** Compares what the task made since; `isRunning` when records it has not committed yet may be among it. */
  async take(isRunning: boolean): Promise<Difference | null> {
    for (const computed of this.task.output.take()) {
      // Whether evidence was kept is a choice of the run that wrote the log.
      if (computed.topic === this.topics.probes) continue;
      const stored = await this.reader(computed.topic).next();
      if (!stored && isRunning) continue;
      const difference = stored ? this.compare(stored, computed) : this.missing(computed);
      if (difference) return difference;
    }
    return null;
  }

  /** Returns the first record that the log holds beyond what the inputs lead to. */
  async surplus(): Promise<Difference | null> {
    const ports = this.task.nodes.flatMap((node) =>
      Object.keys(node.graphNode.plugin.out).map((port) => this.topics.port(node.id, port)),
    );
    for (const topic of [this.topics.journal, ...ports, this.topics.deadLetters]) {
      const stored = await this.reader(topic).next();
      if (stored)
        return {
          kind: 'surplus',
          topic,
          at: placeOf(stored),
          node: stored.node ?? '',
          ts: stored.ts,
          fields: [],
        };
    }
    return null;
  }

  private reader(topic: string): TopicReader {
    const known =
      this.readers.get(topic) ?? new TopicReader(this.log, topic, this.task.instrument.number);
    this.readers.set(topic, known);
    return known;
  }

  private missing({ topic, node, ts, seq }: NewRecord): Difference {
    return { kind: 'missing', topic, at: seq ?? 0, node: node ?? '', ts, fields: [] };
  }

  private compare(stored: StoredRecord, computed: NewRecord): Difference | null {
    if (!isJson(stored.value)) {
      const value = { path: 'value', stored: String(stored.value), computed: computed.value };
      return this.differs('changed-after-writing', stored, [value]);
    }
    if (stored.topic === this.topics.journal) return this.compareStep(stored, computed);
    if (stored.value === computed.value && stored.seq === computed.seq) return null;
    const values = differences(
      '',
      JSON.parse(String(stored.value)),
      JSON.parse(String(computed.value)),
    );
    const fields = [...differences('seq', stored.seq, computed.seq), ...values];
    return fields.length === 0 ? null : this.differs('computed-otherwise', stored, fields);
  }

  private compareStep(stored: StoredRecord, computed: NewRecord): Difference | null {
    const was = JSON.parse(String(stored.value)) as JournalRecord;
    const is = JSON.parse(String(computed.value)) as JournalRecord;
    const found = hashedFields.flatMap((field) => differences(field, was[field], is[field]));
    const hash = chainHash(this.storedHash, hashedPart(was));
    if (hash !== was.hash) {
      const fields =
        found.length > 0 ? found : [{ path: 'hash', stored: was.hash, computed: hash }];
      return this.differs('changed-after-writing', stored, fields);
    }
    this.storedHash = was.hash;
    const others = [
      ...otherFields.flatMap((field) => differences(field, was[field], is[field])),
      ...explained(was, is),
    ];
    const fields = [...found, ...others];
    return fields.length === 0
      ? null
      : this.differs(
          found.length > 0 ? 'computed-otherwise' : 'changed-after-writing',
          stored,
          fields,
        );
  }

  private differs(
    kind: Difference['kind'],
    stored: StoredRecord,
    fields: readonly FieldDifference[],
  ): Difference {
    const value = isJson(stored.value)
      ? (JSON.parse(String(stored.value)) as { node?: string } | null)
      : null;
    const node = stored.node ?? value?.node ?? '';
    return { kind, topic: stored.topic, at: placeOf(stored), node, ts: stored.ts, fields };
  }
}

/** Stored text may be anything once somebody wrote into the log by hand. */
function isJson(value: unknown): boolean {
  try {
    return typeof JSON.parse(String(value)) === 'object';
  } catch {
    return false;
  }
}

/** Explanations are compared only where both runs kept them. */
function explained(was: JournalRecord, is: JournalRecord): FieldDifference[] {
  if (was.explain === undefined || is.explain === undefined) return [];
  return canonicalJson(was.explain) === canonicalJson(is.explain)
    ? []
    : differences('explain', was.explain, is.explain);
}

function placeOf({ schema, seq, offset }: StoredRecord): number {
  return schema === 'journal/1' ? (seq ?? offset + 1) : offset;
}

/** Returns in what a task that has run all inputs differs from the last commit. */
export function endDifference(task: Task, committed: TaskState): Difference | null {
  const fields = [
    ...differences('seq', committed.seq, task.journal.seq),
    ...differences('hash', committed.journalHash, task.journal.hash),
  ];
  return fields.length === 0
    ? null
    : {
        kind: 'ends-elsewhere',
        topic: flowTopics(task.graph.name).journal,
        at: committed.seq,
        node: '',
        ts: committed.eventTime,
        fields,
      };
}
