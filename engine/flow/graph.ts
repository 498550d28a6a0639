import type { z } from 'zod';
import type { Instrument } from '../market/instrument.ts';
import type { Zone } from '../market/time.ts';
import type { AnyProcessor, AnySource, NodeEnvironment, Sink } from '../plugin/define-plugin.ts';
import type { UsedVariables } from './process-variables.ts';

/** Where something stands in a YAML file; line and col start at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** What a node does when it throws: stop everything upstream of an intent, or itself alone. */
export type ErrorPolicy = 'halt-trading' | 'quarantine';

/** Which days a calendar wire fires on: days with RTH, every trade day, or weekdays by name. */
export type ScheduleDays = 'rth' | 'all' | readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri')[];

/** Where a wire comes from. */
export type WireOrigin =
  | { readonly kind: 'node'; readonly node: string; readonly port: string }
  | { readonly kind: 'market'; readonly source: string }
  /** Records another flow or the host writes: broker.facts, control.commands, `<flow>.<node>.<port>`. */
  | { readonly kind: 'topic'; readonly topic: string; readonly port: string | null }
  | { readonly kind: 'schedule'; readonly at: string; readonly days: ScheduleDays };

/** A typed wire into an in-port. */
export interface Wire {
  readonly port: string;
  readonly kind: 'market' | 'event' | 'table';
  readonly origin: WireOrigin;
  /** Takes a record only when this holds; `payload` is inside form (ticks). A thrown error quarantines the node. */
  readonly where?: (payload: Readonly<Record<string, unknown>>) => boolean;
  readonly late: 'take' | 'drop';
  readonly place: Place;
}

/** One node of the graph: a plugin with its parsed config, or a statechart written in the flow. */
export interface GraphNode {
  readonly id: string;
  /** `use` text as written; null for a statechart of the flow. */
  readonly use: string | null;
  readonly plugin: AnyProcessor;
  readonly config: Readonly<Record<string, unknown>>;
  readonly wires: readonly Wire[];
  /** Alias → the table out-port it reads. */
  readonly tables: Readonly<Record<string, { readonly node: string; readonly port: string }>>;
  readonly onError: ErrorPolicy;
  /** Types and units of a flow statechart's context; absent for plugins. */
  readonly contextSchema?: z.ZodObject;
  /**
   * Feeds the memory of temporal conditions before each event reaches the machine. Only flow statecharts have it.
   * `context` is the machine's context before the event.
   */
  readonly observe?: (
    event: Readonly<Record<string, unknown>> & { readonly type: string },
    context: Readonly<Record<string, unknown>>,
    environment: NodeEnvironment,
  ) => void;
  readonly place: Place;
}

/** A source of the flow. */
export interface GraphSource {
  readonly id: string;
  readonly plugin: AnySource;
  readonly config: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

/** A checked flow: every wire typed, every value parsed, nodes in graph order (upstream first; ties in file order). */
export interface FlowGraph {
  readonly name: string;
  readonly version: string;
  readonly doc: string;
  readonly file: string;
  /** sha256 over the resolved flow: nodes, configs, wires, statecharts, params, plugin versions. Not comments or layout. */
  readonly hash: string;
  readonly instruments: readonly Instrument[];
  readonly zone: Zone;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly sources: readonly GraphSource[];
  /** Topics read besides market data. */
  readonly topics: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly sinks: readonly {
    readonly id: string;
    readonly plugin: Sink;
    readonly config: Readonly<Record<string, unknown>>;
    readonly wires: readonly Wire[];
    readonly place: Place;
  }[];
  /** Old node key → new node key. */
  readonly moved: Readonly<Record<string, string>>;
  /** Variables of the process it was filled in from. Their values are for plugins: no page and no record shows them. */
  readonly variables?: UsedVariables;
}

/** A flow mistake: a value, never thrown. */
export interface Lint extends Place {
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  /** What to write instead, where that is known. */
  readonly fix?: string;
}
