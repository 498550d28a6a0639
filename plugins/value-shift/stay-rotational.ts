import { compare, holds } from '#engine';
import { isAll, type Rule } from './value-shift.ts';

/** Index of the half hour that ends at 10:30. */
const firstHour = 1;

/** A session that opened in value and did not leave it in the first hour stays rotational. */
export const stayRotational: Rule = {
  isDirected: false,
  isLong: false,
  arms: ({ open, area }) =>
    isAll(
      compare('open', open, '>=', area.val, 'price'),
      compare('open', open, '<=', area.vah, 'price'),
    ),
  activates: (view) =>
    view.isClose && view.index === firstHour
      ? compare('half hours that closed beyond value', view.closesBeyond, '==', 0, 'count')
      : holds('it is 10:30', false),
  terms: ({ area, price }) => ({
    target: null,
    waypoints: [],
    invalidation: null,
    level: null,
    direction: 0,
    mode: 'rotation',
    reason: 'opened in value and closed in it through the first hour',
    evidence: [
      { what: 'ticks to the upper edge', value: area.vah - price, unit: 'tick' },
      { what: 'ticks to the lower edge', value: price - area.val, unit: 'tick' },
    ],
  }),
  fulfils: (view) => holds('the session ended without an acceptance beyond value', view.isEnd),
  fails: ({ beyond }) =>
    holds(
      'accepted beyond an edge',
      beyond.long.status === 'accepted' || beyond.short.status === 'accepted',
    ),
};
