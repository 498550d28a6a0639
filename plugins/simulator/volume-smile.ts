import type { SessionDay } from '#engine';

const halfHour = 1_800_000_000;
const secondsPerHalfHour = 1_800;

// Trades a second relative to the middle of the regular session, by half hours.
/** The night, counted back from the regular open: quiet, Europe from 02:00, the figures of 08:30. */
const overnight: readonly number[] = [
  0.1, 0.07, 0.06, 0.06, 0.09, 0.08, 0.07, 0.06, 0.05, 0.05, 0.05, 0.05, 0.04, 0.04, 0.05, 0.06,
  0.1, 0.12, 0.22, 0.2, 0.17, 0.15, 0.14, 0.14, 0.13, 0.13, 0.15, 0.18, 0.3, 0.55, 0.5,
];
/** The regular session: much at the open, least at noon, much at the close. */
const regular: readonly number[] = [
  2.3, 1.55, 1.25, 1.05, 0.9, 0.8, 0.72, 0.7, 0.75, 0.85, 0.95, 1.2, 2,
];
const afterwards: readonly number[] = [0.35, 0.12];

const dayWeight =
  secondsPerHalfHour *
  [...overnight, ...regular, ...afterwards].reduce((sum, weight) => sum + weight, 0);

function at(weights: readonly number[], index: number): number {
  return weights[Math.min(weights.length - 1, Math.max(0, index))]!;
}

function weightAt(day: SessionDay, ts: number): number {
  const { rthOpen, rthEnd } = day;
  if (rthOpen === null || rthEnd === null)
    return at(overnight, Math.floor((ts - day.open) / halfHour));
  if (ts < rthOpen)
    return at(overnight, overnight.length - 1 - Math.floor((rthOpen - 1 - ts) / halfHour));
  if (ts >= rthEnd) return at(afterwards, Math.floor((ts - rthEnd) / halfHour));
  // A short session has the smile of a long one, not only its beginning.
  return at(regular, Math.floor(((ts - rthOpen) / (rthEnd - rthOpen)) * regular.length));
}

/** Returns how much of the regular session's trades is over at the end of each half hour, from 0 to 1. */
export function regularProgress(): readonly (readonly [share: number, volume: number])[] {
  const total = regular.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return regular.map((weight, i) => {
    sum += weight;
    return [(i + 1) / regular.length, sum / total];
  });
}

/** Returns the share of an ordinary day's trades that falls into the second at `ts`. */
export function shareOfSecond(day: SessionDay, ts: number): number {
  return weightAt(day, ts) / dayWeight;
}
