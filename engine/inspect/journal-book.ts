import type { DeploymentRecord } from '../contracts/deployment.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { sessionAt } from '../market/session.ts';
import { flowTopics } from '../runtime/output.ts';
import { Task } from '../runtime/task.ts';
import { EdgeCounts } from './edge-counts.ts';
import { transitionsOfTask } from './history.ts';
import { PastDeployments, unknownMachine } from './past-deployments.ts';
import type { PastMachine } from './past-machine.ts';
import { type ReadableLog, TopicReader } from './topic-reader.ts';

/** Every machine of a task right after one macrostep. */
export interface Moment {
  readonly seq: number;
  readonly ts: number;
  readonly record: JournalRecord;
  readonly machines: ReadonlyMap<string, PastMachine>;
  /** False when the log no longer holds its beginning: context fields that did not change since are then not known. */
  readonly isWhole: boolean;
}

/** One macrostep in short. */
export interface Step {
  readonly seq: number;
  readonly ts: number;
  readonly node: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly taken: readonly string[];
  /** A guard was asked and did not hold. */
  readonly isBlocked: boolean;
}

/** How far a book is read. */
export interface BookProgress {
  readonly read: number;
  readonly all: number;
}

interface Mark {
  readonly seq: number;
  /** Where the records after it begin: on Kafka offsets have holes, so macrosteps do not count them. */
  readonly offset: number;
  readonly machines: ReadonlyMap<string, PastMachine>;
}

const perPage = 256;
/** Macrosteps between two marks: a moment reads at most so many records again. */
const perMark = 256;
/** Macrosteps kept in short; of a longer journal the book begins later. */
const mostSteps = 250_000;

/** Contexts before the first macrostep, which no patch tells of: those of a task that has just begun. */
function firstContexts(task: Task): Map<string, PastMachine> {
  const first = new Map<string, PastMachine>();
  for (const { id, machine } of task.nodes) {
    if (!machine) continue;
    try {
      machine.start();
      first.set(id, { state: '', context: machine.context, since: null, isWhole: true });
    } catch {
      // The running task has quarantined it for the same reason.
      first.set(id, unknownMachine);
    }
  }
  return first;
}

function after(machine: PastMachine, { from, to, patch, ts }: JournalRecord): PastMachine {
  return {
    ...machine,
    state: to,
    context: Object.keys(patch).length === 0 ? machine.context : { ...machine.context, ...patch },
    since: from === to ? machine.since : ts,
  };
}

/**
 * A task's journal as a book to leaf through: every macrostep in short, and any moment with states and contexts. Read
 * from the log when somebody asks, and only what is new; nothing is computed again but the sum of the journal's patches.
 */
export class JournalBook {
  private readonly task: Task;
  private readonly journal: TopicReader;
  private readonly infos: ReturnType<typeof transitionsOfTask>;
  private readonly names = new Map<string, string>();
  private readonly byNode = new Map<string, Step[]>();
  private readonly counts: ReadonlyMap<string, EdgeCounts>;
  private readonly deployments: PastDeployments;
  /** What machines of this flow begin with. */
  private readonly begun: ReadonlyMap<string, PastMachine>;
  private readonly machines: Map<string, PastMachine>;
  private steps: Step[] = [];
  private marks: Mark[] = [];
  private next = -1;
  private isWhole = true;
  private progressNow: BookProgress = { read: 0, all: 0 };
  private reading: Promise<void> | null = null;
  private dayClose = Number.NEGATIVE_INFINITY;

  constructor(log: ReadableLog, graph: FlowGraph, instrument: Instrument) {
    this.task = new Task(graph, instrument, { publish: false });
    this.infos = transitionsOfTask(this.task);
    this.journal = new TopicReader(log, flowTopics(graph.name).journal, instrument.number);
    this.counts = new Map([...this.infos].map(([node, infos]) => [node, new EdgeCounts(infos)]));
    this.deployments = new PastDeployments(log, graph.name, instrument);
    this.begun = firstContexts(this.task);
    this.machines = new Map(this.begun);
  }

  /** How far the journal is read. */
  get progress(): BookProgress {
    return this.progressNow;
  }

  /** First macrostep the book knows; null while it knows none. */
  get first(): Step | null {
    return this.steps[0] ?? null;
  }

  /** Last macrostep the book knows; null while it knows none. */
  get last(): Step | null {
    return this.steps.at(-1) ?? null;
  }

  /**
   * Reads what was committed since the last time; whoever asks meanwhile waits for the same reading.
   *
   * @param pause - Called between two pages, so that others get their turn.
   */
  advance(pause: () => Promise<unknown>): Promise<void> {
    this.reading ??= this.read(pause).finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** Macrosteps of a node in short, ascending; of all nodes for null. */
  stepsOf(node: string | null): readonly Step[] {
    return node === null ? this.steps : (this.byNode.get(node) ?? []);
  }

  /** Counts of the trade day the book ends in. */
  countsOf(node: string): EdgeCounts | null {
    return this.counts.get(node) ?? null;
  }

  /** Returns the last macrostep at or before a time; null when there is none. */
  seqAt(ts: number): number | null {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.steps[middle]?.ts ?? Number.POSITIVE_INFINITY) <= ts) low = middle + 1;
      else high = middle;
    }
    return this.steps[low - 1]?.seq ?? null;
  }

  /** Returns the records of macrosteps, `from` and `to` included, from the log. */
  async records(from: number, to: number): Promise<readonly JournalRecord[]> {
    const mark = this.marks.findLast(({ seq }) => seq < from) ?? this.marks[0];
    const found: JournalRecord[] = [];
    for (let offset = mark?.offset ?? 0; ; ) {
      const page = await this.journal.page(offset, perPage);
      const last = page.at(-1);
      if (!last) return found;
      for (const { seq = 0, value } of page) {
        if (seq > to) return found;
        if (seq >= from) found.push(JSON.parse(String(value)) as JournalRecord);
      }
      offset = last.offset + 1;
    }
  }

  /**
   * Returns every machine right after a macrostep.
   *
   * @throws {OF_MOMENT_UNKNOWN} when the book does not hold the macrostep.
   */
  async moment(seq: number): Promise<Moment> {
    const { first, last } = this;
    const mark = this.marks.findLast((m) => m.seq <= seq);
    if (!first || !last || !mark || seq < first.seq || seq > last.seq) throw this.unknown(seq);
    const machines = new Map(mark.machines);
    const records = await this.records(Math.ceil(mark.seq + 0.5), seq);
    const record = records.at(-1) ?? (await this.records(seq, seq)).at(-1);
    if (record?.seq !== seq) throw this.unknown(seq);
    for (const one of records)
      machines.set(one.node, after(machines.get(one.node) ?? unknownMachine, one));
    return { seq, ts: record.ts, record, machines, isWhole: this.isWhole };
  }

  /** What a changed flow did to a node after a macrostep; null where the machine of now ran then, with its parameters. */
  changeAfter(node: string, seq: number): ReturnType<PastDeployments['changeAfter']> {
    return this.deployments.changeAfter(node, seq);
  }

  /**
   * Hashes of the flows that ran one after the other up to the one of now, as far as deployments tell; null where one was
   * changed without a record of it.
   */
  get revisions(): readonly string[] | null {
    return this.deployments.chain(this.task.graph.hash);
  }

  /** The changed flows around a macrostep: the last that had taken over by then, and those that did so after it. */
  deploymentsAround(seq: number): {
    readonly before: DeploymentRecord | null;
    readonly after: readonly DeploymentRecord[];
  } {
    return {
      before: this.deployments.lastBefore(seq),
      after: this.deployments.between(seq, Number.POSITIVE_INFINITY),
    };
  }

  private unknown(seq: number): OrderflowError {
    const { first, last } = this;
    return new OrderflowError('OF_MOMENT_UNKNOWN', {
      seq,
      known: first && last ? `${first.seq} to ${last.seq}` : 'none yet',
    });
  }

  private async read(pause: () => Promise<unknown>): Promise<void> {
    const all = await this.journal.end();
    if (this.next < 0) {
      await this.deployments.read();
      for (const node of this.machines.keys())
        if (!this.deployments.isSameSince(node, 0)) this.machines.set(node, unknownMachine);
      this.next = Math.max(0, all - mostSteps);
    }
    for (;;) {
      const page = await this.journal.page(this.next, perPage);
      const last = page.at(-1);
      if (!last) break;
      for (const { value, offset } of page)
        this.take(JSON.parse(String(value)) as JournalRecord, offset);
      this.next = last.offset + 1;
      this.progressNow = { read: this.next, all: Math.max(all, this.next) };
      await pause();
    }
    this.progressNow = { read: this.next, all: this.next };
  }

  /** Contexts are then known field by field, as patches tell of them. */
  private forgetBeginning(): void {
    this.isWhole = false;
    for (const node of this.machines.keys()) this.machines.set(node, unknownMachine);
  }

  private take(record: JournalRecord, offset: number): void {
    const { seq, ts, node } = record;
    if (this.steps.length === 0 && seq > 1) this.forgetBeginning();
    if (this.marks.length === 0)
      this.marks.push({ seq: seq - 1, offset, machines: new Map(this.machines) });
    this.takeOver(seq, offset);
    if (ts >= this.dayClose) this.beginDay(ts);
    this.machines.set(node, after(this.machines.get(node) ?? unknownMachine, record));
    this.counts.get(node)?.take(record);
    const step = this.shortOf(record);
    this.steps.push(step);
    const own = this.byNode.get(node);
    if (own) own.push(step);
    else this.byNode.set(node, [step]);
    if (seq % perMark === 0)
      this.marks.push({ seq, offset: offset + 1, machines: new Map(this.machines) });
    if (this.steps.length > 2 * mostSteps) this.dropOldest();
  }

  /** Lets the flows take over that did so between the last macrostep and this one. */
  private takeOver(seq: number, offset: number): void {
    const changes = this.deployments.between(this.last?.seq ?? seq, seq);
    if (changes.length === 0) return;
    for (const change of changes) this.deployments.apply(change, this.machines, this.begun);
    // Behind the last macrostep, and before the next.
    this.marks.push({ seq: seq - 0.5, offset, machines: new Map(this.machines) });
  }

  private shortOf({ seq, ts, node, event, from, to, taken, explain = [] }: JournalRecord): Step {
    return {
      seq,
      ts,
      node: this.name(node),
      event: this.name(event.type),
      from: this.name(from),
      to: this.name(to),
      taken: taken.map((id) => this.name(id)),
      isBlocked: explain.some(({ verdict }) => verdict === 'guard-blocked'),
    };
  }

  private beginDay(ts: number): void {
    this.dayClose = sessionAt(this.task.instrument.calendar, ts).close;
    for (const counts of this.counts.values()) counts.reset();
  }

  /** A few hundred names stand in many thousand steps: each is kept once. */
  private name(text: string): string {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    this.names.set(text, text);
    return text;
  }

  private dropOldest(): void {
    this.steps = this.steps.slice(-mostSteps);
    const from = this.steps[0]?.seq ?? 0;
    this.marks = this.marks.filter((mark) => mark.seq >= from - 1 - perMark);
    for (const [node, steps] of this.byNode)
      this.byNode.set(
        node,
        steps.filter(({ seq }) => seq >= from),
      );
  }
}
