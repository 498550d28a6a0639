import { z } from 'zod';
import type { FlowGraph, GraphNode, Lint } from '../flow/graph.ts';
import { Lints, nearestFix } from '../flow/lint-table.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { RecordPort } from '../plugin/port.ts';
import { topicPortOf } from './flow-test-feed.ts';
import type { FlowTestFile, ValuePath } from './flow-test-file.ts';
import type { FlowTestCase } from './flow-test-schema.ts';
import { statechartOf } from './statechart.ts';

type Row = Readonly<Record<string, unknown>>;

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

  /** Returns what is known of an out-port, `node.port`. */
  port(name: string, path: ValuePath): RecordPort | null {
    const [id, port = ''] = name.split('.');
    const found = this.graph.nodes.find((node) => node.id === id)?.plugin.out[port];
    if (found) return found;
    this.lints.add(
      'WF090.port',
      this.place(path),
      { name, flow: this.graph.name },
      nearestFix(nearestName(name, this.ports)),
    );
    return null;
  }

  /** An out-port, or a port of a topic the flow reads, with fields it has. */
  speaker(name: string, payload: Row, path: ValuePath): void {
    const spec = topicPortOf(this.graph, name) ?? this.port(name, path);
    if (spec) this.fields(name, spec.schema, payload, path);
  }

  /** Fields that a schema must have; one that takes any field has them all. */
  fields(of: string, schema: z.ZodObject, row: Row, path: ValuePath): void {
    const { catchall } = schema.def;
    if (catchall !== undefined && !(catchall instanceof z.ZodNever)) return;
    const known = Object.keys(schema.shape);
    for (const name of Object.keys(row)) this.known(of, 'field', name, known, [...path, name]);
  }

  /** States that the node's machine must have. */
  states(node: GraphNode, paths: readonly string[], path: ValuePath): void {
    const [instrument] = this.graph.instruments;
    const environment = { table: () => undefined, now: () => 0, memory: {} };
    const machine =
      instrument &&
      node.plugin.machine?.({ config: node.config as never, instrument, environment });
    if (!machine) return;
    const known = statechartOf(machine).states.map((state) => state.path);
    for (const state of paths) this.known(node.id, 'state', state, known, path);
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

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkTable(name: string, payload: Row, check: NameCheck): void {
  const path = ['given', 'tables', name];
  const spec = check.port(name, path);
  if (!spec) return;
  const { key, schema } = spec;
  if (key === undefined) return check.fields(name, schema, payload, path);
  for (const [row, fields] of Object.entries(payload))
    if (isRow(fields)) check.fields(name, schema, fields, [...path, row]);
}

/** The states a value names: `a.b`, of parallel regions `a.x,b.y`, or as XState writes both. */
function statePaths(value: unknown): string[] {
  if (typeof value === 'string') return value.split(',');
  if (!isRow(value)) return [String(value)];
  return Object.entries(value).flatMap(([name, inner]) => {
    const below = statePaths(inner).map((path) => `${name}.${path}`);
    return below.length === 0 ? [name] : below;
  });
}

/** `given:` and `expect:` both name states and contexts by node. */
function checkMachines(
  states: Row,
  contexts: Readonly<Record<string, Row>>,
  part: 'given' | 'expect',
  check: NameCheck,
): void {
  for (const [name, state] of Object.entries(states)) {
    const path = [part, 'states', name];
    const node = check.node(name, path);
    if (node) check.states(node, statePaths(state), path);
  }
  for (const [name, fields] of Object.entries(contexts)) {
    const path = [part, 'context', name];
    const schema = check.node(name, path)?.contextSchema;
    if (schema) check.fields(name, schema, fields, path);
  }
}

function checkGiven({ given, mocks, feed }: FlowTestCase, check: NameCheck): void {
  mocks.forEach((name, i) => check.node(name, ['mocks', i]));
  checkMachines(given.states ?? {}, given.context ?? {}, 'given', check);
  for (const [name, payload] of Object.entries(given.tables ?? {}))
    checkTable(name, payload, check);
  feed.forEach(({ emit }, i) => {
    for (const [name, payload] of Object.entries(emit ?? {}))
      check.speaker(name, payload, ['feed', i, 'emit', name]);
  });
}

function checkExpected({ expect }: FlowTestCase, check: NameCheck): void {
  expect.emits?.forEach(({ port, payload }, i) => {
    const spec = check.port(port, ['expect', 'emits', i, 'port']);
    if (spec) check.fields(port, spec.schema, payload, ['expect', 'emits', i, 'payload']);
  });
  expect.never?.forEach((port, i) => check.port(port, ['expect', 'never', i]));
  checkMachines(expect.states ?? {}, expect.context ?? {}, 'expect', check);
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
