import type { LiveTask } from '#engine/cli/live-task.ts';
import { sessionAt } from '#engine/market/session.ts';

/** How often guards were asked in the trade day the journal ends in, by node and transition. */
type Counts = Readonly<
  Record<string, Readonly<Record<string, { readonly passed: number; readonly asked: number }>>>
>;

/**
 * Counts the guards of every machine, from the journal as far as it is read. A node that a changed flow took over within
 * the day is left out: what its transitions were called before may have been something else.
 */
export function whenCounts({ book, runner }: LiveTask): Counts {
  const { nodes, instrument } = runner.task;
  const { last } = book;
  if (!last) return {};
  const { open } = sessionAt(instrument.calendar, last.ts);
  return Object.fromEntries(
    nodes.flatMap(({ id, machine }) => {
      const first = book.stepsOf(id).findLast(({ ts }) => ts < open) ?? book.stepsOf(id)[0];
      const counts = machine && book.countsOf(id);
      if (!counts || !first || book.changeAfter(id, first.seq) !== null) return [];
      const guarded = counts.all.filter(({ info }) => info.guard !== null);
      const rows = guarded.map(({ info, fired, blocked, shadowed }) => {
        const passed = fired + shadowed;
        return [info.id, { passed, asked: passed + blocked }] as const;
      });
      return [[id, Object.fromEntries(rows)] as const];
    }),
  );
}
