import type { JournalRecord } from '../contracts/journal.ts';
import { marketTopic } from '../contracts/market-batch.ts';
import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, NewRecord } from '../runtime/ports.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import type { StoreStatus } from '../runtime/store-port.ts';
import { Histogram, type Labels, type MetricFamily, type Point } from './metrics-text.ts';
import { watchTasks } from './watched-log.ts';

/** The clocks of the host. */
export interface Clocks {
  /** Milliseconds of a clock that only moves forward. */
  wallClock(): number;
  /** Milliseconds since the Unix epoch. */
  epochMs(): number;
}

/** How far one input of a task is behind. */
export interface InputLag {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
}

const stepBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000];
const commitBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface GuardCount {
  evaluated: number;
  passed: number;
}

/** How long the log may take to say where it ends. */
const logAnswerMs = 2_000;

/** Waits for an answer of the log, but not for ever. */
export function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${logAnswerMs} ms`)), logAnswerMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** So few offsets may hold no record at all: on Kafka the marks of transactions take offsets too. */
const perhapsMarks = 256;

/** Records from an offset on. */
export interface RecordCount {
  readonly records: number;
  /** False where it is a bound: not more than so many. */
  readonly isExact: boolean;
}

/**
 * Counts the records that are kept from an offset on. On Kafka marks of transactions take offsets too: few offsets are read
 * to count what is a record, of many it is told how many it is at most.
 */
export async function recordsFrom(
  log: Log,
  topic: string,
  partition: number,
  from: number,
): Promise<RecordCount> {
  const offsets = Math.max(0, (await log.end(topic, partition)) - from);
  const hasMarks = log.kind === 'kafka';
  if (offsets === 0) return { records: 0, isExact: true };
  if (hasMarks && offsets > perhapsMarks) return { records: offsets, isExact: false };
  try {
    const found = await log.read(topic, partition, from, hasMarks ? perhapsMarks : 1);
    return { records: hasMarks ? found.length : offsets, isExact: true };
  } catch (error) {
    // A topic that nobody has read yet, and whose beginning is gone.
    if (!isOrderflowError(error, 'OF_LOG_TRIMMED')) throw error;
    return recordsFrom(log, topic, partition, Number(error.facts['first']));
  }
}

/** What one task does, as far as it shows from outside. */
export class TaskMeter {
  readonly labels: Labels;
  /** Null until the task stands where it stopped last time, and after it was given away. */
  runner: TaskRunner | null = null;
  /** What stopped it; null while it runs or is opened the first time. */
  failure: string | null = null;
  /** What stopped its source; null while it runs, or has come to its end. */
  sourceFailure: string | null = null;
  /** Wall time of its last input record, or of its opening. */
  movedAt = 0;
  readonly step = new Histogram(stepBounds);
  readonly commit = new Histogram(commitBounds);
  readonly guards = new Map<string, { readonly labels: Labels; readonly count: GuardCount }>();
  deadLetters = 0;
  private readonly topics: ReturnType<typeof flowTopics>;

  constructor(flow: string, instrument: string) {
    this.labels = { flow, instrument };
    this.topics = flowTopics(flow);
  }

  /** Begins to time the steps of a task. */
  open(runner: TaskRunner, clocks: Clocks): void {
    this.runner = runner;
    this.failure = null;
    this.sourceFailure = null;
    this.movedAt = clocks.wallClock();
    const { task } = runner;
    for (const { id, machine } of task.nodes)
      for (const { id: transition, guard } of machine?.transitions.values() ?? [])
        if (guard !== null) this.guardOf(id, transition);
    const step = task.step.bind(task);
    task.step = (record) => {
      const startedAt = clocks.wallClock();
      step(record);
      this.movedAt = clocks.wallClock();
      this.step.observe((this.movedAt - startedAt) * 1_000);
    };
  }

  /** Counts what a commit wrote. */
  committed(outputs: readonly NewRecord[], elapsedMs: number): void {
    this.commit.observe(elapsedMs / 1_000);
    for (const { topic, value } of outputs) {
      if (topic === this.topics.deadLetters) this.deadLetters += 1;
      if (topic === this.topics.journal) this.journaled(JSON.parse(String(value)) as JournalRecord);
    }
  }

  /** Returns how far each input is behind; empty while the task is not open. */
  async lags(log: Log): Promise<readonly InputLag[]> {
    const { runner } = this;
    if (!runner) return [];
    const { graph, instrument, offsets } = runner.task;
    const partition = instrument.number;
    return Promise.all(
      [marketTopic, ...graph.topics].map(async (topic) => ({
        topic,
        partition,
        records: (await recordsFrom(log, topic, partition, offsets[topic] ?? 0)).records,
      })),
    );
  }

  /** Counts the guards a macrostep asked; a taken transition without a guard is none of them. */
  private journaled({ node, explain = [] }: JournalRecord): void {
    for (const { transition, verdict } of explain) {
      const guard = this.guards.get(`${node} ${transition}`);
      if (!guard) continue;
      guard.count.evaluated += 1;
      if (verdict === 'fired' || verdict === 'shadowed') guard.count.passed += 1;
    }
  }

  private guardOf(node: string, transition: string): void {
    const name = `${node} ${transition}`;
    if (this.guards.has(name)) return;
    const labels = { ...this.labels, node, transition };
    this.guards.set(name, { labels, count: { evaluated: 0, passed: 0 } });
  }
}

/** Returns every family of metrics there is, without points: a run without tasks has nothing to ask a log for. */
export function knownFamilies(clocks: Clocks): Promise<MetricFamily[]> {
  return new RunMetrics({ name: '' }, clocks).families(null);
}

/** Measures the tasks of a flow from outside: their commits through the log, their steps through the clock of the host. */
export class RunMetrics {
  readonly flow: string;
  readonly clocks: Clocks;
  /** By instrument. */
  readonly tasks = new Map<string, TaskMeter>();
  private storeStatus: () => StoreStatus | null = () => null;

  constructor(graph: Pick<FlowGraph, 'name'>, clocks: Clocks) {
    this.flow = graph.name;
    this.clocks = clocks;
  }

  /** Returns a log that behaves as `log` and whose commits are timed and counted. */
  watch(log: Log): Log {
    return watchTasks(log, (taskId, task) => ({
      state: task.state,
      read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
      commit: async (commit) => {
        const startedAt = this.clocks.wallClock();
        await task.commit(commit);
        const meter = this.tasks.get(taskId.slice(this.flow.length + 1));
        meter?.committed(commit.outputs, this.clocks.wallClock() - startedAt);
      },
      close: () => task.close(),
    }));
  }

  /** Notes that this process runs a task from now on, or will as soon as it is restored. */
  expect(instrument: string): void {
    this.meter(instrument);
  }

  /** Notes that a task stands where it stopped last time. */
  opened(runner: TaskRunner): void {
    this.meter(runner.task.instrument.symbol).open(runner, this.clocks);
  }

  /** Notes that a task is down. */
  failed(instrument: string, error: unknown): void {
    const meter = this.meter(instrument);
    meter.runner = null;
    meter.failure = error instanceof Error ? error.message : String(error);
  }

  /** Notes that the source of a task has failed: the task runs on, and nothing new reaches the log. */
  sourceFailed(instrument: string, error: unknown): void {
    this.meter(instrument).sourceFailure = error instanceof Error ? error.message : String(error);
  }

  /** Notes the store that runs beside the tasks. */
  watchStore(status: () => StoreStatus | null): void {
    this.storeStatus = status;
  }

  /** Notes that another process runs a task from now on. */
  gone(instrument: string): void {
    this.tasks.delete(instrument);
  }

  /** Returns everything measured so far; asks the log for its ends, and leaves lag out when it does not answer. */
  async families(log: Log | null): Promise<MetricFamily[]> {
    const meters = [...this.tasks.values()];
    // While the log is out of reach everything else is worth knowing all the more.
    const lags = await Promise.all(
      meters.map(async (meter) => (log ? inTime(meter.lags(log)).catch((): InputLag[] => []) : [])),
    );
    return [
      lagFamily(meters, lags),
      ...taskFamilies(meters, this.clocks.epochMs()),
      ...guardFamilies(meters),
      storeFamily(this.storeStatus()),
      {
        name: 'process_resident_memory_bytes',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Memory of the process that is in RAM.',
        points: [{ labels: {}, value: process.memoryUsage.rss() }],
      },
    ];
  }

  private meter(instrument: string): TaskMeter {
    const known = this.tasks.get(instrument);
    if (known) return known;
    const meter = new TaskMeter(this.flow, instrument);
    this.tasks.set(instrument, meter);
    return meter;
  }
}

function storeFamily(status: StoreStatus | null): MetricFamily {
  const { done = null, all = null, state = '' } = status ?? {};
  return {
    name: 'orderflow_store_lag_records',
    kind: 'gauge',
    unit: 'records',
    help: 'Records of the log that are not in the store yet; absent without a store beside the run, and before it is open.',
    points: done === null || all === null ? [] : [{ labels: { state }, value: all - done }],
  };
}

function lagFamily(
  meters: readonly TaskMeter[],
  lags: readonly (readonly InputLag[])[],
): MetricFamily {
  return {
    name: 'orderflow_input_lag_records',
    kind: 'gauge',
    unit: 'records',
    help: 'Input records of the log that the task has not taken yet.',
    points: meters.flatMap(({ labels }, i) =>
      (lags[i] ?? []).map(({ topic, partition, records }) => ({
        labels: { ...labels, topic, partition: String(partition) },
        value: records,
      })),
    ),
  };
}

/** A value of each task that is open. */
function pointsOf(
  meters: readonly TaskMeter[],
  valueOf: (runner: TaskRunner, meter: TaskMeter) => number | null,
): Point[] {
  return meters.flatMap((meter) => {
    const value = meter.runner ? valueOf(meter.runner, meter) : null;
    return value === null ? [] : [{ labels: meter.labels, value }];
  });
}

function taskFamilies(meters: readonly TaskMeter[], epochMs: number): MetricFamily[] {
  return [
    {
      name: 'orderflow_event_time_skew_seconds',
      kind: 'gauge',
      unit: 'seconds',
      help: 'Wall time minus event time: how old the last record is; in a replay or a simulation the age of its market.',
      points: pointsOf(meters, ({ task }) =>
        task.clock.now > 0 ? (epochMs * 1_000 - task.clock.now) / 1e6 : null,
      ),
    },
    {
      name: 'orderflow_step_microseconds',
      kind: 'histogram',
      unit: 'microseconds',
      help: 'Time a task works on one input record; a market batch of up to 512 rows is one record.',
      points: meters.map(({ labels, step }) => ({ labels, histogram: step })),
    },
    {
      name: 'orderflow_commits',
      kind: 'counter',
      help: 'Commits of outputs and state.',
      points: meters.map(({ labels, commit }) => ({ labels, value: commit.count })),
    },
    {
      name: 'orderflow_commit_seconds',
      kind: 'histogram',
      unit: 'seconds',
      help: 'Time from asking the log for a commit to its answer.',
      points: meters.map(({ labels, commit }) => ({ labels, histogram: commit })),
    },
    {
      name: 'orderflow_rows',
      kind: 'counter',
      help: 'Market rows the task has seen since its first record, heartbeats not counted.',
      points: pointsOf(meters, ({ task }) => task.clock.rows),
    },
    {
      name: 'orderflow_late_rows',
      kind: 'counter',
      help: 'Rows and records that came after later ones, since the first record of the task.',
      points: pointsOf(meters, ({ task }) => task.clock.late),
    },
    {
      name: 'orderflow_macrosteps',
      kind: 'counter',
      help: 'Macrosteps of machines since the first record of the task.',
      points: pointsOf(meters, ({ task }) => task.journal.seq),
    },
    {
      name: 'orderflow_quarantined_nodes',
      kind: 'gauge',
      help: 'Nodes that were taken out of the flow after an error.',
      points: pointsOf(meters, ({ task }) => task.nodes.filter((n) => n.quarantined).length),
    },
    {
      name: 'orderflow_dead_letters',
      kind: 'counter',
      help: 'Dead letters committed since this process runs the task.',
      points: meters.map(({ labels, deadLetters }) => ({ labels, value: deadLetters })),
    },
  ];
}

function guardFamilies(meters: readonly TaskMeter[]): MetricFamily[] {
  const guards = meters.flatMap((meter) => [...meter.guards.values()]);
  const family = (name: string, help: string, of: keyof GuardCount): MetricFamily => ({
    name,
    kind: 'counter',
    help,
    points: guards.map(({ labels, count }) => ({ labels, value: count[of] })),
  });
  return [
    family(
      'orderflow_guard_evaluations',
      'How often the guard of a transition was asked, since this process runs the task.',
      'evaluated',
    ),
    family('orderflow_guard_passes', 'How often it held.', 'passed'),
  ];
}
