import { isOrderflowError } from '../errors.ts';
import type { Expression, Scope } from './expression.ts';

/** Memory of a flow statechart's temporal conditions: plain JSON, part of the node's snapshot. */
export type Memory = Record<string, unknown>;

/** What a condition is evaluated with. */
export interface ConditionRun {
  readonly scope: Scope;
  readonly memory: Memory;
  /** Event time in microseconds. */
  now(): number;
}

/** When a port last gave a record: at what time, and as the how-manieth event of the machine. */
interface Arrival {
  readonly ts: number;
  readonly n: number;
}

function isArrival(value: unknown): value is Arrival {
  return typeof value === 'object' && value !== null && 'ts' in value && 'n' in value;
}

/** Returns when a port last gave a record; null when never. */
export function lastArrival(memory: Memory, port: string): Arrival | null {
  const arrival = memory[`at ${port}`];
  return isArrival(arrival) ? arrival : null;
}

/** Returns the times of a port's last records, oldest first; as many as the largest `count` of it asks for. */
export function recentArrivals(memory: Memory, port: string): readonly number[] {
  const times = memory[`times ${port}`];
  return Array.isArray(times) ? (times as readonly number[]) : [];
}

/** A watched expression: for `held` since when it is true, for `newly` what it was at the last two events. */
interface Watch {
  readonly kind: 'held' | 'newly';
  readonly id: string;
  readonly expression: Expression;
  /** The port whose events it reads; null when it reads no event. */
  readonly port: string | null;
}

/** What the temporal conditions of one statechart need to remember, and nothing more: the memory is bounded. */
export class TemporalWatch {
  private readonly ports = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly watches: Watch[] = [];

  /** Remembers when a port last gave a record. */
  watchPort(port: string): void {
    this.ports.add(port);
  }

  /** Remembers the times of the last `min` records of a port. */
  watchCount(port: string, min: number): void {
    this.counts.set(port, Math.max(min, this.counts.get(port) ?? 0));
  }

  /** Remembers an expression from event to event; returns the key of its memory. */
  watchExpression(kind: Watch['kind'], expression: Expression, port: string | null): string {
    const readsEvent = expression.uses.includes('ev');
    const watch = {
      kind,
      id: `${kind} ${this.watches.length}`,
      expression,
      port: readsEvent ? port : null,
    };
    this.watches.push(watch);
    return watch.id;
  }

  /** Returns whether nothing needs to be remembered. */
  get isEmpty(): boolean {
    return this.ports.size === 0 && this.counts.size === 0 && this.watches.length === 0;
  }

  /** Takes note of an event before the machine sees it. */
  observe(type: string, run: ConditionRun): void {
    const { memory } = run;
    const ts = run.now();
    const n = (typeof memory['events'] === 'number' ? memory['events'] : 0) + 1;
    memory['events'] = n;
    if (this.ports.has(type)) memory[`at ${type}`] = { ts, n };
    const most = this.counts.get(type);
    if (most !== undefined) {
      const times = recentArrivals(memory, type);
      memory[`times ${type}`] = [...times.slice(Math.max(0, times.length + 1 - most)), ts];
    }
    for (const watch of this.watches) {
      if (watch.port === null || watch.port === type) remember(watch, run, ts);
    }
  }
}

function remember({ kind, id, expression }: Watch, run: ConditionRun, ts: number): void {
  const { memory } = run;
  const holds = truthNow(expression, run);
  if (kind === 'newly') {
    const past = memory[id];
    const last: unknown = Array.isArray(past) ? past[1] : null;
    memory[id] = [last ?? null, holds];
  } else if (holds !== true) memory[id] = null;
  else if (typeof memory[id] !== 'number') memory[id] = ts;
}

/** While a value is absent nothing can be said of it: not true, and not false either. */
function truthNow(expression: Expression, run: ConditionRun): boolean | null {
  try {
    return expression.evaluate(run.scope) === true;
  } catch (error) {
    if (isOrderflowError(error, 'OF_EXPRESSION')) return null;
    throw error;
  }
}
