import { medianOf, type Slots } from '#engine';
import type { Config } from './config.ts';
import { slot } from './slots.ts';

/** The arrays of earlier sessions, the slot that counts each, and the slot of its median. */
const kept = {
  ranges: { count: slot.ranges, median: slot.medianRange },
  volumes: { count: slot.volumes, median: slot.medianVolume },
  deltas: { count: slot.deltas, median: slot.medianDelta },
} as const;
type Kept = keyof typeof kept;

function push({ f, a }: Slots, name: Kept, value: number): void {
  if (Number.isNaN(value)) return;
  const row = a[name]!;
  const count = f[kept[name].count]!;
  if (count === row.length) row.copyWithin(0, 1);
  const at = Math.min(count, row.length - 1);
  row[at] = value;
  f[kept[name].count] = at + 1;
}

/** Sets today's medians from the earlier sessions. */
export function setMedians({ f, a }: Slots, c: Config): void {
  for (const name of Object.keys(kept) as Kept[]) {
    const { count, median } = kept[name];
    const values = Array.from(a[name]!.subarray(0, f[count]));
    f[median] = values.length < c.minSessions ? Number.NaN : (medianOf(values) ?? Number.NaN);
  }
}

/** Notes what today adds to the medians of later days, if it turns out an ordinary session. */
export function keepPending(f: Float64Array, rangeTicks: number): void {
  f[slot.pendingDate] = f[slot.date]!;
  f[slot.pendingRange] = rangeTicks;
  f[slot.pendingVolume] = f[slot.early]!;
  f[slot.pendingDelta] = Math.abs(f[slot.firstDelta]!);
}

/** Takes the session that ended into the medians, or drops it. */
export function settlePending(s: Slots, isOrdinary: boolean): void {
  const { f } = s;
  f[slot.pendingDate] = 0;
  if (!isOrdinary) return;
  push(s, 'ranges', f[slot.pendingRange]!);
  push(s, 'volumes', f[slot.pendingVolume]!);
  push(s, 'deltas', f[slot.pendingDelta]!);
}
