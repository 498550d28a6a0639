import type { Wire } from '../flow/graph.ts';
import type { NodeInstance } from './node.ts';
import type { StoredRecord } from './ports.ts';

/** A consumer of an out-port: the node, its in-port, the filter of the wire. */
export interface Consumer {
  readonly node: NodeInstance;
  readonly wire: Wire;
}

/** Who hears what: consumers by node and port inside the task, and by `topic|port` for records from outside. */
export interface Routes {
  readonly byPort: ReadonlyMap<string, ReadonlyMap<string, readonly Consumer[]>>;
  readonly byTopic: ReadonlyMap<string, readonly Consumer[]>;
}

/** Returns who is wired to a record's topic: to its port, then to all of them. */
export function consumersOf(
  { byTopic }: Routes,
  { topic, port = '' }: StoredRecord,
): readonly Consumer[] {
  const named = port === '' ? [] : (byTopic.get(`${topic}|${port}`) ?? []);
  return [...named, ...(byTopic.get(`${topic}|`) ?? [])];
}

/** Builds the routing table of a task's nodes; consumers in graph order. */
export function createRoutes(nodes: readonly NodeInstance[]): Routes {
  const byPort = new Map<string, Map<string, Consumer[]>>(nodes.map(({ id }) => [id, new Map()]));
  const byTopic = new Map<string, Consumer[]>();
  const add = (
    map: Map<string, Consumer[]> | undefined,
    name: string,
    consumer: Consumer,
  ): void => {
    const list = map?.get(name);
    if (list) list.push(consumer);
    else map?.set(name, [consumer]);
  };
  for (const node of nodes) {
    for (const wire of node.graphNode.wires) {
      const { origin } = wire;
      if (origin.kind === 'node') add(byPort.get(origin.node), origin.port, { node, wire });
      if (origin.kind === 'topic')
        add(byTopic, `${origin.topic}|${origin.port ?? ''}`, { node, wire });
    }
  }
  return { byPort, byTopic };
}
