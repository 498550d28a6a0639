import type { DeadLetter } from '../contracts/journal.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Commit } from '../runtime/ports.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import { formatCount, formatElapsed } from './format-number.ts';
import type { Host } from './host.ts';
import { deadLetterProblems } from './replay-report.ts';
import { reportError } from './report-error.ts';
import { eventTimeText } from './structured-log.ts';
import type { StructuredRun } from './structured-log-run.ts';

/** Says what a worker does: lines for people, or for programs where those were asked for. */
export class WorkerVoice {
  private readonly host: Host;
  private readonly told: StructuredRun | null;
  private readonly deadLetters: string;

  constructor(host: Host, graph: FlowGraph, told: StructuredRun | null) {
    this.host = host;
    this.told = told;
    this.deadLetters = flowTopics(graph.name).deadLetters;
  }

  /** A worker begins. */
  started(graph: FlowGraph, group: string): void {
    const sources = graph.sources.map(({ plugin }) => plugin.id);
    if (this.told) return this.told.started(graph, sources);
    const from = sources.length === 0 ? 'other processes' : sources.join(', ');
    this.line(`${graph.name} ${graph.version}, market from ${from}; joining group ${group}`);
  }

  assigned(instruments: readonly Instrument[], generation: number): void {
    const symbols = instruments.map(({ symbol }) => symbol);
    if (this.told) return this.told.partitions(symbols, generation);
    const what = symbols.length === 0 ? 'nothing: there are more workers than instruments' : null;
    this.line(`Has ${what ?? symbols.join(', ')} (generation ${generation} of the group)`);
  }

  opened(runner: TaskRunner): void {
    if (this.told) return this.told.opened(runner);
    const { task, recovery } = runner;
    const { symbol } = task.instrument;
    const again = `re-ran ${formatCount(recovery?.records ?? 0)} records, journal verified`;
    const from = recovery ? `resumed at ${eventTimeText(task.clock.now) ?? '–'}, ${again}` : null;
    this.line(`${symbol}: ${from ?? 'begins with the first record'}`);
  }

  allOpen(rebalanceMs: number): void {
    if (this.told) return this.told.rebalanced(rebalanceMs);
    this.line(`All open ${formatElapsed(rebalanceMs)} after the group began to share out`);
  }

  /** Tells of dead letters in a commit; returns how many there are. */
  committed({ outputs }: Commit): number {
    const letters = outputs
      .filter(({ topic }) => topic === this.deadLetters)
      .map(({ value }) => JSON.parse(String(value)) as DeadLetter);
    if (this.told) for (const letter of letters) this.told.deadLetter(letter);
    else for (const problem of deadLetterProblems(letters)) this.host.stderr.write(`${problem}\n`);
    return letters.length;
  }

  progress(runner: TaskRunner, rowsPerSecond: number): void {
    if (this.told) return this.told.progress(runner, rowsPerSecond);
    const { clock, instrument } = runner.task;
    const time = eventTimeText(clock.now) ?? 'no market data yet';
    this.line(`${instrument.symbol}: ${time}, ${formatCount(clock.trades)} trades`);
  }

  givenAway({ symbol }: Instrument): void {
    if (this.told) return this.told.givenAway(symbol);
    this.line(`${symbol}: given back with a checkpoint`);
  }

  fenced({ symbol }: Instrument): void {
    if (this.told) return this.told.fenced(symbol);
    this.line(`${symbol}: another process runs it now; nothing of the last commit was written`);
  }

  /** The log gave up what a task or its source was writing, and nobody else has it. */
  expired({ symbol }: Instrument, error: unknown): void {
    if (this.told) return this.told.expired(symbol, error);
    reportError(this.host, error);
    this.line(`${symbol}: nobody else has it; opened again from its last commit`);
  }

  failed({ symbol }: Instrument, error: unknown, again: boolean): void {
    if (this.told) return this.told.taskFailed(symbol, error, again);
    reportError(this.host, error);
    this.line(`${symbol}: failed and ${again ? 'is opened again' : 'stays down'}`);
  }

  sourceFailed({ symbol }: Instrument, error: unknown, again: boolean): void {
    if (this.told) return this.told.sourceFailed(symbol, error);
    reportError(this.host, error);
    const next = again ? 'it is opened again' : 'the task goes on with what others write';
    this.line(`${symbol}: a source stopped; ${next}`);
  }

  stopping(isForced: boolean): void {
    if (this.told) return this.told.stopping(isForced);
    this.line(isForced ? 'Stop forced' : 'Stopping; again to force');
  }

  /** The worker has left its group. */
  left(): void {
    if (this.told) return this.told.left();
    this.line('Left the group; whoever takes the partitions over goes on from here.');
  }

  private line(text: string): void {
    this.host.stdout.write(`${text}\n`);
  }
}
