import type { ProbeRecord } from '../contracts/journal.ts';
import type { Task } from '../runtime/task.ts';
import { toEdge } from '../plugin/edge.ts';
import type { FlowTestFeed } from './flow-test-feed.ts';
import type { FlowTestCase, WhyExpectation } from './flow-test-file.ts';
import { difference } from './partial-match.ts';
import type { Emission, Recording } from './recording.ts';
import { edgeLeaf } from './say-why.ts';
import { why, type WhyAnswer } from './why.ts';

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

function checkStates(plan: FlowTestCase, task: Task): string[] {
  return Object.entries(plan.expect.states ?? {}).flatMap(([id, state]) => {
    const was = task.node(id).machine?.state ?? '';
    return was === state ? [] : [`states: '${id}' expected ${state}, was ${was}`];
  });
}

function checkContexts(plan: FlowTestCase, task: Task): string[] {
  return Object.entries(plan.expect.context ?? {}).flatMap(([id, context]) => {
    const node = task.node(id);
    const schema = node.graphNode.contextSchema;
    const actual = node.machine?.context ?? {};
    const found = difference(context, schema ? toEdge(schema, actual, task.instrument) : actual, id);
    return found === null ? [] : [`context: ${found}`];
  });
}

function checkProbes(plan: FlowTestCase, recording: Recording): string[] {
  return Object.entries(plan.expect.probes ?? {}).flatMap(([id, probes]) =>
    Object.entries(probes).flatMap(([name, expected]) => {
      const seen = recording.data().probes(id).filter((p) => p.probe === name);
      const best = seen.reduce<ProbeRecord | null>((a, b) => (a && a.value >= b.value ? a : b), null);
      const found = best ? difference(expected, best, `${id}.${name}`) : `${id}.${name} was never read`;
      return found === null ? [] : [`probes: ${found}`];
    }),
  );
}

function checkLeaf(expected: WhyExpectation, answer: WhyAnswer, task: Task): string | null {
  const missed = answer.leaves.filter((leaf) => !leaf.ok).map((leaf) => edgeLeaf(leaf, task.instrument));
  const leaf = missed.find((l) => l.why === expected.blockedBy || l.text === expected.blockedBy);
  if (!leaf) {
    const was = missed.map((l) => `'${l.why ?? l.text}'`).join(', ');
    return `expected to be blocked by '${expected.blockedBy}', was ${was === '' ? 'nothing' : was}`;
  }
  return expected.margin === undefined ? null : difference(expected.margin, leaf.margin, 'margin');
}

function checkAnswer(expected: WhyExpectation, answer: WhyAnswer, task: Task): string | null {
  if (answer.verdict !== expected.verdict) return `verdict expected ${expected.verdict}, was ${answer.verdict}`;
  const leaf = expected.blockedBy === undefined ? null : checkLeaf(expected, answer, task);
  if (leaf !== null) return leaf;
  if (expected.winner !== undefined && answer.winner !== expected.winner) return `winner expected ${expected.winner}, was ${answer.winner}`;
  return expected.upstream === undefined ? null : difference(expected.upstream, answer.upstream, 'upstream');
}

function checkWhy(expected: WhyExpectation, feed: FlowTestFeed, recording: Recording, start: number): string[] {
  const { node, event, transition, from, to } = expected;
  const answer = why(recording.data(), {
    node,
    ...(event === undefined ? {} : { event }),
    ...(transition === undefined ? {} : { transition }),
    from: from === undefined ? start : feed.at(from),
    to: to === undefined ? feed.task.now() : feed.at(to),
  });
  const failure = checkAnswer(expected, answer, feed.task);
  return failure === null ? [] : [`why ${node} ${event ?? transition ?? ''}: ${failure}`];
}

/** Returns what a case expected and did not happen, one sentence each. `start` is the time its feed began. */
export function checkCase(plan: FlowTestCase, feed: FlowTestFeed, recording: Recording, start: number): string[] {
  return [
    ...checkEmits(plan, recording.emissions, feed),
    ...checkStates(plan, feed.task),
    ...checkContexts(plan, feed.task),
    ...checkProbes(plan, recording),
    ...[plan.expect.why ?? []].flat().flatMap((expected) => checkWhy(expected, feed, recording, start)),
    ...recording.deadLetters.map((l) => `node '${l.node}' was quarantined: ${l.error}`),
  ];
}
