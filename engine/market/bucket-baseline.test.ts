import { describe, expect, it } from 'vitest';
import {
  type BucketBaseline,
  baselineAt,
  bucketOf,
  bucketRooms,
  clearBuckets,
  closeBucketDay,
  robustZ,
  sampleBucket,
} from './bucket-baseline.ts';
import { microsPerMinute } from './time.ts';

function emptyBaseline(sessions: number): BucketBaseline {
  const rooms = bucketRooms(sessions);
  const baseline: BucketBaseline = {
    history: new Float64Array(rooms.history),
    sums: new Float64Array(rooms.sums),
    counts: new Float64Array(rooms.counts),
    recent: new Float64Array(rooms.recent),
    state: new Float64Array(rooms.state),
  };
  clearBuckets(baseline);
  return baseline;
}

/** A session whose only bucket saw these samples. */
function session(b: BucketBaseline, bucket: number, samples: readonly number[], isMember = true) {
  for (const value of samples) sampleBucket(b, bucket, value);
  closeBucketDay(b, isMember);
}

describe('the bucket of an instant', () => {
  it('counts five minutes from the start of the trade day', () => {
    const minutes = [0, 4, 5, 930, 934, 935];
    expect(minutes.map((m) => bucketOf(1_000, 1_000 + m * microsPerMinute))).toEqual([
      0, 0, 1, 186, 186, 187,
    ]);
    expect(bucketOf(0, 5 * microsPerMinute - 1)).toBe(0);
  });

  it('stays within a day', () => {
    expect(bucketOf(1_000, 0)).toBe(0);
    expect(bucketOf(0, 48 * 60 * microsPerMinute)).toBe(287);
  });
});

describe('what is usual at a time of day', () => {
  it('is unknown without a history and with less than 15 minutes of this session', () => {
    const b = emptyBaseline(20);
    for (let i = 0; i < 14; i += 1) sampleBucket(b, 7, i);
    expect(baselineAt(b, 7).basis).toBe('none');
    expect(baselineAt(b, 7).median).toBeNaN();
  });

  it('is the last hour of this session before there are five earlier ones', () => {
    const b = emptyBaseline(20);
    for (let i = 1; i <= 15; i += 1) sampleBucket(b, i, i);
    expect(baselineAt(b, 200)).toEqual({ basis: 'intraday', median: 8, mad: 4 });
    for (let i = 0; i < 60; i += 1) sampleBucket(b, 20, 100);
    expect(baselineAt(b, 200)).toEqual({ basis: 'intraday', median: 100, mad: 0 });
  });

  it('is the median of the means of five earlier sessions in the same bucket', () => {
    const b = emptyBaseline(20);
    for (const mean of [10, 50, 20, 40]) session(b, 9, [mean - 5, mean + 5]);
    expect(baselineAt(b, 9).basis).toBe('none');
    session(b, 9, [30]);
    expect(baselineAt(b, 9)).toEqual({ basis: 'sessions', median: 30, mad: 10 });
    expect(baselineAt(b, 10).basis).toBe('none');
  });

  it('counts only sessions that saw the bucket', () => {
    const b = emptyBaseline(20);
    for (let i = 0; i < 4; i += 1) session(b, 9, [10]);
    session(b, 10, [10]);
    expect(baselineAt(b, 9).basis).toBe('none');
  });

  it('leaves out sessions that may not stand for others, and forgets their last hour', () => {
    const b = emptyBaseline(20);
    for (let i = 0; i < 4; i += 1) session(b, 9, [10]);
    session(b, 9, Array(30).fill(999), false);
    expect(baselineAt(b, 9).basis).toBe('none');
    session(b, 9, [10]);
    expect(baselineAt(b, 9)).toEqual({ basis: 'sessions', median: 10, mad: 0 });
  });

  it('replaces the oldest session when there is no room', () => {
    const b = emptyBaseline(5);
    for (const mean of [1, 2, 3, 4, 5]) session(b, 9, [mean]);
    session(b, 9, [100]);
    session(b, 9, [100]);
    session(b, 9, [100]);
    expect(baselineAt(b, 9).median).toBe(100);
  });
});

describe('the robust z', () => {
  it('measures in scaled absolute deviations', () => {
    expect(robustZ(130, { basis: 'sessions', median: 100, mad: 10 })).toBeCloseTo(2.0235, 9);
  });

  it('takes the spread for no less than 5 % of the median', () => {
    expect(robustZ(110, { basis: 'sessions', median: 100, mad: 0 })).toBeCloseTo(1.349, 9);
    expect(robustZ(5, { basis: 'sessions', median: 0, mad: 0 })).toBeNaN();
    expect(robustZ(5, { basis: 'none', median: Number.NaN, mad: Number.NaN })).toBeNaN();
  });
});
