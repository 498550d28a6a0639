import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { Task } from '../runtime/task.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { type CaseFailure, checkCase } from './flow-test-checks.ts';
import { FlowTestFeed } from './flow-test-feed.ts';
import type { FlowTestCase } from './flow-test-schema.ts';
import { transitionsOfTask } from './history.ts';
import { Recording } from './recording.ts';

/** How one case went. */
export interface FlowTestResult {
  readonly name: string;
  /** What did not hold; empty when the case passed. */
  readonly failures: readonly CaseFailure[];
  /** Transitions taken, by node. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  /** All transitions, by node. */
  readonly transitions: ReadonlyMap<string, readonly TransitionInfo[]>;
}

/** The trade date a case without one plays on: an ordinary Wednesday. */
const defaultTradeDate = '2025-11-19';

function drive(task: Task, recording: Recording, plan: FlowTestCase): CaseFailure[] {
  const feed = new FlowTestFeed(task, plan.given.tradeDate ?? defaultTradeDate);
  const [first] = plan.feed;
  feed.mock(plan.mocks);
  feed.step({ at: first?.at ?? '09:30', ...(first?.day === undefined ? {} : { day: first.day }) });
  feed.given(plan);
  recording.add(task.output.take());
  const start = feed.now;
  plan.feed.forEach((step, i) => {
    try {
      feed.step(step);
    } catch (error) {
      throw new StepError(i, error);
    }
    recording.add(task.output.take());
  });
  return checkCase(plan, { task, recording, start, at: (time) => feed.at(time) });
}

/** An error of one step of a feed. */
class StepError extends Error {
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super('a step of a feed threw', { cause });
    this.index = index;
  }
}

/** Says in a sentence what stopped a case. */
export function sayCaseError(error: unknown): string {
  if (isOrderflowError(error)) return error.message;
  return `unexpected: ${error instanceof Error ? error.message : String(error)}`;
}

function failureOf(error: unknown): CaseFailure {
  if (error instanceof StepError)
    return { path: ['feed', error.index], text: sayCaseError(error.cause) };
  return { path: [], text: sayCaseError(error) };
}

/**
 * Runs one case of a flow test against its compiled flow: event time driven by the case, no clock, no log. `instrument`
 * is the one the case names, or the flow's first.
 */
export function runFlowTestCase(
  graph: FlowGraph,
  instrument: Instrument,
  plan: FlowTestCase,
): FlowTestResult {
  const task = new Task(graph, instrument, { validate: true });
  const recording = new Recording(task);
  let failures: CaseFailure[];
  try {
    failures = drive(task, recording, plan);
  } catch (error) {
    failures = [failureOf(error)];
  }
  return {
    name: plan.name,
    failures,
    taken: recording.history.taken,
    transitions: transitionsOfTask(task),
  };
}
