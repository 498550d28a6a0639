import type { AnyStateMachine } from 'xstate';
import type { z } from 'zod';
import type { Instrument } from '../market/instrument.ts';
import type { Ports, RecordPorts } from './port.ts';
import type { Sensor } from './sensor.ts';

/** An example of a plugin: shown in the docs and run as a test. */
export interface PluginExample {
  readonly title: string;
  /** The node as it stands in a flow (the value under `nodes:`), as YAML. */
  readonly yaml: string;
  /** The `feed:` of a flow test case, as YAML. */
  readonly feed: string;
  /** The `expect:` of a flow test case, as YAML; the node is called `example`. */
  readonly expect: string;
}

interface Common<C extends z.ZodObject, I extends Ports, O extends RecordPorts> {
  readonly id: string;
  readonly version: `${number}.${number}.${number}`;
  readonly api: 1;
  /** One plain sentence: what it sees. */
  readonly summary: string;
  readonly config: C;
  readonly in: I;
  readonly out: O;
  readonly examples: readonly PluginExample[];
}

/** A node's state as it is kept in a checkpoint. */
export interface NodeSnapshot {
  readonly plugin: string;
  readonly version: string;
  readonly machineHash: string;
  /** XState's persisted snapshot: value, context, historyValue; null without a machine. */
  readonly machine: Readonly<Record<string, unknown>> | null;
  readonly timers: readonly {
    readonly id: string;
    readonly at: number;
    readonly seq: number;
    readonly event: Readonly<Record<string, unknown>> & { readonly type: string };
  }[];
  /** The sensor's slots: numbers, arrays, ladders; null without a sensor. */
  readonly sensor: Readonly<Record<string, unknown>> | null;
  readonly memory?: Readonly<Record<string, unknown>>;
}

/** What a machine may read besides its events: the latest values of wired tables (flow statecharts only), as of now. */
export interface NodeEnvironment {
  /** The latest value of an alias of `tables:`; undefined while none was written. A keyed table is a map. */
  table(alias: string): unknown;
  /** Event time in microseconds. */
  now(): number;
  /** Memory of temporal conditions; part of the node's snapshot. Plain JSON values only. */
  readonly memory: Record<string, unknown>;
}

/** What a processor's machine is built from. */
export interface MachineArguments<C> {
  readonly config: C;
  readonly instrument: Instrument;
  readonly environment: NodeEnvironment;
}

/** A plugin that computes: a sensor, a machine, or both. Only `emit` leaves it. */
export interface Processor<
  C extends z.ZodObject = z.ZodObject,
  I extends Ports = Ports,
  S extends RecordPorts = RecordPorts,
  O extends RecordPorts = RecordPorts,
> extends Common<C, I, O> {
  readonly kind?: 'processor';
  /** Sensor to machine: what the sensor may hand over. Event type = the key. */
  readonly senses?: S;
  readonly sensor?: Sensor<z.infer<C>, S, O>;
  /**
   * The statechart. It receives `{ type: <in-port or sense>, ts, ...payload }` and nothing else, and answers by
   * `emit({ type: <out-port>, ...payload })`. Named guards and actions only, so that every transition can be shown.
   */
  machine?(a: MachineArguments<z.infer<C>>): AnyStateMachine;
  /** Key: the range it migrates from, such as `<1.2`. */
  readonly migrate?: Readonly<Record<string, (snapshot: NodeSnapshot) => NodeSnapshot>>;
  /** What must hold of the context after each macrostep: CEL over `ctx` by name. A broken one quarantines the node. */
  readonly invariants?: Readonly<Record<string, string>>;
}

/** What a source or sink needs from the outside. */
export type Need = 'net' | 'fs' | 'broker';

/** What a simulated market staged; prices in ticks, times in microseconds. */
export interface StagedEpisode {
  readonly kind: string;
  /** Where price goes after it. */
  readonly side: 'long' | 'short';
  readonly from: number;
  readonly to: number;
  readonly price: number;
}

/** What a source is opened with. */
export interface SourceArguments<C> {
  readonly config: C;
  readonly instrument: Instrument;
  /** What the source last handed over beside its records; null at the first start. */
  readonly resume: string | null;
  readonly signal: AbortSignal;
  /**
   * Appends one market batch (encoded by `MarketBatchBuilder`), durable when the promise resolves; awaiting it is the
   * back-pressure. `resume` is kept with it.
   */
  write(batch: Uint8Array, resume: string): Promise<void>;
  /** Tells how far a finite source is, 0 to 1. */
  progress?(done: number): void;
  /** Told of what a simulated source staged, for tests and calibration: no flow is given it, no record holds it. */
  staged?(episode: StagedEpisode): void;
}

/** A plugin that brings the market in. It may do I/O. It ends by resolving `open` (a finite source) or on `signal`. */
export interface Source<C extends z.ZodObject = z.ZodObject, O extends Ports = Ports>
  extends Omit<Common<C, Readonly<Record<string, never>>, RecordPorts>, 'out'> {
  readonly kind: 'source';
  readonly out: O;
  readonly needs: readonly Need[];
  open(a: SourceArguments<z.infer<C>>): Promise<void>;
}

/** A plugin that carries committed records out. It sees each at least once, by id, so it is idempotent. */
export interface Sink<
  C extends z.ZodObject = z.ZodObject,
  I extends Ports = Ports,
  O extends RecordPorts = RecordPorts,
> extends Common<C, I, O> {
  readonly kind: 'sink';
  readonly needs: readonly Need[];
  open(a: {
    readonly config: z.infer<C>;
    readonly signal: AbortSignal;
    fact(port: string, payload: Readonly<Record<string, unknown>>): Promise<void>;
  }): Promise<
    Readonly<
      Record<string, (payload: Readonly<Record<string, unknown>>, id: string) => Promise<void>>
    >
  >;
}

/** Any plugin. */
export type Plugin = AnyProcessor | AnySource | Sink;

// The registry holds plugins of every config and port type; the hooks are contravariant in them, so the erased
// forms below are what the runtime handles. definePlugin has checked the typed form.
/** A processor whose types the registry has forgotten. */
export type AnyProcessor = Omit<Processor, 'sensor' | 'machine'> & {
  readonly sensor?: ErasedSensor;
  machine?(a: MachineArguments<never>): AnyStateMachine;
};
/** A sensor whose types the registry has forgotten; the runtime calls it as declared. */
export interface ErasedSensor {
  readonly slots: readonly string[];
  readonly views?: object;
  readonly probes?: object;
  readonly withholds?: Readonly<Record<string, readonly string[]>>;
}
/** A source whose types the registry has forgotten. */
export type AnySource = Omit<Source, 'open'> & { open(a: SourceArguments<never>): Promise<void> };

/** Declares a plugin; the exported constant must be called `plugin`. */
export function definePlugin<
  C extends z.ZodObject,
  const I extends Ports,
  const O extends RecordPorts,
  const S extends RecordPorts = Readonly<Record<never, never>>,
>(spec: Processor<C, I, S, O>): Processor<C, I, S, O>;
export function definePlugin<C extends z.ZodObject, const O extends Ports>(
  spec: Source<C, O>,
): Source<C, O>;
export function definePlugin<
  C extends z.ZodObject,
  const I extends Ports,
  const O extends RecordPorts,
>(spec: Sink<C, I, O>): Sink<C, I, O>;
export function definePlugin(spec: unknown): unknown {
  return spec;
}
