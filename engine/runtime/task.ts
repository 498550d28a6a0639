import type { DeadLetter } from '../contracts/journal.ts';
import { decodeMarketBatch, type MarketBatch, marketTopic } from '../contracts/market-batch.ts';
import { assert, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { classify, createAggressorState } from '../market/aggressor.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Phase } from '../market/session.ts';
import { tradeFlags } from '../plugin/sensor.ts';
import { Deadlines, type NodeClock, type NodeSchedule } from './deadlines.ts';
import {
  createRunRows,
  type DispatchHost,
  finishRow,
  type RunRows,
  type TaskClock,
} from './dispatch.ts';
import { readInput } from './input-record.ts';
import { type InputPlace, Journal } from './journal.ts';
import { type NodeHost, NodeInstance, type QueueEntry } from './node.ts';
import { Output } from './output.ts';
import type { StoredRecord } from './ports.ts';
import { ProbeWindows } from './probes.ts';
import { WorkQueue } from './queue.ts';
import { consumersOf, createRoutes, type Routes } from './routes.ts';
import { Tables } from './tables.ts';
import { Timers } from './timers.ts';
import { Views } from './views.ts';

const refusedOnce = { value: 1, needed: 0, unit: 'count' } as const;

/** How a task runs; none of it changes what nodes do. */
export interface TaskOptions {
  /** Keep operands and margins of guards, and probe windows. On by default. */
  readonly explain?: boolean;
  /** Keep records for a commit; off for a replay that only reports or a sweep: nothing but dead letters is written then. On by default. */
  readonly publish?: boolean;
  /** Hash each macrostep; off for a study over years of data, whose journal nobody will compare. On by default. */
  readonly hash?: boolean;
  /** Check every emitted payload against its contract, and quarantine the node of one that does not fit. */
  readonly validate?: boolean;
  /** Hold records from outside to the contract of their in-port; off for scenarios, which give only what they are about. On by default. */
  readonly checkInputs?: boolean;
}

/**
 * A flow on one instrument: a deterministic function of its input records. No clock, no I/O. `step` takes the records
 * one by one in log order; what it made waits in `output` until the caller commits it.
 */
export class Task implements NodeHost, DispatchHost {
  readonly graph: FlowGraph;
  readonly instrument: Instrument;
  readonly nodes: readonly NodeInstance[];
  readonly clock: TaskClock = {
    now: 0,
    next: Number.NEGATIVE_INFINITY,
    rows: 0,
    trades: 0,
    late: 0,
    volume: 0,
    inferredVolume: 0,
    unknownVolume: 0,
  };
  readonly aggressor = createAggressorState();
  readonly timers = new Timers();
  readonly journal: Journal;
  readonly tables = new Tables();
  readonly deadlines: Deadlines;
  readonly views: Views;
  readonly probes: ProbeWindows;
  readonly output: Output;
  readonly queue: WorkQueue;
  /** Next offset to read, by topic. */
  readonly offsets: Record<string, number> = {};
  /** Told of each calendar boundary before the sensors are; for reports. */
  phaseListener: ((ts: number, phase: Phase, tradeDate: number) => void) | null = null;
  private readonly byId: ReadonlyMap<string, NodeInstance>;
  private readonly routes: Routes;
  private readonly publishing: boolean;
  private readonly explaining: boolean;
  private readonly checksInputs: boolean;
  private runRows: RunRows;
  private place: InputPlace = { topic: '', p: 0, o: 0, i: 0 };
  private batch: MarketBatch | null = null;

  constructor(graph: FlowGraph, instrument: Instrument, options: TaskOptions = {}) {
    this.graph = graph;
    this.instrument = instrument;
    this.journal = new Journal(options.hash ?? true);
    this.publishing = options.publish ?? true;
    this.checksInputs = options.checkInputs ?? true;
    this.explaining = this.publishing && (options.explain ?? true);
    this.nodes = graph.nodes.map((node, index) => new NodeInstance(node, index, this));
    for (const { machine } of this.nodes) {
      if (machine === null) continue;
      machine.explain = options.explain ?? true;
      machine.journaled = options.hash ?? true;
    }
    this.byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.routes = createRoutes(this.nodes);
    this.deadlines = new Deadlines(
      instrument.calendar,
      graph.zone,
      this.clocks(),
      this.schedules(),
    );
    this.views = new Views(this.nodes, this.clock);
    this.probes = new ProbeWindows(this.nodes, this.clock);
    this.output = new Output(graph.name, instrument.symbol, {
      validate: options.validate ?? false,
      keep: this.publishing,
    });
    this.queue = new WorkQueue(this, this.routes);
    this.runRows = createRunRows(this.nodes, this);
  }

  /** Takes one input record; one it has had before (same topic and offset) changes nothing. */
  step(record: StoredRecord): void {
    if (record.offset < (this.offsets[record.topic] ?? 0)) return;
    this.place = { topic: record.topic, p: record.partition, o: record.offset, i: 0 };
    if (record.topic === marketTopic) this.stepBatch(record);
    else this.stepRecord(record);
    this.offsets[record.topic] = record.offset + 1;
  }

  /** Event time. */
  now(): number {
    return this.clock.now;
  }

  /** The place in the input that is being worked on. */
  inputPlace(row: number): InputPlace {
    return { ...this.place, i: row };
  }

  /** Returns a node by id. */
  node(id: string): NodeInstance {
    const node = this.byId.get(id);
    if (!node) throw new OrderflowError('OF_NODE_UNKNOWN', { node: id, flow: this.graph.name });
    return node;
  }

  /** Returns a table as guards see it: a view is computed now, so it is never older than the record at hand. */
  readTable(nodeId: string, port: string): unknown {
    const node = this.node(nodeId);
    const key = node.graphNode.plugin.out[port]?.key;
    const rows = this.views.has(node, port) ? this.views.read(node, port) : [];
    // A view without rows falls back to what was written for it: a test's given tables.
    if (rows.length === 0) return this.tables.read(nodeId, port, key !== undefined);
    return key === undefined
      ? rows[0]
      : Object.fromEntries(rows.map((row) => [String(row[key]), row]));
  }

  fromSensor(node: NodeInstance, port: string, payload: Readonly<Record<string, unknown>>): void {
    const { senses, out } = node.graphNode.plugin;
    const isSense = senses !== undefined && Object.hasOwn(senses, port);
    // Else it would vanish: no transition listens to what the plugin does not declare.
    if (!isSense && !Object.hasOwn(out, port)) {
      const ports = Object.keys({ ...senses, ...out }).join(', ');
      throw new OrderflowError('OF_EMIT_PORT', { node: node.id, port, ports });
    }
    this.queue.push({ node, kind: isSense ? 'sense' : 'out', port, payload });
  }

  advance(ts: number, row: number): void {
    this.advanceTo(ts, true, row);
  }

  advanceBefore(ts: number, row: number): void {
    this.advanceTo(ts, false, row);
  }

  drain(row: number): void {
    this.queue.drain(row);
    // A macrostep may have set a timer that is due before the deadline the loop waits for.
    if (this.timers.nextAt < this.clock.next) this.clock.next = this.timers.nextAt;
  }

  failed(position: number, error: unknown, row: number): void {
    const node = this.nodes[position];
    if (!node || !this.batch) throw error;
    const { batch } = this;
    this.quarantine(node, error, row, null);
    const isAggressed =
      batch.kind[row] === 1 && ((batch.flags[row] ?? 0) & tradeFlags.auction) === 0;
    // The sign rule is idempotent for the trade it has just seen.
    const side = isAggressed
      ? classify(
          this.aggressor,
          this.clock.now,
          batch.a[row] ?? 0,
          (batch.side[row] ?? 0) as 1 | -1 | 0,
        )
      : 0;
    finishRow(this.nodes, position, batch, row, side, this.clock.now, (n, run) =>
      this.guarded(n, run, row, null),
    );
    this.drain(row);
  }

  /** Keeps evidence that a node's in-port refused a record, for "why did this not fire". */
  note(node: NodeInstance, probe: string): void {
    if (this.explaining)
      this.output.probes(this.clock.now, (add) => add(node.id, probe, refusedOnce));
  }

  /** Runs code of a node; what it throws quarantines the node, never the flow. */
  guarded(node: NodeInstance, run: () => void, row: number, entry: QueueEntry | null): void {
    try {
      run();
    } catch (error) {
      this.quarantine(node, error, row, entry);
    }
  }

  /** Takes a node out of the flow and leaves a dead letter. */
  quarantine(node: NodeInstance, error: unknown, row: number, entry: QueueEntry | null): void {
    node.quarantined = true;
    this.timers.cancelAll(node.index);
    this.deadLetter(node.id, node.onError, error, row, entry);
    this.runRows = createRunRows(this.nodes, this);
  }

  /** Starts the machines of nodes that a restored checkpoint did not know. */
  startNewNodes(): void {
    if (!this.deadlines.begun) return;
    for (const node of this.nodes) {
      if (node.machine && !node.machine.started && !node.quarantined)
        this.guarded(node, () => this.queue.start(node, 0), 0, null);
    }
    this.drain(0);
  }

  /** Rebuilds the loop after nodes were quarantined by a restore. */
  rebuild(): void {
    this.runRows = createRunRows(this.nodes, this);
    this.clock.next = this.deadlines.begun ? this.nextDeadline() : Number.NEGATIVE_INFINITY;
  }

  private deadLetter(
    node: string,
    policy: DeadLetter['policy'],
    error: unknown,
    row = 0,
    entry: QueueEntry | null = null,
  ): void {
    const [ts, seq, input] = [this.clock.now, this.journal.seq, this.inputPlace(row)];
    this.output.deadLetter({ ts, seq, node, input, entry, error, policy });
  }

  private stepBatch(record: StoredRecord): void {
    const batch = this.reading('@input', () => {
      assert(typeof record.value !== 'string', 'a market batch is bytes');
      return decodeMarketBatch(record.value);
    });
    if (!batch) return;
    this.batch = batch;
    let from = 0;
    while (from < batch.count) from = this.runRows(batch, from) + 1;
    this.batch = null;
  }

  private stepRecord(record: StoredRecord): void {
    const { ts } = record;
    const isLate = this.deadlines.begun && ts < this.clock.now;
    if (isLate) this.clock.late += 1;
    else this.advance(ts, 0);
    this.clock.now = Math.max(this.clock.now, ts);
    for (const consumer of consumersOf(this.routes, record)) {
      const payload = this.reading(consumer.node.id, () =>
        readInput(record, consumer, this.checksInputs),
      );
      if (payload) this.queue.deliver([consumer], payload, isLate, 0);
    }
    this.drain(0);
  }

  /** Reads a record from outside; one that cannot be read is skipped and leaves a dead letter, for it would stop every start. */
  private reading<T>(node: string, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      this.deadLetter(node, 'skip', error);
      return null;
    }
  }

  private advanceTo(ts: number, inclusive: boolean, row: number): void {
    if (!this.deadlines.begun) this.begin(ts, row);
    for (;;) {
      const at = this.nextDeadline();
      if (inclusive ? at > ts : at >= ts) break;
      this.clock.now = Math.max(this.clock.now, at);
      this.fire(at, ts, row);
      this.drain(row);
    }
    this.clock.next = this.nextDeadline();
  }

  private nextDeadline(): number {
    return Math.min(
      this.deadlines.nextAt,
      this.timers.nextAt,
      this.views.nextAt,
      this.probes.nextAt,
    );
  }

  /** One deadline: the calendar first, then timers, then views, then probe windows. */
  private fire(at: number, ts: number, row: number): void {
    if (this.deadlines.nextAt === at) return this.fireCalendar(row);
    if (this.timers.nextAt === at) return this.fireTimer();
    const until = Math.min(ts, this.deadlines.nextAt, this.timers.nextAt);
    if (this.views.nextAt === at) {
      this.views.fire(at, until, (node, port, payload) =>
        this.queue.publish(node, port, payload, row),
      );
      return;
    }
    this.output.probes(at, (add) => {
      this.probes.fire(at, until, (node, name, probe) => {
        if (this.explaining) add(node, name, probe);
      });
    });
  }

  private fireCalendar(row: number): void {
    const due = this.deadlines.take();
    if (due.kind === 'clock') {
      const node = this.nodes[due.clock.node];
      if (node)
        this.hook(node, row, (s, c) =>
          node.sensor?.clock?.(s, c, due.at, due.clock.name, due.index, node.out),
        );
    } else if (due.kind === 'phase') {
      this.phaseListener?.(due.at, due.phase, due.tradeDate);
      for (const node of this.nodes) {
        if (!node.sensor?.phase) continue;
        this.hook(node, row, (s, c) =>
          node.sensor?.phase?.(s, c, due.at, due.phase, due.tradeDate, node.out),
        );
      }
    } else {
      const node = this.nodes[due.schedule.node];
      if (node) this.queue.push({ node, kind: 'port', port: due.schedule.port, payload: {} });
    }
  }

  private hook(
    node: NodeInstance,
    row: number,
    run: (slots: NonNullable<NodeInstance['slots']>, config: NodeInstance['config']) => void,
  ): void {
    const { slots } = node;
    if (!slots || node.quarantined) return;
    this.views.touch(node.index);
    this.guarded(node, () => run(slots, node.config), row, null);
  }

  private fireTimer(): void {
    const timer = this.timers.shift();
    const node = timer ? this.nodes[timer.node] : undefined;
    if (timer && node)
      this.queue.push({ node, kind: 'timer', port: timer.event.type, payload: {} });
  }

  /** The first record: the calendar starts at its session's first boundary, the machines with it. */
  private begin(ts: number, row: number): void {
    this.deadlines.begin(ts);
    this.clock.now = Math.min(ts, this.deadlines.nextAt);
    this.views.begin(this.clock.now);
    this.probes.begin(this.clock.now);
    for (const node of this.nodes) {
      if (node.machine && !node.machine.started)
        this.guarded(node, () => this.queue.start(node, row), row, null);
    }
    this.drain(row);
  }

  private clocks(): NodeClock[] {
    return this.nodes.flatMap((node) =>
      Object.entries(node.sensor?.clocks?.(node.config) ?? {}).map(([name, clock]) => ({
        node: node.index,
        name,
        ...clock,
      })),
    );
  }

  private schedules(): NodeSchedule[] {
    return this.nodes.flatMap((node) =>
      node.graphNode.wires.flatMap(({ port, origin }) =>
        origin.kind === 'schedule'
          ? [{ node: node.index, port, at: origin.at, days: origin.days }]
          : [],
      ),
    );
  }
}
