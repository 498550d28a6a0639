import { createHash } from 'node:crypto';
import { canonicalJson } from '../contracts/canonical.ts';
import type { FlowGraph, GraphNode, Wire } from './graph.ts';

type Unhashed = Omit<FlowGraph, 'hash'>;

/** What else decides what a node does: its statechart, and the conditions of its wires. */
export interface NodeTexts {
  /** The statechart as JSON with the parameters it reads; null for a plugin, whose version stands for it. */
  readonly machine: unknown;
  /** The conditions with the parameters they read. */
  readonly where: readonly unknown[];
}

function wireJson({ port, origin, late }: Wire): unknown {
  return { port, origin, late };
}

function nodeJson(node: GraphNode, texts: NodeTexts | undefined): unknown {
  const { id, plugin, config, wires, tables, onError } = node;
  return {
    id,
    plugin: plugin.id,
    version: plugin.version,
    config,
    wires: wires.map(wireJson),
    where: texts?.where ?? [],
    machine: texts?.machine ?? null,
    tables,
    onError,
  };
}

/**
 * Returns sha256 over the resolved flow: nodes with plugin versions, configurations, wires and statecharts, parameters,
 * instruments. Comments, layout, docs and places are not in it, and neither are sources: what they bring is in the log,
 * so a replay of recorded data has the hash of the live flow.
 */
export function flowHash(graph: Unhashed, texts: ReadonlyMap<string, NodeTexts>): string {
  const resolved = {
    name: graph.name,
    version: graph.version,
    instruments: graph.instruments,
    zone: graph.zone,
    params: graph.params,
    topics: graph.topics,
    nodes: graph.nodes.map((node) => nodeJson(node, texts.get(node.id))),
    sinks: graph.sinks.map(({ id, plugin, config, wires }) => ({
      id,
      plugin: plugin.id,
      version: plugin.version,
      config,
      wires: wires.map(wireJson),
      where: texts.get(id)?.where ?? [],
    })),
    moved: graph.moved,
  };
  return createHash('sha256').update(canonicalJson(resolved)).digest('hex');
}
