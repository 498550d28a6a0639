import { isSwing, type Slots } from '#engine';
import { slot } from './bars.ts';
import type { Way } from './exhaustion.ts';

/** Turning points kept: low, high, low, high, low before the third push. */
export const pointRoom = 5;

/** A push: what was traded from a turning point to the extreme that ended it. */
export interface Push {
  readonly delta: number;
  readonly volume: number;
}

/**
 * Looks whether the newest bar confirms swings, and keeps them as turning points.
 *
 * A bar does not order its high and low: where one bar is both, first comes the side that the last point is not on;
 * before the first point neither is kept.
 */
export function keepSwings(s: Slots, swingBars: number): void {
  const { f, a } = s;
  const isHigh = isSwing(a['high']!, f[slot.bars]!, swingBars, 1);
  const isLow = isSwing(a['low']!, f[slot.bars]!, swingBars, -1);
  if (isHigh && isLow) {
    const last = f[slot.points]! > 0 ? a['pointWay']![f[slot.points]! - 1]! : 0;
    keepSwing(s, swingBars, last > 0 ? -1 : 1, last !== 0);
    keepSwing(s, swingBars, last > 0 ? 1 : -1, last !== 0);
  } else if (isHigh) keepSwing(s, swingBars, 1, true);
  else if (isLow) keepSwing(s, swingBars, -1, true);
}

function keepSwing(s: Slots, swingBars: number, way: Way, isPoint: boolean): void {
  const { f, a } = s;
  const values = a[way > 0 ? 'high' : 'low']!;
  const place = (f[slot.bars]! - 1 - swingBars) % values.length;
  const price = values[place]!;
  f[way > 0 ? slot.sinceHigh : slot.sinceLow] = price;
  if (isPoint) keepPoint(s, way, price, a['delta']![place]!, a['volume']![place]!);
}

/** Keeps a turning point; of two on one side in a row the farther one stands. */
function keepPoint({ f, a }: Slots, way: Way, price: number, delta: number, volume: number): void {
  const points = f[slot.points]!;
  const [ways, prices] = [a['pointWay']!, a['pointPrice']!];
  let to = points;
  if (points > 0 && ways[points - 1] === way) {
    if ((price - prices[points - 1]!) * way < 0) return;
    to = points - 1;
  } else if (points === pointRoom) {
    for (const name of ['pointWay', 'pointPrice', 'pointDelta', 'pointVolume'])
      a[name]!.copyWithin(0, 1);
    to = pointRoom - 1;
  }
  ways[to] = way;
  prices[to] = price;
  a['pointDelta']![to] = delta;
  a['pointVolume']![to] = volume;
  f[slot.points] = to + 1;
}

/**
 * Returns the three pushes that end in the newest bar's extreme, oldest first; none unless the last five turning points
 * and this extreme make them, each beyond the one before.
 */
export function pushesTo({ f, a }: Slots, way: Way, extreme: number): readonly Push[] {
  const [ways, prices] = [a['pointWay']!, a['pointPrice']!];
  if (f[slot.points]! < pointRoom || ways[0] !== -way) return [];
  const isRising = (prices[3]! - prices[1]!) * way > 0 && (extreme - prices[3]!) * way > 0;
  if (!isRising) return [];
  const [deltas, volumes] = [a['pointDelta']!, a['pointVolume']!];
  return [
    { delta: deltas[1]! - deltas[0]!, volume: volumes[1]! - volumes[0]! },
    { delta: deltas[3]! - deltas[2]!, volume: volumes[3]! - volumes[2]! },
    { delta: f[slot.delta]! - deltas[4]!, volume: f[slot.volume]! - volumes[4]! },
  ];
}
