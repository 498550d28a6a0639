import { isInState } from '#engine/inspect/event-match.ts';
import {
  type ChartBox,
  type ChartEdge,
  chartSizes,
  type DrawnChart,
  labelHeight,
} from '../../live/chart.ts';
import type { EdgeFacts, MachineValue } from '../../live/inspect.ts';
import { wordsOf } from '../center/words.ts';
import { grouped } from '../format.ts';
import { ArrowHead } from './arrow-head.tsx';
import { ZoomFrame } from './zoom-frame.tsx';

/** What is lit on a chart. */
export interface ChartLight extends EdgeFacts {
  readonly state: string;
  readonly taken: MachineValue['taken'];
}

function sumOf(ids: readonly string[], { counts }: EdgeFacts): { fired: number; blocked: number } {
  let [fired, blocked] = [0, 0];
  for (const id of ids) {
    fired += counts[id]?.fired ?? 0;
    blocked += counts[id]?.blocked ?? 0;
  }
  return { fired, blocked };
}

const isTaken = (ids: readonly string[], { taken }: ChartLight): boolean =>
  ids.some((id) => taken?.ids.includes(id));

/** A number with a unit, as short as an edge has room for. */
function short(text: string): string {
  return text.replace(/\d+\.\d+/, (number) => String(Number(Number(number).toPrecision(2))));
}

/** Of the near misses of some transitions: how many, and how little was missing at best. */
function nearText(ids: readonly string[], { nears }: EdgeFacts): string | null {
  const found = ids.flatMap((id) => nears[id] ?? []);
  const [best] = [...found].sort((a, b) => a.shortfall - b.shortfall);
  if (!best) return null;
  const count = found.reduce((sum, near) => sum + near.count, 0);
  const by = best.missed.find((leaf) => leaf.by !== null)?.by ?? null;
  return `≈${grouped(count)}${by === null ? '' : ` by ${short(by)}`}`;
}

/** How often it was taken and refused today; nothing where neither happened. */
function Counts({ ids, light }: { readonly ids: readonly string[]; readonly light: ChartLight }) {
  const { fired, blocked } = sumOf(ids, light);
  return (
    <>
      {fired > 0 ? <tspan className="chart-fired"> ✔{grouped(fired)}</tspan> : null}
      {blocked > 0 ? <tspan className="chart-blocked"> ✖{grouped(blocked)}</tspan> : null}
    </>
  );
}

/** Near misses of a line in a box, which has no room for more than how many. */
function NearMark({ ids, light }: { readonly ids: readonly string[]; readonly light: ChartLight }) {
  const text = nearText(ids, light);
  if (text === null) return null;
  return (
    <tspan className="chart-near">
      {' '}
      <title>{text}</title>
      {text.split(' ')[0]}
    </tspan>
  );
}

/** Lines of a box: transitions that stay. */
function Rows({ box, light }: { readonly box: ChartBox; readonly light: ChartLight }) {
  const { x, y, rows } = box;
  return rows.map(({ ids, text }, i) => (
    <text
      key={text}
      x={x + 12}
      y={y + chartSizes.title + 12 + i * chartSizes.row}
      className={isTaken(ids, light) ? 'chart-row is-taken' : 'chart-row'}
    >
      {text}
      <Counts ids={ids} light={light} />
      <NearMark ids={ids} light={light} />
    </text>
  ));
}

/** The pill that stands for any state of a composite. */
function Pill({ box, light }: { readonly box: ChartBox; readonly light: ChartLight }) {
  const { x, y, width, height, title } = box;
  return (
    <g className="chart-box chart-any">
      <rect x={x} y={y} width={width} height={height} rx={13} />
      <text x={x + 12} y={y + 18} className="chart-title">
        {title}
      </text>
      <Rows box={box} light={light} />
    </g>
  );
}

function State({ box, light }: { readonly box: ChartBox; readonly light: ChartLight }) {
  const { kind, path, x, y, width, height, title, description, isFinal, isRegion } = box;
  const isActive = light.state !== '' && isInState(light.state, path);
  const look = ['chart-box', `chart-${kind}`, isRegion && 'chart-region', isActive && 'is-active'];
  const mark = kind === 'state' ? '● ' : '◉ ';
  return (
    <g className={look.filter(Boolean).join(' ')} data-state={path}>
      {description === null ? null : <title>{description}</title>}
      <rect x={x} y={y} width={width} height={height} rx={6} />
      {isFinal ? <rect x={x + 4} y={y + 4} width={width - 8} height={height - 8} rx={3} /> : null}
      <text x={x + 12} y={y + 18} className="chart-title">
        {isActive ? mark : ''}
        {wordsOf(title)}
      </text>
      <Rows box={box} light={light} />
    </g>
  );
}

function Box({ box, light }: { readonly box: ChartBox; readonly light: ChartLight }) {
  const { kind, x, y } = box;
  if (kind === 'first') return <circle className="chart-first" cx={x + 6} cy={y + 6} r={5} />;
  return kind === 'any' ? <Pill box={box} light={light} /> : <State box={box} light={light} />;
}

/** What stands on an edge, one transition below the other. */
function Labels({ edge, light }: { readonly edge: ChartEdge; readonly light: ChartLight }) {
  const { kind, labels, labelAt } = edge;
  let y = labelAt.y;
  return labels.map((label) => {
    const { ids, event, condition } = label;
    const top = y + 12;
    y += labelHeight(label);
    const near = nearText(ids, light);
    return (
      <text
        key={ids.join()}
        className={isTaken(ids, light) ? 'chart-label is-taken' : 'chart-label'}
        x={labelAt.x}
        y={top}
      >
        <tspan className={`chart-event chart-event-${kind}`}>{event}</tspan>
        <Counts ids={ids} light={light} />
        {condition.map((line, i) => (
          <tspan
            key={line}
            x={labelAt.x}
            y={top + (i + 1) * chartSizes.label}
            className="chart-why"
          >
            {line}
          </tspan>
        ))}
        {near === null ? null : (
          <tspan
            x={labelAt.x}
            y={top + (condition.length + 1) * chartSizes.label}
            className="chart-near"
          >
            {near}
          </tspan>
        )}
      </text>
    );
  });
}

/** A statechart: active states ringed and filled, the last taken edge bold, counts of today on every edge. */
export function Chart({
  chart,
  light,
}: {
  readonly chart: DrawnChart;
  readonly light: ChartLight;
}) {
  const { boxes, edges } = chart;
  const [width, height] = [Math.ceil(chart.width), Math.ceil(chart.height)];
  const isLit = (edge: ChartEdge): boolean => edge.kind !== 'first' && isTaken(edge.ids, light);
  const [lit, unlit] = [edges.filter(isLit), edges.filter((edge) => !isLit(edge))];
  // The table of transitions below says the same to those who do not see it.
  return (
    <ZoomFrame label="Statechart" active={light.state} picture={{ width, height }}>
      {(scale) => (
        <svg
          className="chart"
          width={Math.ceil(width * scale)}
          height={Math.ceil(height * scale)}
          viewBox={`0 0 ${width} ${height}`}
          aria-hidden="true"
        >
          <defs>
            <ArrowHead id="arrow-plain" look="plain" />
            <ArrowHead id="arrow-lit" look="lit" />
          </defs>
          {boxes.map((box) => (
            <Box key={`${box.path}|${box.kind}`} box={box} light={light} />
          ))}
          {[...unlit, ...lit].map((edge) => (
            <g key={edge.key}>
              <path
                className={`chart-edge chart-edge-${edge.kind}${isLit(edge) ? ' is-taken' : ''}`}
                d={edge.path}
                markerEnd={`url(#arrow-${isLit(edge) ? 'lit' : 'plain'})`}
              />
              <Labels edge={edge} light={light} />
            </g>
          ))}
        </svg>
      )}
    </ZoomFrame>
  );
}
