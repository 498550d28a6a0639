import { type BuildContext, buildNode, buildSink, type FlowSink } from './build-nodes.ts';
import { type Collected, collectNodes } from './collect-nodes.ts';
import { flowHash, type NodeTexts } from './flow-hash.ts';
import type { CompiledFlow, FlowInput } from './flow-input.ts';
import { type FileScope, outPortsOf, type SourceDraft } from './flow-scope.ts';
import type { FlowGraph, GraphNode, GraphSource } from './graph.ts';
import { orderNodes } from './graph-order.ts';
import { lintHistory } from './history-lints.ts';
import { Lints } from './lint-table.ts';
import { overlay } from './overlay.ts';
import { type Override, readParams } from './params.ts';
import { ProcessVariables } from './process-variables.ts';
import { type Header, readHeader } from './read-header.ts';
import { readSources, type Sources } from './read-sources.ts';
import { readWire, type WireContext } from './read-wire.ts';
import { Reader } from './reader.ts';
import { OriginResolver } from './resolve-origin.ts';
import { lintSafety } from './safety-lints.ts';
import { type Entry, type MapTree, parseYamlTree } from './yaml-tree.ts';

export type { CompiledFlow, FlowInput } from './flow-input.ts';

/** A flow whose names are collected and whose wires can be followed. */
interface Draft {
  readonly header: Header;
  readonly root: FileScope;
  readonly sources: Sources;
  readonly collected: Collected;
  readonly sinks: readonly Entry[];
  readonly context: BuildContext;
}

function parseMap(file: string, text: string, what: string, reader: Reader): MapTree | null {
  const tree = parseYamlTree(file, text, reader.lints);
  if (tree) return reader.map(tree, what);
  if (reader.lints.list.length === 0) {
    reader.lints.add(
      'WF005.shape',
      { file, line: 1, col: 1 },
      { name: what, expected: 'a mapping', was: 'empty' },
    );
  }
  return null;
}

function given(
  input: FlowInput,
  environment: ReadonlyMap<string, Override>,
): ReadonlyMap<string, Override> {
  const values = new Map(environment);
  for (const [name, value] of Object.entries(input.params ?? {}))
    values.set(name, { value, place: null });
  return values;
}

/** A flow has one room of names: nodes, sources and sinks share it, because wires and topics name them alike. */
function checkNames(tree: MapTree, reader: Reader): void {
  const taken = new Map<string, string>();
  for (const key of ['sources', 'nodes', 'sinks']) {
    const section = tree.entries.get(key)?.value;
    if (section?.kind !== 'map') continue;
    for (const { name, place } of section.entries.values()) {
      const what = taken.get(name);
      if (what !== undefined) reader.lints.add('WF015.name', place, { name, what });
      else taken.set(name, key.slice(0, -1));
    }
  }
}

function draftFlow(
  tree: MapTree,
  params: ReadonlyMap<string, Override>,
  input: FlowInput,
  reader: Reader,
): Draft {
  const header = readHeader(tree, input, reader);
  checkNames(tree, reader);
  const root: FileScope = {
    file: input.file,
    prefix: '',
    params: readParams(reader.section(tree, 'params'), given(input, params), reader),
    ports: new Map(),
    onError: null,
  };
  const variables = new ProcessVariables(input);
  const config = { reader, params: root.params, variables, secrets: false };
  const { registry, marketSource } = input;
  const sources = readSources(reader.section(tree, 'sources'), {
    reader,
    registry,
    config,
    marketSource,
  });
  const late: { wires: WireContext | null } = { wires: null };
  const collected = collectNodes(reader.section(tree, 'nodes'), root, {
    reader,
    registry,
    variables,
    readFile: (path) => input.readFile(path),
    resolveBinding: (entry, node, scope) =>
      late.wires ? (readWire(entry, node, scope, late.wires)?.origin ?? null) : null,
  });
  const { byName, aliases } = sources;
  const resolver = new OriginResolver({ ...collected, sources: byName, aliases }, reader.lints);
  const { instruments, name } = header;
  const texts = new Map<string, NodeTexts>();
  const context = { reader, resolver, instruments, flow: name, header, input, variables, texts };
  late.wires = context;
  return { header, root, sources, collected, sinks: reader.section(tree, 'sinks'), context };
}

function graphSources({ byName, aliases }: Sources): readonly GraphSource[] {
  const sources: GraphSource[] = [];
  for (const source of byName.values()) {
    if (source.kind !== 'plugin' || aliases.has(source.id)) continue;
    const { id, plugin, config, place } = source;
    sources.push({ id, plugin, config: config ?? {}, place });
  }
  return sources;
}

function topicsOf(nodes: readonly GraphNode[], sinks: readonly FlowSink[]): readonly string[] {
  const topics = new Set<string>();
  for (const { wires } of [...nodes, ...sinks]) {
    for (const { origin } of wires) if (origin.kind === 'topic') topics.add(origin.topic);
  }
  return [...topics];
}

/**
 * Notes what is there without use: parameters, sources, and nodes of which all say something only when it happens and
 * nobody listens. Where something is wrong, what seems unused may be used by what is wrong.
 */
function lintUnused(draft: Draft, nodes: readonly GraphNode[], reader: Reader): void {
  const { collected, context, sources } = draft;
  if (!isRight(reader)) return;
  for (const scope of collected.scopes) {
    for (const { name, place } of scope.params.unused)
      reader.lints.add('WF012.param', place, { name });
  }
  const isRead = (source: SourceDraft): boolean => context.resolver.read.has(source.id);
  for (const source of sources.byName.values()) {
    if (!isRead(source)) reader.lints.add('WF012.source', source.place, { name: source.id });
  }
  for (const { id, place, use } of nodes) {
    const node = collected.nodes.get(id);
    if (use === null || !node) continue;
    const ports = [...outPortsOf(node)];
    const taken = ports.some(([port]) => context.resolver.read.has(`${id}.${port}`));
    if (!taken && ports.length > 0 && ports.every(([, port]) => port?.kind === 'event'))
      reader.lints.add('WF012.node', place, { name: id });
  }
}

function buildGraph(draft: Draft, input: FlowInput, reader: Reader): FlowGraph {
  const { header, root, sources, collected, context } = draft;
  const built = [...collected.nodes.values()]
    .map((node) => buildNode(node, context))
    .filter((node) => node !== null);
  const sinks = draft.sinks
    .map((entry) => buildSink(entry, root, context))
    .filter((sink) => sink !== null);
  const nodes = orderNodes(built, reader.lints);
  lintSafety(nodes, sinks, reader.lints);
  const place = { file: input.file, line: 1, col: 1 };
  lintHistory(nodes, header.moved, input.previous?.nodes ?? {}, place, reader.lints);
  lintUnused(draft, built, reader);
  const { name, version, doc, instruments, zone, moved } = header;
  const params = root.params.values;
  const topics = topicsOf(nodes, sinks);
  const graph = {
    name,
    version,
    doc,
    file: input.file,
    instruments,
    zone,
    params,
    sources: graphSources(sources),
    topics,
    nodes,
    sinks,
    moved,
    variables: context.variables.used,
  };
  // What is wrong may not be hashable, and no graph comes of it.
  return { ...graph, hash: isRight(reader) ? flowHash(graph, context.texts) : '' };
}

function isRight(reader: Reader): boolean {
  return reader.lints.list.every(({ level }) => level !== 'error');
}

function byPlace(a: CompiledFlow['lints'][number], b: CompiledFlow['lints'][number]): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.col - b.col || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

/**
 * Checks a flow and returns its graph, or null and what is wrong with it. Flow mistakes are values: it does not throw
 * for any text. Lints are in the order of file, line and column; with warnings alone there is a graph.
 */
export function compileFlow(input: FlowInput): CompiledFlow {
  const reader = new Reader(new Lints());
  const tree = parseMap(input.file, input.text, 'a flow', reader);
  const { environment } = input;
  const over = environment
    ? parseMap(environment.file, environment.text, 'an environment', reader)
    : null;
  let graph: FlowGraph | null = null;
  if (tree) {
    const overlaid = overlay(tree, over, reader);
    graph = buildGraph(draftFlow(overlaid.tree, overlaid.params, input, reader), input, reader);
  }
  const lints = [...reader.lints.list].sort(byPlace);
  return { graph: isRight(reader) ? graph : null, lints };
}
