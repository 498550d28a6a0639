import { lateDropped, whereRefused } from '../contracts/journal.ts';
import { OrderflowError } from '../errors.ts';
import type { InputPlace, Journal } from './journal.ts';
import type { Macrostep } from './machine.ts';
import type { NodeInstance, QueueEntry } from './node.ts';
import type { Output } from './output.ts';
import type { Consumer, Routes } from './routes.ts';
import { rowKey, type Tables } from './tables.ts';
import type { Timers } from './timers.ts';
import type { MachineEvent } from './transitions.ts';
import type { Views } from './views.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the queue needs of its task. */
export interface QueueHost {
  readonly clock: { readonly now: number };
  readonly journal: Journal;
  readonly output: Output;
  readonly tables: Tables;
  readonly timers: Timers;
  readonly views: Views;
  guarded(node: NodeInstance, run: () => void, row: number, entry: QueueEntry | null): void;
  quarantine(node: NodeInstance, error: unknown, row: number, entry: QueueEntry | null): void;
  note(node: NodeInstance, probe: string): void;
  inputPlace(row: number): InputPlace;
}

/** Most pieces of work one input row may cause; beyond it the node at work emits without bound. */
const mostEntries = 10_000;

/** The task's queue: first in, first out, each event run to completion before the next. */
export class WorkQueue {
  private readonly task: QueueHost;
  private readonly routes: Routes;
  private entries: QueueEntry[] = [];
  private head = 0;

  constructor(task: QueueHost, routes: Routes) {
    this.task = task;
    this.routes = routes;
  }

  /** Pieces of work waiting. */
  get length(): number {
    return this.entries.length - this.head;
  }

  push(entry: QueueEntry): void {
    this.entries.push(entry);
  }

  /** Runs until nothing waits. */
  drain(row: number): void {
    while (this.head < this.entries.length) {
      const entry = this.entries[this.head] as QueueEntry;
      this.head += 1;
      const { node } = entry;
      if (node.quarantined) continue;
      if (this.head > mostEntries) {
        const error = new OrderflowError('OF_EMIT_UNBOUNDED', {
          node: node.id,
          limit: mostEntries,
        });
        this.task.quarantine(node, error, row, entry);
        continue;
      }
      this.task.guarded(node, () => this.work(entry, row), row, entry);
    }
    this.entries.length = 0;
    this.head = 0;
  }

  /** Enters the machine's initial state. */
  start(node: NodeInstance, row: number): void {
    if (!node.machine) return;
    this.apply(node, { type: '@init' }, node.machine.start(), row);
  }

  /** Writes a record to the node's topic, then hands it to whoever is wired to it. */
  publish(node: NodeInstance, port: string, payload: Row, row: number): void {
    this.task.output.record(node, port, payload, this.task.clock.now, this.task.journal.seq);
    this.route(node, port, payload, row);
  }

  /** Keeps a table's row and hands the record to its consumers. */
  route(node: NodeInstance, port: string, payload: Row, row: number): void {
    const spec = node.graphNode.plugin.out[port];
    if (spec?.kind === 'table' && !this.task.views.has(node, port)) {
      this.task.tables.write(node.id, port, rowKey(payload, spec.key), payload);
    }
    this.deliver(this.routes.byPort.get(node.id)?.get(port), payload, false, row);
  }

  /** Hands a record to consumers whose wire takes it. */
  deliver(
    consumers: readonly Consumer[] | undefined,
    payload: Row,
    isLate: boolean,
    row: number,
  ): void {
    for (const { node, wire } of consumers ?? []) {
      if (node.quarantined) continue;
      if (isLate && wire.late === 'drop') {
        this.task.note(node, lateDropped(wire.port));
        continue;
      }
      const entry: QueueEntry = { node, kind: 'port', port: wire.port, payload };
      this.task.guarded(
        node,
        () => {
          if (!wire.where || wire.where(payload)) this.entries.push(entry);
          else this.task.note(node, whereRefused(wire.port));
        },
        row,
        entry,
      );
    }
  }

  private work(entry: QueueEntry, row: number): void {
    const { node, kind, port, payload } = entry;
    const { sensor, slots, machine } = node;
    if (kind === 'out') {
      this.publish(node, port, payload, row);
      return;
    }
    if (kind === 'port' && sensor?.event && slots) {
      this.task.views.touch(node.index);
      sensor.event(slots, node.config, this.task.clock.now, port, payload, node.out);
    }
    if (!machine) {
      if (kind === 'sense') this.publish(node, port, payload, row);
      return;
    }
    const event: MachineEvent =
      kind === 'timer' ? { type: port } : { ...payload, type: port, ts: this.task.clock.now };
    node.graphNode.observe?.(event, machine.context, node.environment);
    const step = machine.send(event);
    node.checkInvariants?.(machine.context);
    this.apply(node, event, step, row);
  }

  private apply(node: NodeInstance, event: MachineEvent, step: Macrostep, row: number): void {
    const { task } = this;
    const ts = task.clock.now;
    for (const timer of step.timers) {
      if (timer.kind === 'set')
        task.timers.set(node.index, timer.id, ts + Math.round(timer.delayMs * 1_000), timer.event);
      else task.timers.cancel(node.index, timer.id);
    }
    const text = task.journal.add(node.id, ts, event, step, task.inputPlace(row), task.output.keep);
    task.output.journal(text, ts, task.journal.seq);
    for (const { port, payload } of step.emits) this.publish(node, port, payload, row);
  }
}
