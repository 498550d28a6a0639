import type { Outline } from '#engine/flow/outline.ts';
import { layOut } from '../../layout/elk.ts';
import { nodeSize, type Places } from './graph-size.ts';

/**
 * Returns where the nodes of a flow stand. Wires of the market are left out: they lead to nearly everything and say
 * nothing about the order.
 */
export async function placesOf({ nodes }: Outline): Promise<Places> {
  const ids = new Set(nodes.map(({ id }) => id));
  const pairs = new Set(
    nodes.flatMap(({ id, wires }) =>
      wires.flatMap(({ kind, from }) =>
        kind !== 'market' && from !== null && ids.has(from) && from !== id ? [`${from} ${id}`] : [],
      ),
    ),
  );
  const laid = await layOut({
    id: 'flow',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.layered.spacing.nodeNodeBetweenLayers': '44',
      'elk.spacing.nodeNode': '18',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.separateConnectedComponents': 'true',
      'elk.aspectRatio': '1.1',
    },
    children: nodes.map(({ id }) => ({ id, ...nodeSize })),
    edges: [...pairs].map((pair) => {
      const [from = '', to = ''] = pair.split(' ');
      return { id: pair, sources: [from], targets: [to] };
    }),
  });
  return Object.fromEntries(
    (laid.children ?? []).map(({ id, x = 0, y = 0 }) => [
      id,
      { x: Math.round(x), y: Math.round(y) },
    ]),
  );
}
