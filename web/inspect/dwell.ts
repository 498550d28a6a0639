import type { Step } from '#engine/inspect/journal-book.ts';
import type { Dwell } from '../live/inspect.ts';

/** A state with all that surround it: `a.b` is in `a` too; of regions each. */
function pathsOf(state: string): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const part of state === '' ? [] : state.split(',')) {
    const names = part.split('.');
    for (let i = 1; i <= names.length; i += 1) paths.add(names.slice(0, i).join('.'));
  }
  return paths;
}

/** Adds up how long a machine was in its states, macrostep by macrostep. */
class DwellSum {
  /** Macrosteps taken in. */
  private taken = 0;
  private open = Number.NEGATIVE_INFINITY;
  private readonly since = new Map<string, number>();
  private readonly spent = new Map<string, number>();

  /** Takes in what is new of a machine's macrosteps. */
  read(steps: readonly Step[], open: number): void {
    if (open !== this.open) this.spent.clear();
    this.open = open;
    for (; this.taken < steps.length; this.taken += 1) {
      const step = steps[this.taken];
      if (step) this.take(step);
    }
  }

  /** The sum so far. */
  get all(): readonly Dwell[] {
    const paths = new Set([...this.spent.keys(), ...this.since.keys()]);
    return [...paths].map((path) => {
      const since = this.since.get(path) ?? null;
      return {
        path,
        spent: this.spent.get(path) ?? 0,
        since,
        countsFrom: since === null ? null : Math.max(since, this.open),
      };
    });
  }

  private take({ from, to, ts }: Step): void {
    // Of a log that begins later: since when it was there is not known.
    if (this.taken === 0) for (const path of pathsOf(from)) this.since.set(path, ts);
    if (from === to) return;
    const now = pathsOf(to);
    for (const [path, since] of this.since) {
      if (now.has(path)) continue;
      const spent = ts - Math.max(since, this.open);
      if (spent >= 0) this.spent.set(path, (this.spent.get(path) ?? 0) + spent);
      this.since.delete(path);
    }
    for (const path of now) if (!this.since.has(path)) this.since.set(path, ts);
  }
}

/** A book goes on writing into the same lists: only what is new is taken in. */
const sums = new WeakMap<readonly Step[], DwellSum>();

/**
 * Returns how long a machine was in each of its states since the open of a trade day, surrounding states included.
 *
 * @param steps - All its macrosteps up to the moment looked at, ascending.
 * @param open - Microseconds.
 */
export function dwellsOf(steps: readonly Step[], open: number): readonly Dwell[] {
  const sum = sums.get(steps) ?? new DwellSum();
  sums.set(steps, sum);
  sum.read(steps, open);
  return sum.all;
}
