import type { TransitionInfo } from '../runtime/transitions.ts';
import type { Statechart, StateInfo } from './statechart.ts';

/** Mermaid takes these characters for its own; it reads an entity as the character itself. */
const entities: ReadonlyMap<string, string> = new Map([
  ['#', '#35;'],
  [':', '#58;'],
  [';', '#59;'],
  ['"', '#quot;'],
  ['<', '#lt;'],
  ['>', '#gt;'],
  ['\n', ' '],
]);

function escapeText(text: string): string {
  return text.replace(/[#:;"<>\n]/g, (character) => entities.get(character)!);
}

/** Mermaid's own words, such as `end`, cannot be ids; two underscores never meet in a state's name. */
function idOf(path: string): string {
  return `s__${path.replaceAll('.', '__').replaceAll('-', '_')}`;
}

const units: readonly (readonly [ms: number, unit: string])[] = [
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** `after 1200000` as people say it, `after 20m`; named delays stay. */
function eventText(event: string): string {
  const delay = /^after (\d+)$/.exec(event);
  if (!delay) return event;
  const ms = Number(delay[1]);
  const [size, unit] = units.find(([length]) => ms >= length && ms % length === 0) ?? [1, 'ms'];
  return `after ${ms / size}${unit}`;
}

/** Returns what stands on a transition: its event, and why or under which guard it is taken. */
function labelOf({ event, guard, why }: TransitionInfo): string {
  const condition = why ?? guard;
  return condition === null ? eventText(event) : `${eventText(event)} [${condition}]`;
}

function isWithin(path: string, ancestor: string | null): boolean {
  return ancestor === null || path === ancestor || path.startsWith(`${ancestor}.`);
}

function pathOf(source: string): string | null {
  return source === '(root)' ? null : source;
}

/** Draws one statechart; the states of a composite are written inside it. */
class Drawing {
  private readonly lines: string[] = ['stateDiagram-v2'];
  private readonly chart: Statechart;

  constructor(chart: Statechart) {
    this.chart = chart;
  }

  text(): string {
    if (this.chart.isParallel) {
      this.open(`state "${escapeText(this.chart.id)}" as all`, 1);
      this.inside(null, true, this.chart.initial, 2);
      this.line(1, '}');
    } else {
      this.inside(null, false, this.chart.initial, 1);
    }
    return `${this.lines.join('\n')}\n`;
  }

  private line(depth: number, text: string): void {
    this.lines.push(`${'  '.repeat(depth)}${text}`);
  }

  private open(text: string, depth: number): void {
    this.line(depth, `${text} {`);
  }

  /** Draws what is inside a composite (or the machine): states first, then the transitions that stay in it. */
  private inside(
    path: string | null,
    isParallel: boolean,
    initial: string | null,
    depth: number,
  ): void {
    const children = this.chart.states.filter((state) => state.parent === path);
    children.forEach((child, index) => {
      if (isParallel && index > 0) this.line(depth, '--');
      this.state(child, depth);
    });
    if (initial !== null) this.line(depth, `[*] --> ${idOf(initial)}`);
    this.transitions(path, isParallel, depth);
  }

  private state(state: StateInfo, depth: number): void {
    const name = state.kind === 'history' ? 'H' : escapeText(state.name);
    const declaration = `state "${name}" as ${idOf(state.path)}`;
    if (state.kind === 'compound' || state.kind === 'parallel') {
      this.open(declaration, depth);
      this.inside(state.path, state.kind === 'parallel', state.initial, depth + 1);
      this.line(depth, '}');
    } else {
      this.line(depth, declaration);
      if (state.kind === 'final') this.line(depth, `${idOf(state.path)} --> [*]`);
    }
  }

  private transitions(path: string | null, isParallel: boolean, depth: number): void {
    const here = this.chart.transitions.filter((transition) => this.scopeOf(transition) === path);
    const any = `any__${path === null ? 'state' : idOf(path)}`;
    if (here.some(({ source }) => pathOf(source) === path)) {
      if (isParallel) this.line(depth, '--');
      this.line(depth, `state "any" as ${any}`);
    }
    for (const transition of here) {
      const from = pathOf(transition.source) === path ? any : idOf(transition.source);
      const to =
        transition.target === null || pathOf(transition.target) === path
          ? from
          : idOf(transition.target);
      this.line(depth, `${from} --> ${to} : ${escapeText(labelOf(transition))}`);
    }
  }

  private stateAt(path: string | null): StateInfo | undefined {
    return this.chart.states.find((state) => state.path === path);
  }

  /** The composite a transition is drawn in: its source where it stays inside it, else the least that holds both ends. */
  private scopeOf({ source, target }: TransitionInfo): string | null {
    const from = pathOf(source);
    const state = this.stateAt(from);
    const holds = (scope: string | null): boolean => target === null || isWithin(target, scope);
    const isComposite = from === null || state?.kind === 'compound' || state?.kind === 'parallel';
    if (isComposite && holds(from)) return from;
    let scope = state?.parent ?? null;
    while (!holds(scope)) scope = this.stateAt(scope)?.parent ?? null;
    return scope;
  }
}

/** Returns a statechart as a Mermaid `stateDiagram-v2`; a transition of a composite itself leaves a box named "any". */
export function mermaidOf(chart: Statechart): string {
  return new Drawing(chart).text();
}
