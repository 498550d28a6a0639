import { compare, holds } from '#engine';
import type { Config } from './config.ts';
import {
  as,
  type Context,
  compositeNow,
  type Event,
  hourOf,
  inputsOf,
  isAccepted,
  missingOf,
} from './context.ts';
import { isOfFamily, type RegimeName, sharedValue, type Way } from './regime.ts';

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

const isAll = (...leaves: readonly boolean[]): boolean => leaves.every(Boolean);
const isAny = (...leaves: readonly boolean[]): boolean => leaves.some(Boolean);

/** The pre-market decision, first match; with the same inputs it is taken at a 30-minute close that ends `unknown`. */
function locationGuards(config: Config) {
  return {
    isMissing: ({ context, event }: Asked) => {
      const missing = missingOf(config, context, event);
      return compare(
        missing.length === 0 ? 'missing inputs' : `missing: ${missing.join(', ')}`,
        missing.length,
        '>',
        0,
        'count',
      );
    },
    isValueAbove: ({ context, event }: Asked) => {
      const { prior, composite } = inputsOf(context, event);
      return compare('lower edge of prior value', prior.val, '>', composite.vah, 'price');
    },
    isValueBelow: ({ context, event }: Asked) => {
      const { prior, composite } = inputsOf(context, event);
      return compare('upper edge of prior value', prior.vah, '<', composite.val, 'price');
    },
    isNightCompressed: ({ context, event }: Asked) => {
      const { nightTicks, nightMedian } = inputsOf(context, event);
      return compare(
        'overnight range',
        nightTicks,
        '<',
        config.compressShare * nightMedian,
        'tick',
      );
    },
    isValueShared: ({ context, event }: Asked) => {
      const { prior, composite } = inputsOf(context, event);
      const shared = sharedValue(prior, composite);
      return compare(
        'share of prior value inside the composite',
        shared,
        '>=',
        config.balanceOverlap,
        'share',
      );
    },
  };
}

function asksForTrend(config: Config, way: Way, { context, event }: Asked): boolean {
  const { slope } = as('snapshot', event);
  const area = compositeNow(context);
  const poc = context.session?.poc ?? null;
  const side = way > 0 ? 'above' : 'below';
  const name: RegimeName = way > 0 ? 'trend-up' : 'trend-down';
  if (context.regime === name) return holds(`the regime is not ${name} already`, false);
  return isAll(
    holds(`the edge ${side} is accepted`, isAccepted(context, way)),
    area === null || poc === null
      ? holds('composite and developing point of control are known', false)
      : way > 0
        ? compare('developing point of control', poc, '>', area.vah, 'price')
        : compare('developing point of control', poc, '<', area.val, 'price'),
    slope === null
      ? holds('the slope of the regular VWAP is known', false)
      : compare(
          `slope of the regular VWAP over 30 minutes, ${way > 0 ? 'upward' : 'downward'}`,
          way * slope,
          '>=',
          config.flatSlope,
          'sd',
        ),
  );
}

function hasHour(config: Config, context: Context, op: '<' | '>=', part: number): boolean {
  const { ticks, median } = hourOf(config, context);
  if (ticks === null || median === null)
    return holds('the range of the last 60 minutes and its median are known', false);
  return compare('range of the last 60 minutes', ticks, op, part * median, 'tick');
}

/** Any one of three ends a trend: value left its direction, VWAP went flat, or price closed through it with delta. */
function isTrendLost(config: Config, way: Way, { context, event }: Asked): boolean {
  const { relation } = context;
  const { slope, close, vwap, delta } = as('snapshot', event);
  const isValueBack =
    relation === null || relation.relation === null
      ? holds('the developing relation is known', false)
      : isAll(
          holds(
            `developing value left the direction: ${relation.relation}`,
            !isOfFamily(relation.relation, way),
          ),
          compare(
            'share of value inside the composite',
            relation.overlapMin,
            '>=',
            config.leaveOverlap,
            'share',
          ),
        );
  const isFlat =
    slope === null
      ? holds('the slope of the regular VWAP is known', false)
      : compare(
          'slope of the regular VWAP over 30 minutes, with the trend',
          way * slope,
          '<',
          config.flatSlope,
          'sd',
        );
  const isThrough =
    close === null || vwap === null || delta === null
      ? holds('close, VWAP and cumulative delta are known (delta needs volume by side)', false)
      : isAll(
          compare('close against the trend of VWAP', way * (close - vwap), '<', 0, 'tick'),
          compare('cumulative delta, with the trend', way * delta, '<', 0, 'contract'),
        );
  return isAny(isValueBack, isFlat, isThrough);
}

/** What a 30-minute close asks for; the first one that holds is the candidate. */
function closeGuards(config: Config) {
  return {
    asksTrendUp: (asked: Asked) => asksForTrend(config, 1, asked),
    asksTrendDown: (asked: Asked) => asksForTrend(config, -1, asked),
    asksPending: ({ context }: Asked) =>
      context.regime === 'breakout-pending'
        ? holds('no break-out is pending already', false)
        : hasHour(config, context, '<', config.pendingEntryShare),
    asksBalance: (asked: Asked) => {
      const { regime } = asked.context;
      if (regime === 'balance') return holds('the regime is not balance already', false);
      if (regime === 'breakout-pending')
        return hasHour(config, asked.context, '>=', config.pendingExitShare);
      return isTrendLost(config, regime === 'trend-up' ? 1 : -1, asked);
    },
  };
}

function isConfirmed(config: Config, { context }: Asked, name: RegimeName): boolean {
  const run = context.candidate === name ? context.run : 0;
  return compare(
    `closes in a row that ask for ${name}`,
    run,
    '>=',
    config.hysteresisCloses,
    'count',
  );
}

/** Every guard of the machine; each leaves the numbers it compared. */
export function guardsOf(config: Config) {
  return {
    ...locationGuards(config),
    ...closeGuards(config),
    isTrendUpConfirmed: (asked: Asked) => isConfirmed(config, asked, 'trend-up'),
    isTrendDownConfirmed: (asked: Asked) => isConfirmed(config, asked, 'trend-down'),
    isPendingConfirmed: (asked: Asked) => isConfirmed(config, asked, 'breakout-pending'),
    isBalanceConfirmed: (asked: Asked) => isConfirmed(config, asked, 'balance'),
    isNewDay: ({ context, event }: Asked) =>
      holds('a new trade date begins', as('phase', event).tradeDate !== context.tradeDate),
    isRegularEnd: ({ context, event }: Asked) => {
      const { phase } = as('phase', event);
      const isOver = phase === 'post-rth' || phase === 'closed';
      return holds('the regular session is over', isOver && context.stage !== 'none');
    },
  };
}
