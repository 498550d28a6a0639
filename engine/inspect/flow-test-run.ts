import type { DeadLetter, JournalRecord, ProbeRecord } from '../contracts/journal.ts';
import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { toEdge } from '../plugin/edge.ts';
import { flowTopics } from '../runtime/output.ts';
import type { NewRecord } from '../runtime/ports.ts';
import { readProbes } from '../runtime/probes.ts';
import { Task } from '../runtime/task.ts';
import { FlowTestFeed } from './flow-test-feed.ts';
import type { FlowTestCase, WhyExpectation } from './flow-test-file.ts';
import type { WhyData } from './question.ts';
import { edgeLeaf } from './say-why.ts';
import { why } from './why.ts';

type Row = Readonly<Record<string, unknown>>;

/** How one case went. */
export interface FlowTestResult {
  readonly name: string;
  readonly line: number;
  /** What did not hold, one sentence each; empty when the case passed. */
  readonly failures: readonly string[];
  /** Transitions taken, by node. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A record of an out-port, prices as decimals. */
interface Emission {
  readonly port: string;
  readonly ts: number;
  readonly payload: Row;
}

/** Returns where `actual` differs from what is expected of it; null when every expected field is there. */
function difference(expected: unknown, actual: unknown, path: string): string | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return `${path} expected ${JSON.stringify(expected)}, was ${JSON.stringify(actual)}`;
    return expected.map((item, i) => difference(item, actual[i], `${path}[${i}]`)).find((d) => d !== null) ?? null;
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return `${path} expected ${JSON.stringify(expected)}, was ${JSON.stringify(actual)}`;
    for (const [key, value] of Object.entries(expected)) {
      const found = difference(value, (actual as Row)[key], path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  const isNear = typeof expected === 'number' && typeof actual === 'number' && Math.abs(expected - actual) <= 1e-9 * Math.max(1, Math.abs(expected));
  return expected === actual || isNear ? null : `${path} expected ${JSON.stringify(expected)}, was ${JSON.stringify(actual)}`;
}

/** Everything a task wrote, sorted for questions. */
export class Recording {
  readonly emissions: Emission[] = [];
  private readonly journals = new Map<string, JournalRecord[]>();
  private readonly probeRecords = new Map<string, ProbeRecord[]>();
  private readonly letters = new Map<string, DeadLetter[]>();
  private readonly task: Task;

  constructor(task: Task) {
    this.task = task;
  }

  /** Takes in what the task has written since. */
  take(): void {
    const topics = flowTopics(this.task.graph.name);
    for (const record of this.task.output.take()) {
      const value = JSON.parse(String(record.value)) as Row;
      if (record.topic === topics.journal) push(this.journals, value as unknown as JournalRecord);
      else if (record.topic === topics.probes) push(this.probeRecords, value as unknown as ProbeRecord);
      else if (record.topic === topics.deadLetters) push(this.letters, value as unknown as DeadLetter);
      else this.emitted(record, value);
    }
  }

  /** What a question is answered from; probes include the window that is still running. */
  data(): WhyData {
    return {
      graph: this.task.graph,
      transitions: new Map(this.task.nodes.flatMap((n) => (n.machine ? [[n.id, [...n.machine.transitions.values()]] as const] : []))),
      journal: (node) => this.journals.get(node) ?? [],
      probes: (node) => [...(this.probeRecords.get(node) ?? []), ...readProbes(this.task.node(node), this.task.now())],
      deadLetters: (node) => this.letters.get(node) ?? [],
    };
  }

  get deadLetters(): readonly DeadLetter[] {
    return [...this.letters.values()].flat();
  }

  /** Transitions taken, by node. */
  get taken(): Map<string, Set<string>> {
    return new Map([...this.journals].map(([node, records]) => [node, new Set(records.flatMap((r) => r.taken))]));
  }

  private emitted(record: NewRecord, value: Row): void {
    const node = record.node ?? '';
    const spec = this.task.node(node).graphNode.plugin.out[record.port ?? ''];
    if (!spec) return;
    const { ts, ...payload } = value as Row & { ts: number };
    this.emissions.push({ port: `${node}.${record.port}`, ts, payload: toEdge(spec.schema, payload, this.task.instrument) as Row });
  }
}

function push<T extends { readonly node: string }>(map: Map<string, T[]>, record: T): void {
  const list = map.get(record.node);
  if (list) list.push(record);
  else map.set(record.node, [record]);
}

function checkEmits(plan: FlowTestCase, seen: readonly Emission[], feed: FlowTestFeed): string[] {
  const failures: string[] = [];
  let next = 0;
  for (const expected of plan.expect.emits ?? []) {
    const matches = (e: Emission): boolean =>
      e.port === expected.port && (expected.at === undefined || e.ts === feed.at(expected.at)) && difference(expected.payload, e.payload, '') === null;
    const found = seen.findIndex((e, i) => i >= next && matches(e));
    if (found >= 0) {
      next = found + 1;
      continue;
    }
    const same = seen.slice(next).find((e) => e.port === expected.port);
    const how = same ? `nearest: ${difference(expected.payload, same.payload, '') ?? 'another time'}` : 'nothing came from that port';
    failures.push(`emits: no '${expected.port}' ${JSON.stringify(expected.payload)} in this order; ${how}`);
  }
  for (const port of plan.expect.never ?? []) {
    const found = seen.find((e) => e.port === port);
    if (found) failures.push(`never: '${port}' was emitted: ${JSON.stringify(found.payload)}`);
  }
  return failures;
}

function checkNodes(plan: FlowTestCase, task: Task, recording: Recording): string[] {
  const failures: string[] = [];
  for (const [id, state] of Object.entries(plan.expect.states ?? {})) {
    const was = task.node(id).machine?.state ?? '';
    if (was !== state) failures.push(`states: '${id}' expected ${state}, was ${was}`);
  }
  for (const [id, context] of Object.entries(plan.expect.context ?? {})) {
    const node = task.node(id);
    const schema = node.graphNode.contextSchema;
    const actual = node.machine?.context ?? {};
    const found = difference(context, schema ? toEdge(schema, actual, task.instrument) : actual, id);
    if (found !== null) failures.push(`context: ${found}`);
  }
  for (const [id, probes] of Object.entries(plan.expect.probes ?? {})) {
    for (const [name, expected] of Object.entries(probes)) {
      const seen = recording.data().probes(id).filter((p) => p.probe === name);
      const best = seen.reduce<ProbeRecord | null>((a, b) => (a && a.value >= b.value ? a : b), null);
      const found = best ? difference(expected, best, `${id}.${name}`) : `${id}.${name} was never read`;
      if (found !== null) failures.push(`probes: ${found}`);
    }
  }
  return failures;
}

function checkWhy(expected: WhyExpectation, feed: FlowTestFeed, recording: Recording, start: number): string | null {
  const { node, event, transition, from, to } = expected;
  const answer = why(recording.data(), {
    node,
    ...(event === undefined ? {} : { event }),
    ...(transition === undefined ? {} : { transition }),
    from: from === undefined ? start : feed.at(from),
    to: to === undefined ? feed.task.now() : feed.at(to),
  });
  const where = `why ${node} ${event ?? transition ?? ''}`;
  if (answer.verdict !== expected.verdict) return `${where}: verdict expected ${expected.verdict}, was ${answer.verdict}`;
  if (expected.blockedBy !== undefined) {
    const missed = answer.leaves.filter((leaf) => !leaf.ok).map((leaf) => edgeLeaf(leaf, feed.task.instrument));
    const leaf = missed.find((l) => l.why === expected.blockedBy || l.text === expected.blockedBy);
    if (!leaf) return `${where}: expected to be blocked by '${expected.blockedBy}', was ${missed.map((l) => `'${l.why ?? l.text}'`).join(', ') || 'nothing'}`;
    const margin = expected.margin === undefined ? null : difference(expected.margin, leaf.margin, 'margin');
    if (margin !== null) return `${where}: ${margin}`;
  }
  if (expected.winner !== undefined && answer.winner !== expected.winner) return `${where}: winner expected ${expected.winner}, was ${answer.winner}`;
  const upstream = expected.upstream === undefined ? null : difference(expected.upstream, answer.upstream, 'upstream');
  return upstream === null ? null : `${where}: ${upstream}`;
}

/** The trade date a case without one plays on: an ordinary Wednesday. */
const defaultTradeDate = '2025-11-19';

/** Runs one case of a flow test against its compiled flow: event time driven by the case, no clock, no log. */
export function runFlowTestCase(graph: FlowGraph, plan: FlowTestCase & { readonly line: number }): FlowTestResult {
  const instrument = graph.instruments.find((i) => i.symbol === (plan.given.instrument ?? i.symbol)) ?? graph.instruments[0];
  if (!instrument) return { name: plan.name, line: plan.line, failures: ['the flow has no instrument'], taken: new Map() };
  const task = new Task(graph, instrument, { validate: true });
  const recording = new Recording(task);
  const tradeDate = plan.given.tradeDate ?? defaultTradeDate;
  const feed = new FlowTestFeed(task, tradeDate);
  const failures: string[] = [];
  try {
    const first = plan.feed.find((step) => step.at !== undefined)?.at ?? '09:30';
    feed.step({ at: first, ...(plan.feed[0]?.day === undefined ? {} : { day: plan.feed[0].day }) });
    feed.given(plan);
    const start = feed.now;
    for (const step of plan.feed) {
      feed.step(step);
      recording.take();
    }
    failures.push(...checkEmits(plan, recording.emissions, feed), ...checkNodes(plan, task, recording));
    for (const expected of [plan.expect.why ?? []].flat()) {
      const failure = checkWhy(expected, feed, recording, start);
      if (failure !== null) failures.push(failure);
    }
  } catch (error) {
    failures.push(isOrderflowError(error) ? error.message : `unexpected: ${error instanceof Error ? error.message : String(error)}`);
  }
  failures.push(...recording.deadLetters.map((l) => `node '${l.node}' was quarantined: ${l.error}`));
  return { name: plan.name, line: plan.line, failures, taken: recording.taken };
}
