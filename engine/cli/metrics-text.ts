/** Names with values; each set of labels is one line. */
export type Labels = Readonly<Record<string, string>>;

/** A value under its labels. */
export interface Point {
  readonly labels: Labels;
  readonly value: number;
}

interface Named {
  /** Without the `_total` of a counter; ends in the unit. */
  readonly name: string;
  readonly unit?: string;
  readonly help: string;
}

/** One metric with all its points. */
export type MetricFamily = Named &
  (
    | { readonly kind: 'counter' | 'gauge'; readonly points: readonly Point[] }
    | {
        readonly kind: 'histogram';
        readonly points: readonly { readonly labels: Labels; readonly histogram: Histogram }[];
      }
  );

/** Counts values by their size, cumulated only when they are written. */
export class Histogram {
  /** Upper bounds, ascending; whatever is larger counts only in the total. */
  readonly bounds: readonly number[];
  readonly counts: number[];
  count = 0;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = bounds.map(() => 0);
  }

  /** Counts `times` values of one size. */
  observe(value: number, times = 1): void {
    this.count += times;
    this.sum += value * times;
    const place = this.bounds.findIndex((bound) => value <= bound);
    if (place >= 0) this.counts[place] = (this.counts[place] ?? 0) + times;
  }
}

/** What the format's name is on the wire. */
export const metricsContentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** A bound is part of a name, so it is written as a float wherever it comes from: 1.0, never 1. */
function boundText(bound: number): string {
  const text = String(bound);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}\n`;
}

function histogramText(name: string, labels: Labels, histogram: Histogram): string {
  let below = 0;
  const buckets = histogram.bounds.map((bound, i) => {
    below += histogram.counts[i] ?? 0;
    return sample(`${name}_bucket`, { ...labels, le: boundText(bound) }, below);
  });
  return [
    ...buckets,
    sample(`${name}_bucket`, { ...labels, le: '+Inf' }, histogram.count),
    sample(`${name}_count`, labels, histogram.count),
    sample(`${name}_sum`, labels, histogram.sum),
  ].join('');
}

function familyText(family: MetricFamily): string {
  const { name, unit, help, kind } = family;
  const head = [
    `# TYPE ${name} ${kind}\n`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}\n`]),
    `# HELP ${name} ${escaped(help)}\n`,
  ];
  const body =
    family.kind === 'histogram'
      ? family.points.map(({ labels, histogram }) => histogramText(name, labels, histogram))
      : family.points.map(({ labels, value }) =>
          sample(family.kind === 'counter' ? `${name}_total` : name, labels, value),
        );
  return [...head, ...body].join('');
}

/**
 * Writes metrics in the text format of OpenMetrics 1.0.
 *
 * @source OpenMetrics 1.0, section "Text format".
 */
export function metricsText(families: readonly MetricFamily[]): string {
  return `${families.map(familyText).join('')}# EOF\n`;
}
