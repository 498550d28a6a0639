import { nearestName } from '../plugin/nearest.ts';
import type { Ports } from '../plugin/port.ts';
import { readUse } from './collect-nodes.ts';
import type { NodeTexts } from './flow-hash.ts';
import type { FlowInput } from './flow-input.ts';
import type { FileScope, NodeDraft } from './flow-scope.ts';
import type { FlowGraph, GraphNode, Place, Wire } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import { lintPluginMachine } from './plugin-machine-lint.ts';
import type { ProcessVariables } from './process-variables.ts';
import { readChart } from './read-chart.ts';
import { readConfig } from './read-config.ts';
import { type Header, readPolicy } from './read-header.ts';
import { finishWire, readWire, type WireContext, type WireDraft } from './read-wire.ts';
import type { Entry, MapTree } from './yaml-tree.ts';

/** What nodes and sinks are built with. */
export interface BuildContext extends WireContext {
  readonly header: Header;
  readonly input: FlowInput;
  readonly variables: ProcessVariables;
  /** What else decides what a node does, by node; filled as nodes are built. */
  readonly texts: Map<string, NodeTexts>;
}

/** A sink of the flow. */
export type FlowSink = FlowGraph['sinks'][number];

interface Owner {
  readonly id: string;
  readonly place: Place;
  readonly tree: MapTree;
  readonly scope: FileScope;
}

function whereIdentity(drafts: readonly WireDraft[]): readonly unknown[] {
  return drafts.flatMap(({ port, origin }) =>
    origin.where.map(({ text, params }) => ({ port, text: text.value, params: params.values })),
  );
}

function readWires({ id, tree, scope }: Owner, context: BuildContext): readonly WireDraft[] {
  const drafts: WireDraft[] = [];
  for (const entry of context.reader.section(tree, 'in')) {
    const wire = context.reader.identifier(entry.name, 'port', entry.place)
      ? readWire(entry, id, scope, context)
      : null;
    if (wire) drafts.push(wire);
  }
  return drafts;
}

/** Fits wires to the in-ports of a plugin, and notes ports it does not have or that nobody wired. */
function fitWires(
  owner: Owner,
  plugin: { readonly id: string; readonly in: Ports },
  drafts: readonly WireDraft[],
  context: BuildContext,
): readonly Wire[] {
  const { lints } = context.reader;
  const names = Object.keys(plugin.in);
  const entries = context.reader.section(owner.tree, 'in');
  for (const { name, place } of entries) {
    if (names.includes(name)) continue;
    if (names.length === 0) lints.add('WF001.noInPorts', place, { of: plugin.id, name });
    else
      lints.add(
        'WF001.port',
        place,
        { of: plugin.id, side: 'in', name },
        nearestFix(nearestName(name, names)),
      );
  }
  for (const [name, port] of Object.entries(plugin.in)) {
    const optional = port.kind !== 'market' && port.optional === true;
    const given = entries.some((entry) => entry.name === name);
    if (!given && !optional)
      lints.add(
        'WF011.unwired',
        owner.place,
        { port: name, node: owner.id },
        `write in: { ${name}: … }`,
      );
  }
  const wires: Wire[] = [];
  for (const draft of drafts) {
    const port = plugin.in[draft.port];
    const wire = port && finishWire(draft, port, context);
    if (wire) wires.push(wire);
  }
  return wires;
}

function policyOf({ tree, scope }: Owner, context: BuildContext): GraphNode['onError'] {
  return readPolicy(tree, context.reader) ?? scope.onError ?? context.header.onError;
}

function buildPlugin(
  draft: NodeDraft & { readonly kind: 'plugin' },
  context: BuildContext,
): GraphNode {
  const { id, place, tree, scope, plugin, use } = draft;
  const { reader, variables, instruments } = context;
  reader.keys(tree, ['use', 'with', 'in', 'onError', 'doc'], `node '${id}'`);
  const drafts = readWires(draft, context);
  const before = reader.lints.list.length;
  const config = readConfig(
    tree.entries.get('with')?.value ?? null,
    plugin.config,
    { place, name: id },
    {
      reader,
      params: scope.params,
      variables,
      secrets: false,
    },
  );
  const node: GraphNode = {
    id,
    use,
    plugin,
    config: config ?? {},
    wires: fitWires(draft, plugin, drafts, context),
    tables: {},
    onError: policyOf(draft, context),
    place,
  };
  context.texts.set(id, { machine: null, where: whereIdentity(drafts) });
  const [instrument] = instruments;
  if (config && instrument && reader.lints.list.length === before)
    lintPluginMachine(node, instrument, reader.lints);
  return node;
}

function buildChart(
  draft: NodeDraft & { readonly kind: 'chart' },
  context: BuildContext,
): GraphNode | null {
  const drafts = readWires(draft, context);
  const chart = readChart(draft, drafts, context.header, context);
  if (!chart) return null;
  const { id, place } = draft;
  context.texts.set(id, { machine: chart.identity, where: whereIdentity(drafts) });
  return {
    id,
    use: null,
    plugin: chart.plugin,
    config: {},
    wires: chart.wires,
    tables: chart.tables,
    onError: policyOf(draft, context),
    contextSchema: chart.contextSchema,
    ...(chart.observe ? { observe: chart.observe } : {}),
    place,
  };
}

/** Returns a node with its wires; null when it cannot be read, which is then noted. */
export function buildNode(draft: NodeDraft, context: BuildContext): GraphNode | null {
  return draft.kind === 'plugin' ? buildPlugin(draft, context) : buildChart(draft, context);
}

/** Returns a sink with its wires; null when it cannot be read, which is then noted. */
export function buildSink(entry: Entry, scope: FileScope, context: BuildContext): FlowSink | null {
  const { reader, input, variables } = context;
  const { name: id, place } = entry;
  const tree = reader.nodeName(id, 'sink', place) ? reader.map(entry.value, `sink '${id}'`) : null;
  if (!tree) return null;
  reader.keys(tree, ['use', 'with', 'in', 'doc'], `sink '${id}'`);
  const use = reader.required(tree, 'use', `sink '${id}'`, 'a plugin like ibkr-execution@^1');
  const found = use && readUse(use, 'sink', reader, input.registry);
  const owner = { id, place, tree, scope };
  const drafts = readWires(owner, context);
  if (found?.plugin.kind !== 'sink') return null;
  const { plugin } = found;
  const config = readConfig(
    tree.entries.get('with')?.value ?? null,
    plugin.config,
    { place, name: id },
    {
      reader,
      params: scope.params,
      variables,
      secrets: true,
    },
  );
  context.texts.set(id, { machine: null, where: whereIdentity(drafts) });
  return {
    id,
    plugin,
    config: config ?? {},
    wires: fitWires(owner, plugin, drafts, context),
    place,
  };
}
