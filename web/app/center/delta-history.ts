/** A sample of the day's delta; null where the link was broken and nobody knows what came between. */
export interface DeltaSample {
  /** Event time in microseconds. */
  readonly ts: number;
  readonly value: number | null;
}

/** What is drawn, and no more. */
const mostSamples = 60;
const microsPerSecond = 1_000_000;
/** Samples lie this far apart, in event time: the line tells of the last ten minutes. */
const between = 10 * microsPerSecond;

/**
 * Adds a sample when its time has come. A new trade day, or a clock that went back, begins anew; while the link is broken
 * a gap is noted once.
 */
export function addSample(
  samples: readonly DeltaSample[],
  ts: number,
  value: number | null,
): readonly DeltaSample[] {
  const last = samples.at(-1);
  if (!last) return value === null ? samples : [{ ts, value }];
  if (value === null) return last.value === null ? samples : [...samples, { ts, value }];
  if (ts < last.ts) return [{ ts, value }];
  if (last.value !== null && ts - last.ts < between) return samples;
  return [...samples, { ts, value }].slice(-mostSamples);
}

/** Which way the newest unbroken stretch goes; null with fewer than three samples. */
export function trendOf(samples: readonly DeltaSample[]): 'rising' | 'falling' | 'flat' | null {
  const gap = samples.findLastIndex(({ value }) => value === null);
  const values = samples.slice(gap + 1).flatMap(({ value }) => value ?? []);
  const [first, last] = [values[0], values.at(-1)];
  if (values.length < 3 || first === undefined || last === undefined) return null;
  if (first === last) return 'flat';
  return last > first ? 'rising' : 'falling';
}

/** Points of each unbroken stretch inside a box, for a line of its own: between two stretches nothing is drawn. */
export function linesOf(
  samples: readonly DeltaSample[],
  width: number,
  height: number,
): readonly string[] {
  const values = samples.flatMap(({ value }) => value ?? []);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || values.length < 2) return [];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(1, last.ts - first.ts);
  const lines: string[][] = [[]];
  for (const { ts, value } of samples) {
    if (value === null) {
      lines.push([]);
      continue;
    }
    const x = ((ts - first.ts) / span) * width;
    const y = high === low ? height / 2 : height - ((value - low) / (high - low)) * height;
    lines.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return lines.filter((points) => points.length > 1).map((points) => points.join(' '));
}
