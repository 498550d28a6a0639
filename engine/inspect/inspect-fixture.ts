import { assign, emit, setup } from 'xstate';
import { z } from 'zod';
import { MarketBatchBuilder, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph, GraphNode, Wire, WireOrigin } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { parseTradeDate, zonedToUtc } from '../market/time.ts';
import { type AnyProcessor, definePlugin } from '../plugin/define-plugin.ts';
import { compare } from '../plugin/evidence.ts';
import type { NewRecord } from '../runtime/ports.ts';
import { Task } from '../runtime/task.ts';
import { Recording } from './recording.ts';
import { type WhyAnswer, why } from './why.ts';

type Row = Readonly<Record<string, unknown>>;

const offer = z.object({ price: z.number().int().meta({ unit: 'price' }) });
const nothing = z.object({});

/** Waits for an offer at a good price, then for a confirmation within a minute. */
export const buyer = definePlugin({
  id: 'buyer',
  version: '1.0.0',
  api: 1,
  summary: 'Takes a cheap offer that is confirmed',
  config: z.object({}),
  in: {
    offer: { kind: 'event', schema: offer },
    confirm: { kind: 'event', schema: nothing },
    spoil: { kind: 'event', schema: nothing },
  },
  out: { bought: { kind: 'event', schema: offer } },
  machine: () =>
    setup({
      types: {
        context: {} as { price: number },
        events: {} as { type: 'offer' | 'confirm' | 'spoil'; price: number; ts: number },
      },
      guards: {
        isCheap: ({ event }) => compare('price offered', event.price, '<=', 20_000, 'price'),
        isGift: ({ event }) => compare('price offered', event.price, '<=', 4_000, 'price'),
        isBroken: () => {
          throw new Error('no such field');
        },
      },
      actions: {
        keep: assign({ price: ({ event }) => event.price }),
        buy: emit(({ context }) => ({ type: 'bought', price: context.price })),
      },
    }).createMachine({
      id: 'buyer',
      context: { price: 0 },
      initial: 'looking',
      on: { spoil: { target: '.looking', guard: 'isBroken' } },
      states: {
        looking: {
          on: {
            offer: [
              {
                target: 'owning',
                guard: 'isGift',
                actions: ['keep', 'buy'],
                meta: { why: 'nearly for nothing' },
              },
              {
                target: 'watching',
                guard: 'isCheap',
                actions: 'keep',
                meta: { why: 'cheap enough to wait for a confirmation' },
              },
            ],
          },
        },
        watching: {
          initial: 'fresh',
          on: { offer: { actions: 'keep' } },
          after: { 60_000: 'looking' },
          states: {
            fresh: { on: { confirm: { target: '#buyer.owning', actions: 'buy' }, offer: 'stale' } },
            stale: {},
          },
        },
        owning: {},
      },
    }),
  examples: [],
});

/** A node of a made flow; `wires` by in-port: `node.port`, or nothing for a topic of the test. */
export interface MadeNode {
  readonly id: string;
  readonly plugin: object;
  readonly wires?: Readonly<Record<string, string>>;
  readonly late?: 'take' | 'drop';
  readonly where?: Wire['where'];
  /** In-ports wired to the calendar. */
  readonly schedule?: Readonly<Record<string, string>>;
}

const place = { file: 'made.flow.yaml', line: 1, col: 1 };
const topic = 'test.input';
const tradeDate = parseTradeDate('2025-11-19');
const instrument = findInstrument('ES');

function originOf(node: MadeNode, port: string): WireOrigin {
  const at = node.schedule?.[port];
  if (at !== undefined) return { kind: 'schedule', at, days: 'all' };
  const from = node.wires?.[port];
  if (from === undefined) return { kind: 'topic', topic, port: `${node.id}.${port}` };
  const [id = '', out = ''] = from.split('.');
  return { kind: 'node', node: id, port: out };
}

function graphNode(node: MadeNode): GraphNode {
  const plugin = node.plugin as AnyProcessor;
  const wires = Object.entries(plugin.in).map(([port, spec]): Wire => {
    if (spec.kind === 'market')
      return {
        port,
        kind: 'market',
        origin: { kind: 'market', source: 'market' },
        late: 'take',
        place,
      };
    return {
      port,
      kind: spec.kind,
      origin: originOf(node, port),
      late: node.late ?? 'take',
      place,
      ...(node.where ? { where: node.where } : {}),
    };
  });
  return {
    id: node.id,
    use: plugin.id,
    plugin,
    config: plugin.config.parse({}),
    wires,
    tables: {},
    onError: 'quarantine',
    place,
  };
}

/** Returns the checked flow of some nodes, upstream first. */
export function madeGraph(nodes: readonly MadeNode[]): FlowGraph {
  return {
    name: 'made',
    version: '1.0.0',
    doc: '',
    file: place.file,
    hash: 'made',
    instruments: [instrument],
    zone: 'America/New_York',
    params: {},
    sources: [],
    topics: [topic],
    nodes: nodes.map(graphNode),
    sinks: [],
    moved: {},
  };
}

/** A flow that runs by hand, and can be asked why. Times are of 2025-11-19 in New York. */
export class MadeRun {
  readonly task: Task;
  readonly recording: Recording;
  private offset = 0;
  private marketOffset = 0;

  constructor(nodes: readonly MadeNode[], explain = true) {
    this.task = new Task(madeGraph(nodes), instrument, { explain });
    this.recording = new Recording(this.task);
  }

  at(time: string): number {
    return zonedToUtc('America/New_York', tradeDate, time);
  }

  /** A record on an unwired in-port, `node.port`; payload in inside form. */
  send(ts: number | string, port: string, payload: Row = {}): void {
    const at = typeof ts === 'string' ? this.at(ts) : ts;
    this.step(
      {
        topic,
        key: 'ES',
        ts: at,
        schema: 'test/1',
        port,
        value: JSON.stringify({ ts: at, ...payload }),
      },
      this.offset,
    );
    this.offset += 1;
  }

  /** A trade, price in ticks; size 0 only lets time pass. */
  trade(time: string, price: number, size: number): void {
    const builder = new MarketBatchBuilder('ES');
    if (size === 0) builder.heartbeat(this.at(time));
    else builder.trade(this.at(time), price, size, -1, 0);
    this.step(
      {
        topic: marketTopic,
        key: 'ES',
        ts: this.at(time),
        schema: marketSchema,
        value: builder.finish(),
      },
      this.marketOffset,
    );
    this.marketOffset += 1;
  }

  /** Lets time pass. */
  to(time: string): void {
    this.trade(time, 0, 0);
  }

  ask(
    node: string,
    about: { event?: string; transition?: string },
    from = '09:30',
    to = '16:00',
  ): WhyAnswer {
    return why(this.recording.history.data(true), {
      node,
      ...about,
      from: this.at(from),
      to: this.at(to),
    });
  }

  private step(record: NewRecord, offset: number): void {
    this.task.step({ ...record, partition: instrument.number, offset });
    this.recording.add(this.task.output.take());
  }
}
