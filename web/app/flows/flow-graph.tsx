import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  getBezierPath,
  Handle,
  type Node,
  type NodeChange,
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
import { MoveMenu } from './move-menu.tsx';
import { rateText } from './rate-text.ts';
import type { Layout } from './use-layout.ts';

/** What a node of the picture shows. */
interface NodeData extends Record<string, unknown> {
  readonly node: OutlineNode;
  readonly problems: number;
  readonly isChosen: boolean;
  /** The draft has it otherwise than what runs, or than the file where nothing runs. */
  readonly isChanged: boolean;
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
  const { node, problems, isChosen, isChanged, isLive } = data;
  return (
    <div className={`flow-node role-${node.role}${isChosen ? ' is-chosen' : ''}`}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="node-name">
        <span aria-hidden="true">{roles[node.role]}</span> {node.id}
        {isChanged ? (
          <span className="node-changed" title="changed, not deployed">
            {' '}
            ◆<span className="hidden-visually"> changed</span>
          </span>
        ) : null}
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
  changed: ReadonlySet<string>,
  isLive: boolean,
): FlowNode[] {
  return outline.nodes.map((node) => ({
    id: node.id,
    type: 'flow',
    position: places[node.id] ?? { x: 0, y: 0 },
    ...nodeSize,
    selected: node.id === chosen,
    ariaLabel: `${node.id}, ${node.plugin ?? 'statechart'}`,
    data: {
      node,
      problems: problems.get(node.id) ?? 0,
      isChosen: node.id === chosen,
      isChanged: changed.has(node.id),
      isLive,
    },
  }));
}

interface WireData extends Record<string, unknown> {
  /** Ports whose records go along it, `node.port`; none for the market, which is counted on Health. */
  readonly ports: readonly string[];
  readonly isLive: boolean;
}

type WireEdge = Edge<WireData, 'wire'>;

/** A wire with how much goes along it; a dash while nothing does. */
const WireLine = memo(function WireLine({ data, ...at }: EdgeProps<WireEdge>) {
  const { ports, isLive } = data ?? { ports: [], isLive: false };
  const rates = useLive(isLive && ports.length > 0 ? 'rates' : null);
  const [path, labelX, labelY] = getBezierPath(at);
  const label = isLive && ports.length > 0 ? rateText(rates, ports) : undefined;
  return (
    <BaseEdge
      id={at.id}
      path={path}
      {...(label === undefined ? {} : { label, labelX, labelY, labelShowBg: true })}
    />
  );
});

const edgeTypes = { wire: WireLine };

/** Every wire that is drawn, one for each pair of nodes. */
function edgesOf({ nodes }: Outline, withMarket: boolean, isLive: boolean): WireEdge[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const seen = new Map<string, WireEdge>();
  for (const { id, wires } of nodes) {
    for (const { from, kind, what } of wires) {
      if (from === null || !ids.has(from) || (kind === 'market' && !withMarket)) continue;
      const key = `${from} ${id}`;
      const port = `${from}.${what}`;
      const known = seen.get(key);
      const ports = new Set(known?.data?.ports);
      if (kind !== 'market') ports.add(port);
      seen.set(key, {
        id: key,
        type: 'wire',
        source: from,
        target: id,
        className: `wire-${kind}`,
        ariaLabel: known ? `${known.ariaLabel ?? ''}, ${port}` : `${port} to ${id}`,
        data: { ports: [...ports], isLive },
      });
    }
  }
  return [...seen.values()];
}

/** Where nodes stand: by the layout, by hand, and while one is dragged wherever the pointer is. */
function usePlaces(places: Places, { moved, move }: Layout, choose: (node: string) => void) {
  const [dragged, setDragged] = useState<Places>({});
  const standing = useMemo(() => ({ ...places, ...moved, ...dragged }), [places, moved, dragged]);
  const takeChanges = (changes: readonly NodeChange<FlowNode>[]): void => {
    for (const change of changes) {
      // By Enter or Space on a node that has the focus.
      if (change.type === 'select' && change.selected) choose(change.id);
      if (change.type !== 'position' || !change.position) continue;
      const { id, position, dragging } = change;
      if (dragging === true) setDragged({ [id]: position });
      else {
        // A press that moved nothing is none.
        const was = { ...places, ...moved }[id];
        if (was?.x !== position.x || was.y !== position.y) move(id, position);
        setDragged({});
      }
    }
  };
  return { standing, takeChanges };
}

/** The nodes of a flow and their wires; what is chosen here is chosen in the text, and the other way round. */
export function FlowGraph({
  outline,
  places,
  layout,
  chosen,
  problems,
  changed,
  isLive,
  onChoose,
}: {
  readonly outline: Outline;
  /** Where the layout puts nodes that were not moved by hand. */
  readonly places: Places;
  readonly layout: Layout;
  readonly chosen: string | null;
  /** Mistakes by node. */
  readonly problems: ReadonlyMap<string, number>;
  /** Nodes that the draft has otherwise. */
  readonly changed: ReadonlySet<string>;
  readonly isLive: boolean;
  readonly onChoose: (node: string) => void;
}) {
  const [withMarket, setWithMarket] = useState(false);
  const { standing, takeChanges } = usePlaces(places, layout, onChoose);
  const nodes = useMemo(
    () => boxesOf(outline, standing, chosen, problems, changed, isLive),
    [outline, standing, chosen, problems, changed, isLive],
  );
  const edges = useMemo(() => edgesOf(outline, withMarket, isLive), [outline, withMarket, isLive]);
  return (
    <div className="flow-graph" data-testid="flow-graph">
      <div className="graph-options">
        <label className="graph-option">
          <input
            type="checkbox"
            checked={withMarket}
            onChange={(event) => setWithMarket(event.currentTarget.checked)}
          />
          market wires
        </label>
        {layout.canMove ? <MoveMenu chosen={chosen} places={standing} layout={layout} /> : null}
      </div>
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode="dark"
          fitView
          fitViewOptions={{ padding: 0.04, maxZoom: 1 }}
          minZoom={0.2}
          nodesDraggable={layout.canMove}
          onNodesChange={takeChanges}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          onNodeClick={(_, node) => onChoose(node.id)}
        >
          <Background gap={20} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}
