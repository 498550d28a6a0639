import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import type { AnySensor, NodeInstance } from '../runtime/node.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import { Task } from '../runtime/task.ts';
import { type BenchTape, medianOf, sensorsOnly } from './bench-cases.ts';
import { splitBatch } from './split-batch.ts';

/** What one node costs. */
export interface NodeCost {
  readonly node: string;
  readonly plugin: string;
  /** Its sensor by itself, armed with the records it gets in the whole flow; 0 without a sensor. */
  readonly nsPerTrade: number;
  /** Events its machine took. */
  readonly events: number;
  /** Machine, journal and hand-over of one event; null without events. */
  readonly microsPerEvent: number | null;
  /** Records of its out-ports. */
  readonly records: number;
  /** Computing and publishing its views. */
  readonly viewMs: number;
  /** Sensor, events and views together over the time of the whole flow. */
  readonly share: number;
}

/** What the nodes of a flow cost, and what is left. */
export interface NodeCosts {
  readonly trades: number;
  /** The whole flow, nothing watched. */
  readonly wholeMs: number;
  readonly tradesPerSecond: number;
  /** The loop over rows with nobody in it: decoding, clock, aggressor. */
  readonly loopNsPerTrade: number;
  readonly nodes: readonly NodeCost[];
  /** Share of the loop, and of what no row above explains. */
  readonly loopShare: number;
  readonly restShare: number;
}

type Row = Readonly<Record<string, unknown>>;

/** A record of an out-port, with the place in the tape after which it came. */
interface Made {
  readonly batch: number;
  readonly row: number;
  readonly from: string;
  readonly ts: number;
  readonly payload: Row;
}

/** What one watched run of the whole flow told. */
interface Watched {
  readonly made: readonly Made[];
  readonly eventMs: readonly number[];
  readonly viewMs: readonly number[];
  readonly events: readonly number[];
  readonly records: readonly number[];
}

const feedTopic = 'bench.feed';

function stored(instrument: Instrument, value: Uint8Array, offset: number): StoredRecord {
  const { symbol, number } = instrument;
  const place = { topic: marketTopic, key: symbol, ts: 0, schema: marketSchema };
  return { ...place, value, partition: number, offset };
}

/** A stop watch that charges each moment to the node that is innermost. */
class Stack {
  readonly ms: number[];
  private readonly clock: () => number;
  private readonly open: number[] = [];
  private since = 0;

  constructor(count: number, clock: () => number) {
    this.ms = Array.from({ length: count }, () => 0);
    this.clock = clock;
  }

  /** Whether nobody is charged. */
  get isIdle(): boolean {
    return this.open.length === 0;
  }

  run<T>(node: number, work: () => T): T {
    this.charge();
    this.open.push(node);
    try {
      return work();
    } finally {
      this.charge();
      this.open.pop();
    }
  }

  private charge(): void {
    const now = this.clock();
    const top = this.open.at(-1);
    if (top !== undefined) this.ms[top] = (this.ms[top] ?? 0) + now - this.since;
    this.since = now;
  }
}

/** The flow with the views of its sensors timed. */
function withTimedViews(graph: FlowGraph, clock: () => number, viewMs: number[]): FlowGraph {
  const timed = (sensor: AnySensor, index: number): AnySensor => {
    const views = Object.entries(sensor.views ?? {}).map(([port, read]) => {
      const run: typeof read = (s, c) => {
        const begun = clock();
        const rows = read?.(s, c) ?? null;
        viewMs[index] = (viewMs[index] ?? 0) + clock() - begun;
        return rows;
      };
      return [port, run] as const;
    });
    return { ...sensor, views: Object.fromEntries(views) };
  };
  const nodes = graph.nodes.map((node, index) => {
    const sensor = node.plugin.sensor as unknown as AnySensor | undefined;
    if (!sensor?.views) return node;
    return { ...node, plugin: { ...node.plugin, sensor: timed(sensor, index) } };
  });
  return { ...graph, nodes };
}

/** Runs the whole flow once under watch. */
function watchFlow(
  graph: FlowGraph,
  instrument: Instrument,
  tape: BenchTape,
  clock: () => number,
): Watched {
  const count = graph.nodes.length;
  const zeros = (): number[] => Array.from({ length: count }, () => 0);
  const [viewMs, events, records] = [zeros(), zeros(), zeros()];
  const task = new Task(withTimedViews(graph, clock, viewMs), instrument);
  // The second half is what publishing views takes: they come from no event.
  const stack = new Stack(2 * count, clock);
  const made: Made[] = [];
  let batch = 0;
  for (const node of task.nodes) countEvents(node, events);
  const guarded = task.guarded.bind(task);
  task.guarded = (node, run, row, entry) =>
    // Without an entry it is a hook of the sensor, which is measured by itself.
    entry === null
      ? guarded(node, run, row, entry)
      : stack.run(node.index, () => guarded(node, run, row, entry));
  const { queue } = task;
  const publish = queue.publish.bind(queue);
  queue.publish = (node, port, payload, row) => {
    made.push({ batch, row, from: `${node.id}.${port}`, ts: task.clock.now, payload });
    records[node.index] = (records[node.index] ?? 0) + 1;
    const charged = stack.isIdle ? count + node.index : node.index;
    stack.run(charged, () => publish(node, port, payload, row));
  };
  for (const value of tape.batches) {
    task.step(stored(instrument, value, batch));
    batch += 1;
    if (batch % 32 === 0) task.output.take();
  }
  const allViewMs = viewMs.map((ms, i) => ms + (stack.ms[count + i] ?? 0));
  return { made, eventMs: stack.ms.slice(0, count), viewMs: allViewMs, events, records };
}

function countEvents(node: NodeInstance, events: number[]): void {
  const { machine, index } = node;
  if (!machine) return;
  const send = machine.send.bind(machine);
  machine.send = (event) => {
    events[index] = (events[index] ?? 0) + 1;
    return send(event);
  };
}

/** The flow with one node alone, its sensor without a machine; its records come from a topic. */
function aloneGraph(graph: FlowGraph, node: GraphNode, hasSensor: boolean): FlowGraph {
  const [only] = sensorsOnly({ ...graph, nodes: [node] }).nodes;
  const sensor = hasSensor ? only?.plugin.sensor : { slots: [], init: (): void => {} };
  const wires = node.wires.flatMap((wire) => {
    if (wire.origin.kind !== 'node') return wire.kind === 'market' ? [wire] : [];
    const port = `${wire.origin.node}.${wire.origin.port}`;
    return [{ ...wire, origin: { kind: 'topic', topic: feedTopic, port } as const }];
  });
  const plugin = { ...node.plugin, machine: undefined, sensor } as unknown as AnyProcessor;
  return { ...graph, nodes: [{ ...node, plugin, wires, tables: {} }] };
}

/** The tape of one node: market batches, cut where a record came that the node is wired to. */
function feedOf(
  node: GraphNode,
  instrument: Instrument,
  tape: BenchTape,
  made: readonly Made[],
): StoredRecord[] {
  const heard = new Set(
    node.wires.flatMap(({ origin }) =>
      origin.kind === 'node' ? [`${origin.node}.${origin.port}`] : [],
    ),
  );
  const records = made.filter(({ from }) => heard.has(from));
  const feed: StoredRecord[] = [];
  const { symbol, number } = instrument;
  let [offset, next] = [0, 0];
  for (const [index, value] of tape.batches.entries()) {
    const cuts: Made[] = [];
    for (; records[next]?.batch === index; next += 1) cuts.push(records[next] as Made);
    const rows = [...new Set(cuts.map(({ row }) => row + 1))];
    for (const part of splitBatch(symbol, value, rows)) {
      if (part.bytes) feed.push(stored(instrument, part.bytes, offset++));
      for (const { row, from, ts, payload } of cuts) {
        if (row + 1 !== part.until) continue;
        feed.push({
          topic: feedTopic,
          key: symbol,
          ts,
          schema: 'bench/1',
          port: from,
          value: JSON.stringify({ ...payload, ts }),
          partition: number,
          offset: feed.length,
        });
      }
    }
  }
  return feed;
}

function runFeed(
  graph: FlowGraph,
  instrument: Instrument,
  feed: readonly StoredRecord[],
  clock: () => number,
): number {
  const begun = clock();
  const task = new Task(graph, instrument, { publish: false });
  for (const record of feed) task.step(record);
  return clock() - begun;
}

function difference(
  [withIt, withoutIt]: readonly [() => number, () => number],
  runs: number,
): { ms: number; emptyMs: number } {
  const [full, empty]: [number[], number[]] = [[], []];
  // The first of each warms the code up; taken in turn, so that a slow moment hits both.
  for (let run = 0; run <= runs; run += 1) {
    full.push(withIt());
    empty.push(withoutIt());
  }
  const emptyMs = medianOf(empty.slice(1));
  return { ms: Math.max(0, medianOf(full.slice(1)) - emptyMs), emptyMs };
}

function sensorMs(
  graph: FlowGraph,
  node: GraphNode,
  instrument: Instrument,
  feed: readonly StoredRecord[],
  runs: number,
  clock: () => number,
): number {
  if (!node.plugin.sensor) return 0;
  const [alone, empty] = [aloneGraph(graph, node, true), aloneGraph(graph, node, false)];
  const run = (of: FlowGraph) => (): number => runFeed(of, instrument, feed, clock);
  return difference([run(alone), run(empty)], runs).ms;
}

/** How the nodes of a flow are measured. */
export interface NodesPlan {
  readonly graph: FlowGraph;
  readonly instrument: Instrument;
  readonly tape: BenchTape;
  readonly runs: number;
  /** Time of the whole flow over the tape, milliseconds. */
  readonly wholeMs: number;
  /** Told which node is measured next. */
  readonly measuring: (node: string) => void;
}

function round(value: number, digits: number): number {
  const scale = [1, 10, 100, 1_000, 10_000][digits] ?? 1;
  return Math.round(value * scale) / scale;
}

/**
 * Measures what each node costs. A sensor is run by itself over the tape, together with the records that the whole flow
 * handed its node at their places: without them it would never be armed and look cheap. The same run with an empty
 * sensor is taken off. Leaving a node out of the whole flow would be less true: it takes away what arms the nodes after
 * it, and is a small difference of two large times.
 */
export function measureNodes(plan: NodesPlan, clock: () => number): NodeCosts {
  const { graph, instrument, tape, runs, wholeMs, measuring } = plan;
  // The first run warms the code up, as the uncounted run of the whole flow did.
  watchFlow(graph, instrument, tape, clock);
  const watched = watchFlow(graph, instrument, tape, clock);
  const { trades } = tape;
  const nodes = graph.nodes.map((node, i): NodeCost => {
    measuring(node.id);
    const feed = feedOf(node, instrument, tape, watched.made);
    const alone = sensorMs(graph, node, instrument, feed, runs, clock);
    const [eventMs, viewMs] = [watched.eventMs[i] ?? 0, watched.viewMs[i] ?? 0];
    const events = watched.events[i] ?? 0;
    return {
      node: node.id,
      plugin: node.plugin.id,
      nsPerTrade: round((alone / trades) * 1e6, 1),
      events,
      microsPerEvent: events === 0 ? null : round((eventMs / events) * 1_000, 1),
      records: watched.records[i] ?? 0,
      viewMs: round(viewMs, 1),
      share: round((alone + eventMs + viewMs) / wholeMs, 4),
    };
  });
  const empty = { ...graph, nodes: [] };
  const batches = tape.batches.map((value, i) => stored(instrument, value, i));
  const loop = Array.from({ length: runs + 1 }, () => runFeed(empty, instrument, batches, clock));
  const loopMs = medianOf(loop.slice(1));
  const loopShare = round(loopMs / wholeMs, 4);
  return {
    trades,
    wholeMs: round(wholeMs, 1),
    tradesPerSecond: Math.round((trades / wholeMs) * 1_000),
    loopNsPerTrade: round((loopMs / trades) * 1e6, 1),
    nodes,
    loopShare,
    restShare: round(1 - loopShare - nodes.reduce((sum, { share }) => sum + share, 0), 4),
  };
}
