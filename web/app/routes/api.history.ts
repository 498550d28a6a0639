import type { LoaderFunctionArgs } from '@remix-run/node';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { GraphNode } from '#engine/flow/graph.ts';
import { contractId } from '#engine/plugin/port.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import { latestRows, type SeriesPlace, sampledRows } from '../../gateway/series.ts';
import type { Row } from '../../live/values.ts';
import { chosenOf } from '../chosen-task.server.ts';

/** What the price pane draws: bars of time with their delta, and the bands of VWAP, prices as decimals. */
export interface PriceHistory {
  /** Port the bars come from; null when no node of the flow makes bars of time. */
  readonly bars: {
    readonly node: string;
    readonly port: string;
    /** How long a bar is; null when the node does not say. */
    readonly minutes: number | null;
    readonly rows: readonly Row[];
  } | null;
  /** Rows of the anchor `globex`; null when no node of the flow publishes bands. */
  readonly bands: readonly Row[] | null;
}

const mostBars = 330;
const mostBands = 240;
const anchor = 'globex';

function placeOf(
  live: LiveTask | null,
  contract: string,
  fits: (node: GraphNode) => boolean = () => true,
): (SeriesPlace & { readonly node: GraphNode; readonly port: string }) | null {
  if (!live) return null;
  const { graph, log, runner } = live;
  for (const node of graph.nodes) {
    for (const [port, { schema }] of Object.entries(node.plugin.out)) {
      if (contractId(schema, node.plugin.id, port) !== contract || !fits(node)) continue;
      const topic = flowTopics(graph.name).port(node.id, port);
      return { log, topic, instrument: runner.task.instrument, schema, node, port };
    }
  }
  return null;
}

/** Bars and bands of the last day or so of an instrument, read from the flow's own topics. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  const { live, isUnknown } = chosenOf(context.engine, request);
  if (isUnknown) return Response.json({ error: 'no instrument of this flow' }, { status: 404 });
  const bars = placeOf(live, 'footprint-bar/1', ({ config }) => config['barType'] === 'time');
  const bands = placeOf(live, 'vwap-bands/1');
  const rows = bars ? await latestRows(bars, mostBars) : [];
  const from = Number(rows[0]?.['start'] ?? 0);
  const history: PriceHistory = {
    bars: bars && {
      node: bars.node.id,
      port: bars.port,
      minutes: minutesOf(bars.node),
      rows: rows.map(withoutRows),
    },
    bands: bands
      ? await sampledRows(bands, from, mostBands, (row) => row['anchor'] === anchor)
      : null,
  };
  return Response.json(history);
}

function minutesOf({ config: { minutes } }: GraphNode): number | null {
  return typeof minutes === 'number' ? minutes : null;
}

/** The rows at each price are many and not drawn here. */
function withoutRows({ rows: _rows, imbalances: _imbalances, stacks: _stacks, ...row }: Row): Row {
  return row;
}
