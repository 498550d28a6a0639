import type { UTCTimestamp } from 'lightweight-charts';
import type { Row } from '../../live/values.ts';
import { numberOf } from './fields.ts';

const microsPerSecond = 1_000_000;
/** A line goes on to the next point in the colour of the point before. */
export const unseen = 'transparent';

/** A point of one line, and the anchor it is counted from. */
export interface BandPoint {
  readonly time: UTCTimestamp;
  readonly value: number;
  /** Event time of the anchor in microseconds; null where the row does not say. */
  readonly since: number | null;
}

/** A point as it is drawn. */
export interface DrawnPoint {
  readonly time: UTCTimestamp;
  readonly value: number;
  /** Set where nothing leads on: the next anchor begins a line of its own. */
  readonly color?: typeof unseen;
}

/** Returns a moment in the seconds of the chart. */
export function timeOf(micros: number): UTCTimestamp {
  return Math.floor(micros / microsPerSecond) as UTCTimestamp;
}

/** Returns one field of the rows on the grid of the bars, ascending; of two points of one bar the later one. */
export function bandPoints(rows: readonly Row[], field: string, barSeconds: number): BandPoint[] {
  const points = rows.flatMap((row): BandPoint[] => {
    const [ts, value] = [numberOf(row, 'ts'), numberOf(row, field)];
    if (ts === null || value === null) return [];
    // A moment of its own would be a column of its own.
    const time = (Math.floor(timeOf(ts) / barSeconds) * barSeconds) as UTCTimestamp;
    return [{ time, value, since: numberOf(row, 'since') }];
  });
  return ascending(points);
}

/** Returns points as lines: none leads from the last point of an anchor to the first of the next. */
export function brokenLines(points: readonly BandPoint[]): DrawnPoint[] {
  return points.map(({ time, value, since }, i) => {
    const next = points[i + 1];
    return next && next.since !== since ? { time, value, color: unseen } : { time, value };
  });
}

/** Sorts by time. The library refuses two points of one moment: the later one counts. */
export function ascending<T extends { readonly time: UTCTimestamp }>(points: readonly T[]): T[] {
  const sorted = [...points].sort((a, b) => a.time - b.time);
  return sorted.filter((point, i) => sorted[i + 1]?.time !== point.time);
}
