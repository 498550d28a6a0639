import { compare, holds } from '#engine';
import {
  type BalanceRules,
  edgeOf,
  isAll,
  isTargetReached,
  isUntraded,
  nextBalanceOf,
  type Rule,
  type Side,
  signOf,
  type Terms,
  type View,
} from './value-shift.ts';

/** Says where price travels to from an edge, and that coming back in ends it. */
export function travelTerms(view: View, side: Side, rules: BalanceRules, reason: string): Terms {
  const edge = edgeOf(view.area, side);
  const { target, kind } = nextBalanceOf(view, side, rules);
  return {
    target,
    waypoints: [],
    invalidation: edge,
    level: edge,
    direction: signOf(side),
    mode: kind,
    reason,
    evidence: [
      { what: 'ticks from the edge to the target', value: Math.abs(target - edge), unit: 'tick' },
    ],
  };
}

/** Whether two half hours in a row closed back on the inner side. */
export function isReentered({ back }: { readonly back: number }): boolean {
  return compare('closes in a row back in value', back, '>=', 2, 'count');
}

/** In imbalance price travels to the next balance. */
export const nextBalance = (rules: BalanceRules): Rule => ({
  isDirected: true,
  isLong: true,
  arms: ({ regime, crossed }, side) =>
    holds(
      'the regime is a trend that way',
      regime === (side === 'long' ? 'trend-up' : 'trend-down'),
    ) || holds('traded beyond the edge', crossed[side]),
  activates: (view, side) =>
    view.isClose
      ? isAll(
          holds('accepted beyond the edge', view.beyond[side].status === 'accepted'),
          isUntraded(view, nextBalanceOf(view, side, rules).target, side),
        )
      : holds('a half hour ended', false),
  terms: (view, side) =>
    travelTerms(
      view,
      side,
      rules,
      `accepted ${side === 'long' ? 'above' : 'below'} value: on to the next balance`,
    ),
  fulfils: isTargetReached,
  fails: (_view, slot) => isReentered(slot),
});
