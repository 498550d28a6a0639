import { parseDuration } from '../flow/parse-duration.ts';
import type { RecordPort } from '../plugin/port.ts';
import type { TaskClock } from './dispatch.ts';
import type { AnySensor, NodeInstance } from './node.ts';
import { createIsSameRow, type Row } from './same-row.ts';

interface View {
  readonly node: NodeInstance;
  readonly port: string;
  readonly key: string | undefined;
  readonly everyUs: number;
  readonly read: NonNullable<NonNullable<AnySensor['views']>[string]>;
  readonly isSameRow: (a: Row, b: Row) => boolean;
  next: number;
  /** What the clock and the node's hooks stood at when it was last looked at. */
  rows: number;
  hooks: number;
  /** Last published row per row key. */
  published: Map<string, Row>;
}

const never = Number.POSITIVE_INFINITY;

function gridAfter(ts: number, everyUs: number): number {
  return Math.floor(ts / everyUs) * everyUs + everyUs;
}

/** The tables that sensors compute on read, and their publication on a grid of event time. */
export class Views {
  private readonly views: readonly View[];
  private readonly clock: TaskClock;
  /** How often a hook other than trade, quote, depth or bar ran, by node index. */
  private readonly hooks: number[];
  nextAt = never;

  constructor(nodes: readonly NodeInstance[], clock: TaskClock) {
    this.clock = clock;
    this.hooks = nodes.map(() => 0);
    this.views = nodes.flatMap((node) =>
      Object.entries(node.sensor?.views ?? {}).flatMap(([port, read]) => {
        const spec: RecordPort | undefined = node.graphNode.plugin.out[port];
        if (!read || !spec) return [];
        const everyUs = parseDuration(spec.every ?? '1s') ?? 1_000_000;
        return [
          {
            node,
            port,
            key: spec.key,
            everyUs,
            read,
            isSameRow: createIsSameRow(spec.schema),
            next: never,
            rows: -1,
            hooks: -1,
            published: new Map<string, Row>(),
          },
        ];
      }),
    );
  }

  /** Starts the grids. */
  begin(ts: number): void {
    for (const view of this.views) view.next = gridAfter(ts, view.everyUs);
    this.refresh();
  }

  /** Notes that a sensor's state changed outside its row hooks. */
  touch(node: number): void {
    this.hooks[node] = (this.hooks[node] ?? 0) + 1;
  }

  /** Whether a node's out-port is a view. */
  has(node: NodeInstance, port: string): boolean {
    return node.sensor?.views?.[port] !== undefined;
  }

  /** Computes a view now: its rows; empty where the sensor has nothing to say yet. */
  read(node: NodeInstance, port: string): readonly Row[] {
    const read = node.sensor?.views?.[port];
    if (!read || !node.slots || node.quarantined) return [];
    const rows = read(node.slots, node.config);
    if (rows === null) return [];
    return Array.isArray(rows) ? (rows as readonly Row[]) : [rows as Row];
  }

  /**
   * Publishes the views due at `at` that changed. `until` is the time the task is advancing to, or its next deadline:
   * grid points without anything new before it are skipped in one step.
   */
  fire(
    at: number,
    until: number,
    publish: (node: NodeInstance, port: string, row: Row) => void,
  ): void {
    for (const view of this.views) {
      if (view.next !== at) continue;
      view.next = at + view.everyUs;
      if (this.isDirty(view)) this.publishChanged(view, publish);
      else if (until > view.next) view.next = gridAfter(until - 1, view.everyUs);
    }
    this.refresh();
  }

  /** Returns what a checkpoint keeps. */
  snapshot(): readonly (readonly [
    next: number,
    clean: boolean,
    published: readonly (readonly [string, Row])[],
  ])[] {
    return this.views.map((view) => [view.next, !this.isDirty(view), [...view.published]]);
  }

  /** Goes on from a snapshot. */
  restore(snapshot: ReturnType<Views['snapshot']>): void {
    this.views.forEach((view, i) => {
      const kept = snapshot[i];
      if (!kept) return;
      view.next = kept[0];
      view.published = new Map(kept[2]);
      view.rows = kept[1] ? this.clock.rows : -1;
      view.hooks = kept[1] ? (this.hooks[view.node.index] ?? 0) : -1;
    });
    this.refresh();
  }

  private isDirty(view: View): boolean {
    return view.rows !== this.clock.rows || view.hooks !== this.hooks[view.node.index];
  }

  private publishChanged(
    view: View,
    publish: (node: NodeInstance, port: string, row: Row) => void,
  ): void {
    view.rows = this.clock.rows;
    view.hooks = this.hooks[view.node.index] ?? 0;
    for (const row of this.read(view.node, view.port)) {
      const key = view.key === undefined ? '' : String(row[view.key]);
      const last = view.published.get(key);
      if (last !== undefined && view.isSameRow(last, row)) continue;
      view.published.set(key, row);
      publish(view.node, view.port, row);
    }
  }

  private refresh(): void {
    let next = never;
    for (const view of this.views) if (view.next < next) next = view.next;
    this.nextAt = next;
  }
}
