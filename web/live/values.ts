import type { LiveMachine, LiveSignal } from '#engine/cli/live-state.ts';
import type { MarketState } from '#engine/cli/market-control.ts';
import type { Phase } from '#engine/market/session.ts';
import type { AlertsValue } from './alerts.ts';
import type { MachineValue } from './inspect.ts';

/** Shapes of the values that windows subscribe to, by key; prices are decimals, times microseconds. */

/** `market`: last price and quote; null what has not been seen yet. */
export interface MarketValue {
  readonly last: number | null;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly trades: number;
  readonly volume: number;
  /** Contracts whose aggressor nobody knows. */
  readonly unknownVolume: number;
}

/** `clock`: event time and the trade day; null before the first record. */
export interface ClockValue {
  readonly now: number;
  readonly phase: Phase;
  /** yyyymmdd. */
  readonly tradeDate: number;
  readonly open: number;
  readonly close: number;
  readonly rthOpen: number | null;
  readonly rthEnd: number | null;
  /** Changes of phase still to come today, ascending. */
  readonly next: readonly { readonly ts: number; readonly phase: Phase }[];
}

/** `run`: how the task does. */
export interface RunValue {
  readonly rowsPerSecond: number;
  /** Event seconds per wall second, lately. */
  readonly pace: number;
  readonly seq: number;
  readonly late: number;
  readonly quarantined: readonly string[];
}

/** What a page knows of the instrument it shows. */
export interface InstrumentFacts {
  readonly symbol: string;
  readonly name: string;
  readonly tickSize: number;
  readonly decimals: number;
}

/** A row of any table, prices as decimals. */
export type Row = Readonly<Record<string, unknown>>;

/** `facts`: what does not change while a flow runs. */
export interface FactsValue {
  readonly flow: string;
  readonly version: string;
  readonly zone: string;
  readonly instrument: InstrumentFacts;
  /** Every instrument the flow runs on, in its order; the first is shown when nobody chose another. */
  readonly instruments: readonly string[];
  /** Where the market comes from: its node and its plugin; null when other processes bring it. */
  readonly source: {
    readonly id: string;
    readonly plugin: string;
    readonly isReplay: boolean;
  } | null;
  /** Out-ports by the contract they publish, in the flow's order. */
  readonly ports: Readonly<Record<string, readonly PortFacts[]>>;
  /** Times of day the calendar calls a node at, as written in the flow, by node; those it never calls are left out. */
  readonly calendar: Readonly<Record<string, readonly string[]>>;
  /** Nodes with a machine, in the flow's order. */
  readonly machines: readonly MachineFacts[];
}

/** What does not change about a machine. */
export interface MachineFacts {
  readonly node: string;
  readonly plugin: string;
  /** Text of the state it starts in. */
  readonly initial: string;
  /** What being in a state means, by the state's path; only states whose plugin says so. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** States that no transition leaves, by path. */
  readonly finals: readonly string[];
  /** It emits signals or trade ideas. */
  readonly signals: boolean;
}

/** `lamps`: what stands between a strategy and its next step, as asked last in the state it is in. */
export interface LampsValue {
  readonly node: string;
  readonly state: string;
  /** When it was asked, by which event, in which macrostep. */
  readonly ts: number;
  readonly event: string;
  readonly seq: number;
  readonly transition: string;
  readonly target: string | null;
  /** Comparisons in the order they were asked. */
  readonly leaves: readonly { readonly ok: boolean; readonly text: string }[];
}

/** An out-port of a node. */
export interface PortFacts {
  readonly node: string;
  readonly port: string;
  readonly kind: 'event' | 'table';
  readonly plugin: string;
}

/** Every key a window may subscribe to, with the shape of its value. */
export interface LiveValues {
  readonly facts: FactsValue;
  readonly market: MarketValue;
  readonly clock: ClockValue | null;
  /** Speed, pause and jump of the market. */
  readonly source: MarketState;
  readonly run: RunValue;
  /** The same for every instrument. */
  readonly alerts: AlertsValue;
  readonly machines: readonly LiveMachine[];
  /** Newest first. */
  readonly signals: readonly LiveSignal[];
  /** Null while no strategy was asked anything in the state it is in. */
  readonly lamps: LampsValue | null;
  /** Records a second of the computer's time by `node.port`, over the last seconds; those of which none came are left out. */
  readonly rates: Readonly<Record<string, number>>;
  /** A machine with the counts and questions of today. */
  readonly [machine: `machine:${string}`]: MachineValue;
  /** A machine's context, in inside form. */
  readonly [context: `context:${string}`]: Row;
  /** The newest record of a node's port, committed in this run. */
  readonly [last: `last:${string}`]: Row;
  /** Rows of the table of a node's port. */
  readonly [table: `table:${string}`]: readonly Row[];
}
