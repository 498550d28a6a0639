import process from 'node:process';
import { assert, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Task, TaskOptions } from '../runtime/task.ts';
import {
  type BenchCase,
  type BenchTape,
  everyTradeToEveryMachine,
  fiveComponents,
  medianOf,
  runTape,
  sensorsOnly,
} from './bench-cases.ts';

/** One case before it is measured. */
export interface BenchPlan {
  readonly name: string;
  readonly graph: FlowGraph;
  /** Which trades it is fed. */
  readonly tape: 'real' | 'simulated';
  /** How many of them; null for all. */
  readonly mostTrades: number | null;
  readonly repeats: number;
  readonly options: TaskOptions;
  /** Name of the case its rate is held against. */
  readonly baseline: string | null;
  /** What its process may keep of the heap, so that its memory is what it needs and not what Node takes where it may. */
  readonly heapMb: number | null;
}

/** What is timed: a flow and the trades it is fed. */
export interface Timed extends Pick<BenchPlan, 'name' | 'graph' | 'repeats' | 'options'> {
  readonly tape: BenchTape;
}

/** A case as it was measured by itself. */
export type Measured = Omit<BenchCase, 'baseline' | 'ratio'>;

/** Trades the slow baseline is given: enough to be steady, few enough to end. */
const baselineTrades = 40_000;
const rowsPerBatch = 512;
const heapMb = 112;
const youngMb = 16;
const slow = 'every-trade-to-every-machine';

/** Returns the cases of a flow, each after its baseline; `hasReal` where there are real trades to feed. */
export function plansOf(graph: FlowGraph, hasReal: boolean): readonly BenchPlan[] {
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const whole = hasReal ? 'flow-real-2013' : 'flow-simulated';
  const main: Omit<BenchPlan, 'name'> = {
    graph,
    tape: hasReal ? 'real' : 'simulated',
    mostTrades: null,
    repeats: hasReal ? 3 : 1,
    options: { explain: true },
    baseline: whole,
    heapMb,
  };
  const real: BenchPlan = { ...main, name: 'flow-real-2013', baseline: slow };
  return [
    {
      ...main,
      name: slow,
      graph: everyTradeToEveryMachine(graph),
      mostTrades: baselineTrades,
      repeats: 1,
      baseline: null,
      // It writes hundreds of records a millisecond, which wait for their commit.
      heapMb: null,
    },
    ...(hasReal ? [real] : []),
    {
      ...main,
      name: 'flow-simulated',
      tape: 'simulated',
      repeats: 1,
      baseline: hasReal ? real.name : slow,
    },
    { ...main, name: 'flow-explain-off', options: { explain: false } },
    { ...main, name: 'sensors-only', graph: sensorsOnly(graph) },
    { ...main, name: 'five-components', graph: fiveComponents(instrument) },
  ];
}

/** Returns the environment that holds a case's process to its memory. */
export function memoryOf(
  { heapMb: most }: BenchPlan,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  if (most === null) return {};
  const limits = `--max-old-space-size=${most} --max-semi-space-size=${youngMb}`;
  return { NODE_OPTIONS: `${env['NODE_OPTIONS'] ?? ''} ${limits}`.trim() };
}

/** Returns a tape's beginning, in whole batches. */
export function firstTrades(tape: BenchTape, most: number | null): BenchTape {
  if (most === null) return tape;
  const batches = tape.batches.slice(0, Math.ceil(most / rowsPerBatch));
  return { batches, trades: Math.min(tape.trades, batches.length * rowsPerBatch) };
}

function rssMb(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

/**
 * Times a flow `runs` times after one run that warms the code up; the median counts.
 *
 * @throws {OF_BENCH_QUARANTINED} when nodes broke: their time means nothing.
 */
export function measure(timed: Timed, runs: number, wallClock: () => number): Measured {
  const { name, graph, tape, options, repeats } = timed;
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  let quarantined: readonly string[] = [];
  const passed = (task: Task): void => {
    quarantined = task.nodes.filter((node) => node.quarantined).map((node) => node.id);
  };
  const times: number[] = [];
  for (let count = 0; count <= runs; count += 1)
    times.push(runTape({ graph, instrument, tape, options, repeats, passed }, wallClock));
  if (quarantined.length > 0)
    throw new OrderflowError('OF_BENCH_QUARANTINED', { name, nodes: quarantined.join(', ') });
  const medianMs = medianOf(times.slice(1));
  const trades = tape.trades * repeats;
  return {
    name,
    trades,
    medianMs: Math.round(medianMs * 10) / 10,
    tradesPerSecond: Math.round((trades / medianMs) * 1_000),
    rssMb: rssMb(),
  };
}

/** Puts a measured case beside its baseline, which is among those that are done. */
export function withRatio(
  { baseline: name }: BenchPlan,
  measured: Measured,
  done: readonly BenchCase[],
): BenchCase {
  const baseline = done.find((c) => c.name === name);
  const ratio = baseline
    ? Math.round((measured.tradesPerSecond / baseline.tradesPerSecond) * 100) / 100
    : null;
  return { ...measured, baseline: baseline?.name ?? null, ratio };
}
