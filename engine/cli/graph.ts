import { mermaidOf } from '../inspect/mermaid.ts';
import { statechartOfNode } from '../inspect/node-statechart.ts';
import type { Command } from './command.ts';
import { flowDot, flowMermaid } from './graph-text.ts';
import { flowOptions, loadFlow } from './load-flow.ts';
import { statechartDot } from './statechart-dot.ts';

const formats = ['mermaid', 'dot'] as const;

/** `orderflow graph`: draws a flow, or the statechart of one of its nodes. */
export const command: Command = {
  name: 'graph',
  summary: 'Draw a flow or the statechart of one of its nodes, as Mermaid or DOT text',
  words: ['FLOW'],
  options: [
    { name: 'format', value: 'FORMAT', summary: 'mermaid (default) or dot' },
    { name: 'node', value: 'NODE', summary: 'Draw the statechart of this node' },
    ...flowOptions,
  ],
  examples: [
    [
      'orderflow graph flows/pro-course.flow.yaml > flow.mmd',
      'writes the wires of the flow as a Mermaid flowchart',
    ],
    [
      'orderflow graph flows/pro-course.flow.yaml --node strategy',
      'shows the states and transitions of one machine',
    ],
    [
      'orderflow graph flows/pro-course.flow.yaml --format dot | dot -Tsvg > flow.svg',
      'draws it with Graphviz',
    ],
  ],
  async run(host, args) {
    const format = args.choice('format', formats);
    const graph = await loadFlow(host, args.words[0] ?? '', args);
    const id = args.text('node');
    if (id === null) {
      host.stdout.write(format === 'dot' ? flowDot(graph) : flowMermaid(graph));
      return 0;
    }
    const chart = statechartOfNode(graph, id);
    if (!chart) {
      host.stderr.write(
        `Node '${id}' has no statechart: its sensor writes its records by itself.\n`,
      );
      return 1;
    }
    host.stdout.write(format === 'dot' ? statechartDot(chart) : mermaidOf(chart));
    return 0;
  },
};
