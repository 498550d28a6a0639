import { medianOf } from './baseline.ts';

/** Length of a bucket of the trade day in microseconds: five minutes. */
const bucketUs = 300_000_000;
/** Buckets of the longest trade day, 18:00 to 18:00. */
const bucketsPerDay = 288;
/** Samples of the intraday fallback: one a minute, an hour of them. */
const recentRoom = 60;
const minRecent = 15;
const minSessions = 5;
/** A spread is never taken for less than this share of the median. */
const leastSpreadShare = 0.05;

/**
 * What a quantity usually is at a time of day: its mean per five-minute bucket in earlier sessions, and its last hour.
 * All state lies in arrays, so that it can be part of a sensor's slots.
 */
export interface BucketBaseline {
  /** Means of earlier sessions, `sessions` x 288, NaN where unknown. */
  readonly history: Float64Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  /** The last samples of this session in a ring. */
  readonly recent: Float64Array;
  /** Next session's place, samples in `recent` so far. */
  readonly state: Float64Array;
}

/** What is usual: median and median absolute deviation, and where they come from. */
export interface BucketReading {
  readonly basis: 'none' | 'intraday' | 'sessions';
  readonly median: number;
  readonly mad: number;
}

/** Returns the lengths of the arrays of a baseline over so many sessions, under the names of {@link BucketBaseline}. */
export function bucketRooms(sessions: number): Record<keyof BucketBaseline, number> {
  return {
    history: sessions * bucketsPerDay,
    sums: bucketsPerDay,
    counts: bucketsPerDay,
    recent: recentRoom,
    state: 2,
  };
}

/** Forgets everything. */
export function clearBuckets(b: BucketBaseline): void {
  b.history.fill(Number.NaN);
  b.sums.fill(0);
  b.counts.fill(0);
  b.recent.fill(0);
  b.state.fill(0);
}

/** Returns the bucket of an instant. `dayStart` is where the trade day began, 18:00 of the evening before. */
export function bucketOf(dayStart: number, ts: number): number {
  return Math.max(0, Math.min(bucketsPerDay - 1, Math.floor((ts - dayStart) / bucketUs)));
}

/** Adds a sample of this session; take one a minute. */
export function sampleBucket(b: BucketBaseline, bucket: number, value: number): void {
  b.sums[bucket]! += value;
  b.counts[bucket]! += 1;
  b.recent[b.state[1]! % recentRoom] = value;
  b.state[1]! += 1;
}

/** Ends the session: it becomes part of the history when it may stand for others, and is forgotten otherwise. */
export function closeBucketDay(b: BucketBaseline, isMember: boolean): void {
  if (isMember) {
    const sessions = b.history.length / bucketsPerDay;
    const place = b.state[0]! % sessions;
    for (let i = 0; i < bucketsPerDay; i += 1)
      b.history[place * bucketsPerDay + i] =
        b.counts[i]! > 0 ? b.sums[i]! / b.counts[i]! : Number.NaN;
    b.state[0] = b.state[0]! + 1;
  }
  b.sums.fill(0);
  b.counts.fill(0);
  b.state[1] = 0;
}

/** Returns what is usual in a bucket: of at least five earlier sessions, else of the last hour, else nothing. */
export function baselineAt(b: BucketBaseline, bucket: number): BucketReading {
  const earlier: number[] = [];
  for (let i = bucket; i < b.history.length; i += bucketsPerDay) {
    const value = b.history[i]!;
    if (value === value) earlier.push(value);
  }
  if (earlier.length >= minSessions) return readingOf('sessions', earlier);
  const samples = Math.min(b.state[1]!, recentRoom);
  if (samples < minRecent) return { basis: 'none', median: Number.NaN, mad: Number.NaN };
  return readingOf('intraday', Array.from(b.recent.subarray(0, samples)));
}

function readingOf(basis: 'intraday' | 'sessions', values: readonly number[]): BucketReading {
  const median = medianOf(values) ?? Number.NaN;
  const mad = medianOf(values.map((value) => Math.abs(value - median))) ?? Number.NaN;
  return { basis, median, mad };
}

/** Returns how unusual a value is, in robust standard deviations; NaN without a baseline or with one of zero. */
export function robustZ(value: number, { median, mad }: BucketReading): number {
  const spread = Math.max(mad, leastSpreadShare * median);
  return spread > 0 ? (0.6745 * (value - median)) / spread : Number.NaN;
}
