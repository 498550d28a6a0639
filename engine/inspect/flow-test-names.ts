import type { FlowGraph, GraphNode, Lint } from '../flow/graph.ts';
import { Lints, nearestFix } from '../flow/lint-table.ts';
import { nearestName } from '../plugin/nearest.ts';
import { topicPortOf } from './flow-test-feed.ts';
import type { FlowTestFile, ValuePath } from './flow-test-file.ts';
import type { FlowTestCase } from './flow-test-schema.ts';

/** Checks the names of one case against its flow: a mistyped name under `never:` would hold for ever. */
class NameCheck {
  readonly lints = new Lints();
  private readonly graph: FlowGraph;
  private readonly nodes: readonly string[];
  private readonly ports: readonly string[];
  private readonly test: FlowTestFile;
  private readonly index: number;

  constructor(test: FlowTestFile, index: number, graph: FlowGraph) {
    this.test = test;
    this.index = index;
    this.graph = graph;
    this.nodes = graph.nodes.map(({ id }) => id);
    this.ports = graph.nodes.flatMap(({ id, plugin }) =>
      Object.keys(plugin.out).map((port) => `${id}.${port}`),
    );
  }

  node(name: string, path: ValuePath): GraphNode | null {
    const found = this.graph.nodes.find(({ id }) => id === name);
    if (found) return found;
    this.lints.add(
      'WF090.node',
      this.place(path),
      { name, flow: this.graph.name },
      nearestFix(nearestName(name, this.nodes)),
    );
    return null;
  }

  port(name: string, path: ValuePath): void {
    if (this.ports.includes(name)) return;
    this.lints.add(
      'WF090.port',
      this.place(path),
      { name, flow: this.graph.name },
      nearestFix(nearestName(name, this.ports)),
    );
  }

  /** An out-port, or a port of a topic the flow reads. */
  speaker(name: string, path: ValuePath): void {
    if (!topicPortOf(this.graph, name)) this.port(name, path);
  }

  /** A name that a node must have among `known`. */
  known(node: string, what: string, name: string, known: readonly string[], path: ValuePath): void {
    if (known.includes(name)) return;
    const facts = {
      name: node,
      what: `${what} '${name}'`,
      known: known.length === 0 ? 'none' : known.join(', '),
    };
    this.lints.add('WF090.machine', this.place(path), facts, nearestFix(nearestName(name, known)));
  }

  private place(path: ValuePath) {
    return this.test.placeOf(['cases', this.index, ...path]);
  }
}

function checkGiven({ given, mocks, feed }: FlowTestCase, check: NameCheck): void {
  mocks.forEach((name, i) => check.node(name, ['mocks', i]));
  for (const part of ['states', 'context'] as const) {
    for (const name of Object.keys(given[part] ?? {})) check.node(name, ['given', part, name]);
  }
  for (const name of Object.keys(given.tables ?? {})) check.port(name, ['given', 'tables', name]);
  feed.forEach(({ emit }, i) => {
    for (const name of Object.keys(emit ?? {})) check.speaker(name, ['feed', i, 'emit', name]);
  });
}

function checkExpected({ expect }: FlowTestCase, check: NameCheck): void {
  expect.emits?.forEach(({ port }, i) => check.port(port, ['expect', 'emits', i, 'port']));
  expect.never?.forEach((port, i) => check.port(port, ['expect', 'never', i]));
  for (const part of ['states', 'context'] as const) {
    for (const name of Object.keys(expect[part] ?? {})) check.node(name, ['expect', part, name]);
  }
  for (const [name, probes] of Object.entries(expect.probes ?? {})) {
    const node = check.node(name, ['expect', 'probes', name]);
    if (!node) continue;
    const known = Object.keys(node.plugin.sensor?.probes ?? {});
    for (const probe of Object.keys(probes))
      check.known(name, 'probe', probe, known, ['expect', 'probes', name, probe]);
  }
}

/** Returns what a case names and its flow does not have. */
export function lintCaseNames(
  test: FlowTestFile,
  index: number,
  graph: FlowGraph,
): readonly Lint[] {
  const plan = test.cases[index];
  if (!plan) return [];
  const check = new NameCheck(test, index, graph);
  checkGiven(plan, check);
  checkExpected(plan, check);
  return check.lints.list;
}
