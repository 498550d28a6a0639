import type { DeadLetter } from '../contracts/journal.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import type { LiveSignal } from './live-state.ts';
import type { FlowRunEnd } from './run-flow.ts';
import { errorFields, eventTimeText, type StructuredLog } from './structured-log.ts';

/** Tells programs of a run, where text would tell people. */
export class StructuredRun {
  private readonly log: StructuredLog;

  constructor(log: StructuredLog) {
    this.log = log;
  }

  /** A run begins; `sources` is empty when other processes bring the market. */
  started({ name, version, instruments }: FlowGraph, sources: readonly string[]): void {
    const symbols = instruments.map(({ symbol }) => symbol);
    this.log.say('info', 'run-started', `${name} ${version} on ${symbols.join(', ')}`, {
      version,
      instruments: symbols,
      sources,
    });
  }

  /** The endpoint for operators listens. */
  listening(url: string): void {
    this.log.say('info', 'ops-listening', `metrics and health at ${url}`, { url });
  }

  /** A task stands where it stopped last time. */
  opened({ task, recovery }: TaskRunner): void {
    this.log.say('info', 'task-opened', recovery ? 'task resumed' : 'task begins', {
      instrument: task.instrument.symbol,
      resumed: recovery !== null,
      rerunRecords: recovery?.records ?? 0,
      macrosteps: recovery?.seq ?? 0,
      flowChanged: recovery?.flowChanged ?? false,
      eventTime: eventTimeText(task.clock.now),
    });
  }

  /** How far a task is. */
  progress({ task }: TaskRunner, rowsPerSecond: number): void {
    const { clock, instrument, journal } = task;
    this.log.say('info', 'progress', `${instrument.symbol}: ${clock.trades} trades`, {
      instrument: instrument.symbol,
      eventTime: eventTimeText(clock.now),
      rows: clock.rows,
      trades: clock.trades,
      lateRows: clock.late,
      macrosteps: journal.seq,
      rowsPerSecond: Math.round(rowsPerSecond),
    });
  }

  /** A signal was committed; prices are decimals. */
  signal(instrument: string, { ts, node, port, payload }: LiveSignal): void {
    this.log.say('info', 'signal', `${node}.${port}`, {
      instrument,
      node,
      port,
      eventTime: eventTimeText(ts),
      payload,
    });
  }

  /** A node was quarantined. */
  deadLetter({ node, input, error }: DeadLetter): void {
    this.log.say('error', 'dead-letter', `node '${node}' is quarantined`, { node, input, error });
  }

  /** The group gave this worker partitions. */
  partitions(instruments: readonly string[], generation: number): void {
    const message = instruments.length === 0 ? 'no partition' : instruments.join(', ');
    this.log.say('info', 'partitions', message, { instruments, generation });
  }

  /** All partitions that were given are open. */
  rebalanced(rebalanceMs: number): void {
    const fields = { rebalanceMs: Math.round(rebalanceMs) };
    this.log.say('info', 'rebalanced', 'all partitions are open', fields);
  }

  /** A task was finished in order, for whoever gets it next. */
  givenAway(instrument: string): void {
    this.log.say('info', 'task-given-away', 'finished with a checkpoint', { instrument });
  }

  /** Another process has opened a task. */
  fenced(instrument: string): void {
    this.log.say('warn', 'task-fenced', 'another process runs this task', { instrument });
  }

  /** A task failed. */
  taskFailed(instrument: string, error: unknown, again: boolean): void {
    const message = again ? 'a task failed and is opened again' : 'a task failed and stays down';
    this.log.say('error', 'task-failed', message, { instrument, again, ...errorFields(error) });
  }

  /** The log gave up what a task or its source was writing, and nobody else has it: it is opened again. */
  expired(instrument: string, error: unknown): void {
    const fields = { instrument, ...errorFields(error) };
    this.log.say('warn', 'task-expired', 'opened again from its last commit', fields);
  }

  /** A source stopped. */
  sourceFailed(instrument: string, error: unknown): void {
    const fields = { instrument, ...errorFields(error) };
    this.log.say('error', 'source-failed', 'a source stopped', fields);
  }

  /** The worker has left its group. */
  left(): void {
    this.log.say('info', 'stopped', 'stopped cleanly', { eventTime: null });
  }

  /** Someone asked to stop. */
  stopping(forced: boolean): void {
    this.log.say('info', 'stopping', forced ? 'stop forced' : 'stop asked for', { forced });
  }

  /** The run has ended. */
  ended({ runners, sourceErrors, deadLetters }: FlowRunEnd): void {
    for (const error of sourceErrors)
      this.log.say('error', 'source-failed', 'a source stopped', errorFields(error));
    for (const letter of deadLetters.newest) this.deadLetter(letter);
    const now = Math.max(0, ...runners.map(({ task }) => task.clock.now));
    const fields = { eventTime: eventTimeText(now), deadLetters: deadLetters.count };
    this.log.say('info', 'stopped', 'stopped cleanly', fields);
  }

  /** The run cannot go on. */
  failed(error: unknown): void {
    this.log.say('error', 'failed', 'the run cannot go on', errorFields(error));
  }
}
