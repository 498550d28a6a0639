import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { Task } from '../runtime/task.ts';
import { checkCase } from './flow-test-checks.ts';
import { FlowTestFeed } from './flow-test-feed.ts';
import type { FlowTestCase } from './flow-test-file.ts';
import { Recording } from './recording.ts';

/** How one case went. */
export interface FlowTestResult {
  readonly name: string;
  readonly line: number;
  /** What did not hold, one sentence each; empty when the case passed. */
  readonly failures: readonly string[];
  /** Transitions taken, by node. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The trade date a case without one plays on: an ordinary Wednesday. */
const defaultTradeDate = '2025-11-19';

function drive(task: Task, recording: Recording, plan: FlowTestCase): string[] {
  const feed = new FlowTestFeed(task, plan.given.tradeDate ?? defaultTradeDate);
  const [first] = plan.feed;
  feed.step({ at: first?.at ?? '09:30', ...(first?.day === undefined ? {} : { day: first.day }) });
  feed.given(plan);
  const start = feed.now;
  for (const step of plan.feed) {
    feed.step(step);
    recording.take();
  }
  return checkCase(plan, feed, recording, start);
}

function sayError(error: unknown): string {
  if (isOrderflowError(error)) return error.message;
  return `unexpected: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * Runs one case of a flow test against its compiled flow: event time driven by the case, no clock, no log. `instrument`
 * is the one the case names, or the flow's first.
 */
export function runFlowTestCase(graph: FlowGraph, instrument: Instrument, plan: FlowTestCase & { readonly line: number }): FlowTestResult {
  const task = new Task(graph, instrument, { validate: true });
  const recording = new Recording(task);
  let failures: string[];
  try {
    failures = drive(task, recording, plan);
  } catch (error) {
    failures = [sayError(error)];
  }
  return { name: plan.name, line: plan.line, failures, taken: recording.taken };
}
