import type { ProbeReading } from '../contracts/journal.ts';
import { microsPerMinute } from '../market/time.ts';
import type { Probe } from '../plugin/sensor.ts';
import type { TaskClock } from './dispatch.ts';
import type { AnySensor, NodeInstance } from './node.ts';
import type { AddProbe } from './output.ts';

/** One probe of a node. */
interface Reader {
  readonly node: NodeInstance;
  readonly name: string;
  readonly read: NonNullable<NonNullable<AnySensor['probes']>[string]>;
}

function readersOf(node: NodeInstance): Reader[] {
  return Object.entries(node.sensor?.probes ?? {}).map(([name, read]) => ({ node, name, read }));
}

function readingOf({ node, read }: Reader): Probe | null {
  return node.slots && !node.quarantined ? read(node.slots, node.config) : null;
}

/** Reads a sensor's probes as they stand. */
export function readProbes(node: NodeInstance, ts: number): ProbeReading[] {
  return readersOf(node).flatMap((reader) => {
    const probe = readingOf(reader);
    if (!probe) return [];
    const { value, needed, unit } = probe;
    return [{ ts, node: node.id, probe: reader.name, value, needed, unit }];
  });
}

/** The windows of one minute over which sensors keep the maxima of what they filter by. */
export class ProbeWindows {
  private readonly nodes: readonly NodeInstance[];
  /** Their probes in one list: names are not looked up anew every minute. */
  private readonly readers: readonly Reader[];
  private readonly clock: TaskClock;
  private rows = 0;
  nextAt = Number.POSITIVE_INFINITY;

  constructor(nodes: readonly NodeInstance[], clock: TaskClock) {
    this.nodes = nodes.filter((node) => node.sensor?.probes !== undefined);
    this.readers = this.nodes.flatMap(readersOf);
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
    for (const reader of this.readers) {
      const probe = readingOf(reader);
      if (probe && probe.value !== 0) keep(reader.node.id, reader.name, probe);
    }
    for (const { peaks, slots } of this.nodes)
      for (const slot of peaks) if (slots) slots.f[slot] = 0;
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
