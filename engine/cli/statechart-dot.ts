import type { Statechart, StateInfo } from '../inspect/statechart.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { dotText } from './graph-text.ts';

function labelOf({ event, guard, why }: TransitionInfo): string {
  const condition = why ?? guard;
  return condition === null ? event : `${event}\n[${condition}]`;
}

/** Draws states as boxes, composites as clusters around theirs. */
class Drawing {
  private readonly chart: Statechart;
  private readonly lines: string[] = [];

  constructor(chart: Statechart) {
    this.chart = chart;
  }

  text(): string {
    const { id, initial, transitions } = this.chart;
    this.lines.push(
      `digraph ${dotText(id)} {`,
      '  compound=true;',
      '  node [fontname="sans-serif", shape=box, style=rounded];',
    );
    this.lines.push(
      '  edge [fontname="sans-serif", fontsize=10];',
      `  ${dotText('(root)')} [shape=point, label=""];`,
    );
    this.states(null, 1);
    if (initial !== null) this.arrow('(root)', initial, '');
    for (const transition of transitions)
      this.arrow(transition.source, transition.target ?? transition.source, labelOf(transition));
    return `${[...this.lines, '}'].join('\n')}\n`;
  }

  private states(parent: string | null, depth: number): void {
    const pad = '  '.repeat(depth);
    for (const state of this.chart.states) {
      if (state.parent !== parent) continue;
      if (this.isComposite(state)) {
        this.lines.push(
          `${pad}subgraph ${dotText(`cluster ${state.path}`)} {`,
          `${pad}  label=${dotText(state.name)};`,
        );
        this.states(state.path, depth + 1);
        this.lines.push(`${pad}}`);
      } else
        this.lines.push(
          `${pad}${dotText(state.path)} [label=${dotText(state.name)}${state.kind === 'final' ? ', peripheries=2' : ''}];`,
        );
    }
  }

  /** Graphviz draws arrows between boxes only: one of a composite is cut at the border of its cluster. */
  private arrow(from: string, to: string, label: string): void {
    const [tail, head] = [this.leafOf(from), this.leafOf(to)];
    const cuts = [
      ...(tail === from ? [] : [`ltail=${dotText(`cluster ${from}`)}`]),
      ...(head === to ? [] : [`lhead=${dotText(`cluster ${to}`)}`]),
    ];
    this.lines.push(
      `  ${dotText(tail)} -> ${dotText(head)} [${[`label=${dotText(label)}`, ...cuts].join(', ')}];`,
    );
  }

  private leafOf(path: string): string {
    const state = this.chart.states.find((candidate) => candidate.path === path);
    if (!state || !this.isComposite(state)) return path;
    const inside = state.initial ?? this.chart.states.find(({ parent }) => parent === path)?.path;
    return inside === undefined ? path : this.leafOf(inside);
  }

  private isComposite({ kind }: StateInfo): boolean {
    return kind === 'compound' || kind === 'parallel';
  }
}

/** Returns a statechart as a DOT digraph for Graphviz. */
export function statechartDot(chart: Statechart): string {
  return new Drawing(chart).text();
}
