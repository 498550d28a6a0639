/** What an opening is located against: the prior regular session's range, value area and point of control, in ticks. */
export interface PriorReferences {
  readonly high: number;
  readonly low: number;
  readonly vah: number;
  readonly val: number;
  readonly poc: number;
}

/** The seven places an opening can have. */
export type OpeningLocation =
  | 'above-range'
  | 'above-value-in-range'
  | 'upper-value'
  | 'at-poc'
  | 'lower-value'
  | 'below-value-in-range'
  | 'below-range';

/** Says where an opening price lies; exactly at an edge is inside it, `toleranceTicks` widens the point of control only. */
export function openingLocation(
  open: number,
  prior: PriorReferences,
  toleranceTicks = 2,
): OpeningLocation {
  if (open > prior.high) return 'above-range';
  if (open < prior.low) return 'below-range';
  if (open > prior.vah) return 'above-value-in-range';
  if (open < prior.val) return 'below-value-in-range';
  if (Math.abs(open - prior.poc) <= toleranceTicks) return 'at-poc';
  return open > prior.poc ? 'upper-value' : 'lower-value';
}
