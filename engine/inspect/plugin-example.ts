import { parse } from 'yaml';
import { z } from 'zod';
import { compileFlow } from '../flow/compile-flow.ts';
import type { FlowGraph, Lint } from '../flow/graph.ts';
import {
  type AnyProcessor,
  definePlugin,
  type Plugin,
  type PluginExample,
} from '../plugin/define-plugin.ts';
import type { Port, RecordPort } from '../plugin/port.ts';
import { createRegistry } from '../plugin/registry.ts';
import { readFlowTest } from './flow-test-file.ts';
import { lintCaseNames } from './flow-test-names.ts';
import { runFlowTestCase } from './flow-test-run.ts';

const flowName = 'example';
const nodeName = 'example';
const marketName = 'market';

/** A market that says nothing by itself: the feed speaks for it. */
const silentMarket = definePlugin({
  id: 'example-market',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'A market that only the feed of an example moves',
  needs: [],
  config: z.object({}),
  in: {},
  out: { market: { kind: 'market', takes: ['trade', 'quote', 'depth', 'bar'] } },
  examples: [],
  open: async () => {},
});

/** Text of the YAML that is made around an example, and the line its own text begins on. */
interface Framed {
  readonly text: string;
  readonly parts: readonly {
    readonly name: string;
    readonly firstLine: number;
    readonly lines: number;
  }[];
}

/** Puts parts of YAML, indented, below their headings. */
function frame(
  head: readonly string[],
  parts: readonly {
    readonly heading: string;
    readonly name: string;
    readonly yaml: string;
    readonly indent: number;
  }[],
): Framed {
  const lines = [...head];
  const placed = parts.map(({ heading, name, yaml, indent }) => {
    lines.push(...heading.split('\n'));
    const own = yaml.trimEnd().split('\n');
    const firstLine = lines.length + 1;
    lines.push(...own.map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`)));
    return { name, firstLine, lines: own.length };
  });
  return { text: `${lines.join('\n')}\n`, parts: placed };
}

/** Says a mistake with the line of the example it stands on. */
function sayLint({ line, code, message, fix }: Lint, { parts }: Framed): string {
  const part = parts.find(({ firstLine, lines }) => line >= firstLine && line < firstLine + lines);
  const place = part ? `${part.name} line ${line - part.firstLine + 1}` : 'example';
  return `${place}: ${code} ${message}${fix === undefined ? '' : `; ${fix}`}`;
}

/** A plugin with one out-port of just the contract that an in-port takes: what an example is wired to exists only so far. */
function neighbour(id: string, ports: Readonly<Record<string, RecordPort>>): Plugin {
  return definePlugin({
    id,
    version: '1.0.0',
    api: 1,
    summary: 'A node that an example is wired to',
    config: z.object({}),
    in: {},
    out: ports,
    examples: [],
  });
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns what the example's in-ports are wired to: out-ports by node, each with the contract of the in-port. */
function neighboursOf(
  plugin: { readonly in: Readonly<Record<string, Port>> },
  yaml: string,
): ReadonlyMap<string, Readonly<Record<string, RecordPort>>> {
  const found = new Map<string, Record<string, RecordPort>>();
  const node: unknown = parse(yaml, { logLevel: 'silent' });
  const wires = isRow(node) && isRow(node['in']) ? node['in'] : {};
  for (const [inPort, wire] of Object.entries(wires)) {
    const from: unknown = isRow(wire) ? wire['from'] : wire;
    const spec = plugin.in[inPort];
    if (typeof from !== 'string' || !spec || spec.kind === 'market') continue;
    const [id = '', port] = from.split('.');
    if (port === undefined) continue;
    const { kind, schema, key } = spec;
    const ports = found.get(id) ?? {};
    ports[port] = { kind, schema, ...(key === undefined ? {} : { key }) };
    found.set(id, ports);
  }
  return found;
}

function frameFlow(
  example: PluginExample,
  section: 'nodes' | 'sources',
  neighbours: readonly string[],
): Framed {
  const head = [`flow: ${flowName}`, 'version: 1.0.0', 'instruments: [ES]'];
  if (section === 'sources')
    return frame(head, [
      { heading: `sources:\n  ${nodeName}:`, name: 'yaml', yaml: example.yaml, indent: 4 },
    ]);
  const lines = [
    ...head,
    'sources:',
    `  ${marketName}: { use: ${silentMarket.id}@^1 }`,
    'nodes:',
    ...neighbours.map((name, i) => `  ${name}: { use: neighbour-${i + 1}@^1 }`),
  ];
  return frame(lines, [{ heading: `  ${nodeName}:`, name: 'yaml', yaml: example.yaml, indent: 4 }]);
}

/** Compiles the flow of an example; its mistakes in sentences. */
function compileExample(
  plugin: Plugin,
  example: PluginExample,
): { readonly graph: FlowGraph | null; readonly failures: readonly string[] } {
  const isProcessor = plugin.kind === undefined || plugin.kind === 'processor';
  const neighbours = neighboursOf(plugin, example.yaml);
  const framed = frameFlow(example, isProcessor ? 'nodes' : 'sources', [...neighbours.keys()]);
  const doubles = [...neighbours.values()].map((ports, i) =>
    neighbour(`neighbour-${i + 1}`, ports),
  );
  const registry = createRegistry([plugin, silentMarket, ...doubles]);
  const { graph, lints } = compileFlow({
    file: 'example.flow.yaml',
    text: framed.text,
    registry,
    readFile: () => null,
  });
  const failures = lints
    .filter(({ level }) => level === 'error')
    .map((lint) => sayLint(lint, framed));
  return { graph, failures };
}

function frameTest({ title, feed, expect }: PluginExample): Framed {
  return frame(
    ['flow: example.flow.yaml', 'cases:', `  - name: ${JSON.stringify(title)}`],
    [
      { heading: '    feed:', name: 'feed', yaml: feed, indent: 6 },
      { heading: '    expect:', name: 'expect', yaml: expect, indent: 6 },
    ],
  );
}

/**
 * Runs an example of a plugin as a flow test: its YAML is node `example` of a flow, whatever else it is wired to is a
 * node of just that contract that only the feed speaks for. Returns what did not hold, one sentence each.
 *
 * A source's example has no feed and no expectation; only its YAML is checked.
 */
export function runPluginExample(
  plugin: AnyProcessor | Plugin,
  example: PluginExample,
): readonly string[] {
  const { graph, failures } = compileExample(plugin, example);
  const instrument = graph?.instruments[0];
  if (!graph || !instrument) return failures;
  if (plugin.kind === 'source' || plugin.kind === 'sink') return feedOfSource(plugin.kind, example);
  const framed = frameTest(example);
  const { test, lints } = readFlowTest('example.test.yaml', framed.text);
  const wrong = [...lints, ...(test ? lintCaseNames(test, 0, graph) : [])];
  const [plan] = test?.cases ?? [];
  if (wrong.length > 0 || !plan) return wrong.map((lint) => sayLint(lint, framed));
  return runFlowTestCase(graph, instrument, plan).failures.map(({ text }) => text);
}

function feedOfSource(kind: string, { feed, expect }: PluginExample): readonly string[] {
  if (feed.trim() === '' && expect.trim() === '') return [];
  return [
    `the example of a ${kind} expected no feed and no expectation: the feed cannot speak for it`,
  ];
}
