import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import type { Arguments, Option } from './arguments.ts';
import { openOps, opsOption } from './health-server.ts';
import type { ExitCode, Host } from './host.ts';
import { RunMetrics } from './metrics.ts';
import { logOptions, openStructuredLog } from './structured-log.ts';
import { StructuredRun } from './structured-log-run.ts';

/** Options of a command that operators may watch. */
export const opsOptions: readonly Option[] = [opsOption, ...logOptions];

/** What operators have of a run. */
export interface OpsDesk {
  /** The log, its commits measured. */
  readonly log: Log;
  readonly metrics: RunMetrics;
  /** Null where people read: lines for programs were not asked for. */
  readonly told: StructuredRun | null;
}

/**
 * Runs something with the endpoint and the lines that operators asked for. With lines for programs an error is one of
 * them, and the exit code 3.
 *
 * @throws {OF_OPS_PORT} when the endpoint cannot listen on its port.
 */
export async function withOps(
  host: Host,
  args: Arguments,
  of: { readonly graph: FlowGraph; readonly log: Log },
  run: (desk: OpsDesk) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { graph, log } = of;
  const lines = await openStructuredLog(host, args, graph.name);
  const told = lines && new StructuredRun(lines);
  const metrics = new RunMetrics(graph, {
    wallClock: () => host.wallClock(),
    epochMs: () => Date.now(),
  });
  const ops = await openOps(host, args, metrics, log);
  if (ops && told) told.listening(ops.url);
  else if (ops) host.stdout.write(`Metrics and health are at ${ops.url}\n`);
  try {
    // Unwatched, a commit is not taken apart.
    return await run({ log: ops ? metrics.watch(log) : log, metrics, told });
  } catch (error) {
    if (!told) throw error;
    told.failed(error);
    return 3;
  } finally {
    await ops?.close();
  }
}
