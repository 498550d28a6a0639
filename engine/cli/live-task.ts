import type { FlowGraph } from '../flow/graph.ts';
import { type Asking, askNow, askWith, type Standing } from '../inspect/ask-again.ts';
import { JournalBook } from '../inspect/journal-book.ts';
import { type PinnedCase, pinCase } from '../inspect/pinned-case.ts';
import type { Log } from '../runtime/ports.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import type { Task } from '../runtime/task.ts';
import type { MachineEvent } from '../runtime/transitions.ts';
import type { LiveWatch } from './live-state.ts';
import { RunRate } from './run-rate.ts';

type TaskNode = Task['nodes'][number];
type Config = Readonly<Record<string, unknown>>;

/** Turns may be many thousands in a second. */
const noteEveryMs = 100;

/** One instrument of a run as others in the process see it: nothing in it changes what the flow does. */
export class LiveTask {
  readonly graph: FlowGraph;
  readonly log: Log;
  readonly runner: TaskRunner;
  readonly watch: LiveWatch;
  readonly rate = new RunRate();
  private ownBook: JournalBook | null = null;
  private lastNote = Number.NEGATIVE_INFINITY;

  constructor(graph: FlowGraph, log: Log, runner: TaskRunner, watch: LiveWatch) {
    this.graph = graph;
    this.log = log;
    this.runner = runner;
    this.watch = watch;
  }

  /** The instrument's name. */
  get symbol(): string {
    return this.runner.task.instrument.symbol;
  }

  /** The journal to leaf through; made when somebody first asks, empty until somebody reads on. */
  get book(): JournalBook {
    this.ownBook ??= new JournalBook(this.log, this.graph, this.runner.task.instrument);
    return this.ownBook;
  }

  /** Makes a case of the last event an in-port brought, from the book as far as it is read; or says why not. */
  pinCase(node: string, port: string): Promise<PinnedCase | string> {
    return pinCase(this.book, this.runner.task, node, port);
  }

  /**
   * Asks the guards of a node what they would answer to an event now; the machine at work stays as it is. Guards leave their
   * evidence with the engine's own modules, so nobody else can ask them.
   */
  askNow(node: TaskNode, event: MachineEvent): Asking | null {
    return askNow(this.runner.task, node, event);
  }

  /** The same with other parameters, as the machine stood at another time. */
  askWith(node: TaskNode, config: Config, standing: Standing, event: MachineEvent): Asking | null {
    return askWith(this.runner.task, node, config, standing, event);
  }

  /** The task had its turn, at a time of the wall in milliseconds. */
  turned(wallMs: number): void {
    if (wallMs - this.lastNote < noteEveryMs) return;
    this.lastNote = wallMs;
    const { clock } = this.runner.task;
    this.rate.note(wallMs, clock.rows, clock.now);
  }
}
