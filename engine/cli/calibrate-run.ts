import {
  decodeMarketBatch,
  marketSchema,
  marketTopic,
  rowKind,
} from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { sessionAt } from '../market/session.ts';
import { contractId, type RecordPort } from '../plugin/port.ts';
import { Task } from '../runtime/task.ts';
import { isSignalPort } from './session-report.ts';

const minute = 60_000_000;

/** One record of a watched port. */
export interface Firing {
  readonly ts: number;
  readonly side: string | null;
}

/** What a tape made of each watched port, by `node.port`. */
export type Firings = ReadonlyMap<string, readonly Firing[]>;

/** A port whose firings are counted. */
export interface WatchedPort {
  readonly key: string;
  readonly plugin: string;
  readonly port: string;
  /** What a strategy may act on; other events are marks and counts. */
  readonly isSignal: boolean;
}

const leftOut: ReadonlySet<string> = new Set(['outcome/1', 'expectation/1', 'trade-idea/1']);

function isMark(spec: RecordPort): boolean {
  return spec.kind === 'event' && 'side' in spec.schema.shape;
}

/** Finds the ports of a flow that say something happened on a side: signals first. */
export function watchedPorts(graph: FlowGraph): WatchedPort[] {
  const found = graph.nodes.flatMap((node) =>
    Object.entries(node.plugin.out).flatMap(([port, spec]): WatchedPort[] => {
      const isSignal = isSignalPort(spec);
      const id = contractId(spec.schema, node.plugin.id, port);
      if (leftOut.has(id) || !(isSignal || isMark(spec)) || port === 'outcome') return [];
      return [{ key: `${node.id}.${port}`, plugin: node.plugin.id, port, isSignal }];
    }),
  );
  return [...found.filter((p) => p.isSignal), ...found.filter((p) => !p.isSignal)];
}

/** Runs a tape through a flow and notes what the watched ports said. */
export function runTapeForFirings(
  graph: FlowGraph,
  instrument: Instrument,
  tape: readonly Uint8Array[],
  ports: readonly WatchedPort[],
): Firings {
  const firings = new Map<string, Firing[]>(ports.map(({ key }) => [key, []]));
  const task = new Task(graph, instrument, { explain: false, publish: false });
  task.output.listener = (node, port, ts, payload) => {
    const side = payload['side'];
    firings.get(`${node}.${port}`)?.push({ ts, side: typeof side === 'string' ? side : null });
  };
  tape.forEach((value, offset) => {
    task.step({
      topic: marketTopic,
      key: instrument.symbol,
      ts: 0,
      schema: marketSchema,
      value,
      partition: instrument.number,
      offset,
    });
    if (offset % 64 === 0) task.output.take();
  });
  return firings;
}

/** The minutes of a tape in which something traded: those of regular hours, or all where it has none of them. */
export function tradedMinutes(
  tape: readonly Uint8Array[],
  instrument: Instrument,
): { readonly minutes: ReadonlySet<number>; readonly hours: 'regular' | 'all' } {
  const all = new Set<number>();
  const regular = new Set<number>();
  for (const bytes of tape) {
    const batch = decodeMarketBatch(bytes);
    for (let i = 0; i < batch.count; i += 1) {
      if (batch.kind[i] !== rowKind.trade) continue;
      const at = Math.floor(batch.ts[i]! / minute);
      if (all.has(at)) continue;
      all.add(at);
      const { rthOpen, rthEnd } = sessionAt(instrument.calendar, batch.ts[i]!);
      if (rthOpen !== null && rthEnd !== null && at * minute >= rthOpen && at * minute < rthEnd)
        regular.add(at);
    }
  }
  return regular.size > 0 ? { minutes: regular, hours: 'regular' } : { minutes: all, hours: 'all' };
}

/** Returns in how many of the minutes a port fired, and how often. */
export function countFirings(
  firings: readonly Firing[],
  minutes: ReadonlySet<number>,
): { readonly count: number; readonly minutes: number } {
  // A firing at a minute's end belongs to the minute that ended.
  const inside = firings
    .map(({ ts }) => Math.floor((ts - 1) / minute))
    .filter((at) => minutes.has(at));
  return { count: inside.length, minutes: new Set(inside).size };
}
