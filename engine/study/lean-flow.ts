import { outcomeFields } from '../contracts/outcome.ts';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import { contractId, type RecordPort } from '../plugin/port.ts';
import type { AnySensor } from '../runtime/node.ts';

/** Topic by which a shuffled run gets the levels of the real one. */
export const levelsTopic = 'study.levels';

/** Contracts whose records stay the real ones when days are shuffled. */
const levelContracts: ReadonlySet<string> = new Set(['completed-profile/1', 'prior-profile/1']);

/** Returns the out-ports of a flow that are wanted, as `node.port`. */
function portsOf(
  graph: FlowGraph,
  isWanted: (spec: RecordPort, plugin: string, port: string) => boolean,
): ReadonlySet<string> {
  return new Set(
    graph.nodes.flatMap(({ id, plugin }) =>
      Object.entries(plugin.out)
        .filter(([port, spec]) => isWanted(spec, plugin.id, port))
        .map(([port]) => `${id}.${port}`),
    ),
  );
}

/** Returns the out-ports that tell what became of setups: events with all fields of an outcome, perhaps with more. */
export function outcomePorts(graph: FlowGraph): ReadonlySet<string> {
  return portsOf(
    graph,
    ({ kind, schema }) =>
      kind === 'event' && Object.keys(outcomeFields).every((field) => field in schema.shape),
  );
}

/** Returns the out-ports that hand on a completed session. */
export function levelPorts(graph: FlowGraph): ReadonlySet<string> {
  return portsOf(graph, ({ schema }, plugin, port) =>
    levelContracts.has(contractId(schema, plugin, port)),
  );
}

function readsOf({ wires, tables }: GraphNode): { node: string; port: string }[] {
  const wired = wires.flatMap(({ origin }) => (origin.kind === 'node' ? [origin] : []));
  return [...wired, ...Object.values(tables)];
}

/** A view that nobody reads is not computed, and probes say nothing; the maxima behind them are still emptied. */
function leanSensor(plugin: AnyProcessor, id: string, read: ReadonlySet<string>): AnyProcessor {
  const sensor = plugin.sensor as unknown as AnySensor | undefined;
  if (!sensor) return plugin;
  const views = Object.entries(sensor.views ?? {}).filter(([port]) => read.has(`${id}.${port}`));
  const { probes, ...rest } = sensor;
  const lean: AnySensor = {
    ...rest,
    views: Object.fromEntries(views),
    ...(probes && sensor.peaks ? { probes: {} } : {}),
  };
  return { ...plugin, sensor: lean };
}

/** Returns a flow with only the nodes that outcomes follow from, and of those only what others read. */
export function leanFlow(graph: FlowGraph): FlowGraph {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const needed = new Set<string>();
  const need = (id: string): void => {
    const node = byId.get(id);
    if (!node || needed.has(id)) return;
    needed.add(id);
    for (const read of readsOf(node)) need(read.node);
  };
  for (const name of outcomePorts(graph)) need(name.slice(0, name.indexOf('.')));
  const nodes = graph.nodes.filter(({ id }) => needed.has(id));
  const read = new Set(nodes.flatMap(readsOf).map(({ node, port }) => `${node}.${port}`));
  return {
    ...graph,
    sinks: [],
    nodes: nodes.map((node) => ({ ...node, plugin: leanSensor(node.plugin, node.id, read) })),
  };
}

/** Returns a flow whose wires from level ports come from a topic, so that a run can be given another's levels. */
export function withGivenLevels(graph: FlowGraph): FlowGraph {
  const cut = levelPorts(graph);
  return {
    ...graph,
    topics: [...graph.topics, levelsTopic],
    nodes: graph.nodes.map((node) => ({
      ...node,
      wires: node.wires.map((wire) => {
        const { origin } = wire;
        if (origin.kind !== 'node' || !cut.has(`${origin.node}.${origin.port}`)) return wire;
        const port = `${origin.node}.${origin.port}`;
        return { ...wire, origin: { kind: 'topic', topic: levelsTopic, port } as const };
      }),
    })),
  };
}
