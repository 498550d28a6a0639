import type { TransitionInfo } from '../runtime/transitions.ts';
import { isWithin } from './event-match.ts';

type IsThere = (position: string) => boolean;

/** Breadth first, so the route is a shortest one. A composite state stands for all states inside it. */
function search(
  all: readonly TransitionInfo[],
  starts: readonly string[],
  isThere: IsThere,
): readonly string[] | null {
  const seen = new Set(starts);
  let edge = starts.map((position) => ({ position, route: [] as readonly string[] }));
  while (edge.length > 0) {
    const next: typeof edge = [];
    for (const { position, route } of edge) {
      for (const { id, source, target } of all) {
        if (
          target === null ||
          seen.has(target) ||
          !(isWithin(position, source) || isWithin(source, position))
        )
          continue;
        seen.add(target);
        const longer = [...route, id];
        if (isThere(target)) return longer;
        next.push({ position: target, route: longer });
      }
    }
    edge = next;
  }
  return null;
}

/**
 * Returns the transitions that would lead from a state to one where a transition of `wanted` is listened for, in order;
 * empty where nothing leads there. Guards are not asked.
 *
 * @param state - As in the journal; of parallel regions each is tried.
 */
export function routeTo(
  all: readonly TransitionInfo[],
  state: string,
  wanted: readonly TransitionInfo[],
): readonly string[] {
  const starts = state.split(',');
  const isInside: IsThere = (position) => wanted.some((t) => isWithin(position, t.source));
  // Entering a composite state may end in the wanted one as its first.
  const isAround: IsThere = (position) =>
    isInside(position) || wanted.some((t) => isWithin(t.source, position));
  return search(all, starts, isInside) ?? search(all, starts, isAround) ?? [];
}
