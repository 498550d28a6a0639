import type { ElkExtendedEdge, ElkNode, ElkPoint } from 'elkjs';
import type { Statechart, StateInfo } from '#engine/inspect/statechart.ts';
import type { TransitionInfo } from '#engine/runtime/transitions.ts';
import { layOut } from '../layout/elk.ts';
import {
  type ChartBox,
  type ChartEdge,
  type ChartLabel,
  type ChartRow,
  chartSizes,
  type DrawnChart,
  labelHeight,
} from '../live/chart.ts';
import { conditionWords, eventWords } from './transition-words.ts';

const root = '(root)';
const longestCondition = 44;
const conditionLine = 23;
/** Room beside an event for how often it was taken and refused. */
const countChars = 9;
const widest = 340;
const anyTitle = 'in any state';

const textWidth = (text: string, more = 0): number => (text.length + more) * chartSizes.text;

/** What a transition waits for beside its event, in few words. */
function conditionOf(info: TransitionInfo): string {
  const text = conditionWords(info) ?? '';
  return text.length > longestCondition ? `${text.slice(0, longestCondition - 1)}…` : text;
}

/** Breaks a condition into lines that are not wider than most events. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < conditionLine)
      lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word);
  }
  return lines;
}

/** Lines of a box: what is heard there without leaving it. */
function rowsOf(stays: readonly TransitionInfo[]): ChartRow[] {
  const rows = new Map<string, string[]>();
  for (const info of stays) {
    const condition = conditionOf(info);
    const text = `↻ ${eventWords(info)}${condition === '' ? '' : ` · ${condition}`}`;
    rows.set(text, [...(rows.get(text) ?? []), info.id]);
  }
  return [...rows].map(([text, ids]) => ({ text, ids }));
}

const layered = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  // In the order of the document: the first state stands above, and the usual way leads down.
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
};

/** Regions of a parallel machine have no arrows between them: packed they need less room than side by side. */
const packed = {
  'elk.algorithm': 'rectpacking',
  'elk.aspectRatio': '1.2',
  'elk.spacing.nodeNode': '16',
};

function isWithinRegion({ source, target }: TransitionInfo): boolean {
  if (source === root) return target === null;
  return target === null || target.split('.')[0] === source.split('.')[0];
}

interface Parts {
  readonly boxes: Map<string, Omit<ChartBox, 'x' | 'y' | 'width' | 'height'>>;
  readonly edges: Map<string, Omit<ChartEdge, 'path' | 'labels' | 'labelAt'>>;
  readonly labels: Map<string, readonly ChartLabel[]>;
}

/** Turns one statechart into ELK's graph and back. */
class ChartLayout {
  private readonly chart: Statechart;
  private readonly parts: Parts = { boxes: new Map(), edges: new Map(), labels: new Map() };

  constructor(chart: Statechart) {
    this.chart = chart;
  }

  async draw(): Promise<DrawnChart> {
    const laid = await layOut(this.graph());
    const boxes: ChartBox[] = [];
    const edges: ChartEdge[] = [];
    this.collect(laid, boxes, edges);
    return { width: laid.width ?? 0, height: laid.height ?? 0, boxes, edges };
  }

  private graph(): ElkNode {
    const { isParallel, initial } = this.chart;
    const isPacked = isParallel && this.chart.transitions.every((info) => isWithinRegion(info));
    return {
      id: 'chart',
      layoutOptions: {
        ...(isPacked ? packed : layered),
        'elk.json.shapeCoords': 'ROOT',
        'elk.json.edgeCoords': 'ROOT',
        'elk.padding': '[top=12,left=12,bottom=12,right=12]',
      },
      children: [
        ...this.helpers(root, isParallel ? null : initial),
        ...this.statesIn(null).map((state) => this.box(state, isParallel)),
      ],
      edges: this.arrows(),
    };
  }

  private statesIn(parent: string | null): readonly StateInfo[] {
    return this.chart.states.filter((state) => state.parent === parent);
  }

  private box(state: StateInfo, isRegion: boolean): ElkNode {
    const { path, name, kind, description, initial } = state;
    const isComposite = kind === 'compound' || kind === 'parallel';
    const rows = isComposite ? [] : rowsOf(this.staysAt(path));
    this.parts.boxes.set(path, {
      kind: kind === 'parallel' ? 'parallel' : isComposite ? 'composite' : 'state',
      path,
      isFinal: kind === 'final',
      isRegion,
      title: name,
      description,
      rows,
    });
    const { title, row } = chartSizes;
    const width = Math.max(textWidth(name, 8), ...rows.map(({ text }) => textWidth(text, 4)), 96);
    const height = title + 8 + rows.length * row;
    if (!isComposite) return { id: path, width: Math.min(width, widest), height };
    return {
      id: path,
      layoutOptions: {
        ...(isRegion ? layered : {}),
        'elk.padding': `[top=${title + 14},left=14,bottom=14,right=14]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${width}, ${height})`,
      },
      children: [
        ...this.helpers(path, initial),
        ...this.statesIn(path).map((child) => this.box(child, kind === 'parallel')),
      ],
    };
  }

  /** The first dot of a composite, and the pill its own transitions start from. */
  private helpers(path: string, initial: string | null): ElkNode[] {
    const helpers: ElkNode[] = [];
    const blank = { path, isFinal: false, isRegion: false, description: null };
    if (initial !== null) {
      const id = `${path}|first`;
      this.parts.boxes.set(id, { ...blank, kind: 'first', title: '', rows: [] });
      helpers.push({ id, width: 12, height: 12 });
    }
    const stays = rowsOf(this.staysAt(path));
    if (stays.length === 0 && !this.chart.transitions.some((t) => this.isFromPill(t, path)))
      return helpers;
    const id = `${path}|any`;
    this.parts.boxes.set(id, { ...blank, kind: 'any', title: anyTitle, rows: stays });
    const width = Math.max(
      textWidth(anyTitle, 4),
      ...stays.map(({ text }) => textWidth(text, countChars)),
    );
    const { title, row } = chartSizes;
    helpers.push({ id, width: Math.min(width, widest), height: title + stays.length * row });
    return helpers;
  }

  private staysAt(path: string): readonly TransitionInfo[] {
    return this.chart.transitions.filter((t) => t.source === path && t.target === null);
  }

  private isComposite(path: string): boolean {
    return path === root || this.chart.states.some((state) => state.parent === path);
  }

  /** A composite's way to a state inside it starts from its pill: an arrow from its own edge inward reads as one from outside. */
  private isFromPill({ source, target }: TransitionInfo, path: string): boolean {
    if (source !== path || target === null || !this.isComposite(path)) return false;
    return path === root || target === path || target.startsWith(`${path}.`);
  }

  private arrows(): ElkExtendedEdge[] {
    const arrows = this.firstArrows();
    const groups = new Map<string, TransitionInfo[]>();
    for (const info of this.chart.transitions) {
      if (info.target === null) continue;
      const { source, target } = info;
      const from = this.isFromPill(info, source) ? `${source}|any` : source;
      const key = `${from} → ${target}`;
      groups.set(key, [...(groups.get(key) ?? []), info]);
    }
    for (const [key, infos] of groups) arrows.push(this.arrow(key, infos));
    return arrows;
  }

  private firstArrows(): ElkExtendedEdge[] {
    const { chart } = this;
    const starts = [
      ...(chart.isParallel ? [] : [[root, chart.initial] as const]),
      ...chart.states.map(({ path, initial }) => [path, initial] as const),
    ];
    return starts.flatMap(([path, initial]) => {
      if (initial === null) return [];
      const id = `${path}|first → ${initial}`;
      this.parts.edges.set(id, { key: id, kind: 'first', ids: [] });
      return [{ id, sources: [`${path}|first`], targets: [initial] }];
    });
  }

  private arrow(key: string, infos: readonly TransitionInfo[]): ElkExtendedEdge {
    const [source = '', target = ''] = key.split(' → ');
    const [first] = infos;
    this.parts.edges.set(key, {
      key,
      kind: first?.kind ?? 'event',
      ids: infos.map(({ id }) => id),
    });
    const texts = new Map<string, TransitionInfo[]>();
    for (const info of infos) {
      const text = `${eventWords(info)}|${conditionOf(info)}`;
      texts.set(text, [...(texts.get(text) ?? []), info]);
    }
    const lines = [...texts].map(([text, alike]): ChartLabel => {
      const [event = '', condition = ''] = text.split('|');
      const ids = alike.map((info) => info.id);
      const canMiss = alike.some(({ guard }) => guard !== null);
      return { ids, event, condition: linesOf(condition), canMiss };
    });
    const widths = lines.flatMap(({ event, condition }) => [
      textWidth(event, countChars),
      ...condition.map((line) => textWidth(line)),
    ]);
    const heights = lines.map(labelHeight);
    this.parts.labels.set(key, lines);
    const height = heights.reduce((sum, one) => sum + one, 0);
    const label = { id: key, text: key, width: Math.max(...widths), height };
    return { id: key, sources: [source], targets: [target], labels: [label] };
  }

  private collect(node: ElkNode, boxes: ChartBox[], edges: ChartEdge[]): void {
    const { x = 0, y = 0, width = 0, height = 0 } = node;
    const box = this.parts.boxes.get(node.id);
    if (box) boxes.push({ ...box, x, y, width, height });
    for (const child of node.children ?? []) this.collect(child, boxes, edges);
    for (const edge of node.edges ?? []) edges.push(...this.edge(edge));
  }

  private edge({ id, sections = [], labels = [] }: ElkExtendedEdge): ChartEdge[] {
    const known = this.parts.edges.get(id);
    if (!known) return [];
    const [block] = labels;
    const path = sections
      .map(({ startPoint, bendPoints = [], endPoint }) =>
        roundedPath([startPoint, ...bendPoints, endPoint]),
      )
      .join(' ');
    const labelAt = { x: block?.x ?? 0, y: block?.y ?? 0 };
    return [{ ...known, path, labelAt, labels: this.parts.labels.get(id) ?? [] }];
  }
}

const cornerPx = 6;

function towards(from: ElkPoint, to: ElkPoint): ElkPoint {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const step = Math.min(cornerPx, length / 2);
  return { x: from.x + (dx / length) * step, y: from.y + (dy / length) * step };
}

const at = ({ x, y }: ElkPoint): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

/** Lines with rounded corners. */
function roundedPath(points: readonly ElkPoint[]): string {
  return points
    .map((point, i) => {
      const [before, next] = [points[i - 1], points[i + 1]];
      if (!before) return `M${at(point)}`;
      if (!next) return `L${at(point)}`;
      return `L${at(towards(point, before))} Q${at(point)} ${at(towards(point, next))}`;
    })
    .join(' ');
}

/** Draws a statechart: places by ELK, kept by the hash of the structure. */
export function drawChart(chart: Statechart): Promise<DrawnChart> {
  return new ChartLayout(chart).draw();
}
