import type { FlowGraph, GraphNode, Wire } from './graph.ts';
import type { Lints } from './lint-table.ts';
import { originText } from './origin-text.ts';

/** The plugin every order must pass. */
const riskGate = 'risk-gate';

type FlowSink = FlowGraph['sinks'][number];

/** Returns where a wire's records begin without having passed a risk gate; null when all have. */
function unguarded(
  wire: Wire,
  nodes: ReadonlyMap<string, GraphNode>,
  seen: ReadonlySet<string>,
): string | null {
  const node = wire.origin.kind === 'node' ? nodes.get(wire.origin.node) : undefined;
  if (!node) return originText(wire);
  if (node.plugin.id === riskGate || seen.has(node.id)) return null;
  if (node.wires.length === 0) return originText(wire);
  for (const inner of node.wires) {
    const found = unguarded(inner, nodes, new Set([...seen, node.id]));
    if (found !== null) return originText(wire);
  }
  return null;
}

function lintGate(gate: GraphNode, lints: Lints): void {
  const flatBy = gate.config['flatBy'];
  if (flatBy === undefined || flatBy === null) {
    lints.add('WF081.flat', gate.place, { name: gate.id }, 'write with: { flatBy: "15:55" }');
  }
  const kill = gate.wires.find(({ port }) => port === 'kill');
  const wired = kill?.origin.kind === 'topic' && kill.origin.topic === 'control.commands';
  if (!wired)
    lints.add('WF082.kill', gate.place, { name: gate.id }, 'write in: { kill: control.kill }');
}

/** Notes orders that could reach a broker past the risk gate, and a gate without flat-by time or kill switch. */
export function lintSafety(
  nodes: readonly GraphNode[],
  sinks: readonly FlowSink[],
  lints: Lints,
): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const brokers = sinks.filter(({ plugin }) => plugin.needs.includes('broker'));
  if (brokers.length === 0) return;
  for (const sink of brokers) {
    for (const wire of sink.wires) {
      const origin = unguarded(wire, byId, new Set());
      if (origin !== null)
        lints.add(
          'WF080.path',
          wire.place,
          { sink: sink.id, origin },
          'put a risk-gate node between',
        );
    }
  }
  for (const node of nodes) if (node.plugin.id === riskGate) lintGate(node, lints);
}
