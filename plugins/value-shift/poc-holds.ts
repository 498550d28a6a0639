import { holds } from '#engine';
import {
  type Area,
  edgeOf,
  isAt,
  isPast,
  isTargetReached,
  type PocName,
  type Rule,
  signOf,
  type View,
} from './value-shift.ts';

const areaOf = (view: View, poc: PocName): Area =>
  poc === 'prior' && view.prior !== null ? view.prior : view.area;

/** A point of control that holds sends price to the edge of its area on the holding side. */
export const pocHolds = (rules: { readonly pocTicks: number }): Rule => ({
  isDirected: true,
  isLong: false,
  arms: ({ apart }, side) => holds('price is away from a point of control', apart[side]),
  activates: (view, side) => {
    const held = view.held[side];
    if (held === null || view.broken[side].includes(held.poc))
      return holds('a point of control held', false);
    return isPast(
      'edge on the holding side',
      edgeOf(areaOf(view, held.poc), side),
      view.price,
      side,
    );
  },
  terms: (view, side) => {
    const held = view.held[side];
    const poc = held?.poc ?? 'composite';
    const level = areaOf(view, poc).poc;
    return {
      target: edgeOf(areaOf(view, poc), side),
      waypoints: [],
      invalidation: level - rules.pocTicks * signOf(side),
      level: null,
      direction: 0,
      mode: poc,
      reason: `point of control (${poc}) held as ${side === 'long' ? 'support' : 'resistance'}`,
      evidence: [
        { what: 'touches', value: held?.touches ?? 0, unit: 'count' },
        { what: 'bounce', value: held?.bounceTicks ?? 0, unit: 'tick' },
      ],
    };
  },
  fulfils: isTargetReached,
  fails: (view, slot, side) =>
    holds(
      'five minutes closed through the point of control',
      view.broken[side].some((poc) => poc === slot.terms?.mode),
    ),
});

/** Whether a point of control that held lies on the way of the expectation towards the other edge. */
export function isOnTheWay(view: View, side: 'long' | 'short'): boolean {
  const poc = view.held[side];
  if (poc === null) return false;
  const { vah, val } = view.area;
  const level = areaOf(view, poc.poc).poc;
  return (
    isAt('point of control', level, val, 'long') && isAt('point of control', level, vah, 'short')
  );
}
