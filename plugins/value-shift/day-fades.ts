import { compare, holds, microsPerMinute } from '#engine';
import { isAll, type Rule, type View } from './value-shift.ts';

/** Thresholds of a day that has done its work. */
interface Rules {
  readonly fadeRange: number;
  readonly fadeExtension: number;
  readonly fadeLastMinutes: number;
}

/** Range of the session so far. */
export const rangeOf = ({ sessionHigh, sessionLow }: View): number => sessionHigh - sessionLow;

function isDone(view: View, rules: Rules): boolean {
  const { averageRange, targetDone } = view;
  if (averageRange === null) return holds('the average range is known', false);
  const needed = rules.fadeRange * averageRange;
  return (
    holds('a target was reached', targetDone) ||
    compare('range of the session', rangeOf(view), '>=', needed, 'tick')
  );
}

/** A day that reached its target, or its range, extends no more. */
export const dayFades = (rules: Rules): Rule => ({
  isDirected: false,
  isLong: false,
  arms: () => holds('the session opened', true),
  activates: (view) =>
    isAll(
      isDone(view, rules),
      view.rthEnd === null ||
        compare(
          'time before the last minutes',
          view.ts,
          '<',
          view.rthEnd - rules.fadeLastMinutes * microsPerMinute,
          'us',
        ),
    ),
  terms: (view) => ({
    target: null,
    waypoints: [],
    invalidation: null,
    level: null,
    direction: 0,
    mode: view.targetDone ? 'target' : 'range',
    reason: view.targetDone ? 'a target of the day was reached' : 'the day has its range',
    evidence: [
      {
        what: 'range of the session',
        value: rangeOf(view),
        needed: rules.fadeRange * (view.averageRange ?? 0),
        unit: 'tick',
      },
    ],
  }),
  fulfils: (view) => holds('the session ended without such an extension', view.isEnd),
  fails: (view, slot) =>
    compare(
      'growth of the range',
      rangeOf(view) - slot.range,
      '>',
      rules.fadeExtension * (view.averageRange ?? Number.MAX_SAFE_INTEGER),
      'tick',
    ),
});
