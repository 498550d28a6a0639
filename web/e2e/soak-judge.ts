import { quantile } from './page-meter.ts';

/** What is judged of one sample. */
export interface SoakSample {
  readonly minute: number;
  /** After everything that nobody holds was collected. */
  readonly heapMegabytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly rssMegabytes: number;
  readonly frameP95: number;
  /** Share of a core. */
  readonly mainThread: number;
  /** How late a sleeper was woken meanwhile, in milliseconds: what other work the machine had. */
  readonly lateMs: number;
  /** Tasks of more than 50 ms by the wall clock. */
  readonly longTasks: number;
}

const warmUpMinutes = 3;
const judgedMinutes = 30;

/** What may grow how much in half an hour. */
const limits = [
  { of: 'heapMegabytes', name: 'heap of the page', unit: 'MB', most: 5 },
  { of: 'nodes', name: 'DOM nodes', unit: '', most: 300 },
  { of: 'listeners', name: 'listeners', unit: '', most: 100 },
  { of: 'rssMegabytes', name: 'memory of the engine', unit: 'MB', most: 300 },
] as const;
const mostFrameMs = 34;
/** Frames of a moment with more other work than this say nothing about the page. */
const busyLateMs = 4;
const mostMainThread = 0.3;

/** Returns the slope of the line with least squares through the points. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [up, down] = [0, 0];
  for (const [x, y] of points) {
    up += (x - meanX) * (y - meanY);
    down += (x - meanX) ** 2;
  }
  return down === 0 ? 0 : up / down;
}

/** Judges a soak: growth by the slope after the first minutes, speed by the median of its samples. */
export function judgeSoak(samples: readonly SoakSample[]): {
  readonly figures: readonly string[];
  readonly problems: readonly string[];
} {
  const judged = samples.filter(({ minute }) => minute >= warmUpMinutes);
  if (judged.length < 5)
    return { figures: [], problems: [`too short to judge: ${judged.length} samples of 5`] };
  const figures: string[] = [];
  const problems: string[] = [];
  for (const { of, name, unit, most } of limits) {
    const grown = slope(judged.map((sample) => [sample.minute, sample[of]])) * judgedMinutes;
    const text = `${name} ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} ${unit}`.trim();
    figures.push(`${text} in ${judgedMinutes} minutes`);
    if (grown > most) problems.push(`${text} in ${judgedMinutes} minutes, ${most} at most`);
  }
  const mainThread = quantile(
    judged.map((sample) => sample.mainThread),
    0.5,
  );
  figures.push(`main thread ${(mainThread * 100).toFixed(1)} %`);
  if (mainThread > mostMainThread) problems.push(`main thread ${(mainThread * 100).toFixed(1)} %`);
  const quiet = judged.filter(({ lateMs }) => lateMs <= busyLateMs);
  const frameP95 = quantile(
    quiet.map((sample) => sample.frameP95),
    0.5,
  );
  figures.push(
    quiet.length === 0
      ? 'frames not judged: other work filled this machine all the time'
      : `frames p95 ${frameP95.toFixed(1)} ms in ${quiet.length} of ${judged.length} samples, the others had busy neighbours`,
  );
  if (frameP95 > mostFrameMs) problems.push(`frames p95 ${frameP95.toFixed(1)} ms`);
  return { figures, problems };
}
