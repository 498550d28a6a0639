import type { DeadLetter } from '../contracts/journal.ts';
import { marketTopic } from '../contracts/market-batch.ts';
import { isOrderflowError, type OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Commit, Log } from '../runtime/ports.ts';
import { TaskRunner } from '../runtime/runner.ts';
import { Backlog, runSource } from '../runtime/source-host.ts';
import type { Host } from './host.ts';
import type { MarketControl } from './market-control.ts';
import { watchCommits } from './watched-log.ts';

/** What is run, and who is told of it. */
export interface FlowRun {
  readonly host: Host;
  readonly log: Log;
  readonly graph: FlowGraph;
  readonly explain: boolean;
  /** Write outputs, journal and state; false for a replay that only reports. */
  readonly keep: boolean;
  /**
   * Goes on after its sources have ended, if it has any: other processes write what is read here too. A stop then leaves
   * for the next start what is not yet worked off.
   */
  readonly follow?: boolean;
  /** Asks for a clean stop: the sources end, what they wrote is worked off, a checkpoint is made. */
  readonly signal: AbortSignal;
  /** Speed, pause and jump of the market. */
  readonly control?: MarketControl;
  /** Told of each task once it stands where it stopped last time, before its sources start; again if it is opened anew. */
  readonly opened?: (runner: TaskRunner) => Promise<void> | void;
  /** Told after every few dozen batches. */
  readonly stepped?: (runner: TaskRunner) => void;
  readonly committed?: (commit: Commit) => void;
  /** Told of what stopped a source, as soon as it did. */
  readonly sourceFailed?: (error: unknown, instrument: Instrument) => void;
  /** Told of what the log gave up although nobody else has it; the task is opened anew and goes on from its last commit. */
  readonly expired?: (instrument: Instrument, error: OrderflowError) => void;
  /** Told how far a finite source is, 0 to 1. */
  readonly progress?: (done: number) => void;
}

/** How a run ended. */
export interface FlowRunEnd {
  readonly runners: readonly TaskRunner[];
  /** What stopped a source before its end. */
  readonly sourceErrors: readonly unknown[];
  readonly deadLetters: RunLetters;
}

/** Dead letters of a run: how many, and the newest. Where the run keeps its log, all of them are in their topic. */
export interface RunLetters {
  readonly count: number;
  /** Oldest first. */
  readonly newest: readonly DeadLetter[];
}

/** Batches the log may hold ahead of the task, and with that the most that one turn works through. */
const mostBatchesAhead = 64;
/** The same on Kafka, where a batch comes back some milliseconds after it was written. */
const mostBatchesFarAhead = 512;
/** The same where somebody watches in a browser: shorter turns, so that pages and pulses come in between. */
const mostBatchesWatched = 8;
const waitMs = 50;
/** Dead letters that a run keeps: a screen full of them. */
const mostLetters = 50;

function deadLettersOf(flow: string, { outputs }: Commit): DeadLetter[] {
  const topic = flowTopics(flow).deadLetters;
  return outputs
    .filter((record) => record.topic === topic)
    .map((record) => JSON.parse(String(record.value)) as DeadLetter);
}

/**
 * Runs a flow's sources and one task for each of its instruments, until the sources have ended and everything is worked
 * off. The log stays open.
 *
 * @throws whatever stopped a task, such as {OF_SNAPSHOT_DIVERGED} or {OF_LOG_FENCED}.
 */
export async function runFlow(run: FlowRun): Promise<FlowRunEnd> {
  const newest: DeadLetter[] = [];
  let count = 0;
  const log = watchCommits(run.log, run.keep, (commit) => {
    const letters = deadLettersOf(run.graph.name, commit);
    count += letters.length;
    newest.push(...letters.slice(-mostLetters));
    newest.splice(0, newest.length - mostLetters);
    run.committed?.(commit);
  });
  const sourceErrors: unknown[] = [];
  const halt = new AbortController();
  const signal = AbortSignal.any([run.signal, halt.signal]);
  const tasks = run.graph.instruments.map(async (instrument) => {
    try {
      return await runTask({ ...run, log, signal }, instrument, sourceErrors);
    } catch (error) {
      // The other instruments stop cleanly; this one has no state worth a checkpoint.
      halt.abort();
      throw error;
    }
  });
  const ends = await Promise.allSettled(tasks);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  const runners = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  return { runners, sourceErrors, deadLetters: { count, newest } };
}

function mostAhead({ log, control }: FlowRun): number {
  if (log.kind === 'kafka') return control ? mostBatchesAhead : mostBatchesFarAhead;
  return control ? mostBatchesWatched : mostBatchesAhead;
}

function isExpired(error: unknown): error is OrderflowError {
  return isOrderflowError(error, 'OF_LOG_EXPIRED');
}

/** Runs a task to its end, opening it anew where the log has given up what it or its source was writing. */
async function runTask(
  run: FlowRun,
  instrument: Instrument,
  sourceErrors: unknown[],
): Promise<TaskRunner> {
  for (;;) {
    const end = await runOnce(run, instrument, sourceErrors);
    if (!isOrderflowError(end)) return end;
    run.expired?.(instrument, end);
  }
}

/** Runs a task until its end, or until the log gives it up; returns the error that says so. */
async function runOnce(
  run: FlowRun,
  instrument: Instrument,
  sourceErrors: unknown[],
): Promise<TaskRunner | OrderflowError> {
  const { host, log, graph, signal } = run;
  const runner = await TaskRunner.open(log, graph, instrument, {
    wallClock: () => host.wallClock(),
    turn: () => host.turn(),
    explain: run.explain,
    // Emits are few beside rows; a record off its contract would reach topics and wires as if it were sound.
    validate: true,
    ...(run.keep ? {} : { checkpointEveryMs: Infinity }),
  });
  try {
    await run.opened?.(runner);
    const expired = await drive(run, runner, instrument, sourceErrors);
    await runner.close();
    return expired ?? runner;
  } catch (error) {
    await runner.abandon();
    // Who was asked to stop may no longer take it: the next start goes on from the last commit.
    if (isExpired(error) && !signal.aborted) return error;
    throw error;
  }
}

/** Runs the sources and works off what they write, until they have ended; returns what a source was given up with. */
async function drive(
  run: FlowRun,
  runner: TaskRunner,
  instrument: Instrument,
  sourceErrors: unknown[],
): Promise<OrderflowError | null> {
  const { log, graph } = run;
  const halt = new AbortController();
  const signal = AbortSignal.any([run.signal, halt.signal]);
  const backlog = new Backlog(
    await log.end(marketTopic, instrument.number),
    offsetOf(runner),
    mostAhead(run),
  );
  let isOver = run.follow !== true && graph.sources.length === 0;
  let expired: OrderflowError | null = null;
  const failed = (error: unknown): void => {
    if (isExpired(error) && !run.signal.aborted) {
      expired = error;
      halt.abort();
      return;
    }
    sourceErrors.push(error);
    run.sourceFailed?.(error, instrument);
  };
  const inputs = startSources({ ...run, signal }, instrument, backlog, failed);
  const sources = Promise.all([inputs, ...(run.follow ? [aborted(signal)] : [])]).finally(() => {
    isOver = true;
  });
  try {
    await workOff(run, runner, instrument, backlog, () => isOver);
  } finally {
    halt.abort();
    backlog.release();
    await sources;
  }
  return expired;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Runs the sources; an error of one is told and leaves the others running. */
async function startSources(
  run: FlowRun,
  instrument: Instrument,
  backlog: Backlog,
  failed: (error: unknown) => void,
): Promise<void> {
  const { log, graph, signal, progress, control } = run;
  await Promise.all(
    graph.sources.map((source) => {
      const options = {
        log,
        source,
        instrument,
        backlog,
        signal,
        ...(progress ? { progress } : {}),
      };
      const running = control ? control.run(options) : runSource(options);
      return running.catch(failed);
    }),
  );
}

async function workOff(
  run: FlowRun,
  runner: TaskRunner,
  instrument: Instrument,
  backlog: Backlog,
  isOver: () => boolean,
): Promise<void> {
  for (;;) {
    // Asked before the read: what the sources wrote until then is in the log.
    const isLast = isOver();
    const count = await runner.runOnce(isLast ? 0 : waitMs);
    backlog.takenTo(offsetOf(runner), count);
    if (isLast && (count === 0 || run.follow)) return;
    if (!run.keep) await run.log.trim(marketTopic, instrument.number, offsetOf(runner));
    run.stepped?.(runner);
    await run.host.turn();
  }
}

function offsetOf(runner: TaskRunner): number {
  return runner.task.offsets[marketTopic] ?? 0;
}
