import type { BucketBaseline } from './bucket-baseline.ts';

const minSessions = 5;

/** Returns the share of earlier sessions whose value in a bucket was smaller; null with fewer than five of them. */
export function shareBelow(b: BucketBaseline, bucket: number, value: number): number | null {
  const { history } = b;
  const bucketsPerDay = b.sums.length;
  let known = 0;
  let below = 0;
  for (let i = bucket; i < history.length; i += bucketsPerDay) {
    const earlier = history[i]!;
    if (earlier !== earlier) continue;
    known += 1;
    if (earlier < value) below += 1;
  }
  return known < minSessions ? null : below / known;
}
