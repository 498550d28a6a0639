import type { ProbeReading } from '../contracts/journal.ts';
import { toEdge } from '../plugin/edge.ts';
import type { Task } from '../runtime/task.ts';
import { edgeLeaf, edgeProbe, edgeUpstream } from './edge-evidence.ts';
import type { ValuePath } from './flow-test-file.ts';
import type { FlowTestCase, WhyExpectation } from './flow-test-schema.ts';
import { difference } from './partial-match.ts';
import type { Recording } from './recording.ts';
import { type WhyAnswer, why } from './why.ts';

/** What a case was run on, for its expectations. */
export interface CaseRun {
  readonly task: Task;
  readonly recording: Recording;
  /** Event time at which the feed began. */
  readonly start: number;
  /** Event time of a time of the case's trade date. */
  at(time: string): number;
}

/** Something a case expected and that did not happen. */
export interface CaseFailure {
  /** The expectation's place in the case; empty where it is the case as a whole. */
  readonly path: ValuePath;
  /** One sentence. */
  readonly text: string;
}

/** One expectation: null when it holds. */
type Outcome = string | null;

function failuresOf(outcomes: readonly (readonly [ValuePath, Outcome])[]): CaseFailure[] {
  return outcomes.flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));
}

function checkEmits(plan: FlowTestCase, run: CaseRun): CaseFailure[] {
  const seen = run.recording.emissions;
  let next = 0;
  const outcomes = (plan.expect.emits ?? []).map(
    ({ port, at, payload }, i): [ValuePath, Outcome] => {
      const rest = seen.slice(next).filter((e) => e.port === port);
      const found = rest.find(
        (e) =>
          (at === undefined || e.ts === run.at(at)) && difference(payload, e.payload, '') === null,
      );
      if (found) {
        next = seen.indexOf(found) + 1;
        return [[], null];
      }
      const asked = `${JSON.stringify(payload)}${at === undefined ? '' : ` at ${at}`}`;
      const [nearest] = rest;
      const how = nearest
        ? `the nearest differs in ${difference(payload, nearest.payload, '') ?? 'its time'}`
        : 'nothing (more) came from that port';
      return [['expect', 'emits', i], `emits: '${port}' expected ${asked}; ${how}`];
    },
  );
  return failuresOf(outcomes);
}

function checkNever(plan: FlowTestCase, run: CaseRun): CaseFailure[] {
  const outcomes = (plan.expect.never ?? []).map((port, i): [ValuePath, Outcome] => {
    const found = run.recording.emissions.find((e) => e.port === port);
    return [
      ['expect', 'never', i],
      found ? `never: '${port}' expected nothing, was ${JSON.stringify(found.payload)}` : null,
    ];
  });
  return failuresOf(outcomes);
}

function checkStates(plan: FlowTestCase, { task }: CaseRun): CaseFailure[] {
  const outcomes = Object.entries(plan.expect.states ?? {}).map(
    ([id, state]): [ValuePath, Outcome] => {
      const { machine } = task.node(id);
      const was = machine ? machine.state : 'no machine';
      return [
        ['expect', 'states', id],
        was === state ? null : `states: '${id}' expected ${state}, was ${was}`,
      ];
    },
  );
  return failuresOf(outcomes);
}

function checkContexts(plan: FlowTestCase, { task }: CaseRun): CaseFailure[] {
  const outcomes = Object.entries(plan.expect.context ?? {}).map(
    ([id, context]): [ValuePath, Outcome] => {
      const { machine, graphNode } = task.node(id);
      const schema = graphNode.contextSchema;
      const actual = machine?.context ?? {};
      const found = difference(
        context,
        schema ? toEdge(schema, actual, task.instrument) : actual,
        id,
      );
      return [['expect', 'context', id], found && `context: ${found}`];
    },
  );
  return failuresOf(outcomes);
}

function checkProbes(plan: FlowTestCase, { task, recording }: CaseRun): CaseFailure[] {
  const data = recording.history.data(true);
  const outcomes = Object.entries(plan.expect.probes ?? {}).flatMap(([id, probes]) =>
    Object.entries(probes).map(([name, expected]): [ValuePath, Outcome] => {
      const seen = data.probes(id).filter((p) => p.probe === name);
      const best = seen.reduce<ProbeReading | null>(
        (a, b) => (a && a.value >= b.value ? a : b),
        null,
      );
      const found = best
        ? difference(expected, edgeProbe(best, task.instrument), `${id}.${name}`)
        : `'${id}.${name}' was never read`;
      return [['expect', 'probes', id, name], found && `probes: ${found}`];
    }),
  );
  return failuresOf(outcomes);
}

function checkLeaf(expected: WhyExpectation, answer: WhyAnswer, task: Task): Outcome {
  const missed = answer.leaves
    .filter((leaf) => !leaf.ok)
    .map((leaf) => edgeLeaf(leaf, task.instrument));
  const leaf = missed.find((l) => l.why === expected.blockedBy || l.text === expected.blockedBy);
  if (!leaf && expected.blockedBy !== undefined) {
    const was = missed.map((l) => `'${l.why ?? l.text}'`).join(', ');
    return `blockedBy expected '${expected.blockedBy}', was ${was === '' ? 'nothing' : was}`;
  }
  return expected.margin === undefined
    ? null
    : difference(expected.margin, (leaf ?? missed[0])?.margin, 'margin');
}

function checkAnswer(expected: WhyExpectation, answer: WhyAnswer, task: Task): Outcome {
  if (answer.verdict !== expected.verdict)
    return `verdict expected ${expected.verdict}, was ${answer.verdict}`;
  const leaf = checkLeaf(expected, answer, task);
  if (leaf !== null) return leaf;
  if (expected.winner !== undefined && answer.winner !== expected.winner)
    return `winner expected ${expected.winner}, was ${answer.winner ?? 'none'}`;
  return expected.upstream === undefined
    ? null
    : difference(expected.upstream, edgeUpstream(answer.upstream, task.instrument), 'upstream');
}

function checkWhy(expected: WhyExpectation, run: CaseRun): Outcome {
  const { node, event, transition, from, to } = expected;
  const answer = why(run.recording.history.data(true), {
    node,
    ...(event === undefined ? {} : { event }),
    ...(transition === undefined ? {} : { transition }),
    from: from === undefined ? run.start : run.at(from),
    to: to === undefined ? run.task.now() : run.at(to),
  });
  const failure = checkAnswer(expected, answer, run.task);
  return failure && `why: '${node}' ${event ?? transition ?? ''}: ${failure}`;
}

function checkWhys(plan: FlowTestCase, run: CaseRun): CaseFailure[] {
  const { why: expected } = plan.expect;
  if (expected === undefined) return [];
  const outcomes = Array.isArray(expected)
    ? expected.map((one, i): [ValuePath, Outcome] => [['expect', 'why', i], checkWhy(one, run)])
    : [[['expect', 'why'] satisfies ValuePath, checkWhy(expected, run)] as const];
  return failuresOf(outcomes);
}

/** Returns what a case expected and did not happen, in the order of the format; empty when it holds. */
export function checkCase(plan: FlowTestCase, run: CaseRun): CaseFailure[] {
  return [
    ...checkEmits(plan, run),
    ...checkNever(plan, run),
    ...checkStates(plan, run),
    ...checkContexts(plan, run),
    ...checkProbes(plan, run),
    ...checkWhys(plan, run),
    ...unexpectedLetters(plan, run),
  ];
}

/** A node that threw is a failure, unless the case asks for just that. */
function unexpectedLetters(plan: FlowTestCase, { recording }: CaseRun): CaseFailure[] {
  const whys = [plan.expect.why ?? []].flat();
  const expected = new Set(
    whys.filter((w) => w.verdict === 'error' || w.verdict === 'node-paused').map((w) => w.node),
  );
  return recording.history.deadLetters
    .filter((letter) => !expected.has(letter.node))
    .map((letter) => ({
      path: [],
      text: `node '${letter.node}' was taken out of the flow: ${letter.error.replace(/\s+/g, ' ')}`,
    }));
}
