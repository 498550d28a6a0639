import type { GraphNode, Place } from './graph.ts';
import type { Lints } from './lint-table.ts';

interface Vertex {
  readonly node: GraphNode;
  /** Nodes whose events it takes. */
  readonly upstream: ReadonlySet<string>;
  /** Nodes whose tables it reads; they come first where that is possible. */
  readonly tables: ReadonlySet<string>;
  readonly delays: boolean;
}

/**
 * Returns whether events into a node come out later only: it is armed by them and answers on market data, as a
 * simulated broker does.
 */
function delays({ plugin, wires }: GraphNode): boolean {
  return (
    plugin.sensor !== undefined &&
    'event' in plugin.sensor &&
    wires.some(({ kind }) => kind === 'market')
  );
}

function vertexOf(node: GraphNode): Vertex {
  const upstream = new Set<string>();
  for (const { origin } of node.wires) if (origin.kind === 'node') upstream.add(origin.node);
  const tables = new Set(Object.values(node.tables).map(({ node: other }) => other));
  tables.delete(node.id);
  return { node, upstream, tables, delays: delays(node) };
}

/** Returns the ids of a circle through `start` over event wires that no node delays; null when there is none. */
function circleFrom(start: Vertex, byId: ReadonlyMap<string, Vertex>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (vertex: Vertex, path: readonly string[]): readonly string[] | null => {
    if (vertex.delays) return null;
    for (const id of vertex.upstream) {
      if (id === start.node.id) return [...path, id];
      const next = byId.get(id);
      if (!next || done.has(id)) continue;
      done.add(id);
      const found = visit(next, [...path, id]);
      if (found) return found;
    }
    return null;
  };
  return visit(start, [start.node.id]);
}

function noteLoops(
  vertices: readonly Vertex[],
  byId: ReadonlyMap<string, Vertex>,
  lints: Lints,
): void {
  const told = new Set<string>();
  for (const vertex of vertices) {
    if (told.has(vertex.node.id)) continue;
    const circle = circleFrom(vertex, byId);
    if (!circle) continue;
    for (const id of circle) told.add(id);
    lints.add('WF040.loop', placeOfWire(vertex.node, circle[1]!), {
      path: [...circle].reverse().join(' → '),
    });
  }
}

function placeOfWire(node: GraphNode, from: string): Place {
  return (
    node.wires.find(({ origin }) => origin.kind === 'node' && origin.node === from)?.place ??
    node.place
  );
}

/** The next node in file order that waits for nothing; when all wait, the one whose waiting matters least. */
function nextOf(waiting: readonly Vertex[]): Vertex {
  const ids = new Set(waiting.map(({ node }) => node.id));
  const free = (others: ReadonlySet<string>): boolean => [...others].every((id) => !ids.has(id));
  return (
    waiting.find(({ upstream, tables }) => free(upstream) && free(tables)) ??
    waiting.find(({ upstream }) => free(upstream)) ??
    waiting.find((vertex) => vertex.delays) ??
    waiting[0]!
  );
}

/**
 * Returns the nodes upstream first, ties in file order, and notes circles in which nothing delays.
 *
 * A wire `via: topic` comes from the log and makes no order; a node that delays comes before those it feeds.
 */
export function orderNodes(nodes: readonly GraphNode[], lints: Lints): readonly GraphNode[] {
  const vertices = nodes.map(vertexOf);
  const byId = new Map(vertices.map((vertex) => [vertex.node.id, vertex]));
  noteLoops(vertices, byId, lints);
  const ordered: GraphNode[] = [];
  let waiting = vertices;
  while (waiting.length > 0) {
    const next = nextOf(waiting);
    ordered.push(next.node);
    waiting = waiting.filter((vertex) => vertex !== next);
  }
  return ordered;
}
