import type { FlowGraph } from '../flow/graph.ts';
import type { NodeSnapshot } from '../plugin/define-plugin.ts';
import { nodeKey } from './checkpoint.ts';
import type { Log } from './ports.ts';

/** The plugin of each node as it stands in the checkpoint of a log. */
export type PreviousNodes = Readonly<Record<string, Pick<NodeSnapshot, 'plugin' | 'version'>>>;

/** Returns which plugins wrote the state a flow would go on from; empty without a checkpoint. Fences a running task. */
export async function previousNodes(log: Log, graph: FlowGraph): Promise<PreviousNodes> {
  const previous: Record<string, Pick<NodeSnapshot, 'plugin' | 'version'>> = {};
  const prefix = nodeKey('');
  for (const { symbol, number } of graph.instruments) {
    const task = await log.openTask(`${graph.name}.${symbol}`, number, []);
    for (const [key, value] of task.state) {
      if (!key.startsWith(prefix)) continue;
      const { plugin, version } = JSON.parse(value) as NodeSnapshot;
      previous[key.slice(prefix.length)] = { plugin, version };
    }
    await task.close();
  }
  return previous;
}
