import { z } from 'zod';
import { decodeMarketBatch, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { AnyProcessor, AnySource } from '../plugin/define-plugin.ts';
import type { AnySensor } from '../runtime/node.ts';
import { Task, type TaskOptions } from '../runtime/task.ts';
import { benchComponents } from './bench-components.ts';

/** One measured case. */
export interface BenchCase {
  readonly name: string;
  readonly trades: number;
  readonly medianMs: number;
  readonly tradesPerSecond: number;
  readonly rssMb: number;
  /** Name of the case it is held against; null for a case that stands by itself. */
  readonly baseline: string | null;
  /** This case's rate over its baseline's. */
  readonly ratio: number | null;
}

/** Trades as a columnar log holds them: encoded batches of one instrument. */
export interface BenchTape {
  readonly batches: readonly Uint8Array[];
  readonly trades: number;
}

/** Reads a source to its end, or to `mostTrades`, into memory. */
export async function collectTape(
  plugin: AnySource,
  config: object,
  instrument: Instrument,
  mostTrades: number,
): Promise<BenchTape> {
  const batches: Uint8Array[] = [];
  const stop = new AbortController();
  let trades = 0;
  await plugin.open({
    config: plugin.config.parse(config) as never,
    instrument,
    resume: null,
    signal: stop.signal,
    write: async (batch) => {
      if (stop.signal.aborted) return;
      batches.push(batch.slice());
      const { kind, count } = decodeMarketBatch(batch);
      for (let i = 0; i < count; i += 1) if (kind[i] === 1) trades += 1;
      if (trades >= mostTrades) stop.abort();
    },
  });
  return { batches, trades };
}

/** How a case runs its tape. */
export interface BenchRun {
  readonly graph: FlowGraph;
  readonly instrument: Instrument;
  readonly tape: BenchTape;
  readonly options: TaskOptions;
  /** Times the tape is fed, as days that follow each other are. */
  readonly repeats: number;
  /** Told after each pass over the tape. */
  readonly passed?: (task: Task, pass: number) => void;
}

/**
 * Feeds a tape to a fresh task, `repeats` times; returns milliseconds. Every pass but the first is late by the clock of
 * the task, so each pass has a task of its own: a day is a day.
 */
export function runTape(run: BenchRun, wallClock: () => number): number {
  const { graph, instrument, tape, options, repeats } = run;
  const start = wallClock();
  for (let pass = 0; pass < repeats; pass += 1) {
    const task = new Task(graph, instrument, options);
    let offset = 0;
    for (const value of tape.batches) {
      task.step({
        topic: marketTopic,
        key: instrument.symbol,
        ts: 0,
        schema: marketSchema,
        value,
        partition: instrument.number,
        offset,
      });
      offset += 1;
      // What a commit would take away every few batches.
      if (offset % 32 === 0) task.output.take();
    }
    run.passed?.(task, pass);
  }
  return wallClock() - start;
}

/** Returns the median of a run's times after a warm-up. */
export function medianOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function withPlugins(graph: FlowGraph, change: (node: GraphNode) => AnyProcessor): FlowGraph {
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, plugin: change(node) })) };
}

/** The flow's sensors alone: no machines, nothing handed over. */
export function sensorsOnly(graph: FlowGraph): FlowGraph {
  const nodes = graph.nodes.filter((node) => node.plugin.sensor !== undefined);
  return withPlugins(
    {
      ...graph,
      nodes: nodes.map((node) => ({
        ...node,
        wires: node.wires.filter((w) => w.kind === 'market'),
      })),
    },
    ({ plugin }) => {
      const rest = { ...plugin, machine: undefined };
      const sensor = plugin.sensor as unknown as AnySensor;
      const drop = (): void => {};
      return {
        ...rest,
        sensor: {
          ...sensor,
          views: {},
          ...(sensor.trade
            ? {
                trade: (s, c, ts, p, size, side, flags) =>
                  sensor.trade?.(s, c, ts, p, size, side, flags, drop),
              }
            : {}),
          ...(sensor.phase
            ? { phase: (s, c, ts, phase, day) => sensor.phase?.(s, c, ts, phase, day, drop) }
            : {}),
          ...(sensor.clock
            ? { clock: (s, c, ts, name, index) => sensor.clock?.(s, c, ts, name, index, drop) }
            : {}),
        } satisfies Partial<AnySensor> as AnySensor,
      } as unknown as AnyProcessor;
    },
  );
}

/** The same flow as it would be without sensors' filters: every trade is also an event to every machine. */
export function everyTradeToEveryMachine(graph: FlowGraph): FlowGraph {
  return withPlugins(graph, ({ plugin }) => {
    if (!plugin.machine) return plugin;
    const sensor = plugin.sensor as unknown as AnySensor | undefined;
    const told: AnySensor = {
      slots: [],
      init: () => {},
      ...sensor,
      trade(s, c, ts, price, size, side, flags, out) {
        sensor?.trade?.(s, c, ts, price, size, side, flags, out);
        out('trade', { price, size, side });
      },
    };
    const senses = { ...plugin.senses, trade: { kind: 'event', schema: z.object({}) } as const };
    return { ...plugin, senses, sensor: told };
  });
}

/** A flow of the five components that engines in other languages are measured by. */
export function fiveComponents(instrument: Instrument): FlowGraph {
  const place = { file: 'five-components', line: 1, col: 1 };
  return {
    name: 'five-components',
    version: '1.0.0',
    doc: '',
    file: place.file,
    hash: 'five-components',
    instruments: [instrument],
    zone: 'America/New_York',
    params: {},
    sources: [],
    topics: [],
    nodes: benchComponents.map((plugin) => ({
      id: plugin.id,
      use: plugin.id,
      plugin,
      config: {},
      wires: [
        {
          port: 'market',
          kind: 'market',
          origin: { kind: 'market', source: 'market' },
          late: 'take',
          place,
        },
      ],
      tables: {},
      onError: 'quarantine',
      place,
    })),
    sinks: [],
    moved: {},
  };
}
