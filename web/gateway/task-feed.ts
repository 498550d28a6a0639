import type { Candidate, JournalRecord } from '#engine/contracts/journal.ts';
import type { NewRecord } from '#engine/runtime/ports.ts';
import { EventRing } from '../live/event-ring.ts';
import type { LiveEvent } from '../live/wire.ts';

/** What a machine was last asked, with what each comparison answered. */
export interface AskedGuards {
  readonly ts: number;
  readonly seq: number;
  readonly event: string;
  readonly state: string;
  readonly candidates: readonly Candidate[];
}

/** What one instrument commits: its own numbered events, its newest records, what its machines were asked. */
export class TaskFeed {
  /** Names what its numbers count in: those of another instrument, or another run of the server, mean nothing here. */
  readonly run: string;
  readonly ring = new EventRing();
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly asked = new Map<string, AskedGuards>();
  private readonly last = new Map<string, NewRecord>();

  constructor(run: string) {
    this.run = run;
  }

  /** Tells of every event from now on; returns how to end listening. */
  onEvent(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Numbers an event and tells of it. */
  add(event: Omit<LiveEvent, 's'>): void {
    const numbered = this.ring.add(event);
    for (const listener of this.listeners) listener(numbered);
  }

  /** Keeps what a machine was asked. */
  noteAsked({ node, ts, seq, event, to, explain = [] }: JournalRecord): void {
    const candidates = explain.filter(({ leaves }) => leaves.length > 0);
    if (candidates.length === 0) return;
    this.asked.set(node, { ts, seq, event: event.type, state: to, candidates });
  }

  /** Keeps a record of a port as its newest. */
  noteLast(record: NewRecord): void {
    if (record.port !== undefined) this.last.set(`${record.node}.${record.port}`, record);
  }

  /** Returns what a node's machine was last asked; undefined while it was asked nothing in this run. */
  askedOf(node: string): AskedGuards | undefined {
    return this.asked.get(node);
  }

  /** Returns the newest committed record of a port of this run. */
  lastOf(node: string, port: string): NewRecord | undefined {
    return this.last.get(`${node}.${port}`);
  }
}
