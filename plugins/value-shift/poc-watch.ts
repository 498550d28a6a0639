import { microsPerMinute, type Slots } from '#engine';
import type { Config } from './config.ts';

/** Places in the arrays of the watch: the composite's point of control, the prior session's. */
export const pocNames = ['composite', 'prior'] as const;
export const pocCount = pocNames.length;

/** Arrays of the watch; those of two numbers a point of control hold up (support) and down. */
export const pocArrays = {
  /** NaN: not watched. */
  poc: pocCount,
  /** Side price came from: 1 above, -1 below, 0 not known. */
  away: pocCount,
  inTouch: pocCount,
  touches: pocCount,
  touchAt: pocCount,
  /** Worst price since the first touch. */
  worst: pocCount,
  apartTold: 2 * pocCount,
  heldTold: 2 * pocCount,
  brokenTold: 2 * pocCount,
};

/** What happened at a point of control. */
export type PocEvent = 'none' | 'apart' | 'held';

const placeOf = (k: number, side: number): number => 2 * k + (side > 0 ? 0 : 1);

/** Starts the watch over a point of control; NaN for none. */
export function watchPoc({ a }: Slots, k: number, poc: number): void {
  for (const name of Object.keys(pocArrays) as (keyof typeof pocArrays)[]) {
    const row = a[name]!;
    const width = row.length / pocCount;
    row.fill(0, k * width, (k + 1) * width);
  }
  a['poc']![k] = poc;
}

function setAway({ a }: Slots, k: number, side: number): PocEvent {
  a['away']![k] = side;
  a['touches']![k] = 0;
  a['inTouch']![k] = 0;
  const place = placeOf(k, side);
  if (a['apartTold']![place] === 1) return 'none';
  a['apartTold']![place] = 1;
  return 'apart';
}

function touch({ a }: Slots, c: Config, k: number, ts: number, near: number, side: number): void {
  const touches = a['touches']![k]!;
  if (a['inTouch']![k] === 0) {
    a['inTouch']![k] = 1;
    if (touches === 0 || ts - a['touchAt']![k]! >= c.touchMinutes * microsPerMinute) {
      a['touches']![k] = touches + 1;
      a['touchAt']![k] = ts;
    }
  }
  const worst = a['worst']![k]!;
  a['worst']![k] = touches === 0 ? near : side > 0 ? Math.min(worst, near) : Math.max(worst, near);
}

/** Ticks that price came back since its worst after the first touch; 0 without a touch. */
export function bounceOf({ a }: Slots, k: number, price: number): number {
  if (a['touches']![k] === 0) return 0;
  return (price - a['worst']![k]!) * a['away']![k]!;
}

/** Takes trading between `low` and `high` that ended at `price`. */
export function seePoc(
  s: Slots,
  c: Config,
  k: number,
  ts: number,
  low: number,
  high: number,
  price: number,
): PocEvent {
  const { a } = s;
  const poc = a['poc']![k]!;
  const side = a['away']![k]!;
  if (side === 0) {
    if (price > poc + c.pocTicks) return setAway(s, k, 1);
    return price < poc - c.pocTicks ? setAway(s, k, -1) : 'none';
  }
  const near = side > 0 ? low : high;
  if ((near - poc) * side <= c.pocTicks) touch(s, c, k, ts, near, side);
  else if (a['touches']![k] === 0) return 'none';
  if ((price - poc) * side > c.pocTicks) a['inTouch']![k] = 0;
  const place = placeOf(k, side);
  if (a['heldTold']![place] === 1) return 'none';
  if (a['touches']![k]! < 2 && bounceOf(s, k, price) < c.bounceTicks) return 'none';
  if ((price - poc) * side < -c.pocTicks) return 'none';
  a['heldTold']![place] = 1;
  return 'held';
}

/** Takes the close of five minutes; true when it went through a point of control that had held. */
export function closePoc(
  s: Slots,
  c: Config,
  k: number,
  close: number,
): { readonly isBroken: boolean; readonly isApart: boolean } {
  const { a } = s;
  const side = a['away']![k]!;
  const poc = a['poc']![k]!;
  if (side === 0 || !((close - poc) * side < -c.pocTicks))
    return { isBroken: false, isApart: false };
  const place = placeOf(k, side);
  const isBroken = a['heldTold']![place] === 1 && a['brokenTold']![place] === 0;
  if (isBroken) a['brokenTold']![place] = 1;
  return { isBroken, isApart: setAway(s, k, -side) === 'apart' };
}
