import type { JournalRecord } from '../contracts/journal.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { type Phase, phaseAt, sessionAt } from '../market/session.ts';
import { toEdge } from '../plugin/edge.ts';
import { contractId } from '../plugin/port.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, NewRecord } from '../runtime/ports.ts';
import type { Task } from '../runtime/task.ts';
import { isSignalPort } from './session-report.ts';

type Row = Readonly<Record<string, unknown>>;

/** A machine with the state it is in. */
export interface LiveMachine {
  readonly node: string;
  readonly state: string;
  /** Event time at which it entered the state; null when the journal kept no longer says. */
  readonly since: number | null;
}

/** A signal, prices as decimals. */
export interface LiveSignal {
  readonly ts: number;
  readonly node: string;
  readonly port: string;
  readonly payload: Row;
  /** Macrostep that made it: orders what happened at one instant. */
  readonly seq: number;
}

/** Rows of one contract that the flow publishes, prices as decimals. */
export interface LiveTable {
  /** False when no node of the flow publishes this contract. */
  readonly isWired: boolean;
  readonly rows: readonly Row[];
}

/** Everything a live view shows, at one moment. */
export interface LiveState {
  readonly task: Task;
  /** Event time; 0 before the first record. */
  readonly now: number;
  /** Null before the first record. */
  readonly phase: Phase | null;
  /** yyyymmdd; null before the first record. */
  readonly tradeDate: number | null;
  readonly prior: LiveTable;
  readonly composite: LiveTable;
  readonly developing: LiveTable;
  readonly vwap: LiveTable;
  readonly machines: readonly LiveMachine[];
  /** Newest first. */
  readonly signals: readonly LiveSignal[];
}

const mostSignals = 20;
const journalPage = 500;
/** How far back the journal is searched at a start for the entry of a state. */
const mostJournalPages = 20;

/** Returns the first node and port of a flow that publish a contract as a table; null when none does. */
export function tablePort(
  graph: FlowGraph,
  contract: string,
): { readonly node: string; readonly port: string } | null {
  for (const { id, plugin } of graph.nodes) {
    for (const [port, spec] of Object.entries(plugin.out)) {
      if (spec.kind === 'table' && contractId(spec.schema, plugin.id, port) === contract)
        return { node: id, port };
    }
  }
  return null;
}

/** Returns the rows of a table as of now, prices as decimals; none before the first. */
export function tableRows(task: Task, node: string, port: string): readonly Row[] {
  const spec = task.node(node).graphNode.plugin.out[port];
  if (spec?.kind !== 'table') return [];
  const read = task.readTable(node, port) as Row | undefined;
  if (read === undefined) return [];
  const rows =
    spec.key === undefined ? [read] : Object.values(read as Readonly<Record<string, Row>>);
  return rows.map((row) => toEdge(spec.schema, row, task.instrument));
}

function tableOf(task: Task, contract: string): LiveTable {
  const found = tablePort(task.graph, contract);
  if (!found) return { isWired: false, rows: [] };
  return { isWired: true, rows: tableRows(task, found.node, found.port) };
}

/** Follows a running task for the live view: signals and state entries from what it commits, the rest from the task. */
export class LiveWatch {
  private readonly task: Task;
  private readonly topics: ReturnType<typeof flowTopics>;
  private readonly entered = new Map<string, number>();
  private recent: LiveSignal[] = [];
  /** Told of each macrostep that was committed. */
  onJournal: ((record: JournalRecord) => void) | null = null;
  /** Told of each signal that was committed. */
  onSignal: ((signal: LiveSignal) => void) | null = null;

  constructor(task: Task) {
    this.task = task;
    this.topics = flowTopics(task.graph.name);
  }

  /** Takes in what an earlier run left in the log, so that a resumed view is not empty. */
  async restore(log: Log): Promise<void> {
    const partition = this.task.instrument.number;
    const machines = this.task.nodes.filter((node) => node.machine).length;
    let end = await log.end(this.topics.journal, partition);
    for (
      let page = 0;
      page < mostJournalPages && end > 0 && this.entered.size < machines;
      page += 1
    ) {
      const from = Math.max(0, end - journalPage);
      const records = await log.read(this.topics.journal, partition, from, end - from);
      for (const record of [...records].reverse())
        this.noteEntry(JSON.parse(String(record.value)) as JournalRecord, true);
      end = from;
    }
    for (const topic of signalTopics(this.task.graph)) {
      const last = await log.end(topic, partition);
      const from = Math.max(0, last - mostSignals);
      this.takeSignals(last > from ? await log.read(topic, partition, from, last - from) : []);
    }
  }

  /** Takes in what was committed just now; returns the signals among it. */
  take(outputs: readonly NewRecord[]): readonly LiveSignal[] {
    const own = outputs.filter(({ key }) => key === this.task.instrument.symbol);
    for (const record of own) {
      if (record.topic !== this.topics.journal) continue;
      const macrostep = JSON.parse(String(record.value)) as JournalRecord;
      this.noteEntry(macrostep, false);
      this.onJournal?.(macrostep);
    }
    const signals = this.takeSignals(own);
    for (const signal of signals) this.onSignal?.(signal);
    return signals;
  }

  /** Returns what there is to show now. */
  state(): LiveState {
    const { task } = this;
    const { calendar } = task.instrument;
    const { now } = task.clock;
    const hasBegun = now > 0;
    return {
      task,
      now,
      phase: hasBegun ? phaseAt(calendar, now) : null,
      tradeDate: hasBegun ? sessionAt(calendar, now).tradeDate : null,
      prior: tableOf(task, 'prior-profile/1'),
      composite: tableOf(task, 'composite-area/1'),
      developing: tableOf(task, 'developing-profile/1'),
      vwap: tableOf(task, 'vwap-bands/1'),
      machines: this.machines(),
      signals: this.recent,
    };
  }

  /** Signals, newest first. */
  get signals(): readonly LiveSignal[] {
    return this.recent;
  }

  /** Returns each machine with the state it is in now. */
  machines(): readonly LiveMachine[] {
    return this.task.nodes.flatMap((node) =>
      node.machine
        ? [{ node: node.id, state: node.machine.state, since: this.entered.get(node.id) ?? null }]
        : [],
    );
  }

  private noteEntry({ node, from, to, ts }: JournalRecord, isOlder: boolean): void {
    if (from === to || (isOlder && this.entered.has(node))) return;
    this.entered.set(node, ts);
  }

  private takeSignals(records: readonly NewRecord[]): readonly LiveSignal[] {
    const found = records.flatMap((record) => this.signalOf(record) ?? []);
    if (found.length > 0)
      this.recent = [...found, ...this.recent]
        .sort((a, b) => b.ts - a.ts || b.seq - a.seq)
        .slice(0, mostSignals);
    return found;
  }

  private signalOf({ node, port, value, seq = 0 }: NewRecord): LiveSignal | null {
    if (node === undefined || port === undefined) return null;
    const spec = this.task.node(node).graphNode.plugin.out[port];
    if (!spec || !isSignalPort(spec)) return null;
    const { ts, ...payload } = JSON.parse(String(value)) as Row & { ts: number };
    return { ts, node, port, seq, payload: toEdge(spec.schema, payload, this.task.instrument) };
  }
}

function signalTopics(graph: FlowGraph): string[] {
  const topics = flowTopics(graph.name);
  return graph.nodes.flatMap((node) =>
    Object.entries(node.plugin.out).flatMap(([port, spec]) =>
      isSignalPort(spec) ? [topics.port(node.id, port)] : [],
    ),
  );
}
