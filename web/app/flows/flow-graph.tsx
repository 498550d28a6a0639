import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react';
import { memo, useMemo, useState } from 'react';
import type { Outline, OutlineNode } from '#engine/flow/outline.ts';
import { wordsOf } from '../center/words.ts';
import { useLive } from '../client/use-live.tsx';
import { nodeSize, type Places } from './graph-size.ts';

/** What a node of the picture shows. */
interface NodeData extends Record<string, unknown> {
  readonly node: OutlineNode;
  readonly problems: number;
  readonly isChosen: boolean;
  readonly isLive: boolean;
}

type FlowNode = Node<NodeData, 'flow'>;

const roles: Readonly<Record<OutlineNode['role'], string>> = {
  source: '⇥',
  plugin: '▢',
  chart: '◇',
  sink: '⇤',
};

/** The state the machine is in now; nothing for a node without one. */
function LiveState({ node }: { readonly node: string }) {
  const machines = useLive('machines');
  const state = machines?.find((machine) => machine.node === node)?.state;
  return state === undefined ? null : <span className="node-state live">{wordsOf(state)}</span>;
}

const FlowNodeBox = memo(function FlowNodeBox({ data }: NodeProps<FlowNode>) {
  const { node, problems, isChosen, isLive } = data;
  return (
    <div className={`flow-node role-${node.role}${isChosen ? ' is-chosen' : ''}`}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="node-name">
        <span aria-hidden="true">{roles[node.role]}</span> {node.id}
        {problems > 0 ? <span className="node-problems"> ⚠ {problems}</span> : null}
      </span>
      <span className="node-about">
        {isLive ? <LiveState node={node.id} /> : null}
        <span>{node.plugin ?? 'statechart'}</span>
      </span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
});

const nodeTypes = { flow: FlowNodeBox };

function boxesOf(
  outline: Outline,
  places: Places,
  chosen: string | null,
  problems: ReadonlyMap<string, number>,
  isLive: boolean,
): FlowNode[] {
  return outline.nodes.map((node) => ({
    id: node.id,
    type: 'flow',
    position: places[node.id] ?? { x: 0, y: 0 },
    ...nodeSize,
    ariaLabel: `${node.id}, ${node.plugin ?? 'statechart'}`,
    data: { node, problems: problems.get(node.id) ?? 0, isChosen: node.id === chosen, isLive },
  }));
}

function edgesOf({ nodes }: Outline, withMarket: boolean): Edge[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const seen = new Map<string, Edge>();
  for (const { id, wires } of nodes) {
    for (const { from, kind, what } of wires) {
      if (from === null || !ids.has(from) || (kind === 'market' && !withMarket)) continue;
      const key = `${from} ${id}`;
      const title = `${from}.${what}`;
      const known = seen.get(key);
      seen.set(key, {
        id: key,
        source: from,
        target: id,
        className: `wire-${kind}`,
        ariaLabel: known ? `${known.ariaLabel ?? ''}, ${title}` : `${title} to ${id}`,
      });
    }
  }
  return [...seen.values()];
}

/** The nodes of a flow and their wires; what is chosen here is chosen in the text, and the other way round. */
export function FlowGraph({
  outline,
  places,
  chosen,
  problems,
  isLive,
  onChoose,
}: {
  readonly outline: Outline;
  readonly places: Places;
  readonly chosen: string | null;
  /** Mistakes by node. */
  readonly problems: ReadonlyMap<string, number>;
  readonly isLive: boolean;
  readonly onChoose: (node: string) => void;
}) {
  const [withMarket, setWithMarket] = useState(false);
  const nodes = useMemo(
    () => boxesOf(outline, places, chosen, problems, isLive),
    [outline, places, chosen, problems, isLive],
  );
  const edges = useMemo(() => edgesOf(outline, withMarket), [outline, withMarket]);
  return (
    <div className="flow-graph" data-testid="flow-graph">
      <label className="graph-option">
        <input
          type="checkbox"
          checked={withMarket}
          onChange={(event) => setWithMarket(event.currentTarget.checked)}
        />
        market wires
      </label>
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          colorMode="dark"
          fitView
          fitViewOptions={{ padding: 0.04, maxZoom: 1 }}
          minZoom={0.2}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          onNodeClick={(_, node) => onChoose(node.id)}
          onSelectionChange={({ nodes: [one] }) => {
            if (one && one.id !== chosen) onChoose(one.id);
          }}
        >
          <Background gap={20} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}
