import type { NodeSnapshot } from '#engine';
import { bookRoom } from './book.ts';

type Row = Readonly<Record<string, unknown>>;

const episodeRoom = 16;
const zeros = (numbers: number): string => '\0'.repeat(8 * numbers);

/** Adds to a snapshot of 1.0 what 1.1 keeps of the book: nothing seen yet. */
export function withBook(snapshot: NodeSnapshot): NodeSnapshot {
  const { sensor, machine } = snapshot;
  if (sensor === null) return snapshot;
  const context = machine?.['context'] as { open: readonly Row[]; levels: readonly Row[] };
  return {
    ...snapshot,
    sensor: {
      ...sensor,
      f: btoa(atob(String(sensor['f'])) + zeros(1)),
      a: {
        ...(sensor['a'] as Row),
        episodeShown: btoa(zeros(episodeRoom)),
        episodeDropped: btoa(zeros(episodeRoom)),
        episodeReloads: btoa(zeros(episodeRoom)),
        book: btoa(zeros(bookRoom)),
      },
    },
    machine: machine && {
      ...machine,
      context: {
        open: context.open.map((one) => ({ ...one, shown: null, refresh: null, reloads: 0 })),
        levels: context.levels.map((one) => ({ ...one, id: one['kind'] })),
      },
    },
  };
}
