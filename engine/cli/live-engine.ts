import type { FlowGraph } from '../flow/graph.ts';
import type { Commit, Log } from '../runtime/ports.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import type { RunningStore } from '../runtime/store-port.ts';
import type { Desk } from './desk.ts';
import type { LiveTask } from './live-task.ts';
import { MarketControl } from './market-control.ts';
import { auditCommand, type GivenCommand } from './operator-audit.ts';

const microsPerMilli = 1_000;

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
 * has opened a task, `graph` and `log` are null and there are no tasks.
 */
export class LiveEngine {
  readonly flowFile: string;
  readonly home: string;
  readonly control: MarketControl;
  /** What is open, by instrument; each of its own, sharing nothing but the rules. */
  readonly tasks = new Map<string, LiveTask>();
  status: EngineStatus = 'starting';
  /** Where the web app is; empty before it listens. */
  url = '';
  /** What stopped the run, when it failed. */
  error: unknown = null;
  graph: FlowGraph | null = null;
  log: Log | null = null;
  /** Flows and plugins of the process; null in tests without one. */
  desk: Desk | null = null;
  /** The store beside the run; null before it is started, and without one. */
  store: RunningStore | null = null;
  private readonly openListeners: ((task: LiveTask) => void)[] = [];
  private readonly listeners = new Set<(commit: Commit) => void>();
  private readonly wallClock: () => number;
  private lastTurn: number;

  constructor({ wallClock, flowFile, home }: LiveEngineOptions) {
    this.wallClock = wallClock;
    this.flowFile = flowFile;
    this.home = home;
    this.control = new MarketControl(wallClock);
    this.lastTurn = wallClock();
  }

  /** Instruments of the flow, the one that is shown when nobody chose another first; none before a task is open. */
  get symbols(): readonly string[] {
    return this.graph?.instruments.map(({ symbol }) => symbol) ?? [];
  }

  /** Returns what runs for an instrument, the flow's first for null; null while that is not open, or is none of the flow's. */
  taskOf(symbol: string | null): LiveTask | null {
    const name = symbol ?? this.symbols[0];
    return (name === undefined ? undefined : this.tasks.get(name)) ?? null;
  }

  /** The run has opened a task. */
  opened(task: LiveTask): void {
    this.graph = task.graph;
    this.log = task.log;
    this.tasks.set(task.symbol, task);
    this.status = 'running';
    for (const listener of this.openListeners) listener(task);
  }

  /**
   * Tells when a task stands where it stopped last time, before anything is committed; again for each flow that takes
   * over.
   */
  onOpened(listener: (task: LiveTask) => void): void {
    for (const task of this.tasks.values()) listener(task);
    this.openListeners.push(listener);
  }

  /** The run has ended; `error` is what stopped it, null for a clean end. */
  ended(error: unknown): void {
    this.status = error === null ? 'ended' : 'failed';
    this.error = error;
  }

  /**
   * Writes into the log what an operator asked for. Returns null, or why it could not be written: a command is carried
   * out all the same, and whoever gave it is told.
   */
  async audit(given: GivenCommand): Promise<string | null> {
    const { log, graph } = this;
    if (!log || !graph) return 'the run has not opened its log yet';
    // A clock that only moves forward, as runs are told of.
    const at = Math.round((performance.timeOrigin + this.wallClock()) * microsPerMilli);
    const eventTimeOf = (symbol: string): number => this.taskOf(symbol)?.runner.task.clock.now ?? 0;
    try {
      await auditCommand(log, graph, given, { at, eventTimeOf });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** A task of the run had its turn. */
  turned({ task }: TaskRunner): void {
    this.lastTurn = this.wallClock();
    this.tasks.get(task.instrument.symbol)?.turned(this.lastTurn);
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
