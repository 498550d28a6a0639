import { compare, holds } from '#engine';
import {
  edgeOf,
  furthest,
  isAll,
  isAt,
  isPast,
  isTargetReached,
  opposite,
  type Rule,
  signOf,
  type View,
  waypointsOf,
} from './value-shift.ts';

/** Thresholds of the test of an edge. */
interface Rules {
  readonly nearTicks: number;
  readonly withoutRegime: 'refuse' | 'ignore';
}

/** Whether the regime is balance; where it is not known, as configured. */
export function isBalance({ regime }: View, rules: Pick<Rules, 'withoutRegime'>): boolean {
  if (regime === null || regime === 'unknown')
    return holds('the regime is known, or not asked for', rules.withoutRegime === 'ignore');
  return holds('the regime is balance', regime === 'balance');
}

const isInside = ({ price, area }: View): boolean =>
  isAll(
    compare('last price', price, '>=', area.val, 'price'),
    compare('last price', price, '<=', area.vah, 'price'),
  );

/** In balance an edge that was tested and held sends price to the other side of value. */
export const otherSide = (rules: Rules): Rule => ({
  isDirected: true,
  isLong: true,
  arms: (view) => isAll(isInside(view), isBalance(view, rules)),
  activates: (view, side) => {
    const { closed, area } = view;
    if (!view.isClose || closed === null) return holds('a half hour with trades ended', false);
    const tested = opposite(side);
    const edge = edgeOf(area, tested);
    const reached = furthest(tested, closed.high, closed.low);
    return isAll(
      isAt('price towards the edge', reached, edge - rules.nearTicks * signOf(tested), tested),
      isAt('close of the period', closed.close, edge, side),
      isPast('the other edge', edgeOf(area, side), closed.close, side),
      isPast(
        'the other edge, beyond the period',
        edgeOf(area, side),
        furthest(side, closed.high, closed.low),
        side,
      ),
      holds('the edge is not given up', view.beyond[tested].status !== 'accepted'),
    );
  },
  terms: (view, side) => {
    const tested = opposite(side);
    const target = edgeOf(view.area, side);
    return {
      target,
      waypoints: waypointsOf(view.price, target, [view.area.poc, view.vwap]),
      invalidation: edgeOf(view.area, tested),
      level: edgeOf(view.area, tested),
      direction: signOf(tested),
      mode: 'test',
      reason: `${tested === 'long' ? 'upper' : 'lower'} edge of value tested and held in balance`,
      evidence: [
        { what: 'ticks to the other edge', value: Math.abs(target - view.price), unit: 'tick' },
      ],
    };
  },
  fulfils: isTargetReached,
  fails: (view, slot, side) =>
    compare('closes in a row beyond the edge', slot.beyond, '>=', 2, 'count') ||
    holds(
      'accepted beyond the edge by volume',
      slot.tradeDate === view.tradeDate && view.beyond[opposite(side)].status === 'accepted',
    ),
});
