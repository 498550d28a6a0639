import { compare, holds } from '#engine';
import { isReentered, travelTerms } from './next-balance.ts';
import {
  type BalanceRules,
  edgeOf,
  isAll,
  isPast,
  isTargetReached,
  isUntraded,
  nextBalanceOf,
  type Rule,
} from './value-shift.ts';

/** Value that builds beyond an edge is imbalance. */
export const buildingOutside = (rules: BalanceRules): Rule => ({
  isDirected: true,
  isLong: true,
  arms: ({ developing, area }, side) =>
    developing === null
      ? holds('there is developing value', false)
      : isPast('developing point of control', developing.poc, edgeOf(area, side), side),
  activates: (view, side) =>
    view.isClose
      ? isAll(
          compare('half hours of building in a row', view.building[side], '>=', 2, 'count'),
          isUntraded(view, nextBalanceOf(view, side, rules).target, side),
        )
      : holds('a half hour ended', false),
  terms: (view, side) =>
    travelTerms(
      view,
      side,
      rules,
      `value builds ${side === 'long' ? 'above' : 'below'} value: on to the next balance`,
    ),
  fulfils: isTargetReached,
  fails: (_view, slot) => isReentered(slot),
});
