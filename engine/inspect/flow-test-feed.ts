import type { z } from 'zod';
import { MarketBatchBuilder, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { parseDuration } from '../flow/parse-duration.ts';
import { toTicks } from '../market/price.ts';
import {
  microsPerDay,
  parseTradeDate,
  type TradeDate,
  type Zone,
  zonedToUtc,
} from '../market/time.ts';
import { fromEdge } from '../plugin/edge.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { RecordPort } from '../plugin/port.ts';
import type { NodeInstance } from '../runtime/node.ts';
import type { NewRecord } from '../runtime/ports.ts';
import { rowKey } from '../runtime/tables.ts';
import type { Task } from '../runtime/task.ts';
import type { FeedStep, FlowTestCase } from './flow-test-schema.ts';
import { type BookSide, writeBook } from './write-book.ts';

type Row = Readonly<Record<string, unknown>>;

const sideOf = { buy: 1, sell: -1, none: 0 } as const;

/** Returns the event time of a time of a trade date, such as `10:04:10.25`; 18:00 and later are the evening before. */
export function caseTime(zone: Zone, tradeDate: TradeDate, time: string): number {
  const [clock = '', fraction = ''] = time.split('.');
  const ts = zonedToUtc(zone, tradeDate, clock) + Number(fraction.padEnd(6, '0'));
  return Number(time.slice(0, 2)) >= 18 ? ts - microsPerDay : ts;
}

/** The value of a state as XState writes it: `a.b` is `{ a: 'b' }`, of parallel regions `a.x,b.y` is `{ a: 'x', b: 'y' }`. */
export function stateValueOf(state: unknown): unknown {
  if (typeof state !== 'string' || !/[.,]/.test(state)) return state;
  const value: Record<string, unknown> = {};
  for (const path of state.split(',')) {
    const names = path.split('.');
    const leaf = names.pop() as string;
    const region = names.pop();
    let at = value;
    for (const name of names) at = (at[name] ??= {}) as Record<string, unknown>;
    if (region === undefined) at[leaf] = {};
    else at[region] = leaf;
  }
  return value;
}

/** A port of a topic that other programs write, as a test names it. */
interface TopicPort {
  readonly topic: string;
  readonly port: string | null;
  readonly schema: z.ZodObject;
}

/** Finds a port of a topic the flow reads: `broker.fill`, or `broker.facts.fill`, is port `fill` of topic `broker.facts`. */
export function topicPortOf(graph: FlowGraph, name: string): TopicPort | null {
  for (const { plugin, wires } of graph.nodes) {
    for (const { origin, port: inPort } of wires) {
      const spec = plugin.in[inPort];
      if (origin.kind !== 'topic' || !spec || spec.kind === 'market') continue;
      const { topic, port } = origin;
      const names =
        port === null ? [topic] : [`${topic}.${port}`, `${topic.split('.')[0]}.${port}`];
      if (names.includes(name)) return { topic, port, schema: spec.schema };
    }
  }
  return null;
}

/** Drives event time of one test case: its steps become input records of a task. */
export class FlowTestFeed {
  readonly task: Task;
  private tradeDate: number;
  private readonly offsets: Record<string, number> = {};
  /** Where the last step left event time. */
  now: number;

  constructor(task: Task, tradeDate: string) {
    this.task = task;
    this.tradeDate = parseTradeDate(tradeDate);
    this.now = 0;
  }

  /** Event time of a time of the trade date. */
  at(time: string): number {
    return caseTime(this.task.graph.zone, this.tradeDate, time);
  }

  /** Takes nodes out of the flow, so that only `emit` speaks for them; before event time begins. */
  mock(nodes: readonly string[]): void {
    for (const id of nodes) this.task.node(id).quarantined = true;
    this.task.rebuild();
  }

  /** Sets what the case is given; event time must have begun. */
  given(plan: FlowTestCase): void {
    for (const [name, payload] of Object.entries(plan.given.tables ?? {}))
      this.giveTable(name, payload);
    const states = plan.given.states ?? {};
    const contexts = plan.given.context ?? {};
    for (const id of new Set([...Object.keys(states), ...Object.keys(contexts)]))
      this.giveState(id, states[id], contexts[id] ?? {});
  }

  /** Runs one step. */
  step(step: FeedStep): void {
    this.moveTime(step);
    if (step.trade || step.quote || step.book || step.bar) this.marketStep(step);
    else if (this.now > this.task.now()) this.market((b) => b.heartbeat(this.now));
    for (const [name, payload] of Object.entries(step.emit ?? {})) this.emit(name, payload);
  }

  private moveTime({ day, at, advance }: FeedStep): void {
    if (day !== undefined) this.tradeDate = parseTradeDate(day);
    if (at !== undefined) this.now = this.at(at);
    if (advance === undefined) return;
    const length = parseDuration(advance);
    if (length === null) throw new OrderflowError('OF_TEST_DURATION', { text: advance });
    this.now += length;
  }

  private marketStep({ trade, quote, book, bar }: FeedStep): void {
    const { instrument } = this.task;
    const ticks = (price: number): number => toTicks(instrument, price);
    if (trade)
      this.market((b) => b.trade(this.now, ticks(trade.price), trade.size, sideOf[trade.side], 0));
    if (quote)
      this.market((b) =>
        b.quote(this.now, ticks(quote.bid), quote.bidSize, ticks(quote.ask), quote.askSize),
      );
    if (book) {
      const side = (own: readonly (readonly [number, number])[]): BookSide =>
        own.map(([price, n]) => [ticks(price), n] as const);
      this.market((b) => writeBook(b, this.now, side(book.bids), side(book.asks)));
    }
    if (bar) {
      const {
        open,
        high,
        low,
        close,
        volume,
        bidVolume = Number.NaN,
        askVolume = Number.NaN,
      } = bar;
      const vwap =
        bar.vwap === undefined
          ? Number.NaN
          : (bar.vwap * instrument.tickSize.den) / instrument.tickSize.num;
      this.market((b) =>
        b.bar(
          this.now,
          ticks(open),
          ticks(high),
          ticks(low),
          ticks(close),
          volume,
          bidVolume,
          askVolume,
          vwap,
        ),
      );
    }
  }

  private emit(name: string, payload: Row): void {
    const topic = topicPortOf(this.task.graph, name);
    if (topic) {
      this.fromOutside(topic, fromEdge(topic.schema, payload, this.task.instrument));
      return;
    }
    const { node, port, spec } = this.outPort(name);
    // What a test says is heard by whoever is wired, with as many fields as it names; it is no output of the flow.
    this.task.queue.route(node, port, fromEdge(spec.schema, payload, this.task.instrument), 0);
    this.task.drain(0);
  }

  private giveTable(name: string, payload: Row): void {
    const { node, port, spec } = this.outPort(name);
    const rows =
      spec.key === undefined
        ? [payload]
        : Object.entries(payload).map(([key, row]) => ({
            [spec.key as string]: key,
            ...(row as Row),
          }));
    for (const row of rows) {
      const inside = fromEdge(spec.schema, row, this.task.instrument);
      this.task.tables.write(node.id, port, rowKey(inside, spec.key), inside);
    }
  }

  private giveState(id: string, value: unknown, context: Row): void {
    const node = this.task.node(id);
    if (!node.machine) {
      const machines = this.task.nodes.filter((n) => n.machine).map((n) => n.id);
      throw new OrderflowError('OF_WHY_NODE', {
        node: id,
        nearest: nearestName(id, machines) ?? 'none',
        nodes: machines.join(', '),
      });
    }
    const timers = node.machine.force(
      value === undefined ? node.machine.value : stateValueOf(value),
      this.insideContext(node, context),
    );
    this.task.timers.cancelAll(node.index);
    for (const timer of timers) {
      if (timer.kind === 'set')
        this.task.timers.set(
          node.index,
          timer.id,
          this.task.now() + timer.delayMs * 1_000,
          timer.event,
        );
    }
    this.task.rebuild();
  }

  /** Context fields of a flow statechart carry units too. */
  private insideContext(node: NodeInstance, context: Row): Row {
    const schema = node.graphNode.contextSchema;
    return schema ? fromEdge(schema, context, this.task.instrument) : context;
  }

  private outPort(name: string): { node: NodeInstance; port: string; spec: RecordPort } {
    const [id = '', port = ''] = name.split('.');
    const node = this.task.node(id);
    const spec = node.graphNode.plugin.out[port];
    if (!spec)
      throw new OrderflowError('OF_EMIT_PORT', {
        node: id,
        port,
        ports: Object.keys(node.graphNode.plugin.out).join(', '),
      });
    return { node, port, spec };
  }

  private market(write: (builder: MarketBatchBuilder) => void): void {
    const { symbol } = this.task.instrument;
    const builder = new MarketBatchBuilder(symbol);
    write(builder);
    this.append({
      topic: marketTopic,
      key: symbol,
      ts: this.now,
      schema: marketSchema,
      value: builder.finish(),
    });
  }

  private fromOutside({ topic, port }: TopicPort, payload: Row): void {
    const value = JSON.stringify({ ts: this.now, ...payload });
    const key = this.task.instrument.symbol;
    this.append({
      topic,
      key,
      ts: this.now,
      schema: 'test/1',
      value,
      ...(port === null ? {} : { port }),
    });
  }

  private append(record: NewRecord): void {
    const offset = this.offsets[record.topic] ?? 0;
    this.offsets[record.topic] = offset + 1;
    this.task.step({ ...record, partition: this.task.instrument.number, offset });
  }
}
