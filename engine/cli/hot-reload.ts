import type { DeploymentRecord } from '../contracts/deployment.ts';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { type Deployed, undoDeployment, writeDeployment } from '../runtime/deploy.ts';
import type { Log } from '../runtime/ports.ts';
import type { ExitCode, Host } from './host.ts';
import { type LiveOptions, runLive } from './live-run.ts';

/** How a deployment ended. */
export type ReloadOutcome =
  | { readonly ok: true; readonly records: readonly DeploymentRecord[] }
  | { readonly ok: false; readonly reason: string };

interface Asked {
  readonly graph: FlowGraph;
  readonly answer: (outcome: ReloadOutcome) => void;
}

/** What was written of a deployment for one instrument. */
interface Written {
  readonly instrument: Instrument;
  readonly deployed: Deployed;
}

/** One flow at its turn, and the one it took over from. */
interface Turn {
  readonly graph: FlowGraph;
  readonly before: FlowGraph | null;
  readonly written: readonly Written[];
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Lets another flow take over in a run, between two records, without ending the process. */
export class HotReload {
  private asked: Asked | null = null;
  private change: AbortController | null = null;

  /** Whether a deployment is on its way. */
  get isBusy(): boolean {
    return this.asked !== null;
  }

  /** Asks the run to go on with another flow; resolves when that one stands where the old one stopped, or why not. */
  request(graph: FlowGraph): Promise<ReloadOutcome> {
    if (this.asked) return Promise.resolve({ ok: false, reason: 'a deployment is on its way' });
    if (!this.change) return Promise.resolve({ ok: false, reason: 'no flow is running here' });
    const { change } = this;
    return new Promise((answer) => {
      this.asked = { graph, answer };
      change.abort();
    });
  }

  /** Runs a flow, and whatever takes over from it, until a run ends by itself; the worst of their exit codes. */
  async run(
    host: Host,
    first: FlowGraph,
    log: Log,
    home: string,
    options: LiveOptions,
  ): Promise<ExitCode> {
    let turn: Turn = { graph: first, before: null, written: [] };
    let worst: ExitCode = 0;
    for (;;) {
      const change = new AbortController();
      this.change = change;
      const { graph, before, written } = turn;
      let stands = false;
      const standing = (): void => {
        stands = true;
        // The first flow stands as well, and nobody asked for it.
        if (before) this.settle(written);
      };
      try {
        const code = await runLive(host, graph, log, home, {
          ...options,
          change: change.signal,
          standing,
        });
        if (code > worst) worst = code;
        if (!this.asked) return worst;
        turn = await this.takeOver(log, graph, this.asked.graph);
      } catch (error) {
        const isNew = before !== null && !stands;
        const told = isNew ? await this.undo(log, before, written, error) : error;
        this.refuse(told);
        if (!isNew || told !== error) throw told;
        turn = { graph: before, before: null, written: [] };
      }
    }
  }

  /** Writes the change into the log; where that does not go the old flow runs on. */
  private async takeOver(log: Log, before: FlowGraph, after: FlowGraph): Promise<Turn> {
    try {
      return { graph: after, before, written: await this.write(log, before, after) };
    } catch (error) {
      this.refuse(error);
      // The log holds half of the change: the old flow would go on without the states that were dropped.
      if (isOrderflowError(error, 'OF_DEPLOY_UNDO')) throw error;
      return { graph: before, before: null, written: [] };
    }
  }

  private async write(log: Log, before: FlowGraph, after: FlowGraph): Promise<readonly Written[]> {
    const written: Written[] = [];
    try {
      for (const instrument of after.instruments)
        written.push({
          instrument,
          deployed: await writeDeployment(log, before, after, instrument),
        });
    } catch (error) {
      // The instruments before the one that failed would go on without the states that were dropped.
      throw await this.undo(log, before, written, error);
    }
    return written;
  }

  /** Takes back what was written; returns what is to be told: the error that led here, with what kept it from that. */
  private async undo(
    log: Log,
    flow: FlowGraph,
    written: readonly Written[],
    first: unknown,
  ): Promise<unknown> {
    const failures: unknown[] = [];
    const left: string[] = [];
    for (const { instrument, deployed } of written)
      try {
        await undoDeployment(log, flow, instrument, deployed.undo);
      } catch (error) {
        failures.push(error);
        left.push(instrument.symbol);
      }
    if (failures.length === 0) return first;
    const facts = { flow: flow.name, instruments: left.join(', ') };
    return new OrderflowError(
      'OF_DEPLOY_UNDO',
      { ...facts, first: textOf(first), cause: failures.map(textOf).join('; ') },
      { cause: new AggregateError([first, ...failures]) },
    );
  }

  private settle(written: readonly Written[]): void {
    const records = written.flatMap(({ deployed }) => deployed.record ?? []);
    this.asked?.answer({ ok: true, records });
    this.asked = null;
  }

  private refuse(error: unknown): void {
    this.asked?.answer({ ok: false, reason: textOf(error) });
    this.asked = null;
  }
}
