/** Who holds the night's positions. */
export type Net = 'net-long' | 'net-short' | 'neutral' | 'unknown';
/** Direction of a trade. */
export type Side = 'long' | 'short';

/** Room for the rounding of products such as 0.8 times 41. */
const rounding = 1e-9;

/** Returns (above - below) / (above + below), -1..1; null without volume on either side. */
export function inventoryOf(above: number, below: number): number | null {
  const sum = above + below;
  return sum > 0 ? (above - below) / sum : null;
}

/** Names an inventory; a share exactly at the threshold is net. */
export function netOf(inventory: number | null, threshold: number): Net {
  if (inventory === null) return 'unknown';
  if (inventory >= threshold) return 'net-long';
  return inventory <= -threshold ? 'net-short' : 'neutral';
}

/** Whether all volume off the reference lies on one side of it. */
export function isOneSided(above: number, below: number): boolean {
  return above > 0 !== below > 0;
}

/** Returns the volume of a bar strictly above a price, spread evenly over its ticks. */
export function volumeAbove(low: number, high: number, volume: number, reference: number): number {
  const rows = high - low + 1;
  return (volume * Math.max(0, Math.min(rows, high - reference))) / rows;
}

/** Returns the volume of a bar strictly below a price, spread evenly over its ticks. */
export function volumeBelow(low: number, high: number, volume: number, reference: number): number {
  const rows = high - low + 1;
  return (volume * Math.max(0, Math.min(rows, reference - low))) / rows;
}

/** The middle of the overnight range, rounded up to a tick. */
export function middleOf(low: number, high: number): number {
  return Math.ceil((low + high) / 2);
}

/** A correction that is expected: against the inventory, to the first of reference and overnight middle. */
export interface Correction {
  readonly side: Side;
  readonly target: number;
}

/** Returns the correction an open leaves to be made; null for a neutral inventory and for one corrected at the open. */
export function correctionOf(
  net: Net,
  open: number,
  reference: number,
  middle: number,
): Correction | null {
  if (net === 'net-long') {
    const target = Math.max(reference, middle);
    return open > target ? { side: 'short', target } : null;
  }
  if (net !== 'net-short') return null;
  const target = Math.min(reference, middle);
  return open < target ? { side: 'long', target } : null;
}

/** Levels of the prior session and the night that the 80 % reading works on, in ticks. */
export interface TrapLevels {
  readonly vah: number;
  readonly val: number;
  readonly priorHigh: number;
  readonly priorLow: number;
  readonly nightHigh: number | null;
  readonly nightLow: number | null;
}

type Edges = Pick<TrapLevels, 'vah' | 'val'>;

/** Returns how many ticks above the lower edge the upper outer part begins and the lower one ends. */
export function outerTicks({ vah, val }: Edges, edge: number): { upper: number; lower: number } {
  const width = vah - val;
  return {
    upper: Math.ceil((1 - edge) * width - rounding),
    lower: Math.floor(edge * width + rounding),
  };
}

/** Returns the side an open in the outer part of prior value may trap; null elsewhere, outside value too. */
export function trapSideOf(open: number, edges: Edges, edge: number): Side | null {
  const place = open - edges.val;
  if (place < 0 || open > edges.vah) return null;
  const { upper, lower } = outerTicks(edges, edge);
  if (place >= upper) return 'short';
  return place <= lower ? 'long' : null;
}

/** Returns the ticks price has to travel from the open. */
export function travelNeeded({ vah, val }: Edges, travel: number): number {
  return Math.ceil(travel * (vah - val) - rounding);
}

/** Returns the target of a trapped side: the overnight extreme ahead, else the next edge of prior value or range; null when none is left. */
export function trapTarget(side: Side, price: number, levels: TrapLevels): number | null {
  const sign = side === 'long' ? 1 : -1;
  const night = side === 'long' ? levels.nightHigh : levels.nightLow;
  if (night !== null && (night - price) * sign > 0) return night;
  const edges = side === 'long' ? [levels.vah, levels.priorHigh] : [levels.val, levels.priorLow];
  const ahead = edges.filter((edge) => (edge - price) * sign > 0);
  return ahead.length === 0 ? null : sign * Math.min(...ahead.map((edge) => edge * sign));
}

/** Ticks gained from entry to a price in the direction of a side. */
export function gainTicks(side: Side, entry: number, price: number): number {
  return side === 'long' ? price - entry : entry - price;
}
