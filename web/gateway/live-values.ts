import type { LiveEngine } from '#engine/cli/live-engine.ts';
import { tablePort, tableRows } from '#engine/cli/live-state.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { priceDecimals, toDecimal } from '#engine/market/price.ts';
import { phaseAt, phasesOf, sessionAt } from '#engine/market/session.ts';
import { contractId } from '#engine/plugin/port.ts';
import type { Task } from '#engine/runtime/task.ts';
import { contextValue, machineValue } from '../inspect/machine-value.ts';
import type { ClockValue, FactsValue, MarketValue, PortFacts, RunValue } from '../live/values.ts';
import type { EngineFeed } from './engine-feed.ts';
import { lampsValue, machineFacts } from './machine-values.ts';
import { edgeRow } from './series.ts';
import type { TaskFeed } from './task-feed.ts';

/** How often a value is read while somebody wants it, in milliseconds of wall time. */
const periods: Readonly<Record<string, number>> = {
  market: 100,
  clock: 250,
  source: 250,
  run: 500,
  alerts: 250,
  machines: 250,
  signals: 250,
  table: 250,
  last: 250,
  lamps: 250,
  machine: 250,
  context: 250,
};

/** Returns how often a key is read. */
export function periodOf(key: string): number {
  return periods[key.split(':')[0] ?? ''] ?? 1_000;
}

/** Last price and quote; null what has not been seen yet. */
function marketValue({ aggressor, instrument, clock }: Task): MarketValue {
  const price = (ticks: number): number => toDecimal(instrument, ticks);
  return {
    last: aggressor.traded === 1 ? price(aggressor.lastPrice) : null,
    bid: aggressor.quoted === 1 ? price(aggressor.bid) : null,
    ask: aggressor.quoted === 1 ? price(aggressor.ask) : null,
    trades: clock.trades,
    volume: clock.volume,
    unknownVolume: clock.unknownVolume,
  };
}

/** Event time with where the trade day stands, and the changes of phase that are to come. */
function clockValue({ clock, instrument }: Task): ClockValue | null {
  const { now } = clock;
  if (now === 0) return null;
  const { calendar } = instrument;
  const day = sessionAt(calendar, now);
  return {
    now,
    phase: phaseAt(calendar, now),
    tradeDate: day.tradeDate,
    open: day.open,
    close: day.close,
    rthOpen: day.rthOpen,
    rthEnd: day.rthEnd,
    next: phasesOf(day).filter(({ ts }) => ts > now),
  };
}

function runValue({ rate, runner }: LiveTask): RunValue {
  const { clock, journal, nodes } = runner.task;
  return {
    rowsPerSecond: Math.round(rate.rowsPerSecond),
    pace: rate.pace,
    seq: journal.seq,
    late: clock.late,
    quarantined: nodes.filter((node) => node.quarantined).map((node) => node.id),
  };
}

const factsOf = new WeakMap<Task, FactsValue>();

function portsOf(graph: FlowGraph): Readonly<Record<string, readonly PortFacts[]>> {
  const ports: Record<string, PortFacts[]> = {};
  for (const { id, plugin } of graph.nodes) {
    for (const [port, { kind, schema }] of Object.entries(plugin.out)) {
      const row = { node: id, port, kind, plugin: plugin.id };
      (ports[contractId(schema, plugin.id, port)] ??= []).push(row);
    }
  }
  return ports;
}

function calendarOf(graph: FlowGraph): FactsValue['calendar'] {
  const times = graph.nodes.flatMap(({ id, wires }) => {
    const all = wires.flatMap(({ origin }) => (origin.kind === 'schedule' ? [origin.at] : []));
    return all.length === 0 ? [] : [[id, all] as const];
  });
  return Object.fromEntries(times);
}

function factsValue(task: Task): FactsValue {
  const { graph, instrument, nodes } = task;
  const known = factsOf.get(task);
  if (known) return known;
  const [source] = graph.sources;
  const { symbol, description, tickSize } = instrument;
  const facts: FactsValue = {
    flow: graph.name,
    version: graph.version,
    zone: graph.zone,
    instrument: {
      symbol,
      name: description,
      tickSize: tickSize.num / tickSize.den,
      decimals: priceDecimals(instrument),
    },
    instruments: graph.instruments.map((one) => one.symbol),
    source: source
      ? { id: source.id, plugin: source.plugin.id, isReplay: source.plugin.id === 'replay' }
      : null,
    ports: portsOf(graph),
    calendar: calendarOf(graph),
    machines: nodes.flatMap((node) => machineFacts(graph, node) ?? []),
  };
  factsOf.set(task, facts);
  return facts;
}

/** What a running task is read with. */
interface Running {
  readonly live: LiveTask;
  readonly task: Task;
  readonly feed: TaskFeed | null;
}

const readers: Readonly<Record<string, (of: Running) => unknown>> = {
  facts: ({ task }) => factsValue(task),
  market: ({ task }) => marketValue(task),
  clock: ({ task }) => clockValue(task),
  run: ({ live }) => runValue(live),
  machines: ({ live }) => live.watch.machines(),
  signals: ({ live }) => live.watch.signals,
  lamps: ({ task, feed }) => feed && lampsValue(task, feed),
  rates: ({ feed }) => feed?.ratesAt(performance.now()),
};

/** What values are read from. */
interface ValueSource {
  readonly engine: LiveEngine;
  readonly feed: EngineFeed;
}

/**
 * Reads the value behind a key as of now, prices as decimals. Keys: `source`, `alerts`, those of the table above, `machine:<node>`
 * and `context:<node>` for the inspector, `table:<node>.<port>` for the rows of any table, `last:<node>.<port>` for the
 * newest record of a port. Undefined while the run has not opened the task, and for keys nobody knows.
 *
 * @param symbol - The instrument; null for the flow's first.
 */
export function readValue(
  { engine, feed }: ValueSource,
  symbol: string | null,
  key: string,
): unknown {
  const live = engine.taskOf(symbol);
  if (key === 'source') return engine.control.state(live?.symbol ?? symbol);
  if (key === 'alerts') return feed.alerts.value;
  return live ? taskValue({ live, task: live.runner.task, feed: feed.of(symbol) }, key) : undefined;
}

function taskValue(running: Running, key: string): unknown {
  if (Object.hasOwn(readers, key)) return readers[key]?.(running);
  return nodeValue(running.live, key) ?? portValue(running, key);
}

/** Values of one node: `machine:<node>` and `context:<node>`. */
function nodeValue(live: LiveTask, key: string): unknown {
  const [kind, node = ''] = key.split(':');
  if (kind === 'machine') return machineValue(live, node);
  return kind === 'context' ? contextValue(live, node) : undefined;
}

/** Values of one node's port: `table:<node>.<port>` and `last:<node>.<port>`. */
function portValue({ task, feed }: Running, key: string): unknown {
  const [kind, name = ''] = key.split(':');
  const [node = '', port = ''] = name.split('.');
  const found = task.nodes.find(({ id }) => id === node);
  if (!found) return undefined;
  if (kind === 'table') return tableRows(task, node, port);
  const schema = found.graphNode.plugin.out[port]?.schema;
  const record = kind === 'last' ? feed?.lastOf(node, port) : undefined;
  if (!record || !schema) return undefined;
  return edgeRow(record, schema, task.instrument);
}

/**
 * Reads several keys of an instrument at once, and the tables of contracts: what a page is first painted with. Contracts
 * that no node of the flow publishes are left out.
 */
export function readValues(
  source: ValueSource,
  symbol: string | null,
  keys: readonly string[],
  contracts: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const { graph } = source.engine;
  const tables = contracts.flatMap((contract) => {
    const found = graph ? tablePort(graph, contract) : null;
    return found ? [`table:${found.node}.${found.port}`] : [];
  });
  return Object.fromEntries(
    [...keys, ...tables].flatMap((key) => {
      const value = readValue(source, symbol, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
