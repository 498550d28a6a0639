import {
  type BucketBaseline,
  bucketOf,
  bucketRooms,
  clearBuckets,
  closeBucketDay,
  medianOf,
  type Slots,
  sampleBucket,
  shareBelow,
} from '#engine';
import type { Config } from './config.ts';
import { slot } from './slots.ts';

/** Changes of delta kept of this session, one a minute or one a bar. */
const changeRoom = 60;
const usPerMinute = 60_000_000;
const minSessions = 5;
const periodMinutes = 30;

/** Lengths of the arrays of the baseline. */
export function baselineRooms(c: Config): Record<string, number> {
  const { baselineSessions: sessions } = c;
  return {
    ...bucketRooms(sessions),
    changes: changeRoom,
    changeMinutes: changeRoom,
    sessionVolume: sessions,
    periodSum: sessions,
    periodSquares: sessions,
    periodCount: sessions,
  };
}

const bucketsOf = ({ a }: Slots): BucketBaseline => ({
  history: a['history']!,
  sums: a['sums']!,
  counts: a['counts']!,
  recent: a['recent']!,
  state: a['state']!,
});

/** Forgets everything. */
export function clearBaseline(s: Slots): void {
  clearBuckets(bucketsOf(s));
}

/** Takes the change of delta since the last minute that traded, and its size at this time of day. */
export function sampleMinute(s: Slots, ts: number, cd: number): void {
  const { f, a } = s;
  const minutes = Math.max((ts - f[slot.changeAt]!) / usPerMinute, 1);
  const place = f[slot.changes]! % changeRoom;
  a['changes']![place] = cd - f[slot.changeCd]!;
  a['changeMinutes']![place] = minutes;
  f[slot.changes]! += 1;
  f[slot.longestHole] = Math.max(f[slot.longestHole]!, ts - f[slot.changeAt]!);
  f[slot.changeAt] = ts;
  f[slot.changeCd] = cd;
  // A minute belongs to the bucket it ends in, so its last instant counts.
  sampleBucket(bucketsOf(s), bucketOf(f[slot.rthStart]!, ts - 1), Math.abs(cd));
}

/** Takes the change of delta in a half hour. */
export function samplePeriod({ f }: Slots, cd: number): void {
  const change = cd - f[slot.periodCd]!;
  f[slot.periodCd] = cd;
  f[slot.periodSum]! += change;
  f[slot.periodSquares]! += change * change;
  f[slot.periodCount]! += 1;
}

function deviationOf(sum: number, squares: number, count: number): number {
  const mean = sum / count;
  return Math.sqrt(Math.max(squares / count - mean * mean, 0));
}

function earlierDeviation({ f, a }: Slots, c: Config): number {
  const known = Math.min(f[slot.sessions]!, c.baselineSessions);
  if (known < minSessions) return Number.NaN;
  let [sum, squares, count] = [0, 0, 0];
  for (let i = 0; i < known; i += 1) {
    sum += a['periodSum']![i]!;
    squares += a['periodSquares']![i]!;
    count += a['periodCount']![i]!;
  }
  return deviationOf(sum, squares, count);
}

/** Of independent minutes: the spread grows with the root of time. */
function intradayDeviation({ f, a }: Slots, c: Config): number {
  const known = Math.min(f[slot.changes]!, changeRoom);
  let [minutes, sum] = [0, 0];
  for (let i = 0; i < known; i += 1) {
    const change = a['changes']![i]!;
    const length = a['changeMinutes']![i]!;
    minutes += length;
    sum += (change * change) / length;
  }
  return minutes < c.minMinutes ? Number.NaN : Math.sqrt((sum / known) * periodMinutes);
}

/** Returns the standard deviation of the change of delta in 30 minutes: of earlier sessions, else of this one; else NaN. */
export function usualChange(s: Slots, c: Config): number {
  const earlier = earlierDeviation(s, c);
  return Number.isNaN(earlier) ? intradayDeviation(s, c) : earlier;
}

/** Returns the share of earlier sessions with a smaller delta, either way, at a time of the regular session. */
export function strengthAt(s: Slots, ts: number, cd: number): number | null {
  return shareBelow(bucketsOf(s), bucketOf(s.f[slot.rthStart]!, ts - 1), Math.abs(cd));
}

/** Says whether the session that ends at `ts` may stand for others: whole, as long as any, no hole, not thin. */
function isOrdinary({ f, a }: Slots, c: Config, ts: number): boolean {
  const length = ts - f[slot.rthStart]!;
  f[slot.longestSession] = Math.max(f[slot.longestSession]!, length);
  const hole = Math.max(f[slot.longestHole]!, ts - f[slot.changeAt]!);
  if (length < f[slot.longestSession]! || hole > c.longestHoleMinutes * usPerMinute) return false;
  const volume = f[slot.volume]! - f[slot.openVolume]!;
  const unknown = f[slot.unknown]! - f[slot.openUnknown]!;
  if (unknown > c.maxUnknownShare * volume) return false;
  const known = Math.min(f[slot.sessions]!, c.baselineSessions);
  if (known < minSessions) return true;
  const median = medianOf([...a['sessionVolume']!.subarray(0, known)]) ?? 0;
  return volume >= c.thinShare * median;
}

/** Ends the regular session: an ordinary one becomes part of what is usual. */
export function closeSession(s: Slots, c: Config, ts: number): void {
  const { f, a } = s;
  const isMember = isOrdinary(s, c, ts);
  closeBucketDay(bucketsOf(s), isMember);
  if (!isMember) return;
  const place = f[slot.sessions]! % c.baselineSessions;
  a['sessionVolume']![place] = f[slot.volume]! - f[slot.openVolume]!;
  a['periodSum']![place] = f[slot.periodSum]!;
  a['periodSquares']![place] = f[slot.periodSquares]!;
  a['periodCount']![place] = f[slot.periodCount]!;
  f[slot.sessions]! += 1;
}
