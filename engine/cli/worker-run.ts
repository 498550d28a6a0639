import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import type { OpsDesk } from './health-run.ts';
import type { Host } from './host.ts';
import { runFlow } from './run-flow.ts';
import { RunRegistry } from './run-record.ts';
import type { WorkerGroup, WorkerGroupHandlers } from './worker-group.ts';
import type { WorkerVoice } from './worker-voice.ts';

/** What a worker works on. */
export interface WorkerOptions {
  readonly host: Host;
  readonly graph: FlowGraph;
  readonly desk: OpsDesk;
  readonly voice: WorkerVoice;
}

interface RunningTask {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** A task that failed of something that may pass is opened again after so long. */
const againAfterMs = 2_000;

/**
 * The tasks of one worker: one for each partition that the group gave it. A task that is taken away finishes what it has
 * read, makes a checkpoint and is forgotten; one that fails is opened again where its error may pass, and else stays
 * down alone.
 */
export class Worker implements WorkerGroupHandlers {
  /** What the worker cannot go on with: another process took a task that the group gave to this one. */
  fatal: Error | null = null;
  /** Sources and tasks that failed. */
  problems = 0;
  private readonly options: WorkerOptions;
  private readonly tasks = new Map<number, RunningTask>();
  private readonly halt: () => void;
  private group: WorkerGroup | null = null;
  /** Partitions that are given and not open yet. */
  private readonly opening = new Set<number>();
  private sharedAt: number;

  /** @param halt - Ends the worker. */
  constructor(options: WorkerOptions, halt: () => void) {
    this.options = options;
    this.halt = halt;
    this.sharedAt = options.host.wallClock();
  }

  /** Takes part in a group until the signal. */
  async run(group: WorkerGroup, signal: AbortSignal): Promise<void> {
    this.group = group;
    await group.run(signal);
  }

  /** Opens the tasks of the partitions that this worker has now. */
  assigned(partitions: readonly number[], generation: number): void {
    const { graph, voice, desk } = this.options;
    const instruments = graph.instruments.filter(({ number }) => partitions.includes(number));
    voice.assigned(instruments, generation);
    for (const instrument of instruments) {
      desk.metrics.expect(instrument.symbol);
      this.opening.add(instrument.number);
      this.start(instrument);
    }
    if (instruments.length === 0) this.noteOpened(null);
  }

  /** Stops all tasks; resolves when none is at work any more. */
  async released(): Promise<void> {
    const { host, desk } = this.options;
    this.sharedAt = host.wallClock();
    const tasks = [...this.tasks.values()];
    // Forgotten first: what is given next may come before the last of these has ended.
    this.tasks.clear();
    this.opening.clear();
    for (const instrument of [...desk.metrics.tasks.keys()]) desk.metrics.gone(instrument);
    for (const { stop } of tasks) stop.abort();
    await Promise.all(tasks.map(({ done }) => done));
  }

  positions(): ReturnType<WorkerGroupHandlers['positions']> {
    return [...this.options.desk.metrics.tasks.values()].flatMap(({ runner }) => {
      if (!runner) return [];
      const { offsets, instrument } = runner.task;
      return Object.entries(offsets).map(([topic, offset]) => ({
        topic,
        partition: instrument.number,
        offset,
      }));
    });
  }

  private start(instrument: Instrument): void {
    const stop = new AbortController();
    const done = this.runTask(instrument, stop.signal).catch((error: unknown) =>
      this.failed(instrument, error, stop.signal),
    );
    this.tasks.set(instrument.number, { stop, done });
  }

  private async runTask(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { host, graph, desk, voice } = this.options;
    /** Ends the task because its source has to be opened again. */
    const renew = new AbortController();
    const own = { ...graph, instruments: [instrument] };
    const registry = new RunRegistry(host, desk.log, own);
    let isBegun = false;
    const running = runFlow({
      host,
      log: desk.log,
      graph: own,
      explain: true,
      keep: true,
      follow: true,
      signal: AbortSignal.any([signal, renew.signal]),
      opened: async (runner) => {
        // Taken away while it was being restored: it ends as soon as it has begun.
        if (signal.aborted) return;
        // A log that takes nothing is told of by the task itself.
        isBegun ||= await registry.began().then(
          () => true,
          () => false,
        );
        desk.metrics.opened(runner);
        voice.opened(runner);
        this.noteOpened(runner);
      },
      committed: (commit) => {
        this.problems += voice.committed(commit);
      },
      sourceFailed: (cause) => this.sourceFailed(instrument, cause, { signal, renew }),
      expired: (_, error) => {
        desk.metrics.failed(instrument.symbol, error);
        voice.expired(instrument, error);
      },
    });
    const ended = await running.then(
      () => ({ state: 'stopped', error: null }) as const,
      (error: unknown) => ({ state: 'failed', error }) as const,
    );
    // Where this cannot be written either the registry shows a run without an end.
    if (isBegun) await registry.ended(ended.state).catch(() => {});
    if (ended.state === 'failed') throw ended.error;
    if (renew.signal.aborted && !signal.aborted) return this.again(instrument, signal);
    voice.givenAway(instrument);
  }

  /** Tells what stopped a source, and ends its task where that is to be opened again. */
  private sourceFailed(
    instrument: Instrument,
    error: unknown,
    { signal, renew }: { readonly signal: AbortSignal; readonly renew: AbortController },
  ): void {
    if (signal.aborted) return;
    const again = isOrderflowError(error) && error.retry !== 'never';
    // A source that was fenced goes on in the process that fenced it.
    if (!isOrderflowError(error, 'OF_LOG_FENCED')) {
      this.problems += 1;
      this.options.desk.metrics.sourceFailed(instrument.symbol, error);
    }
    this.options.voice.sourceFailed(instrument, error, again);
    if (again) renew.abort();
  }

  /** Whether the partitions are this worker's still; one whose group is out of reach is ended by its group. */
  private async isMember(): Promise<boolean> {
    return (await this.group?.isMember().catch(() => false)) ?? false;
  }

  private noteOpened(runner: TaskRunner | null): void {
    if (runner) this.opening.delete(runner.task.instrument.number);
    if (this.opening.size === 0)
      this.options.voice.allOpen(this.options.host.wallClock() - this.sharedAt);
  }

  private async failed(instrument: Instrument, error: unknown, signal: AbortSignal): Promise<void> {
    const { voice, desk } = this.options;
    if (isOrderflowError(error, 'OF_LOG_FENCED')) {
      voice.fenced(instrument);
      // Given to another worker meanwhile: this one learns of it with its next heartbeat.
      if (signal.aborted || !(await this.isMember())) return;
      this.fatal = error;
      this.halt();
      return;
    }
    this.problems += 1;
    const again = isOrderflowError(error) && error.retry !== 'never' && !signal.aborted;
    voice.failed(instrument, error, again);
    // Taken away meanwhile, it is no longer this worker's to be ready with.
    if (!signal.aborted) desk.metrics.failed(instrument.symbol, error);
    if (again) await this.again(instrument, signal);
  }

  private async again(instrument: Instrument, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const quiet = this.options.host.every(againAfterMs, () => end());
      const end = (): void => {
        quiet();
        signal.removeEventListener('abort', end);
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    });
    if (!signal.aborted) this.start(instrument);
  }
}
