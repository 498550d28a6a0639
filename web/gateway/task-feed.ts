import type { Candidate, JournalRecord } from '#engine/contracts/journal.ts';
import { isInState } from '#engine/inspect/event-match.ts';
import type { NewRecord } from '#engine/runtime/ports.ts';
import { EventRing } from '../live/event-ring.ts';
import type { LiveEvent } from '../live/wire.ts';
import { WireRates } from './wire-rates.ts';

/** A transition that still waits, with what its comparisons answered when they were last asked. */
export interface Waiting {
  readonly ts: number;
  readonly seq: number;
  readonly event: string;
  readonly candidate: Candidate;
}

/** What a machine waits for in the state it is in; only what was asked since it came there. */
interface AskedGuards {
  readonly state: string;
  readonly waiting: readonly Waiting[];
}

const isRefused = ({ verdict, leaves }: Candidate): boolean =>
  (verdict === 'guard-blocked' || verdict === 'error') && leaves.length > 0;

/** The state a transition leads out of, as its id names it: `<source state>:<event>:<index>`. */
const sourceOf = ({ transition }: Candidate): string =>
  transition.slice(0, transition.indexOf(':'));

/** What one instrument commits: its own numbered events, its newest records, what its machines were asked. */
export class TaskFeed {
  /** Names what its numbers count in: those of another instrument, or another run of the server, mean nothing here. */
  readonly run: string;
  readonly ring = new EventRing();
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly asked = new Map<string, AskedGuards>();
  private readonly last = new Map<string, NewRecord>();
  private readonly rates = new WireRates();

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

  /** Taken transitions and those of states that were left wait no more; a later answer replaces an earlier one. */
  noteAsked({ node, ts, seq, event, from, to, taken, explain = [] }: JournalRecord): void {
    const known = this.asked.get(node)?.waiting ?? [];
    if (from === to && explain.length === 0 && taken.length === 0) return;
    const answered = new Set([...taken, ...explain.map(({ transition }) => transition)]);
    const kept = known.filter(({ candidate }) => !answered.has(candidate.transition));
    const refused = explain
      .filter(isRefused)
      .map((candidate) => ({ ts, seq, event: event.type, candidate }));
    const waiting = [...kept, ...refused].filter(({ candidate }) =>
      isInState(to, sourceOf(candidate)),
    );
    this.asked.set(node, { state: to, waiting });
  }

  /** Forgets what machines were asked. */
  forgetAsked(): void {
    this.asked.clear();
  }

  /** Keeps a record of a port as its newest, and counts it. */
  noteLast(record: NewRecord): void {
    if (record.port === undefined) return;
    const name = `${record.node}.${record.port}`;
    this.last.set(name, record);
    this.rates.note(name);
  }

  /** Returns records a second by `node.port`, at a time of a clock that only moves forward, in milliseconds. */
  ratesAt(now: number): Readonly<Record<string, number>> {
    return this.rates.read(now);
  }

  /** Returns what a node's machine waits for; undefined while it was asked nothing in this run. */
  askedOf(node: string): AskedGuards | undefined {
    return this.asked.get(node);
  }

  /** Returns the newest committed record of a port of this run. */
  lastOf(node: string, port: string): NewRecord | undefined {
    return this.last.get(`${node}.${port}`);
  }
}
