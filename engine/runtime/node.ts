import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { AnyStateMachine } from 'xstate';
import { canonicalJson } from '../contracts/canonical.ts';
import { OrderflowError } from '../errors.ts';
import type { ErrorPolicy, GraphNode } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { Ladder } from '../market/ladder.ts';
import type { NodeEnvironment, NodeSnapshot } from '../plugin/define-plugin.ts';
import { contractId, type RecordPort } from '../plugin/port.ts';
import type { Sensor, Slots } from '../plugin/sensor.ts';
import { createInvariants } from './invariants.ts';
import { MachineInstance } from './machine.ts';
import { migrateSnapshot } from './migrate.ts';
import type { Timers } from './timers.ts';

/** A sensor with its types forgotten: what the dispatch calls. */
export type AnySensor = Sensor<unknown, Record<string, RecordPort>, Record<string, RecordPort>>;
/** What a sensor hands over. */
export type SensorOut = (port: string, payload: Readonly<Record<string, unknown>>) => void;

/** What a node needs of its task. */
export interface NodeHost {
  readonly instrument: Instrument;
  readonly timers: Timers;
  now(): number;
  readTable(node: string, port: string): unknown;
  /** Puts what a sensor handed over into the task's queue. */
  fromSensor(node: NodeInstance, port: string, payload: Readonly<Record<string, unknown>>): void;
}

/** One piece of work: what a sensor handed its machine or an out-port, a record on an in-port, or a timer. */
export interface QueueEntry {
  readonly node: NodeInstance;
  readonly kind: 'sense' | 'out' | 'port' | 'timer';
  readonly port: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What is known of an out-port beforehand, so that emitting asks nothing twice. */
export interface OutPort {
  readonly schema: string;
  /** An order intent is committed at once. */
  readonly isIntent: boolean;
  /** Its topic, once a record was written. */
  topic?: string;
}

/** One node of a running task: its sensor's slots, its machine, its place in the graph. */
export class NodeInstance {
  readonly index: number;
  readonly id: string;
  readonly graphNode: GraphNode;
  readonly config: Readonly<Record<string, unknown>>;
  readonly sensor: AnySensor | null;
  readonly slots: Slots | null;
  readonly machine: MachineInstance | null;
  readonly onError: ErrorPolicy;
  readonly out: SensorOut;
  readonly outPorts: ReadonlyMap<string, OutPort>;
  /** Indices of `slots` that hold window maxima. */
  readonly peaks: readonly number[];
  readonly memory: Record<string, unknown> = {};
  /** Throws when a macrostep left the context against the plugin's own invariants. */
  readonly checkInvariants: ((context: Readonly<Record<string, unknown>>) => void) | null;
  readonly environment: NodeEnvironment;
  quarantined = false;
  private readonly build: () => AnyStateMachine | undefined;
  private chartHash: string | null = null;

  constructor(graphNode: GraphNode, index: number, host: NodeHost) {
    this.index = index;
    this.id = graphNode.id;
    this.graphNode = graphNode;
    this.config = graphNode.config;
    this.onError = graphNode.onError;
    this.sensor = (graphNode.plugin.sensor as unknown as AnySensor | undefined) ?? null;
    this.slots = this.sensor ? createSlots(this.sensor, this.config) : null;
    this.peaks = (this.sensor?.peaks ?? []).map((name) => this.slotIndex(name));
    this.outPorts = new Map(
      Object.entries(graphNode.plugin.out).map(([port, spec]) => {
        const schema = contractId(spec.schema, graphNode.plugin.id, port);
        return [port, { schema, isIntent: schema.startsWith('order-intent/') }];
      }),
    );
    this.out = (port, payload) => host.fromSensor(this, port, payload);
    this.environment = {
      table: (alias) => {
        const origin = graphNode.tables[alias];
        return origin ? host.readTable(origin.node, origin.port) : undefined;
      },
      now: () => host.now(),
      memory: this.memory,
    };
    this.build = () =>
      graphNode.plugin.machine?.({
        config: this.config as never,
        instrument: host.instrument,
        environment: this.environment,
      });
    this.checkInvariants = createInvariants(graphNode.plugin, host.instrument);
    const machine = this.build();
    this.machine = machine ? new MachineInstance(machine) : null;
  }

  /** What the statechart does, as one hash; empty without one. */
  get machineHash(): string {
    if (this.chartHash === null) {
      // Of a machine made for it: the one at work has wrapped guards, which are not in the JSON.
      const machine = this.build();
      this.chartHash = machine ? hashOf(machine.toJSON()) : '';
    }
    return this.chartHash;
  }

  /** Returns the node's whole state as plain data. */
  snapshot(timers: Timers): NodeSnapshot {
    return {
      plugin: this.graphNode.plugin.id,
      version: this.graphNode.plugin.version,
      machineHash: this.machineHash,
      // Before the first record no machine has been started yet.
      machine: this.machine?.started ? this.persisted(this.machine) : null,
      timers: timers.of(this.index),
      sensor: this.slots ? packSlots(this.slots) : null,
      memory: this.memory,
    };
  }

  /**
   * Goes on from a snapshot, migrated first where its plugin version is older.
   *
   * @throws {OF_SNAPSHOT_VERSION} when no migrate covers its version, or another plugin or statechart made it.
   */
  restore(snapshot: NodeSnapshot, timers: Timers): void {
    const fit = migrateSnapshot(snapshot, this.graphNode.plugin, this.machineHash);
    if (this.machine && fit.machine) this.machine.restore(fit.machine);
    if (this.slots && fit.sensor) unpackSlots(this.slots, fit.sensor);
    for (const key of Object.keys(this.memory)) delete this.memory[key];
    Object.assign(this.memory, fit.memory);
    timers.restore(this.index, fit.timers);
  }

  /** A node may be quarantined just because its context is no JSON, such as one that holds itself. */
  private persisted(machine: MachineInstance): NodeSnapshot['machine'] {
    try {
      return machine.persist();
    } catch (error) {
      if (this.quarantined) return null;
      throw error;
    }
  }

  private slotIndex(name: string): number {
    const index = this.sensor?.slots.indexOf(name) ?? -1;
    if (index < 0)
      throw new OrderflowError('OF_SENSOR_SLOT', { plugin: this.graphNode.plugin.id, slot: name });
    return index;
  }
}

/** Hashes what a statechart does; descriptions and labels may change without making its snapshots unfit. */
function hashOf(machineJson: unknown): string {
  const text = JSON.stringify(machineJson, (key, value: unknown) =>
    key === 'description' || key === 'meta' ? undefined : value,
  );
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(text)))
    .digest('hex');
}

function createSlots(sensor: AnySensor, config: unknown): Slots {
  const arrays: Record<string, Float64Array> = {};
  for (const [name, length] of Object.entries(sensor.arrays?.(config) ?? {}))
    arrays[name] = new Float64Array(length);
  const slots: Slots = {
    f: new Float64Array(sensor.slots.length),
    a: arrays,
    l: (sensor.ladders ?? []).map(() => new Ladder()),
  };
  sensor.init(slots, config);
  return slots;
}

function packNumbers(numbers: Float64Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

function unpackNumbers(target: Float64Array, text: string): void {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  const numbers = new Float64Array(bytes.buffer);
  if (numbers.length !== target.length) {
    throw new OrderflowError('OF_SNAPSHOT_SHAPE', { expected: target.length, was: numbers.length });
  }
  target.set(numbers);
}

function packSlots(slots: Slots): Readonly<Record<string, unknown>> {
  const arrays: Record<string, string> = {};
  for (const [name, numbers] of Object.entries(slots.a)) arrays[name] = packNumbers(numbers);
  return {
    f: packNumbers(slots.f),
    a: arrays,
    l: slots.l.map((ladder) => packNumbers(Float64Array.from(ladder.toSnapshot()))),
  };
}

function unpackSlots(slots: Slots, packed: Readonly<Record<string, unknown>>): void {
  unpackNumbers(slots.f, packed['f'] as string);
  const arrays = packed['a'] as Record<string, string>;
  for (const [name, numbers] of Object.entries(slots.a)) unpackNumbers(numbers, arrays[name] ?? '');
  const ladders = packed['l'] as readonly string[];
  slots.l.forEach((ladder, i) => {
    const bytes = Uint8Array.from(Buffer.from(ladders[i] ?? '', 'base64'));
    ladder.restore(Array.from(new Float64Array(bytes.buffer)));
  });
}
