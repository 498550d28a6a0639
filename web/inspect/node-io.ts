import type { z } from 'zod';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { Wire } from '#engine/flow/graph.ts';
import { originText } from '#engine/flow/origin-text.ts';
import { TopicReader } from '#engine/inspect/topic-reader.ts';
import { toDecimal } from '#engine/market/price.ts';
import { toEdge } from '#engine/plugin/edge.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import type { NodeIo, PortIo } from '../live/node-io.ts';
import type { Row } from '../live/values.ts';

type Last = Pick<PortIo, 'ts' | 'value' | 'note'>;

const none = (note: string): Last => ({ ts: null, value: null, note });

/** The newest record of a topic of this instrument; with `port` the newest of that port among the last ones. */
async function lastOf(
  { log, runner }: LiveTask,
  topic: string,
  schema: z.ZodObject | null,
  port: string | null = null,
): Promise<Last> {
  const { instrument } = runner.task;
  const reader = new TopicReader(log, topic, instrument.number);
  const end = port === null ? 0 : await reader.end();
  const record =
    port === null
      ? await reader.last()
      : (await reader.page(Math.max(0, end - mostSearched), mostSearched)).findLast(
          (one) => one.port === port,
        );
  if (!record) return none('no record in the log');
  const row = JSON.parse(String(record.value)) as Row;
  const { ts: _, ...value } = schema ? toEdge(schema, row, instrument) : row;
  return { ts: record.ts, value, note: null };
}

/** Records of a topic with several ports that are looked through for one of them. */
const mostSearched = 200;

/** What the market said last, as far as the task keeps it: quote and trade, not the row itself. */
function lastMarket({ runner }: LiveTask): Last {
  const { aggressor, instrument, clock } = runner.task;
  if (clock.now === 0) return none('no record of the market yet');
  const price = (ticks: number): number => toDecimal(instrument, ticks);
  const trade = aggressor.traded === 1 ? { last: price(aggressor.lastPrice) } : {};
  const quote =
    aggressor.quoted === 1 ? { bid: price(aggressor.bid), ask: price(aggressor.ask) } : {};
  return { ts: clock.now, value: { ...trade, ...quote }, note: null };
}

async function inputOf(live: LiveTask, wire: Wire, schema: z.ZodObject | null): Promise<PortIo> {
  const { port, kind, origin, where } = wire;
  const of = { port, kind, from: originText(wire) };
  if (origin.kind === 'market') return { ...of, ...lastMarket(live) };
  if (origin.kind === 'schedule')
    return { ...of, ...none(`the calendar calls it at ${origin.at}; it brings nothing`) };
  if (origin.kind === 'topic')
    return { ...of, ...(await lastOf(live, origin.topic, schema, origin.port)) };
  const { graph } = live;
  const from = graph.nodes.find(({ id }) => id === origin.node)?.plugin.out[origin.port]?.schema;
  const topic = flowTopics(graph.name).port(origin.node, origin.port);
  const last = await lastOf(live, topic, from ?? null);
  const isFiltered = where !== undefined && last.value !== null;
  return { ...of, ...last, note: isFiltered ? 'before its `where:`' : last.note };
}

/** Reads what a node of the running flow heard and said last; null for a node that does not run. */
export async function nodeIo(live: LiveTask, id: string): Promise<NodeIo | null> {
  const { graph, runner } = live;
  const node = graph.nodes.find((one) => one.id === id);
  if (!node) return null;
  const topics = flowTopics(graph.name);
  const ins = node.wires.map((wire) => {
    const spec = node.plugin.in[wire.port];
    return inputOf(live, wire, spec && spec.kind !== 'market' ? spec.schema : null);
  });
  const outs = Object.entries(node.plugin.out).map(async ([port, { kind, schema }]) => ({
    ...{ port, kind, from: null },
    ...(await lastOf(live, topics.port(id, port), schema)),
  }));
  return {
    node: id,
    ins: await Promise.all(ins),
    outs: await Promise.all(outs),
    hasMachine: runner.task.nodes.some((one) => one.id === id && one.machine !== null),
  };
}
