import type { FlowGraph, Wire, WireOrigin } from '../flow/graph.ts';

/** A box of the drawing: a source, node, sink, topic or calendar time. */
interface Box {
  readonly name: string;
  readonly kind: 'source' | 'plugin' | 'statechart' | 'sink' | 'outside';
  /** What stands below the name; null for nothing. */
  readonly below: string | null;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Market data is drawn thick, a table that guards read dashed. */
  readonly kind: 'market' | 'record' | 'read';
}

interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

function originOf(origin: WireOrigin): { readonly from: string; readonly label: string } {
  switch (origin.kind) {
    case 'node':
      return { from: origin.node, label: origin.port };
    case 'market':
      return { from: origin.source, label: 'market' };
    case 'topic':
      return { from: origin.topic, label: origin.port ?? '' };
    case 'schedule':
      return {
        from: `at ${origin.at}`,
        label: typeof origin.days === 'string' ? origin.days : origin.days.join(' '),
      };
  }
}

function arrowOf(to: string, { port, kind, origin }: Wire): Arrow {
  const { from, label } = originOf(origin);
  const text = label === port || label === '' ? port : `${label} → ${port}`;
  return {
    from,
    to,
    label: kind === 'market' ? '' : text,
    kind: kind === 'market' ? 'market' : 'record',
  };
}

function drawingOf(graph: FlowGraph): Drawing {
  const named: Box[] = [
    ...graph.sources.map(
      ({ id, plugin }): Box => ({
        name: id,
        kind: 'source',
        below: `${plugin.id} ${plugin.version}`,
      }),
    ),
    ...graph.nodes.map(({ id, use, plugin }): Box => {
      const isOwn = use === null;
      return {
        name: id,
        kind: isOwn ? 'statechart' : 'plugin',
        below: isOwn ? 'statechart of the flow' : `${plugin.id} ${plugin.version}`,
      };
    }),
    ...graph.sinks.map(
      ({ id, plugin }): Box => ({
        name: id,
        kind: 'sink',
        below: `${plugin.id} ${plugin.version}`,
      }),
    ),
  ];
  const arrows = [
    ...graph.nodes.flatMap(({ id, wires }) => wires.map((wire) => arrowOf(id, wire))),
    ...graph.nodes.flatMap(({ id, tables }) =>
      Object.entries(tables).map(
        ([alias, { node, port }]): Arrow => ({
          from: node,
          to: id,
          label: alias === port ? port : `${port} as ${alias}`,
          kind: 'read',
        }),
      ),
    ),
    ...graph.sinks.flatMap(({ id, wires }) => wires.map((wire) => arrowOf(id, wire))),
  ];
  const known = new Set(named.map(({ name }) => name));
  const outside = [...new Set(arrows.map(({ from }) => from))].filter((name) => !known.has(name));
  return {
    boxes: [...named, ...outside.map((name): Box => ({ name, kind: 'outside', below: null }))],
    arrows,
  };
}

const mermaidShape: Readonly<Record<Box['kind'], readonly [open: string, close: string]>> = {
  source: ['([', '])'],
  plugin: ['[', ']'],
  statechart: ['{{', '}}'],
  sink: ['[[', ']]'],
  outside: ['>', ']'],
};

/** Mermaid's own words, such as `end`, cannot be ids. */
function mermaidId(name: string): string {
  return `n_${name.replace(/[^a-zA-Z0-9]/g, '_')}`;
}

const mermaidArrow: Readonly<Record<Arrow['kind'], string>> = {
  market: '==>',
  record: '-->',
  read: '-.->',
};

/** Returns a flow as a Mermaid flowchart: market data thick, tables that guards read dashed. */
export function flowMermaid(graph: FlowGraph): string {
  const { boxes, arrows } = drawingOf(graph);
  const lines = ['flowchart LR'];
  for (const { name, kind, below } of boxes) {
    const [open, close] = mermaidShape[kind];
    const text = below === null ? name : `${name}<br/><small>${below}</small>`;
    lines.push(`  ${mermaidId(name)}${open}"${text}"${close}`);
  }
  for (const { from, to, label, kind } of arrows) {
    lines.push(
      `  ${mermaidId(from)} ${mermaidArrow[kind]}${label === '' ? '' : `|"${label}"|`} ${mermaidId(to)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const dotShape: Readonly<Record<Box['kind'], string>> = {
  source: 'oval',
  plugin: 'box',
  statechart: 'hexagon',
  sink: 'box3d',
  outside: 'cds',
};
const dotStyle: Readonly<Record<Arrow['kind'], string>> = {
  market: 'bold',
  record: 'solid',
  read: 'dashed',
};

/** Quotes a text for DOT. */
export function dotText(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

/** Returns a flow as a DOT digraph for Graphviz. */
export function flowDot(graph: FlowGraph): string {
  const { boxes, arrows } = drawingOf(graph);
  const lines = [
    `digraph ${dotText(graph.name)} {`,
    '  rankdir=LR;',
    '  node [fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
  ];
  for (const { name, kind, below } of boxes) {
    const text = below === null ? name : `${name}\n${below}`;
    lines.push(`  ${dotText(name)} [shape=${dotShape[kind]}, label=${dotText(text)}];`);
  }
  for (const { from, to, label, kind } of arrows) {
    lines.push(
      `  ${dotText(from)} -> ${dotText(to)} [style=${dotStyle[kind]}, label=${dotText(label)}];`,
    );
  }
  return `${[...lines, '}'].join('\n')}\n`;
}
