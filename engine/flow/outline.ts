import { contractId } from '../plugin/port.ts';
import type { FlowGraph, GraphNode, WireOrigin } from './graph.ts';

/** A wire as a picture shows it. */
export interface OutlineWire {
  readonly port: string;
  readonly kind: 'market' | 'event' | 'table';
  /** Node or source it comes from; null for a time of day or another flow's topic. */
  readonly from: string | null;
  /** Out-port, time of day or topic. */
  readonly what: string;
}

/** A node as a picture shows it. */
export interface OutlineNode {
  readonly id: string;
  readonly line: number;
  readonly role: 'source' | 'plugin' | 'chart' | 'sink';
  /** Plugin; null for a statechart of the flow. */
  readonly plugin: string | null;
  readonly version: string | null;
  readonly wires: readonly OutlineWire[];
  readonly out: readonly {
    readonly port: string;
    readonly kind: 'market' | 'event' | 'table';
    readonly contract: string;
  }[];
}

/** A flow as a picture shows it. */
export interface Outline {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly nodes: readonly OutlineNode[];
}

function originOf(origin: WireOrigin): Pick<OutlineWire, 'from' | 'what'> {
  switch (origin.kind) {
    case 'node':
      return { from: origin.node, what: origin.port };
    case 'market':
      return { from: origin.source, what: 'market' };
    case 'topic':
      return { from: null, what: origin.topic };
    case 'schedule':
      return { from: null, what: `at ${origin.at}` };
  }
}

function wiresOf(node: Pick<GraphNode, 'wires'>): OutlineWire[] {
  return node.wires.map(({ port, kind, origin }) => ({ port, kind, ...originOf(origin) }));
}

function nodeOf(node: GraphNode): OutlineNode {
  const { id, place, use, plugin, tables } = node;
  const read = Object.entries(tables).map(([alias, origin]) => ({
    port: alias,
    kind: 'table' as const,
    from: origin.node,
    what: origin.port,
  }));
  return {
    id,
    line: place.line,
    role: use === null ? 'chart' : 'plugin',
    plugin: use === null ? null : plugin.id,
    version: use === null ? null : plugin.version,
    wires: [...wiresOf(node), ...read],
    out: Object.entries(plugin.out).map(([port, { kind, schema }]) => ({
      port,
      kind,
      contract: contractId(schema, plugin.id, port),
    })),
  };
}

/** Returns a checked flow as plain data, for a picture of its nodes. */
export function outlineOf(graph: FlowGraph): Outline {
  const { name, version, hash } = graph;
  const sources = graph.sources.map(({ id, plugin, place }) => ({
    id,
    line: place.line,
    role: 'source' as const,
    plugin: plugin.id,
    version: plugin.version,
    wires: [],
    out: Object.keys(plugin.out).map((port) => ({
      port,
      kind: 'market' as const,
      contract: 'market-batch/1',
    })),
  }));
  const sinks = graph.sinks.map((sink) => ({
    id: sink.id,
    line: sink.place.line,
    role: 'sink' as const,
    plugin: sink.plugin.id,
    version: sink.plugin.version,
    wires: wiresOf(sink),
    out: [],
  }));
  return { name, version, hash, nodes: [...sources, ...graph.nodes.map(nodeOf), ...sinks] };
}
