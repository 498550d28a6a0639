/** A statechart with places, as the server drew it. Lengths in pixels; everything is measured from the left top corner. */

/** A line in a box: a transition that stays in its state. */
export interface ChartRow {
  readonly ids: readonly string[];
  readonly text: string;
}

/** A box: a state, a composite with others inside, the pill that stands for any state of a composite, or a first dot. */
export interface ChartBox {
  readonly kind: 'state' | 'composite' | 'parallel' | 'any' | 'first';
  /** Path of the state; of the composite it belongs to for `any` and `first`. */
  readonly path: string;
  readonly isFinal: boolean;
  /** A region beside others that are active at the same time. */
  readonly isRegion: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string | null;
  readonly rows: readonly ChartRow[];
}

/** What stands on an edge: the event, and under which condition it is taken. */
export interface ChartLabel {
  readonly ids: readonly string[];
  readonly event: string;
  /** Lines of the condition; none for a transition that is always taken. */
  readonly condition: readonly string[];
  /** It has a guard, so there is a line for its near misses. */
  readonly canMiss: boolean;
}

/** An arrow; several transitions from and to the same states share one. */
export interface ChartEdge {
  readonly key: string;
  readonly kind: 'event' | 'always' | 'after' | 'first';
  readonly ids: readonly string[];
  /** SVG path. */
  readonly path: string;
  /** Left top corner of the labels, which stand one below the other. */
  readonly labelAt: { readonly x: number; readonly y: number };
  readonly labels: readonly ChartLabel[];
}

/** A statechart ready to be drawn. */
export interface DrawnChart {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ChartBox[];
  readonly edges: readonly ChartEdge[];
}

/** Heights the layout leaves room for and the drawing keeps to. */
export const chartSizes = { title: 26, row: 18, label: 16, text: 7.3 } as const;

/** How high a label is: its event, its condition, and near misses where there may be some. */
export function labelHeight({ condition, canMiss }: ChartLabel): number {
  return chartSizes.label * (1 + condition.length + (canMiss ? 1 : 0)) + 4;
}
