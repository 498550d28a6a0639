import type { Log } from '../runtime/ports.ts';
import { type InputLag, inTime, type RunMetrics, type TaskMeter } from './metrics.ts';

/** What a process says of itself: `reasons` is empty when all is well. */
export interface Readiness {
  readonly ready: boolean;
  /** One plain sentence each. */
  readonly reasons: readonly string[];
  /** What is less than whole although the process does its work, one plain sentence each: starting it anew mends none of it. */
  readonly degraded: readonly string[];
  readonly tasks: readonly {
    readonly flow: string;
    readonly instrument: string;
    readonly restored: boolean;
    /** Event time in microseconds; null before the first record. */
    readonly eventTime: number | null;
    readonly lag: readonly InputLag[];
  }[];
}

/** With input waiting, a task that takes no record for so long is stalled. */
const stalledAfterMs = 30_000;
async function lookAt(
  meter: TaskMeter,
  log: Log,
  now: number,
): Promise<{ readonly lag: readonly InputLag[]; readonly reasons: readonly string[] }> {
  const name = `task ${meter.labels['flow']}.${meter.labels['instrument']}`;
  if (meter.failure !== null) return { lag: [], reasons: [`${name} is down: ${meter.failure}`] };
  if (!meter.runner) return { lag: [], reasons: [`${name} is not restored yet`] };
  try {
    const lag = await inTime(meter.lags(log));
    const stillMs = now - meter.movedAt;
    const isStalled = stillMs > stalledAfterMs && lag.some(({ records }) => records > 0);
    const seconds = Math.round(stillMs / 1_000);
    const reasons = isStalled
      ? [`${name} is stalled: input waits and none was taken for ${seconds} s`]
      : [];
    if (meter.sourceFailure !== null)
      reasons.push(`the source of ${name} has failed: ${meter.sourceFailure}`);
    return { lag, reasons };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { lag: [], reasons: [`the log is out of reach for ${name}: ${cause}`] };
  }
}

/** A quarantined node stays so over a start: whoever is asked for it again would be no better. */
function quarantinedIn({ labels, runner }: TaskMeter): string[] {
  const nodes = runner?.task.nodes.filter(({ quarantined }) => quarantined) ?? [];
  return nodes.map(
    ({ id }) => `node '${id}' of ${labels['flow']}.${labels['instrument']} is quarantined`,
  );
}

/**
 * Returns whether a process does its work: every task restored, the log within reach, none stalled, every source at
 * work. A worker that no
 * partition was given to is ready.
 */
export async function readinessOf(metrics: RunMetrics, log: Log): Promise<Readiness> {
  const meters = [...metrics.tasks.values()];
  const now = metrics.clocks.wallClock();
  const found = await Promise.all(meters.map((meter) => lookAt(meter, log, now)));
  const reasons = found.flatMap((look) => look.reasons);
  return {
    ready: reasons.length === 0,
    reasons,
    degraded: meters.flatMap(quarantinedIn),
    tasks: meters.map(({ labels, runner }, i) => ({
      flow: labels['flow'] ?? '',
      instrument: labels['instrument'] ?? '',
      restored: runner !== null,
      eventTime: runner && runner.task.clock.now > 0 ? runner.task.clock.now : null,
      lag: found[i]?.lag ?? [],
    })),
  };
}
