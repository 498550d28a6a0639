import {
  type JournalRecord,
  type ProbeReading,
  type ProbeWindow,
  readingsOf,
} from '../contracts/journal.ts';
import { MarketBatchBuilder, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph, GraphNode, Wire } from '../flow/graph.ts';
import { type BookSide, writeBook } from '../inspect/write-book.ts';
import { findInstrument, type Instrument } from '../market/instrument.ts';
import { toTicks } from '../market/price.ts';
import { microsPerDay, parseTradeDate, zonedToUtc } from '../market/time.ts';
import type { AnyProcessor, Plugin } from '../plugin/define-plugin.ts';
import { fromEdge, toEdge } from '../plugin/edge.ts';
import type { RecordPort } from '../plugin/port.ts';
import { flowTopics } from '../runtime/output.ts';
import type { NewRecord, StoredRecord } from '../runtime/ports.ts';
import { readProbes } from '../runtime/probes.ts';
import { Task } from '../runtime/task.ts';

type Row = Readonly<Record<string, unknown>>;
type SideName = 'buy' | 'sell' | 'none';

/** How a plugin is driven on its own. */
export interface DriveOptions {
  readonly config?: Row;
  readonly instrument?: string;
  /** Trade date of the times given, `YYYY-MM-DD`. */
  readonly tradeDate: string;
  readonly explain?: boolean;
}

/** A bar in edge form. */
export interface BarInput {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly bidVolume?: number;
  readonly askVolume?: number;
  readonly vwap?: number;
}

/** A record an out-port of the driven node made, prices as decimals. */
export interface Emitted {
  readonly ts: number;
  readonly port: string;
  readonly payload: Row;
}

const inputTopic = 'test.input';
const sideOf: Record<SideName, number> = { buy: 1, sell: -1, none: 0 };

function isProcessor(plugin: Plugin | object): plugin is AnyProcessor {
  return !('kind' in plugin) || plugin.kind === undefined || plugin.kind === 'processor';
}

function graphOf(plugin: AnyProcessor, config: Row, instrument: Instrument): FlowGraph {
  const place = { file: 'test.flow.yaml', line: 1, col: 1 };
  const wires: Wire[] = Object.entries(plugin.in).map(([port, spec]) =>
    spec.kind === 'market'
      ? { port, kind: 'market', origin: { kind: 'market', source: 'market' }, late: 'take', place }
      : {
          port,
          kind: spec.kind,
          origin: { kind: 'topic', topic: inputTopic, port },
          late: spec.late ?? 'take',
          place,
        },
  );
  const node: GraphNode = {
    id: plugin.id,
    use: plugin.id,
    plugin,
    config: plugin.config.parse(config),
    wires,
    tables: {},
    onError: 'quarantine',
    place,
  };
  return {
    name: 'test',
    version: '0.0.0',
    doc: '',
    file: place.file,
    hash: 'test',
    instruments: [instrument],
    zone: 'America/New_York',
    params: {},
    sources: [],
    topics: [inputTopic],
    nodes: [node],
    sinks: [],
    moved: {},
  };
}

/**
 * Drives one plugin by itself through the real task loop: event time, timers, views and journal are the engine's own.
 * Times are `HH:MM[:SS[.ffffff]]` of the trade date in New York; 18:00 and later mean the evening before.
 */
export class NodeRun {
  readonly task: Task;
  readonly instrument: Instrument;
  /** Every input record so far, so that a run can be taken up at any of them. */
  readonly inputs: StoredRecord[] = [];
  /** Everything the task wrote so far. */
  readonly outputs: NewRecord[] = [];
  readonly emits: Emitted[] = [];
  private readonly plugin: AnyProcessor;
  private tradeDate: number;
  private readonly offsets: Record<string, number> = {};

  constructor(plugin: object, options: DriveOptions) {
    if (!isProcessor(plugin))
      throw new Error('driveNode drives processors; sources and sinks have no task');
    this.plugin = plugin;
    this.instrument = findInstrument(options.instrument ?? 'ES');
    this.tradeDate = parseTradeDate(options.tradeDate);
    this.task = new Task(graphOf(plugin, options.config ?? {}, this.instrument), this.instrument, {
      explain: options.explain ?? true,
      validate: true,
      checkInputs: false,
    });
  }

  /** Another trade date for the times that follow. */
  day(tradeDate: string): void {
    this.tradeDate = parseTradeDate(tradeDate);
  }

  /** Event time of a time of the trade date, microseconds. */
  at(time: string): number {
    const [clock = '', fraction = ''] = time.split('.');
    const ts =
      zonedToUtc('America/New_York', this.tradeDate, clock) + Number(fraction.padEnd(6, '0'));
    return Number(time.slice(0, 2)) >= 18 ? ts - microsPerDay : ts;
  }

  trade(at: string, price: number, size: number, side: SideName = 'none', flags = 0): void {
    this.market((b) =>
      b.trade(this.at(at), toTicks(this.instrument, price), size, sideOf[side], flags),
    );
  }

  quote(at: string, bid: number, bidSize: number, ask: number, askSize: number): void {
    this.market((b) =>
      b.quote(
        this.at(at),
        toTicks(this.instrument, bid),
        bidSize,
        toTicks(this.instrument, ask),
        askSize,
      ),
    );
  }

  depth(at: string, side: 'bid' | 'ask', level: number, price: number, size: number): void {
    this.market((b) =>
      b.depth(this.at(at), side === 'bid' ? 1 : -1, level, toTicks(this.instrument, price), size),
    );
  }

  /** The whole book: price and size of each level from the best one on. */
  book(at: string, bids: BookSide, asks: BookSide): void {
    const side = (own: BookSide): BookSide =>
      own.map(([price, size]) => [toTicks(this.instrument, price), size] as const);
    this.market((b) => writeBook(b, this.at(at), side(bids), side(asks)));
  }

  bar(atEnd: string, bar: BarInput): void {
    const ticks = (price: number): number => toTicks(this.instrument, price);
    const { tickSize } = this.instrument;
    const vwap = bar.vwap === undefined ? Number.NaN : (bar.vwap * tickSize.den) / tickSize.num;
    this.market((b) =>
      b.bar(
        this.at(atEnd),
        ticks(bar.open),
        ticks(bar.high),
        ticks(bar.low),
        ticks(bar.close),
        bar.volume,
        bar.bidVolume ?? Number.NaN,
        bar.askVolume ?? Number.NaN,
        vwap,
      ),
    );
  }

  /** A record on an in-port, prices as decimals. */
  event(at: string, port: string, payload: Row): void {
    const spec = this.plugin.in[port];
    if (!spec || spec.kind === 'market')
      throw new Error(`'${port}' is not an event or table in-port of '${this.plugin.id}'`);
    const inside = fromEdge(spec.schema, payload, this.instrument);
    const ts = this.at(at);
    this.step({
      topic: inputTopic,
      key: this.instrument.symbol,
      ts,
      schema: 'test/1',
      port,
      value: JSON.stringify({ ts, ...inside }),
    });
  }

  /** Lets event time pass. */
  to(at: string): void {
    this.market((b) => b.heartbeat(this.at(at)));
  }

  /** The machine's state, `a.b` when nested, `a.x,b.y` for parallel regions. */
  get state(): string {
    return this.node.machine?.state ?? '';
  }

  get context(): Row {
    return this.node.machine?.context ?? {};
  }

  /** A probe: the maximum of the windows so far that ended, and of the running one. */
  probe(name: string): ProbeReading {
    const seen = this.outputs
      .filter((record) => record.topic === flowTopics('test').probes)
      .flatMap((record) => readingsOf(JSON.parse(String(record.value)) as ProbeWindow))
      .concat(readProbes(this.node, this.task.now()))
      .filter((probe) => probe.probe === name);
    const best = seen.reduce<ProbeReading | null>(
      (top, probe) => (top && top.value >= probe.value ? top : probe),
      null,
    );
    if (!best) throw new Error(`'${this.plugin.id}' has no probe '${name}'`);
    return best;
  }

  /** An out-port's declaration. */
  outPort(name: string): RecordPort | undefined {
    return this.plugin.out[name];
  }

  /** A view's rows as they stand, prices as decimals. */
  view(port: string): readonly Row[] {
    const spec = this.plugin.out[port];
    if (!spec) throw new Error(`'${this.plugin.id}' has no out-port '${port}'`);
    return this.task.views
      .read(this.node, port)
      .map((row) => toEdge(spec.schema, row, this.instrument));
  }

  get journal(): readonly JournalRecord[] {
    return this.outputs
      .filter((record) => record.topic === flowTopics('test').journal)
      .map((record) => JSON.parse(String(record.value)) as JournalRecord);
  }

  /** Errors of dead letters; empty while the node is well. */
  get errors(): readonly string[] {
    return this.outputs
      .filter((record) => record.topic === flowTopics('test').deadLetters)
      .map((record) => (JSON.parse(String(record.value)) as { error: string }).error);
  }

  /** Feeds a record as it is; for runs that repeat another's inputs. */
  feed(record: StoredRecord): void {
    this.inputs.push(record);
    this.offsets[record.topic] = Math.max(this.offsets[record.topic] ?? 0, record.offset + 1);
    this.task.step(record);
    for (const out of this.task.output.take()) {
      this.outputs.push(out);
      const spec = out.port === undefined ? undefined : this.plugin.out[out.port];
      if (out.port === undefined || !spec) continue;
      const { ts, ...payload } = JSON.parse(String(out.value)) as Row & { ts: number };
      this.emits.push({
        ts,
        port: out.port,
        payload: toEdge(spec.schema, payload, this.instrument),
      });
    }
  }

  private get node(): Task['nodes'][number] {
    return this.task.node(this.plugin.id);
  }

  /** A batch of market rows written by hand, prices in ticks, as a source would hand it over. */
  market(write: (builder: MarketBatchBuilder) => void): void {
    const builder = new MarketBatchBuilder(this.instrument.symbol);
    write(builder);
    const ts = builder.lastTs;
    this.step({
      topic: marketTopic,
      key: this.instrument.symbol,
      ts,
      schema: marketSchema,
      value: builder.finish(),
    });
  }

  private step(record: NewRecord): void {
    const offset = this.offsets[record.topic] ?? 0;
    this.offsets[record.topic] = offset + 1;
    this.feed({ ...record, partition: this.instrument.number, offset });
  }
}

/** Starts a run of one plugin. */
export function driveNode(plugin: object, options: DriveOptions): NodeRun {
  return new NodeRun(plugin, options);
}
