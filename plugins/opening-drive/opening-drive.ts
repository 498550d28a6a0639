import { compare, holds } from '#engine';

/** Five minutes of the session, in ticks. */
export interface FiveMinutes {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** A price that an opening may test. */
export interface Reference {
  readonly kind: string;
  readonly price: number;
}

/** How far price went since the open, seen in the direction of the net move. */
export interface Excursion {
  /** Sign of the net move; 0 without one. */
  readonly direction: number;
  readonly netTicks: number;
  /** Worst excursion against the direction, at least 0. */
  readonly adverseTicks: number;
  /** Best excursion with the direction, at least 0. */
  readonly favourableTicks: number;
  /** Whether the bar of the adverse extreme came before that of the favourable one. */
  readonly adverseFirst: boolean;
}

/** An opening in numbers: what the four types are read from. */
export interface Reading extends Excursion {
  /** Median range of the first period, scaled to the window that is read. */
  readonly rangeTicks: number;
  /** Within so many ticks a price counts as the open or a reference. */
  readonly bandTicks: number;
  /** The reference nearest to the adverse extreme; null without references. */
  readonly tested: {
    readonly kind: string;
    readonly price: number;
    readonly distanceTicks: number;
  } | null;
  /** The open lies in the prior range. */
  readonly inRange: boolean;
}

/** The shares of the median range that separate the types. */
export interface TypeRules {
  readonly driveNet: number;
  readonly driveHold: number;
  readonly testDriveNet: number;
  readonly reverseAdverse: number;
}

export type OpeningType =
  | 'open-drive'
  | 'open-test-drive'
  | 'open-rejection-reverse'
  | 'open-auction-in-range'
  | 'open-auction-out-of-range';

/** Every leaf is asked, so that a near miss shows all that was missing. */
export const isAll = (...leaves: readonly boolean[]): boolean => leaves.every(Boolean);

function firstWith(
  bars: readonly FiveMinutes[],
  of: (bar: FiveMinutes) => number,
  value: number,
): number {
  return bars.findIndex((bar) => of(bar) === value);
}

/** Measures the way from the open through bars; their highs and lows are taken with the open as first price. */
export function excursionOf(open: number, bars: readonly FiveMinutes[]): Excursion {
  const high = Math.max(...bars.map((bar) => bar.high));
  const low = Math.min(...bars.map((bar) => bar.low));
  const net = (bars.at(-1)?.close ?? open) - open;
  const direction = Math.sign(net);
  const atHigh = firstWith(bars, (bar) => bar.high, high);
  const atLow = firstWith(bars, (bar) => bar.low, low);
  const up = Math.max(0, high - open);
  const down = Math.max(0, open - low);
  return {
    direction,
    netTicks: Math.abs(net),
    adverseTicks: direction >= 0 ? down : up,
    favourableTicks: direction >= 0 ? up : down,
    adverseFirst: direction >= 0 ? atLow < atHigh : atHigh < atLow,
  };
}

/** Returns the reference nearest to a price; of equally near ones the first. */
export function nearestReference(
  price: number,
  references: readonly Reference[],
): Reading['tested'] {
  let nearest: Reading['tested'] = null;
  for (const reference of references) {
    const distanceTicks = Math.abs(reference.price - price);
    if (nearest === null || distanceTicks < nearest.distanceTicks)
      nearest = { ...reference, distanceTicks };
  }
  return nearest;
}

/** Returns the width of the band: a share of the median range, never below a least width. */
export function bandOf(rangeTicks: number, share: number, least: number): number {
  return Math.max(least, share * rangeTicks);
}

function isTested({ tested, bandTicks }: Reading): boolean {
  if (tested === null) return holds('there is a reference price', false);
  return compare(
    'distance of the adverse extreme to a reference',
    tested.distanceTicks,
    '<=',
    bandTicks,
    'tick',
  );
}

function isUntested({ tested, bandTicks }: Reading): boolean {
  if (tested === null) return holds('no reference was tested', true);
  return compare(
    'distance of the adverse extreme to a reference',
    tested.distanceTicks,
    '>',
    bandTicks,
    'tick',
  );
}

/** Whether price left the open at once and stayed away from it. */
export function isOpenDrive(reading: Reading, rules: TypeRules): boolean {
  const { adverseTicks, bandTicks, netTicks, favourableTicks, rangeTicks } = reading;
  return isAll(
    holds('there is a net move', reading.direction !== 0),
    compare('adverse excursion', adverseTicks, '<=', bandTicks, 'tick'),
    compare('net move', netTicks, '>=', rules.driveNet * rangeTicks, 'tick'),
    compare('net move against the best', netTicks, '>=', rules.driveHold * favourableTicks, 'tick'),
  );
}

/** Whether price tested a reference first and left in the other direction. */
export function isOpenTestDrive(reading: Reading, rules: TypeRules): boolean {
  const { adverseTicks, bandTicks, netTicks, rangeTicks } = reading;
  return isAll(
    holds('there is a net move', reading.direction !== 0),
    holds('the adverse extreme came first', reading.adverseFirst),
    compare('adverse excursion', adverseTicks, '>', bandTicks, 'tick'),
    isTested(reading),
    compare('net move', netTicks, '>=', rules.testDriveNet * rangeTicks, 'tick'),
  );
}

/** Whether price went far one way, without a test, and came back through the open. */
export function isOpenRejectionReverse(reading: Reading, rules: TypeRules): boolean {
  return isAll(
    holds('there is a net move', reading.direction !== 0),
    holds('the adverse extreme came first', reading.adverseFirst),
    compare(
      'adverse excursion',
      reading.adverseTicks,
      '>=',
      rules.reverseAdverse * reading.rangeTicks,
      'tick',
    ),
    isUntested(reading),
  );
}

/** Returns the type of an opening: the first that fits, else an auction. */
export function openingTypeOf(reading: Reading, rules: TypeRules): OpeningType {
  if (isOpenDrive(reading, rules)) return 'open-drive';
  if (isOpenTestDrive(reading, rules)) return 'open-test-drive';
  if (isOpenRejectionReverse(reading, rules)) return 'open-rejection-reverse';
  return reading.inRange ? 'open-auction-in-range' : 'open-auction-out-of-range';
}

/** Returns the direction of a type; an auction has none. */
export function sideOf(type: OpeningType, direction: number): 'long' | 'short' | null {
  if (type === 'open-auction-in-range' || type === 'open-auction-out-of-range') return null;
  return direction > 0 ? 'long' : 'short';
}

/** Says whether a move from an open points away from prior value or back to it. */
export function activityOf(
  open: number,
  direction: number,
  value: { readonly vah: number; readonly val: number },
): 'initiative' | 'responsive' | 'inside' {
  if (open <= value.vah && open >= value.val) return 'inside';
  return open > value.vah === direction > 0 ? 'initiative' : 'responsive';
}
