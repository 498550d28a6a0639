import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { Candidate, DeadLetter, JournalRecord } from '#engine/contracts/journal.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import type { NewRecord } from '#engine/runtime/ports.ts';
import { EventRing } from '../live/event-ring.ts';
import type { FeedBeat, FeedState, LiveEvent } from '../live/wire.ts';

/** A paced market this much faster than asked is making up for days that are past. */
const catchUpFactor = 8;

function transitionOf({ ts, node, seq, from, to, event, taken }: JournalRecord) {
  const payload = { from, to, event: event.type, taken };
  return { type: 'transition' as const, ts, node, port: null, seq, payload };
}

/** What a machine was last asked, with what each comparison answered. */
export interface AskedGuards {
  readonly ts: number;
  readonly seq: number;
  readonly event: string;
  readonly state: string;
  readonly candidates: readonly Candidate[];
}

/** Turns what a run commits into numbered events, and its market into a pulse. Reads committed records only. */
export class EngineFeed {
  readonly ring = new EventRing();
  private readonly engine: LiveEngine;
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly forget: () => void;
  private readonly asked = new Map<string, AskedGuards>();
  private readonly last = new Map<string, NewRecord>();

  constructor(engine: LiveEngine) {
    this.engine = engine;
    this.forget = engine.onCommit(({ outputs }) => this.takeRecords(outputs));
    engine.onOpened((watch) => {
      watch.onJournal = (record) => {
        if (record.from !== record.to) this.add(transitionOf(record));
        this.noteAsked(record);
      };
      watch.onSignal = ({ ts, node, port, seq, payload }) =>
        this.add({ type: 'signal', ts, node, port, seq, payload });
    });
  }

  /** Tells of every event from now on; returns how to end listening. */
  onEvent(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Notes something that happened outside the flow, such as a command. */
  notice(text: string): void {
    const ts = this.engine.runner?.task.clock.now ?? 0;
    this.add({ type: 'notice', ts, node: '', port: null, seq: null, payload: { text } });
  }

  /** Returns what a node's machine was last asked; undefined while it was asked nothing in this run. */
  askedOf(node: string): AskedGuards | undefined {
    return this.asked.get(node);
  }

  /** Returns the newest committed record of a port of this run. */
  lastOf(node: string, port: string): NewRecord | undefined {
    return this.last.get(`${node}.${port}`);
  }

  /** Where the market feed stands. */
  beat(): FeedBeat {
    const { engine } = this;
    const { ageMs, pace, jumpingTo } = engine.control.state();
    const id = engine.graph?.sources[0]?.id ?? 'market';
    const isHurrying =
      jumpingTo !== null || (typeof pace === 'number' && engine.rate.pace > pace * catchUpFactor);
    return { id, ageMs, state: this.feedState(isHurrying) };
  }

  /** Ends listening. */
  close(): void {
    this.forget();
    this.listeners.clear();
  }

  private feedState(isHurrying: boolean): FeedState {
    const { status, control } = this.engine;
    if (status === 'failed') return 'failed';
    if (status === 'ended') return 'ended';
    const { state } = control.state();
    if (status === 'starting' || state === 'starting') return 'starting';
    return state === 'running' && isHurrying ? 'catching-up' : state;
  }

  private noteAsked({ node, ts, seq, event, to, explain = [] }: JournalRecord): void {
    const candidates = explain.filter(({ leaves }) => leaves.length > 0);
    if (candidates.length === 0) return;
    this.asked.set(node, { ts, seq, event: event.type, state: to, candidates });
  }

  private takeRecords(outputs: readonly NewRecord[]): void {
    const { graph } = this.engine;
    if (!graph) return;
    const { deadLetters } = flowTopics(graph.name);
    for (const record of outputs) {
      const { topic, value, port } = record;
      if (port !== undefined) this.last.set(`${record.node}.${port}`, record);
      if (topic !== deadLetters) continue;
      const { ts, node, seq, error, policy } = JSON.parse(String(value)) as DeadLetter;
      this.add({ type: 'dead-letter', ts, node, port: null, seq, payload: { error, policy } });
    }
  }

  private add(event: Omit<LiveEvent, 's'>): void {
    const numbered = this.ring.add(event);
    for (const listener of this.listeners) listener(numbered);
  }
}
