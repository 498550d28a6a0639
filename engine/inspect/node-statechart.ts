import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { type Statechart, statechartOf } from './statechart.ts';

/**
 * Builds the statechart of one node; null when the node has no machine. A machine is made for it: those of a running
 * task have their guards watched and can no longer be read.
 *
 * @throws {OF_NODE_UNKNOWN} when the flow has no node of the name.
 */
export function statechartOfNode(graph: FlowGraph, id: string): Statechart | null {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  const instrument = graph.instruments[0];
  if (!node || !instrument)
    throw new OrderflowError('OF_NODE_UNKNOWN', { node: id, flow: graph.name });
  const environment = { table: () => undefined, now: () => 0, memory: {} };
  const machine = node.plugin.machine?.({ config: node.config as never, instrument, environment });
  return machine ? statechartOf(machine) : null;
}
