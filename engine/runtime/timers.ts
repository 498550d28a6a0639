import type { MachineEvent } from './transitions.ts';

/** A timer of a machine: due at `at` in event time, ties in the order they were set. */
export interface Timer {
  readonly node: number;
  readonly id: string;
  readonly at: number;
  readonly seq: number;
  readonly event: MachineEvent;
}

type TimerState = Omit<Timer, 'node'>;

/**
 * The task's timers as data, ordered by `(at, seq)`. They are part of the snapshot: XState's own are lost when a
 * snapshot is restored, and its simulated clock fires late ones at the wrong time.
 */
export class Timers {
  private list: Timer[] = [];
  private nextSeq = 1;

  /** When the next timer is due; Infinity without timers. */
  get nextAt(): number {
    return this.list[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Sets a timer; one of the same node and id is replaced. */
  set(node: number, id: string, at: number, event: MachineEvent): void {
    this.cancel(node, id);
    const timer: Timer = { node, id, at, seq: this.nextSeq, event };
    this.nextSeq += 1;
    this.insert(timer);
  }

  /** Cancels a timer; nothing happens when there is none. */
  cancel(node: number, id: string): void {
    const at = this.list.findIndex((t) => t.node === node && t.id === id);
    if (at >= 0) this.list.splice(at, 1);
  }

  /** Drops all timers of a node. */
  cancelAll(node: number): void {
    this.list = this.list.filter((t) => t.node !== node);
  }

  /** Takes the next timer out. */
  shift(): Timer | undefined {
    return this.list.shift();
  }

  /** Returns a node's timers in order. */
  of(node: number): TimerState[] {
    return this.list
      .filter((t) => t.node === node)
      .map(({ id, at, seq, event }) => ({ id, at, seq, event }));
  }

  /** Puts a node's timers back with their own sequence numbers, so that ties keep their order. */
  restore(node: number, timers: readonly TimerState[]): void {
    this.cancelAll(node);
    for (const timer of timers) {
      this.insert({ node, ...timer });
      this.nextSeq = Math.max(this.nextSeq, timer.seq + 1);
    }
  }

  /** The next sequence number; part of a checkpoint so that a restored task numbers on. */
  get sequence(): number {
    return this.nextSeq;
  }
  set sequence(next: number) {
    this.nextSeq = next;
  }

  private insert(timer: Timer): void {
    const at = this.list.findIndex(
      (t) => t.at > timer.at || (t.at === timer.at && t.seq > timer.seq),
    );
    if (at < 0) this.list.push(timer);
    else this.list.splice(at, 0, timer);
  }
}
