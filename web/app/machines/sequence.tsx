import { useSearchParams } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import type { LogRow, LogView } from '../../live/inspect.ts';
import { Link } from '../components/link.tsx';
import { clockText } from '../format.ts';
import { addressAt } from './address-at.ts';
import { ArrowHead } from './arrow-head.tsx';
import { Older } from './older.tsx';
import { changedStates, stateWords } from './state-words.ts';

const mostRows = 36;
const laneWidth = 132;
const rowHeight = 38;
const headHeight = 30;
const timeWidth = 76;

/** Lanes in the order in which machines spoke first; who caused something has a lane too. */
function lanesOf(rows: readonly LogRow[]): string[] {
  const lanes = new Set<string>();
  for (const { node, cause } of rows) {
    if (cause.kind === 'port') lanes.add(cause.node);
    lanes.add(node);
  }
  return [...lanes];
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function Message({
  row,
  y,
  lanes,
  isOwn,
}: {
  readonly row: LogRow;
  readonly y: number;
  readonly lanes: readonly string[];
  readonly isOwn: boolean;
}) {
  const middle = (node: string): number =>
    timeWidth + lanes.indexOf(node) * laneWidth + laneWidth / 2;
  const x = middle(row.node);
  const from = row.cause.kind === 'port' ? middle(row.cause.node) : x;
  const isSelf = from === x;
  return (
    <g className={isOwn ? 'seq-own' : ''}>
      <title>{`${row.node}: ${row.event} from ${row.cause.text}; ${stateWords(row.from)} to ${stateWords(row.to)}`}</title>
      {isSelf ? null : (
        <path className="seq-arrow" d={`M${from} ${y - 8} H${x}`} markerEnd="url(#seq-head)" />
      )}
      <text className="seq-event" x={isSelf ? x : (from + x) / 2} y={y - 12} textAnchor="middle">
        {cut(row.event, 18)}
      </text>
      <rect x={x - laneWidth / 2 + 4} y={y - 6} width={laneWidth - 8} height={20} rx={4} />
      <text className="seq-state" x={x} y={y + 8} textAnchor="middle">
        {cut(stateWords(changedStates(row.from, row.to).to), 17)}
      </text>
    </g>
  );
}

/** The lanes with everything on them. */
function Lanes({
  rows,
  zone,
  node,
}: {
  readonly rows: readonly LogRow[];
  readonly zone: string;
  readonly node: string;
}) {
  const lanes = lanesOf(rows);
  const width = timeWidth + lanes.length * laneWidth;
  const height = headHeight + rows.length * rowHeight + 12;
  return (
    <svg
      className="seq"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <defs>
        <ArrowHead id="seq-head" look="plain" />
      </defs>
      {lanes.map((lane, i) => {
        const x = timeWidth + i * laneWidth + laneWidth / 2;
        return (
          <g key={lane}>
            <text
              className={lane === node ? 'seq-lane is-active' : 'seq-lane'}
              x={x}
              y={18}
              textAnchor="middle"
            >
              {cut(lane, 17)}
            </text>
            <line className="seq-line" x1={x} x2={x} y1={headHeight - 4} y2={height} />
          </g>
        );
      })}
      {rows.map((row, i) => {
        const y = headHeight + i * rowHeight + 22;
        return (
          <g key={row.seq}>
            <text className="seq-time" x={4} y={y + 8}>
              {clockText(zone, row.ts)}
            </text>
            <Message row={row} y={y} lanes={lanes} isOwn={row.node === node} />
          </g>
        );
      })}
    </svg>
  );
}

/** The same in words. */
function Twin({ rows, zone }: { readonly rows: readonly LogRow[]; readonly zone: string }) {
  const [search] = useSearchParams();
  return (
    <details className="twin">
      <summary>The same as a table</summary>
      <div className="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">time</th>
              <th scope="col">machine</th>
              <th scope="col">event</th>
              <th scope="col">from</th>
              <th scope="col">state</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.seq}>
                <td className="num">
                  <Link to={addressAt(search, row.seq)} preventScrollReset>
                    {clockText(zone, row.ts)}
                  </Link>
                </td>
                <td>{row.node}</td>
                <td>{row.event}</td>
                <td>{row.cause.text}</td>
                <td>
                  {stateWords(row.from)} → {stateWords(row.to)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Changes of state of all machines on lanes, oldest above, with who set them off. The table below is the same in words. */
export function Sequence({
  log,
  zone,
  node,
}: {
  readonly log: LogView;
  readonly zone: string;
  readonly node: string;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const newest = log.rows[0]?.seq;
  // The newest stands below.
  useEffect(() => {
    if (newest !== undefined && frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, [newest]);
  const rows = log.rows.slice(0, mostRows).toReversed();
  const older = log.rows[mostRows]?.seq ?? log.older;
  if (rows.length === 0)
    return <p className="muted">No machine of the flow has changed its state yet.</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <div className="chart-scroll" ref={frame} tabIndex={0} role="region" aria-label="Sequence">
        <Lanes rows={rows} zone={zone} node={node} />
      </div>
      <Twin rows={rows} zone={zone} />
      <Older before={older} />
    </>
  );
}
