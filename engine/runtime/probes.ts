import type { ProbeReading } from '../contracts/journal.ts';
import { microsPerMinute } from '../market/time.ts';
import type { Probe } from '../plugin/sensor.ts';
import type { TaskClock } from './dispatch.ts';
import type { NodeInstance } from './node.ts';
import type { AddProbe } from './output.ts';

/** Reads a sensor's probes as they stand. */
export function readProbes(node: NodeInstance, ts: number): ProbeReading[] {
  const records: ProbeReading[] = [];
  forEachProbe(node, (probe, { value, needed, unit }) =>
    records.push({ ts, node: node.id, probe, value, needed, unit }),
  );
  return records;
}

function forEachProbe(node: NodeInstance, told: (name: string, probe: Probe) => void): void {
  const { sensor, slots, config } = node;
  if (!sensor?.probes || !slots || node.quarantined) return;
  for (const name in sensor.probes) {
    const read = sensor.probes[name];
    if (read) told(name, read(slots, config));
  }
}

/** The windows of one minute over which sensors keep the maxima of what they filter by. */
export class ProbeWindows {
  private readonly nodes: readonly NodeInstance[];
  private readonly clock: TaskClock;
  private rows = 0;
  nextAt = Number.POSITIVE_INFINITY;

  constructor(nodes: readonly NodeInstance[], clock: TaskClock) {
    this.nodes = nodes.filter((node) => node.sensor?.probes !== undefined);
    this.clock = clock;
  }

  /** Starts the grid of minutes. */
  begin(ts: number): void {
    this.nextAt =
      this.nodes.length === 0
        ? Number.POSITIVE_INFINITY
        : Math.floor(ts / microsPerMinute) * microsPerMinute + microsPerMinute;
  }

  /** Ends the window due now: hands each probe that saw something to `keep` and sets the maxima back to 0. */
  fire(at: number, until: number, keep: AddProbe): void {
    this.nextAt = at + microsPerMinute;
    if (this.rows === this.clock.rows) {
      // A quiet market: nothing can have moved until the next deadline or record.
      if (until > this.nextAt)
        this.nextAt = Math.floor((until - 1) / microsPerMinute) * microsPerMinute + microsPerMinute;
      return;
    }
    this.rows = this.clock.rows;
    for (const node of this.nodes) {
      forEachProbe(node, (name, probe) => {
        if (probe.value !== 0) keep(node.id, name, probe);
      });
      for (const slot of node.peaks) if (node.slots) node.slots.f[slot] = 0;
    }
  }

  /** Returns what a checkpoint keeps: the next window's end and the rows at the last. */
  snapshot(): readonly [number, number] {
    return [this.nextAt, this.rows];
  }

  /** Goes on from a snapshot. */
  restore(snapshot: readonly [number, number]): void {
    // Without probes the next window is Infinity, which JSON does not know.
    if (this.nodes.length > 0) [this.nextAt, this.rows] = snapshot;
  }
}
