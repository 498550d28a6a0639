import { type DeadLetter, probeSchema } from '../contracts/journal.ts';
import { OrderflowError } from '../errors.ts';
import type { Probe } from '../plugin/sensor.ts';
import type { InputPlace } from './journal.ts';
import type { NodeInstance, QueueEntry } from './node.ts';
import type { NewRecord } from './ports.ts';

/** Names of the topics a flow writes beside its ports' own. */
export function flowTopics(flow: string) {
  return {
    journal: `${flow}.journal`,
    probes: `${flow}.probes`,
    deadLetters: `${flow}.dead-letters`,
    port: (node: string, port: string): string => `${flow}.${node}.${port}`,
  };
}

/** What went wrong, where. */
export interface Failure extends Pick<DeadLetter, 'ts' | 'seq' | 'node' | 'policy'> {
  readonly input: InputPlace;
  readonly entry: Pick<QueueEntry, 'port' | 'payload'> | null;
  readonly error: unknown;
}

const quotedNames = new Map<string, string>();

/** A name as JSON; the same few come again and again. */
function quoted(name: string): string {
  let text = quotedNames.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    quotedNames.set(name, text);
  }
  return text;
}

/** A number as JSON has it: what is no number is null. */
function jsonNumber(value: number): string {
  return Number.isFinite(value) ? `${value}` : 'null';
}

/** Adds a probe's reading to a window. */
export type AddProbe = (node: string, name: string, probe: Probe) => void;

/** What a task made and nobody has committed yet. */
export class Output {
  private readonly flow: string;
  private readonly key: string;
  private readonly validate: boolean;
  readonly keep: boolean;
  private readonly topics: ReturnType<typeof flowTopics>;
  private records: NewRecord[] = [];
  private intent = false;
  /** Told of every record of an out-port as it is made; for reports and live views. */
  listener:
    | ((node: string, port: string, ts: number, payload: Readonly<Record<string, unknown>>) => void)
    | null = null;

  /** With `keep` false nothing is written but dead letters; the listener still hears everything. */
  constructor(
    flow: string,
    key: string,
    options: { readonly validate: boolean; readonly keep: boolean },
  ) {
    this.flow = flow;
    this.key = key;
    this.validate = options.validate;
    this.keep = options.keep;
    this.topics = flowTopics(flow);
  }

  /** Records waiting to be committed. */
  get size(): number {
    return this.records.length;
  }

  /** Whether an order intent waits: it is committed at once. */
  get holdsIntent(): boolean {
    return this.intent;
  }

  /** Takes everything that waits. */
  take(): readonly NewRecord[] {
    const { records } = this;
    this.records = [];
    this.intent = false;
    return records;
  }

  /** A record of an out-port. */
  record(
    node: NodeInstance,
    port: string,
    payload: Readonly<Record<string, unknown>>,
    ts: number,
    seq: number,
  ): void {
    const out = node.outPorts.get(port);
    if (!out)
      throw new OrderflowError('OF_EMIT_PORT', {
        node: node.id,
        port,
        ports: [...node.outPorts.keys()].join(', '),
      });
    if (this.validate) this.check(node, port, payload);
    if (out.isIntent) this.intent = true;
    if (this.keep) {
      const value = JSON.stringify(payload);
      this.records.push({
        topic: out.topic ?? (out.topic = this.topics.port(node.id, port)),
        key: this.key,
        ts,
        schema: out.schema,
        node: node.id,
        port,
        seq,
        value: value === '{}' ? `{"ts":${ts}}` : `{"ts":${ts},${value.slice(1)}`,
      });
    }
    this.listener?.(node.id, port, ts, payload);
  }

  private check(
    node: NodeInstance,
    port: string,
    payload: Readonly<Record<string, unknown>>,
  ): void {
    const checked = node.graphNode.plugin.out[port]?.schema.safeParse(payload);
    const issue = checked?.error?.issues[0];
    if (issue)
      throw new OrderflowError('OF_EMIT_PAYLOAD', {
        node: node.id,
        port,
        path: issue.path.join('.'),
        cause: issue.message,
      });
  }

  /** A macrostep. */
  journal(value: string, ts: number, seq: number): void {
    if (!this.keep) return;
    this.records.push({
      topic: this.topics.journal,
      key: this.key,
      ts,
      schema: 'journal/1',
      seq,
      value,
    });
  }

  /** A window of probes: `fill` adds those that saw something; without any there is no record. */
  probes(ts: number, fill: (add: AddProbe) => void): void {
    // Written by hand, and joined at once: pieces that wait for their commit are several times the text.
    const readings: string[] = [];
    fill((node, name, { value, needed, unit }) => {
      const names = `"node":${quoted(node)},"probe":${quoted(name)}`;
      const numbers = `"value":${jsonNumber(value)},"needed":${jsonNumber(needed)}`;
      readings.push(`{${names},${numbers},"unit":${quoted(unit)}}`);
    });
    if (!this.keep || readings.length === 0) return;
    this.records.push({
      topic: this.topics.probes,
      key: this.key,
      ts,
      schema: probeSchema,
      value: `{"ts":${ts},"probes":[${readings.join(',')}]}`,
    });
  }

  /** What a node, or a record that nobody could take, leaves behind. */
  deadLetter(facts: Failure): void {
    const { ts, seq, node, input, entry, error, policy } = facts;
    const letter: DeadLetter = {
      ts,
      seq,
      node,
      input,
      event: entry ? { ...entry.payload, type: entry.port } : null,
      error: error instanceof Error ? error.message : String(error),
      policy,
      replay: `orderflow dead-letters replay flows/${this.flow}.flow.yaml`,
    };
    this.records.push({
      topic: this.topics.deadLetters,
      key: this.key,
      ts,
      schema: 'dead-letter/1',
      node,
      seq,
      value: JSON.stringify(letter),
    });
  }
}
