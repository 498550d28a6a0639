import { randomUUID } from 'node:crypto';
import { type RunRecord, runSchema, runTopic } from '../contracts/run.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import type { Host } from './host.ts';

const perMillisecond = 1_000;

/** Writes into the log that a flow is run, and how that ended; for the registry of runs. */
export class RunRegistry {
  private readonly log: Log;
  private readonly graph: FlowGraph;
  private readonly now: () => number;
  private readonly run: Omit<RunRecord, 'ts' | 'stoppedAt' | 'state'>;

  constructor(host: Host, log: Log, graph: FlowGraph) {
    this.log = log;
    this.graph = graph;
    // A clock that only moves forward, so that no run ends before it began.
    this.now = () => Math.round((performance.timeOrigin + host.wallClock()) * perMillisecond);
    this.run = {
      id: randomUUID(),
      flow: graph.name,
      flowVersion: graph.version,
      flowHash: graph.hash,
      program: host.version,
      sources: graph.sources.map(({ plugin }) => plugin.id),
      startedAt: this.now(),
    };
  }

  /** The run begins. */
  began(): Promise<void> {
    return this.write({ stoppedAt: null, state: 'running' });
  }

  /** The run has ended. */
  ended(state: 'stopped' | 'failed'): Promise<void> {
    return this.write({ stoppedAt: this.now(), state });
  }

  private async write(end: Pick<RunRecord, 'stoppedAt' | 'state'>): Promise<void> {
    const ts = end.stoppedAt ?? this.run.startedAt;
    const value = JSON.stringify({ ts, ...this.run, ...end });
    for (const { symbol, number } of this.graph.instruments) {
      const record = { topic: runTopic, key: symbol, ts, schema: runSchema, value };
      await this.log.append(number, [record]);
    }
  }
}
