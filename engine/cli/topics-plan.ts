import { deploymentSchema, deploymentTopic } from '../contracts/deployment.ts';
import { probeSchema } from '../contracts/journal.ts';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { commandSchema, commandTopic } from '../contracts/operator-command.ts';
import { runSchema, runTopic } from '../contracts/run.ts';
import { isOrderflowError } from '../errors.ts';
import { contractTable } from '../flow/contract-table.ts';
import type { FlowGraph, Wire } from '../flow/graph.ts';
import { contractId, keptDaysOf, type RecordPort, usualKeptDays } from '../plugin/port.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, LogSizes } from '../runtime/ports.ts';
import { recordsFrom } from './metrics.ts';
import { adminOf } from './topics-admin.ts';

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
  /** Days that a cluster keeps its records, as their contract says; null: for ever; absent: not this flow's to say. */
  readonly keptDays?: number | null;
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

/** A contract of a plugin such as `eighty.outcome/1` is kept as long as the one it extends. */
function keptDaysOfPort(spec: RecordPort, schema: string): number | null {
  if (spec.schema.meta()?.['keptDays'] !== undefined) return keptDaysOf(spec.schema);
  const extended = schema.slice(schema.lastIndexOf('.') + 1);
  const base = [...contractTable.values()].find(({ id }) => id === extended);
  return base ? keptDaysOf(base.schema) : usualKeptDays;
}

function portsOf({ name, nodes }: FlowGraph): FlowTopic[] {
  const own = flowTopics(name);
  return nodes.flatMap(({ id, plugin }) =>
    Object.entries(plugin.out).map(([port, spec]) => {
      const schema = contractId(spec.schema, plugin.id, port);
      return {
        topic: own.port(id, port),
        way: 'out' as const,
        schema,
        kind: spec.kind,
        tableKey: spec.key ?? null,
        keptDays: keptDaysOfPort(spec, schema),
      };
    }),
  );
}

/** What the engine writes beside the ports: what is few a day and has no other copy is kept for ever. */
function engineTopics({ name }: FlowGraph): FlowTopic[] {
  const own = flowTopics(name);
  const written = [
    [own.journal, 'journal/1', usualKeptDays],
    [own.probes, probeSchema, usualKeptDays],
    [own.deadLetters, 'dead-letter/1', null],
    [deploymentTopic(name), deploymentSchema, null],
    [runTopic, runSchema, null],
    [commandTopic, commandSchema, null],
  ] as const;
  return written.map(([topic, schema, keptDays]) => ({
    ...{ topic, way: 'out', schema, kind: 'log', tableKey: null, keptDays },
  }));
}

/**
 * Returns the topics of a flow: what it reads, what its out-ports and the engine write; on a cluster also those that keep
 * state and order.
 *
 * @param logOwn - Topics that the log of a cluster keeps for itself; null where there is no cluster.
 */
export function topicsOfFlow(
  graph: FlowGraph,
  logOwn: readonly string[] | null,
): readonly FlowTopic[] {
  const kept = logOwn === null ? [] : [`${graph.name}.state`, ...logOwn];
  const written = [...portsOf(graph), ...engineTopics(graph)];
  const names = new Set(written.map(({ topic }) => topic));
  return [
    // A flow may read what the engine writes, such as commands.
    ...inputsOf(graph).filter(({ topic }) => !names.has(topic)),
    ...written,
    // What is in them is the log's own.
    ...kept.map((topic) => ({
      ...{ topic, way: 'state' as const, schema: null, kind: 'log' as const, tableKey: null },
    })),
  ];
}

/** Returns the topics of a flow as its log has them. */
export function topicsOn(log: Log, graph: FlowGraph): readonly FlowTopic[] {
  return topicsOfFlow(graph, log.kind === 'kafka' ? (adminOf(log)?.own ?? []) : null);
}

/** Tells a cluster how long it keeps the topics of a flow, before they are made; other logs keep everything. */
export function declareTopics(log: Log, graph: FlowGraph): void {
  const admin = adminOf(log);
  admin?.declare(
    topicsOfFlow(graph, admin.own).flatMap(({ topic, keptDays }) =>
      keptDays === undefined ? [] : [{ topic, keptDays }],
    ),
  );
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
