import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { FlowGraph } from '../flow/graph.ts';
import { type CaseFailure, checkCase } from '../inspect/flow-test-checks.ts';
import { caseTime } from '../inspect/flow-test-feed.ts';
import type { ValuePath } from '../inspect/flow-test-file.ts';
import { type FlowTestResult, sayCaseError } from '../inspect/flow-test-run.ts';
import type { FlowTestCase } from '../inspect/flow-test-schema.ts';
import { transitionsOfTask } from '../inspect/history.ts';
import { difference } from '../inspect/partial-match.ts';
import { Recording } from '../inspect/recording.ts';
import { parseTradeDate } from '../market/time.ts';
import type { Task } from '../runtime/task.ts';
import type { Host } from './host.ts';
import type { MarketSource } from './load-flow.ts';
import { Progress } from './progress.ts';
import { runFlow } from './run-flow.ts';
import { SessionCollector, type SignalReport } from './session-report.ts';
import { writeText } from './write-text.ts';

/** A case that replays recorded data. */
export interface GoldenCase {
  readonly plan: FlowTestCase;
  /** The test file; data and goldens lie beside it. */
  readonly file: string;
  /** Write the goldens anew instead of comparing with them. */
  readonly update: boolean;
}

const ifMeant = 'if that is meant, `orderflow test --update` writes it anew';
const hashText = /^[0-9a-f]{64}$/;

function beside({ file }: GoldenCase, path: string): string {
  return join(dirname(file), path);
}

/** Returns the market source of a case's data files. */
export function sourceOfCase(golden: GoldenCase): MarketSource {
  const files = [golden.plan.replay ?? []].flat().map((path) => beside(golden, path));
  return { use: 'replay', with: { files } };
}

/** What was made, and what a golden file says. */
class Goldens {
  private readonly host: Host;
  private readonly golden: GoldenCase;
  readonly failures: CaseFailure[] = [];

  constructor(host: Host, golden: GoldenCase) {
    this.host = host;
    this.golden = golden;
  }

  journalHash(asked: string, was: string): void {
    if (hashText.test(asked)) {
      if (asked !== was) this.fail('journalHash', `expected ${asked}, was ${was}`);
      return;
    }
    const text = this.read('journalHash', asked, `${was}\n`);
    const expected = text?.trim().split(/\s/)[0];
    if (expected !== undefined && expected !== was)
      this.fail('journalHash', `'${asked}' expected ${expected}, was ${was}; ${ifMeant}`);
  }

  signals(asked: string, was: readonly SignalReport[]): void {
    const isJson = asked.endsWith('.json');
    const written = isJson
      ? `${JSON.stringify(was, null, 2)}\n`
      : `# Made by \`orderflow test --update\`; prices are decimals, ts is in microseconds UTC.\n${stringify(was)}`;
    const text = this.read('signals', asked, written);
    if (text === null) return;
    const expected: unknown = parse(text) ?? [];
    const found = compareSignals(expected, was);
    if (found !== null) this.fail('signals', `'${asked}': ${found}; ${ifMeant}`);
  }

  /** Returns what a golden file holds; null when it was written now, or is absent. */
  private read(name: string, path: string, made: string): string | null {
    const file = beside(this.golden, path);
    const text = this.host.readText(file);
    if (this.golden.update) {
      if (text !== made) writeText(this.host, file, made);
      return null;
    }
    if (text === null) this.fail(name, `golden file '${path}' is absent: \`--update\` writes it`);
    return text;
  }

  private fail(name: string, text: string): void {
    const path: ValuePath = ['expect', name];
    this.failures.push({ path, text: `${name}: ${text}` });
  }
}

/** A golden holds each field, so both sides must have them all. */
function compareSignals(expected: unknown, was: readonly SignalReport[]): string | null {
  if (!Array.isArray(expected)) return 'expected a list of signals';
  const at = was.findIndex((signal, i) => differs(expected[i], signal, i) !== null);
  if (at >= 0) return differs(expected[at], was[at], at);
  return expected.length === was.length
    ? null
    : `expected ${expected.length} signals, was ${was.length}`;
}

function differs(expected: unknown, was: unknown, index: number): string | null {
  const path = `signal ${index + 1}`;
  if (expected === undefined) return `${path} expected none, was ${JSON.stringify(was)}`;
  return (
    difference(expected, was, path) ??
    (difference(was, expected, path) === null
      ? null
      : `${path} has fields the golden has not: ${JSON.stringify(was)}`)
  );
}

interface Replayed {
  readonly task: Task;
  readonly recording: Recording;
  readonly collector: SessionCollector;
  readonly problems: readonly unknown[];
}

async function replay(host: Host, graph: FlowGraph, name: string): Promise<Replayed | null> {
  const log = host.openMemoryLog();
  const stop = new AbortController();
  const forget = host.onStop(() => stop.abort());
  const bar = new Progress(host, `replaying ${name}`);
  let made: Omit<Replayed, 'problems'> | null = null;
  let done: number | null = null;
  try {
    const { sourceErrors } = await runFlow({
      host,
      log,
      graph,
      explain: true,
      keep: false,
      signal: stop.signal,
      opened: ({ task }) => {
        made = { task, recording: new Recording(task), collector: new SessionCollector(task) };
      },
      committed: ({ outputs }) => made?.recording.add(outputs),
      stepped: ({ task }) => bar.show(done, task.clock.rows, 'rows'),
      progress: (share) => {
        done = share;
      },
    });
    const problems = stop.signal.aborted
      ? [new Error('the replay was stopped before its end')]
      : sourceErrors;
    const result = made as Omit<Replayed, 'problems'> | null;
    return result && { ...result, problems };
  } finally {
    bar.end();
    forget();
    await log.close();
  }
}

function checkReplay(
  host: Host,
  golden: GoldenCase,
  { task, recording, collector, problems }: Replayed,
): CaseFailure[] {
  if (problems.length > 0)
    return problems.map((error) => ({ path: ['replay'], text: `replay: ${sayCaseError(error)}` }));
  const { plan } = golden;
  const sessions = collector.sessions();
  const tradeDate = plan.given.tradeDate ?? sessions[0]?.tradeDate;
  const failures = checkCase(plan, {
    task,
    recording,
    start: 0,
    at: (time) =>
      tradeDate === undefined ? 0 : caseTime(task.graph.zone, parseTradeDate(tradeDate), time),
  });
  const goldens = new Goldens(host, golden);
  const { journalHash, signals } = plan.expect;
  if (journalHash !== undefined) goldens.journalHash(journalHash, task.journal.hash);
  if (signals !== undefined)
    goldens.signals(
      signals,
      sessions.flatMap((session) => session.signals),
    );
  return [...failures, ...goldens.failures];
}

/** Runs a case over recorded data with the replay source and a memory log, and compares it with its goldens. */
export async function runGoldenCase(
  host: Host,
  graph: FlowGraph,
  golden: GoldenCase,
): Promise<FlowTestResult> {
  const { name } = golden.plan;
  const failed = (error: unknown): FlowTestResult => ({
    name,
    failures: [{ path: ['replay'], text: `replay: ${sayCaseError(error)}` }],
    taken: new Map(),
    transitions: new Map(),
  });
  try {
    const replayed = await replay(host, graph, name);
    if (!replayed) return failed(new Error('the flow has no instrument'));
    const { task, recording } = replayed;
    const failures = checkReplay(host, golden, replayed);
    return { name, failures, taken: recording.history.taken, transitions: transitionsOfTask(task) };
  } catch (error) {
    return failed(error);
  }
}
