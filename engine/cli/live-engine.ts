import type { FlowGraph } from '../flow/graph.ts';
import { JournalBook } from '../inspect/journal-book.ts';
import type { Commit, Log } from '../runtime/ports.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import type { RunningStore } from '../runtime/store-port.ts';
import type { Desk } from './desk.ts';
import type { LiveWatch } from './live-state.ts';
import { MarketControl } from './market-control.ts';
import { RunRate } from './run-rate.ts';

/** Turns may be many thousands in a second. */
const noteEveryMs = 100;

/** How far a run is. */
export type EngineStatus = 'starting' | 'running' | 'ended' | 'failed';

/** What a run is made from. */
export interface LiveEngineOptions {
  /** Milliseconds of a clock that only moves forward. */
  readonly wallClock: () => number;
  /** File of the flow, relative to the working folder. */
  readonly flowFile: string;
  /** Folder of everything that outlives the run. */
  readonly home: string;
}

/**
 * A run as others in the process see it: the web app reads it, nothing in it changes what the flow does. Before the run
 * has opened its task, `graph`, `log`, `runner`, `watch` and `book` are null.
 */
export class LiveEngine {
  readonly flowFile: string;
  readonly home: string;
  readonly control: MarketControl;
  readonly rate = new RunRate();
  status: EngineStatus = 'starting';
  /** Where the web app is; empty before it listens. */
  url = '';
  /** What stopped the run, when it failed. */
  error: unknown = null;
  graph: FlowGraph | null = null;
  log: Log | null = null;
  /** The task of the flow's first instrument. */
  runner: TaskRunner | null = null;
  watch: LiveWatch | null = null;
  /** Flows and plugins of the process; null in tests without one. */
  desk: Desk | null = null;
  /** The store beside the run; null before it is started, and without one. */
  store: RunningStore | null = null;
  /** The journal to leaf through; empty until somebody reads on. */
  book: JournalBook | null = null;
  private readonly openListeners: ((watch: LiveWatch) => void)[] = [];
  private readonly listeners = new Set<(commit: Commit) => void>();
  private readonly wallClock: () => number;
  private lastTurn: number;
  private lastNote = Number.NEGATIVE_INFINITY;

  constructor({ wallClock, flowFile, home }: LiveEngineOptions) {
    this.wallClock = wallClock;
    this.flowFile = flowFile;
    this.home = home;
    this.control = new MarketControl(wallClock);
    this.lastTurn = wallClock();
  }

  /** The run has opened its task. */
  opened(graph: FlowGraph, log: Log, runner: TaskRunner, watch: LiveWatch): void {
    this.graph = graph;
    this.log = log;
    this.runner = runner;
    this.watch = watch;
    this.book = new JournalBook(log, graph, runner.task.instrument);
    this.status = 'running';
    for (const listener of this.openListeners) listener(watch);
  }

  /**
   * Tells when a task stands where it stopped last time, before anything is committed; again for each flow that takes
   * over.
   */
  onOpened(listener: (watch: LiveWatch) => void): void {
    if (this.watch) listener(this.watch);
    this.openListeners.push(listener);
  }

  /** The run has ended; `error` is what stopped it, null for a clean end. */
  ended(error: unknown): void {
    this.status = error === null ? 'ended' : 'failed';
    this.error = error;
  }

  /** The run had its turn. */
  turned(): void {
    this.lastTurn = this.wallClock();
    const clock = this.runner?.task.clock;
    if (!clock || this.lastTurn - this.lastNote < noteEveryMs) return;
    this.lastNote = this.lastTurn;
    this.rate.note(this.lastTurn, clock.rows, clock.now);
  }

  /** Milliseconds since the run last had its turn. */
  get idleMs(): number {
    return this.wallClock() - this.lastTurn;
  }

  /** Hands on what was committed, after it was. */
  committed(commit: Commit): void {
    for (const listener of this.listeners) listener(commit);
  }

  /** Tells of every commit from now on; returns how to end listening. */
  onCommit(listener: (commit: Commit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
