import { compare, holds, relateValue, type ValueRelation } from '#engine';
import { isReentered, travelTerms } from './next-balance.ts';
import {
  type BalanceRules,
  edgeOf,
  isAll,
  isPast,
  isTargetReached,
  isUntraded,
  opposite,
  type Rule,
  type Side,
  type Slot,
  signOf,
  type Terms,
  type View,
  waypointsOf,
} from './value-shift.ts';

const isOut = (view: View, side: Side): boolean =>
  holds('accepted beyond the edge', view.beyond[side].status === 'accepted');

/** Back in from the other side: the way is to the point of control, if it has not traded. */
const isIn = (view: View, side: Side): boolean =>
  isAll(
    holds('the session was outside', view.outside[opposite(side)]),
    holds('two closes back in value', view.beyond[opposite(side)].status === 'reentered'),
    isUntraded(view, view.area.poc, side),
    isPast('point of control of the area', view.area.poc, view.price, side),
  );

function inTerms(view: View, side: Side): Terms {
  const from = opposite(side);
  const { area, price, vwap } = view;
  return {
    target: area.poc,
    waypoints: waypointsOf(price, area.poc, [vwap]),
    invalidation: edgeOf(area, from),
    level: edgeOf(area, from),
    direction: signOf(from),
    mode: 'in',
    reason: `back in value from ${from === 'long' ? 'above' : 'below'}: balance again`,
    evidence: [
      { what: 'ticks to the point of control', value: Math.abs(area.poc - price), unit: 'tick' },
    ],
  };
}

/** Whether developing value followed: its point of control beyond the edge, its area of that family. */
function isValueThere(view: View, slot: Slot, side: Side): boolean {
  const { developing } = view;
  if (!view.isClose || developing === null || slot.area === null)
    return holds('a half hour ended with developing value', false);
  const relation: ValueRelation | null =
    slot.tradeDate === view.tradeDate ? view.relation : relateValue(developing, slot.area).relation;
  const family =
    side === 'long' ? ['higher', 'overlapping-higher'] : ['lower', 'overlapping-lower'];
  return isAll(
    isPast('developing point of control', developing.poc, edgeOf(slot.area, side), side),
    holds('value relates that way', relation !== null && family.includes(relation)),
  );
}

/** Value broken turns balance into imbalance; value broken back in turns it into balance. */
export const shift = (rules: BalanceRules): Rule => ({
  isDirected: true,
  isLong: true,
  arms: ({ crossed, outside }, side) =>
    holds('traded beyond the edge', crossed[side]) ||
    holds('outside beyond the other edge', outside[opposite(side)]),
  activates: (view, side) =>
    view.isClose ? isOut(view, side) || isIn(view, side) : holds('a half hour ended', false),
  terms: (view, side) => {
    if (view.beyond[side].status !== 'accepted') return inTerms(view, side);
    const reason = `accepted ${side === 'long' ? 'above' : 'below'} value: imbalance`;
    const travel = travelTerms(view, side, rules, reason);
    const next = travel.target;
    const isLeft = next !== null && (next - view.price) * signOf(side) > 0;
    return { ...travel, target: null, waypoints: isLeft ? [next] : [], mode: 'out' };
  },
  fulfils: (view, slot, side) =>
    slot.terms?.mode === 'in' ? isTargetReached(view, slot, side) : isValueThere(view, slot, side),
  fails: (_view, slot) =>
    slot.terms?.mode === 'in'
      ? compare('closes beyond the edge again', slot.beyond, '>=', 1, 'count')
      : isReentered(slot),
});
