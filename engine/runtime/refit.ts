import type { ScheduleDays } from '../flow/graph.ts';
import { parseDuration } from '../flow/parse-duration.ts';
import { sessionAt } from '../market/session.ts';
import { microsPerMinute } from '../market/time.ts';
import type { Task } from './task.ts';

/** What the positions in a cut's lists stand for, so that a changed flow finds its own again. */
export interface CutLayout {
  /** Views, as `node.port`. */
  readonly views: readonly string[];
  /** Sensor clocks, as `node.name:length:from`. */
  readonly clocks: readonly string[];
  /** Calendar wires, as `node.port:time:days`. */
  readonly schedules: readonly string[];
}

/** The lists of a cut that go by position. */
export interface PositionalCut {
  readonly layout?: CutLayout;
  readonly clock: { readonly now: number };
  readonly deadlines: ReturnType<Task['deadlines']['snapshot']>;
  readonly views: ReturnType<Task['views']['snapshot']>;
  readonly probes: ReturnType<Task['probes']['snapshot']>;
}

interface NamedClock {
  readonly name: string;
  readonly everyUs: number;
  readonly from: 'session' | 'rth';
}

function viewsOf(task: Task): { readonly name: string; readonly everyUs: number }[] {
  return task.nodes.flatMap((node) =>
    Object.entries(node.sensor?.views ?? {}).flatMap(([port, read]) => {
      const spec = node.graphNode.plugin.out[port];
      if (!read || !spec) return [];
      return [{ name: `${node.id}.${port}`, everyUs: parseDuration(spec.every ?? '1s') ?? 1e6 }];
    }),
  );
}

function clocksOf(task: Task): NamedClock[] {
  return task.nodes.flatMap((node) =>
    Object.entries(node.sensor?.clocks?.(node.config) ?? {}).map(([name, { everyUs, from }]) => ({
      name: `${node.id}.${name}:${everyUs}:${from}`,
      everyUs,
      from,
    })),
  );
}

function daysText(days: ScheduleDays): string {
  return typeof days === 'string' ? days : days.join(',');
}

function schedulesOf(task: Task): string[] {
  return task.nodes.flatMap((node) =>
    node.graphNode.wires.flatMap(({ port, origin }) =>
      origin.kind === 'schedule'
        ? [`${node.id}.${port}:${origin.at}:${daysText(origin.days)}`]
        : [],
    ),
  );
}

/** Returns what the positions in this task's cuts stand for. */
export function layoutOf(task: Task): CutLayout {
  return {
    views: viewsOf(task).map(({ name }) => name),
    clocks: clocksOf(task).map(({ name }) => name),
    schedules: schedulesOf(task),
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/** How many periods of a clock are over: a clock that is new begins with the period it is in. */
function periodsOver(task: Task, dayOpen: number, { everyUs, from }: NamedClock): number {
  const start = from === 'session' ? dayOpen : sessionAt(task.instrument.calendar, dayOpen).rthOpen;
  if (start === null || task.clock.now < start) return 0;
  return Math.floor((task.clock.now - start) / everyUs);
}

/**
 * Returns the positional lists of a cut in the order of a task whose flow may have changed since: views and clocks that
 * are still there go on, new ones begin now, calendar wires that changed fire from now on. `rename` maps the old key of
 * a moved node. The task's clock already stands where the cut was made.
 */
export function refitCut(
  task: Task,
  cut: PositionalCut,
  rename: (node: string) => string,
): Pick<PositionalCut, 'deadlines' | 'views' | 'probes'> & { readonly lateSchedules: boolean } {
  const { layout, deadlines, views, probes } = cut;
  const now = layoutOf(task);
  if (layout === undefined) return { deadlines, views, probes, lateSchedules: false };
  const renamed = (names: readonly string[]): string[] =>
    names.map((name) => {
      const dot = name.indexOf('.');
      return `${rename(name.slice(0, dot))}${name.slice(dot)}`;
    });
  const oldViews = renamed(layout.views);
  const oldClocks = renamed(layout.clocks);
  const next = (everyUs: number): number =>
    Math.floor(task.clock.now / everyUs) * everyUs + everyUs;
  return {
    deadlines: deadlines && {
      ...deadlines,
      clocks: clocksOf(task).map((clock) => {
        const at = oldClocks.indexOf(clock.name);
        return deadlines.clocks[at] ?? periodsOver(task, deadlines.ts, clock);
      }),
    },
    views: viewsOf(task).map(({ name, everyUs }) => {
      const at = oldViews.indexOf(name);
      return views[at] ?? [next(everyUs), false, []];
    }),
    // Without probes the end of the next window was Infinity, which JSON does not know.
    probes: Number.isFinite(probes[0] ?? Number.NaN) ? probes : [next(microsPerMinute), probes[1]],
    lateSchedules: !isSame(renamed(layout.schedules), now.schedules),
  };
}
