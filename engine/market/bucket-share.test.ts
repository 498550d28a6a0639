import { describe, expect, it } from 'vitest';
import {
  type BucketBaseline,
  bucketRooms,
  clearBuckets,
  closeBucketDay,
  sampleBucket,
} from './bucket-baseline.ts';
import { shareBelow } from './bucket-share.ts';

function baselineOf(values: readonly number[], sessions = 20): BucketBaseline {
  const rooms = bucketRooms(sessions);
  const b: BucketBaseline = {
    history: new Float64Array(rooms.history),
    sums: new Float64Array(rooms.sums),
    counts: new Float64Array(rooms.counts),
    recent: new Float64Array(rooms.recent),
    state: new Float64Array(rooms.state),
  };
  clearBuckets(b);
  for (const value of values) {
    sampleBucket(b, 7, value);
    closeBucketDay(b, true);
  }
  return b;
}

describe('the share of earlier sessions below a value', () => {
  it('counts those that were smaller; equal ones were not', () => {
    const b = baselineOf([10, 20, 30, 40, 50]);
    expect([5, 10, 35, 51].map((value) => shareBelow(b, 7, value))).toEqual([0, 0, 0.6, 1]);
  });

  it('is unknown with fewer than five, and where a bucket never traded', () => {
    expect(shareBelow(baselineOf([10, 20, 30, 40]), 7, 99)).toBeNull();
    expect(shareBelow(baselineOf([10, 20, 30, 40, 50]), 8, 99)).toBeNull();
  });

  it('forgets the oldest sessions', () => {
    const b = baselineOf([100, 1, 2, 3, 4, 5], 5);
    expect(shareBelow(b, 7, 50)).toBe(1);
  });
});
