import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Commit, Log } from '../runtime/ports.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import { formatCount } from './format-number.ts';
import { logFolder } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import type { LiveEngine } from './live-engine.ts';
import { type LiveSignal, type LiveState, LiveWatch } from './live-state.ts';
import { LiveTask } from './live-task.ts';
import { type LiveFrame, momentText, plainLine, plainSignal, renderLive } from './live-view.ts';
import type { RunMetrics } from './metrics.ts';
import { runProblems } from './replay-report.ts';
import { reportError } from './report-error.ts';
import { type FlowRunEnd, runFlow } from './run-flow.ts';
import { RunRate } from './run-rate.ts';
import { Screen } from './screen.ts';
import type { StructuredRun } from './structured-log-run.ts';

const drawEveryMs = 250;
const lineEveryMs = 5_000;

/** How a live run differs from the usual one. */
export interface LiveOptions {
  /** Other processes bring what is read; no source of the flow is started, only a stop ends the run. */
  readonly follow?: boolean;
  /** Told of the run as it goes, for those that watch it in the same process. */
  readonly engine?: LiveEngine;
  /** Measures the tasks, for operators. */
  readonly metrics?: RunMetrics;
  /** Takes what is told to programs; text for people is then left out. */
  readonly told?: StructuredRun | null;
  /** Another flow takes over: this run ends as it would for a stop, and says so. */
  readonly change?: AbortSignal;
  /** What to say instead of the usual hint; null while all is well. */
  readonly notice?: () => string | null;
  /** Told once the task of the first instrument stands where it stopped last time. */
  readonly standing?: () => void;
}

/** A flow running over the local log, shown on a terminal or told line by line in a pipe. */
class LiveRun {
  private readonly host: Host;
  private readonly graph: FlowGraph;
  private readonly follow: boolean;
  private readonly engine: LiveEngine | null;
  private readonly metrics: RunMetrics | null;
  private readonly told: StructuredRun | null;
  private readonly options: LiveOptions;
  private readonly screen: Screen | null;
  private readonly rate = new RunRate();
  /** What the terminal shows: the first instrument. */
  private runner: TaskRunner | null = null;
  private watch: LiveWatch | null = null;
  /** Every instrument that somebody may look at, by name. */
  private readonly watches = new Map<string, LiveWatch>();
  private hint = 'Ctrl-C stops, the next start goes on';

  constructor(host: Host, graph: FlowGraph, options: LiveOptions) {
    const { follow = false, engine, metrics, told } = options;
    this.host = host;
    this.graph = graph;
    this.options = options;
    this.follow = follow;
    this.engine = engine ?? null;
    this.metrics = metrics ?? null;
    this.told = told ?? null;
    for (const { symbol } of graph.instruments) this.metrics?.expect(symbol);
    this.screen =
      host.stdout.isTerminal && !this.told
        ? new Screen(host.stdout, host.env['NO_COLOR'] === undefined)
        : null;
  }

  /** Runs until the sources end or someone asks to stop. */
  async run(log: Log, home: string): Promise<ExitCode> {
    const { host, graph } = this;
    const stop = new AbortController();
    const forget = host.onStop((isForced) => {
      if (isForced) this.screen?.end();
      this.hint = 'stopping; Ctrl-C again to force';
      this.told?.stopping(isForced);
      stop.abort();
    });
    const { change } = this.options;
    const giveWay = (): void => stop.abort();
    change?.addEventListener('abort', giveWay, { once: true });
    this.told?.started(graph, this.follow ? [] : graph.sources.map(({ plugin }) => plugin.id));
    const quiet = host.every(this.screen ? drawEveryMs : lineEveryMs, () => this.show());
    try {
      const end = await runFlow({
        host,
        log,
        graph,
        explain: true,
        keep: true,
        follow: this.follow,
        signal: stop.signal,
        ...(this.engine ? { control: this.engine.control } : {}),
        opened: (runner) => this.opened(runner, log),
        sourceFailed: (error, { symbol }) => this.metrics?.sourceFailed(symbol, error),
        expired: (instrument, error) => {
          this.metrics?.failed(instrument.symbol, error);
          if (this.told) this.told.expired(instrument.symbol, error);
          else if (!this.screen) reportError(host, error);
        },
        stepped: (runner) => this.engine?.turned(runner),
        committed: (commit) => this.committed(commit),
      });
      return this.finish(end, log, home);
    } finally {
      quiet();
      forget();
      change?.removeEventListener('abort', giveWay);
      this.screen?.end();
    }
  }

  private async opened(runner: TaskRunner, log: Log): Promise<void> {
    const { symbol } = runner.task.instrument;
    this.metrics?.opened(runner);
    this.told?.opened(runner);
    const isFirst = symbol === this.graph.instruments[0]?.symbol;
    if (!isFirst && !this.engine) return;
    const watch = new LiveWatch(runner.task);
    this.watches.set(symbol, watch);
    await watch.restore(log);
    if (isFirst) {
      this.runner = runner;
      this.watch = watch;
    }
    this.engine?.opened(new LiveTask(this.graph, log, runner, watch));
    if (!isFirst) return;
    this.options.standing?.();
    this.greet(runner);
    this.show();
  }

  private committed(commit: Commit): void {
    // A commit is of one task, and its records carry the name of the instrument.
    const watch = this.watches.get(commit.outputs[0]?.key ?? '');
    const signals = watch?.take(commit.outputs) ?? [];
    this.engine?.committed(commit);
    if (this.screen || !watch || watch !== this.watch) return;
    const state = watch.state();
    for (const signal of signals) this.showSignal(signal, state);
  }

  private frame(): LiveFrame | null {
    if (!this.watch || !this.runner) return null;
    const { clock } = this.runner.task;
    this.rate.note(this.host.wallClock(), clock.rows, clock.now);
    const { columns, rows } = this.host.stdout;
    const { rowsPerSecond, pace } = this.rate;
    const hint = this.options.notice?.() ?? this.hint;
    return { state: this.watch.state(), columns, rows, rowsPerSecond, pace, hint };
  }

  private show(): void {
    const frame = this.frame();
    if (!frame) return;
    if (this.screen) this.screen.draw(renderLive(frame));
    else if (this.told && this.runner) this.told.progress(this.runner, frame.rowsPerSecond);
    else this.host.stdout.write(`${plainLine(frame)}\n`);
  }

  private showSignal(signal: LiveSignal, state: LiveState): void {
    if (this.told) this.told.signal(state.task.instrument.symbol, signal);
    else this.host.stdout.write(`${plainSignal(signal, state)}\n`);
  }

  private greet({ task, recovery }: TaskRunner): void {
    const { graph, host } = this;
    if (this.told) return;
    const sources = this.follow
      ? 'other processes'
      : graph.sources.map(({ plugin }) => plugin.id).join(', ');
    host.stdout.write(
      `${graph.name} ${graph.version} on ${task.instrument.symbol}, market from ${sources}\n`,
    );
    if (this.engine) host.stdout.write(`The web app is at ${this.engine.url}\n`);
    const state = this.watch?.state();
    if (!recovery || !state) {
      host.stdout.write('A new log: the run begins with the first record.\n');
      return;
    }
    const again =
      recovery.records === 0
        ? 'nothing to run again'
        : `re-ran ${formatCount(recovery.records)} records`;
    host.stdout.write(
      `Resumed at ${momentText(state)}: ${again}, journal verified (${formatCount(recovery.seq)} macrosteps)\n`,
    );
    if (recovery.flowChanged)
      host.stdout.write(
        'The flow or a parameter changed since: the new rules count from here on, states are kept. `orderflow verify` refuses such a log; --fresh begins a new one.\n',
      );
  }

  private finish(end: FlowRunEnd, log: Log, home: string): ExitCode {
    const { sourceErrors, deadLetters } = end;
    const code = sourceErrors.length + deadLetters.count > 0 ? 1 : 0;
    this.hint = '';
    this.show();
    if (this.told) {
      this.told.ended(end);
      return code;
    }
    this.screen?.end();
    const state = this.watch?.state();
    if (state && this.options.change?.aborted)
      this.host.stdout.write(`A changed flow takes over at ${momentText(state)}.\n`);
    else if (state)
      this.host.stdout.write(
        `Stopped at ${momentText(state)}. The log is ${log.kind === 'kafka' ? 'on Kafka' : `in ${logFolder(home)}`}; the next start goes on from here.\n`,
      );
    for (const error of sourceErrors) reportError(this.host, error);
    for (const problem of runProblems(deadLetters)) this.host.stderr.write(`${problem}\n`);
    return code;
  }
}

/** Sets the log of a home aside under the next free name; returns that name, null when there is no log. */
export function setLogAside(host: Host, home: string): string | null {
  const names = host.listFolder(home);
  if (!names.includes('log')) return null;
  let number = 1;
  while (names.includes(`log-${number}`)) number += 1;
  const aside = `${logFolder(home)}-${number}`;
  host.renameFolder(logFolder(home), aside);
  return aside;
}

/**
 * Runs a flow live over a log, until its sources end or someone asks to stop. The log stays open.
 *
 * @throws {OF_SOURCE_ABSENT} when the flow has no source.
 * @throws {OF_SINK_UNSUPPORTED} when it has a sink: its orders would go nowhere.
 */
export async function runLive(
  host: Host,
  graph: FlowGraph,
  log: Log,
  home: string,
  options: LiveOptions = {},
): Promise<ExitCode> {
  if (graph.sources.length === 0 && !options.follow) {
    throw new OrderflowError('OF_SOURCE_ABSENT', { flow: graph.file });
  }
  const [sink] = graph.sinks;
  if (sink) throw new OrderflowError('OF_SINK_UNSUPPORTED', { flow: graph.file, sink: sink.id });
  return new LiveRun(host, graph, options).run(log, home);
}
