import type { DeploymentRecord } from '../contracts/deployment.ts';
import type { FlowGraph } from '../flow/graph.ts';
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

/** One flow at its turn, and the one it took over from. */
interface Turn {
  readonly graph: FlowGraph;
  readonly before: FlowGraph | null;
  readonly deployed: readonly Deployed[];
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
    let turn: Turn = { graph: first, before: null, deployed: [] };
    let worst: ExitCode = 0;
    for (;;) {
      const change = new AbortController();
      this.change = change;
      const { graph, before, deployed } = turn;
      let stands = false;
      const standing = (): void => {
        stands = true;
        // The first flow stands as well, and nobody asked for it.
        if (before) this.settle(deployed);
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
        this.refuse(error);
        if (stands || !before) throw error;
        await this.undo(log, before, deployed);
        turn = { graph: before, before: null, deployed: [] };
      }
    }
  }

  /** Writes the change into the log; where that does not go the old flow runs on. */
  private async takeOver(log: Log, before: FlowGraph, after: FlowGraph): Promise<Turn> {
    try {
      return { graph: after, before, deployed: await this.write(log, before, after) };
    } catch (error) {
      this.refuse(error);
      return { graph: before, before: null, deployed: [] };
    }
  }

  private async write(log: Log, before: FlowGraph, after: FlowGraph): Promise<Deployed[]> {
    const deployed: Deployed[] = [];
    for (const instrument of after.instruments)
      deployed.push(await writeDeployment(log, before, after, instrument));
    return deployed;
  }

  private async undo(log: Log, flow: FlowGraph, deployed: readonly Deployed[]): Promise<void> {
    for (const [i, instrument] of flow.instruments.entries())
      await undoDeployment(log, flow, instrument, deployed[i]?.undo ?? []);
  }

  private settle(deployed: readonly Deployed[]): void {
    const records = deployed.flatMap(({ record }) => record ?? []);
    this.asked?.answer({ ok: true, records });
    this.asked = null;
  }

  private refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.asked?.answer({ ok: false, reason });
    this.asked = null;
  }
}
