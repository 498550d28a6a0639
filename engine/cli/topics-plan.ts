import { deploymentSchema, deploymentTopic } from '../contracts/deployment.ts';
import { probeSchema } from '../contracts/journal.ts';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { isOrderflowError } from '../errors.ts';
import type { FlowGraph, Wire } from '../flow/graph.ts';
import { contractId } from '../plugin/port.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, LogSizes } from '../runtime/ports.ts';
import { recordsFrom } from './metrics.ts';

/** A topic that a flow reads or writes. */
export interface FlowTopic {
  readonly topic: string;
  readonly way: 'in' | 'out' | 'state';
  /** Contract and version of its records; null where another flow's contract is not named. */
  readonly schema: string | null;
  /** `event` happens once, `table` keeps the latest row, `log` is the engine's own. */
  readonly kind: 'market' | 'event' | 'table' | 'log';
  /** The payload field that keys a table; the record's own key is always the instrument. */
  readonly tableKey: string | null;
}

/** A topic as the log has it. */
export interface TopicState {
  readonly plan: FlowTopic;
  /** One entry for each instrument of the flow. */
  readonly partitions: readonly {
    readonly partition: number;
    readonly instrument: string;
    /** Offset of the oldest record kept. */
    readonly first: number;
    /** Offset the next record will get. */
    readonly end: number;
    /** Records kept; where it is not exact, not more than so many. */
    readonly records: number;
    readonly isExact: boolean;
  }[];
}

/** Returns how much room topics of a log take, and why that is not known where it is not. */
export async function sizesOf(log: Log, topics: readonly string[]): Promise<LogSizes> {
  const unknown = { topics: {}, files: null, reason: 'this log does not measure itself' };
  return (await log.sizes?.(topics)) ?? unknown;
}

function wireOf(graph: FlowGraph, topic: string): Wire | undefined {
  return graph.nodes
    .flatMap(({ wires }) => wires)
    .find(({ origin }) => origin.kind === 'topic' && origin.topic === topic);
}

function inputsOf(graph: FlowGraph): FlowTopic[] {
  const market = { topic: marketTopic, schema: marketSchema, kind: 'market' as const };
  const others = graph.topics.map((topic) => {
    const kind = wireOf(graph, topic)?.kind === 'table' ? ('table' as const) : ('event' as const);
    return { topic, schema: null, kind };
  });
  return [market, ...others].map((one) => ({ ...one, way: 'in' as const, tableKey: null }));
}

/**
 * Returns the topics of a flow: what it reads, what its out-ports and the engine write; on a cluster also the one that
 * keeps its state.
 */
export function topicsOfFlow(graph: FlowGraph, isCluster: boolean): readonly FlowTopic[] {
  const own = flowTopics(graph.name);
  const engine = [
    [own.journal, 'journal/1'],
    [own.probes, probeSchema],
    [own.deadLetters, 'dead-letter/1'],
    [deploymentTopic(graph.name), deploymentSchema],
  ] as const;
  const ports = graph.nodes.flatMap(({ id, plugin }) =>
    Object.entries(plugin.out).map(([port, spec]) => ({
      topic: own.port(id, port),
      way: 'out' as const,
      schema: contractId(spec.schema, plugin.id, port),
      kind: spec.kind,
      tableKey: spec.key ?? null,
    })),
  );
  return [
    ...inputsOf(graph),
    ...ports,
    ...engine.map(([topic, schema]) => ({
      topic,
      way: 'out' as const,
      schema,
      kind: 'log' as const,
      tableKey: null,
    })),
    ...(isCluster ? [stateOf(graph)] : []),
  ];
}

/** The compacted topic of committed offsets and checkpoints; what is in it is the log's own. */
function stateOf({ name }: FlowGraph): FlowTopic {
  return { topic: `${name}.state`, way: 'state', schema: null, kind: 'log', tableKey: null };
}

/** Returns the offset of the oldest record kept; the end where nothing is. */
async function firstOf(log: Log, topic: string, partition: number, end: number): Promise<number> {
  if (end === 0) return 0;
  try {
    const [record] = await log.read(topic, partition, 0, 1);
    return record?.offset ?? end;
  } catch (error) {
    if (isOrderflowError(error, 'OF_LOG_TRIMMED')) return Number(error.facts['first']);
    throw error;
  }
}

/** Returns how the log has a topic, for each instrument of the flow. */
export async function stateOfTopic(
  log: Log,
  graph: FlowGraph,
  plan: FlowTopic,
): Promise<TopicState> {
  if (plan.way === 'state') return { plan, partitions: [] };
  const partitions = await Promise.all(
    graph.instruments.map(async ({ symbol, number }) => {
      const end = await log.end(plan.topic, number);
      const first = await firstOf(log, plan.topic, number, end);
      const count = await recordsFrom(log, plan.topic, number, first);
      return { partition: number, instrument: symbol, first, end, ...count };
    }),
  );
  return { plan, partitions };
}
