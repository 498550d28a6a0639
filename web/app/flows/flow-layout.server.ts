import type { Outline } from '#engine/flow/outline.ts';
import { layOut } from '../../layout/elk.ts';
import { nodeSize, type Places } from './graph-size.ts';

const gap = { across: 18, down: 40 } as const;

interface Box {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
}

/**
 * Stands the nodes of each layer close together, in the order ELK found. ELK itself leaves lanes for every wire that passes
 * a layer; the picture draws wires as curves behind the nodes and has no use for them.
 */
function packed(boxes: readonly Box[]): Places {
  const rows = new Map<number, Box[]>();
  for (const box of boxes) {
    const row = rows.get(box.y ?? 0) ?? [];
    row.push(box);
    rows.set(box.y ?? 0, row);
  }
  const ordered = [...rows].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    ordered.flatMap(([, row], layer) =>
      row
        .sort((a, b) => (a.x ?? 0) - (b.x ?? 0))
        .map(({ id }, i) => [
          id,
          {
            x: (i - (row.length - 1) / 2) * (nodeSize.width + gap.across),
            y: layer * (nodeSize.height + gap.down),
          },
        ]),
    ),
  );
}

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
      'elk.separateConnectedComponents': 'false',
      // Few beside one another: the picture stands in a column, and names must be readable.
      'elk.layered.layering.strategy': 'COFFMAN_GRAHAM',
      'elk.layered.layering.coffmanGraham.layerBound': '4',
    },
    children: nodes.map(({ id }) => ({ id, ...nodeSize })),
    edges: [...pairs].map((pair) => {
      const [from = '', to = ''] = pair.split(' ');
      return { id: pair, sources: [from], targets: [to] };
    }),
  });
  return packed(laid.children ?? []);
}
