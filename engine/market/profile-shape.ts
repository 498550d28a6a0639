import { OrderflowError } from '../errors.ts';
import { localPeaks, lowestBetween, smoothRows } from './profile-structure.ts';
import { type Profile, pocRow, scanRows, totalVolume } from './volume-profile.ts';

/**
 * The shape of a profile: D balanced, P short covering, b long liquidation, B double distribution, TREND without a
 * dominant row, N none of these; `insufficient` when there is too little to tell.
 */
export type ProfileShape = 'D' | 'P' | 'b' | 'B' | 'N' | 'TREND' | 'insufficient';

/** The numbers a shape was read from. */
export interface ShapeFeatures {
  /** Number of rows. */
  readonly rows: number;
  /** Highest row over the mean row. */
  readonly peakRatio: number;
  /** Place of the point of control, 0 = lowest row, 1 = highest. */
  readonly pocPosition: number;
  /** Shares of the volume in the lower, middle and upper third of the range; rows cut by a third are split. */
  readonly lowerShare: number;
  readonly middleShare: number;
  readonly upperShare: number;
}

/** What is known besides the profile. */
export interface ShapeOptions {
  /** Average daily volume in contracts; below 5 % of it a profile is insufficient. */
  readonly averageDailyVolume?: number;
  /** Range extension beyond the initial balance, in its widths, and the close's place in the range (0..1). */
  readonly day?: { readonly extension: number; readonly closePosition: number };
  readonly limits?: ShapeLimits;
}

/** Below which a profile says nothing, and up to which it has no dominant row. */
export interface ShapeLimits {
  readonly shapeMinRows: number;
  /** Share of an average day's volume. */
  readonly shapeMinVolumeShare: number;
  /** Largest row by the mean row. */
  readonly shapeTrendPeakRatio: number;
}

/** The usual limits. */
export const shapeLimits: ShapeLimits = {
  shapeMinRows: 8,
  shapeMinVolumeShare: 0.05,
  shapeTrendPeakRatio: 1.6,
};

/**
 * Returns the numbers a shape is read from.
 *
 * @throws {OF_PROFILE_EMPTY} when the profile has no volume.
 */
export function shapeFeatures(profile: Profile): ShapeFeatures {
  const { volumes } = profile;
  const scan = scanRows(volumes);
  const { total } = scan;
  if (!(total > 0)) throw new OrderflowError('OF_PROFILE_EMPTY', {});
  const n = volumes.length;
  const poc = pocRow(volumes, scan, 'center-up');
  const thirds: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) addToThirds(thirds, volumes[i]!, i, n);
  return {
    rows: n,
    peakRatio: (volumes[poc]! * n) / total,
    pocPosition: n > 1 ? poc / (n - 1) : 0.5,
    lowerShare: thirds[0] / (3 * total),
    middleShare: thirds[1] / (3 * total),
    upperShare: thirds[2] / (3 * total),
  };
}

/** Splits a row over the thirds, its volume threefold: in thirds of a row every edge is whole, so nothing is rounded. */
function addToThirds(thirds: [number, number, number], volume: number, i: number, n: number): void {
  const from = 3 * i;
  for (let third = 0; third < 3; third += 1) {
    const inside = Math.min(from + 3, (third + 1) * n) - Math.max(from, third * n);
    if (inside > 0) thirds[third] = thirds[third]! + volume * inside;
  }
}

/**
 * Returns the shape of a profile with the numbers it was read from.
 *
 * First match of: B two peaks at least a quarter of the range apart with a valley of at most half the smaller one and a
 * quarter of the volume on each side; TREND; P; b; D; else N. Fewer than 8 rows, or less than 5 % of an average day's
 * volume, is `insufficient`; features are null only without volume.
 */
export function profileShape(
  profile: Profile,
  options: ShapeOptions = {},
): { shape: ProfileShape; features: ShapeFeatures | null } {
  const total = totalVolume(profile);
  if (!(total > 0)) return { shape: 'insufficient', features: null };
  const features = shapeFeatures(profile);
  const { averageDailyVolume: average, limits = shapeLimits } = options;
  const thin = average !== undefined && total < limits.shapeMinVolumeShare * average;
  if (features.rows < limits.shapeMinRows || thin) return { shape: 'insufficient', features };
  if (isDoubleDistribution(profile, total)) return { shape: 'B', features };
  return { shape: singleShape(features, options.day, limits), features };
}

function singleShape(
  f: ShapeFeatures,
  day: ShapeOptions['day'],
  limits: ShapeLimits,
): ProfileShape {
  if (f.peakRatio <= limits.shapeTrendPeakRatio && isDirectional(day)) return 'TREND';
  if (f.pocPosition >= 0.6 && f.upperShare >= 0.5 && f.lowerShare <= 0.25) return 'P';
  if (f.pocPosition <= 0.4 && f.lowerShare >= 0.5 && f.upperShare <= 0.25) return 'b';
  if (f.pocPosition >= 0.3 && f.pocPosition <= 0.7 && f.middleShare >= 0.4) return 'D';
  return 'N';
}

function isDirectional(day: ShapeOptions['day']): boolean {
  if (day === undefined) return true;
  return day.extension >= 2 && (day.closePosition >= 0.8 || day.closePosition <= 0.2);
}

function isDoubleDistribution(profile: Profile, total: number): boolean {
  const rows = smoothRows(profile.volumes);
  const n = rows.length;
  const peaks = localPeaks(rows, 2);
  const below = new Float64Array(n + 1);
  for (let i = 0; i < n; i += 1) below[i + 1] = below[i]! + profile.volumes[i]!;
  for (const [at, first] of peaks.entries()) {
    for (const second of peaks.slice(at + 1)) {
      if (second - first < 0.25 * n) continue;
      const valley = lowestBetween(rows, first, second);
      if (rows[valley]! > 0.5 * Math.min(rows[first]!, rows[second]!)) continue;
      if (below[valley]! >= 0.25 * total && total - below[valley + 1]! >= 0.25 * total) return true;
    }
  }
  return false;
}
