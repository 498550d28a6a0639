import { decodeMarketBatch } from '../contracts/market-batch.ts';
import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import type { SampledRecord, TopicFact, TopicList } from './desk.ts';
import { sizesOf, topicsOn } from './topics-plan.ts';

const mostText = 1_500;
const mostSampled = 5;

/** Returns the topics of a log with end and size, those of the flow first and with their contracts. */
export async function topicFacts(log: Log, graph: FlowGraph): Promise<TopicList> {
  const planned = new Map(topicsOn(log, graph).map((plan) => [plan.topic, plan]));
  const others = (await log.topics()).filter((topic) => !planned.has(topic));
  const names = [...planned.keys(), ...others];
  const { topics: bytesOf, files, reason } = await sizesOf(log, names);
  const topics: TopicFact[] = [];
  for (const topic of names) {
    const plan = planned.get(topic);
    const ends: Record<string, number> = {};
    for (const { symbol, number } of graph.instruments) ends[symbol] = await log.end(topic, number);
    topics.push({
      topic,
      way: plan ? (plan.way === 'in' ? 'in' : 'out') : 'other',
      kind: plan?.kind ?? null,
      contract: plan?.schema ?? null,
      key: plan?.tableKey ?? null,
      ends,
      bytes: bytesOf[topic] ?? null,
    });
  }
  return { topics, files, reason };
}

function textOf({ value }: StoredRecord): string {
  if (typeof value !== 'string') {
    const batch = decodeMarketBatch(value);
    return `${value.length} bytes: ${batch.count} rows of trades, quotes and depth`;
  }
  return value.length > mostText
    ? `${value.slice(0, mostText)}… (${value.length} characters)`
    : value;
}

async function lastOf(log: Log, topic: string, partition: number, from: number, count: number) {
  try {
    return await log.read(topic, partition, from, count);
  } catch (error) {
    if (isOrderflowError(error, 'OF_LOG_TRIMMED')) return [];
    throw error;
  }
}

/** Returns the newest records of a topic, newest first: a few, never all of a stream. */
export async function sampleTopic(
  log: Log,
  graph: FlowGraph,
  topic: string,
  symbol: string,
): Promise<readonly SampledRecord[]> {
  const instrument = graph.instruments.find((one) => one.symbol === symbol);
  if (!instrument) return [];
  const end = await log.end(topic, instrument.number);
  const from = Math.max(0, end - mostSampled);
  const records = await lastOf(log, topic, instrument.number, from, end - from);
  return [...records].reverse().map((record) => ({
    offset: record.offset,
    ts: record.ts,
    schema: record.schema,
    text: textOf(record),
  }));
}
