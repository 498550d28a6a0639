import { compare, holds, microsPerSecond } from '#engine';
import type { Config } from './config.ts';
import { armedOf, as, type Context, type Event, isEarlier, isOtherContract } from './context.ts';
import { isPeriodInValue, opposite, runWith } from './eighty-percent-rule.ts';

interface Asked {
  readonly context: Context;
  readonly event: Event;
}

const isAll = (...leaves: readonly boolean[]): boolean => leaves.every(Boolean);

function isBeyondFarEdge({ context, event }: Asked): boolean {
  const { close } = as('period', event);
  const { value, side } = armedOf(context);
  if (close === null) return holds('the period traded', false);
  return side === 'short'
    ? compare('close of the period', close, '<', value.val, 'price')
    : compare('close of the period', close, '>', value.vah, 'price');
}

function isOtherSideFree({ context }: Asked): boolean {
  const other = opposite(armedOf(context).side);
  return holds(`the ${other} side did not trigger today`, !context.used.includes(other));
}

/** Whether a trigger may be taken now; every leaf is asked, so that a near miss shows all that was missing. */
function isAllowed(config: Config, { context, event }: Asked): boolean {
  const { lastTriggerAt, gap } = context;
  return isAll(
    lastTriggerAt === null || compare('time of the trigger', event.ts, '<=', lastTriggerAt, 'us'),
    !config.pauseOnGap || holds('the feed of the session has no gap', !gap),
  );
}

/** The questions asked at the open, in the order they are asked. */
function openGuards(config: Config) {
  return {
    isWithoutPrior: ({ context }: Asked) =>
      holds(
        'there is no completed session before today',
        context.prior === null || !isEarlier(context.prior, context.tradeDate),
      ),
    isRolled: ({ context }: Asked) =>
      holds(
        'the prior session traded another contract',
        context.rolled || isOtherContract(context),
      ),
    isHoliday: ({ context }: Asked) =>
      config.skipHolidays && holds('today is a holiday with trading hours', context.holiday),
    isPriorGap: ({ context }: Asked) =>
      holds('the prior session has a gap', context.prior?.gap ?? false),
    isNarrow: ({ context }: Asked) => {
      const width = (context.prior?.vah ?? 0) - (context.prior?.val ?? 0);
      return compare('width of the prior value area', width, '<', config.minWidthTicks, 'tick');
    },
    isLateOpen: ({ context, event }: Asked) => {
      const after = event.ts - (context.rthOpen ?? event.ts);
      return compare(
        'time since the regular open',
        after,
        '>',
        config.openGraceSeconds * microsPerSecond,
        'us',
      );
    },
    opensAbove: ({ context, event }: Asked) =>
      compare(
        'first regular trade',
        as('opened', event).price,
        '>',
        context.prior?.vah ?? 0,
        'price',
      ),
    opensBelow: ({ context, event }: Asked) =>
      compare(
        'first regular trade',
        as('opened', event).price,
        '<',
        context.prior?.val ?? 0,
        'price',
      ),
    isStrict: () => holds('an open inside value does not arm', config.arming === 'strict'),
  };
}

/** The questions asked when a period closes or opens, before the trigger. */
function seekingGuards(config: Config) {
  const isExtended = (): boolean => config.arming === 'extended';
  const hasRun = ({ context, event }: Asked): boolean => {
    const run = runWith(context.run, context.lastIndex, as('period', event));
    return (
      config.trigger !== 'closeOpen' && compare('periods in value in a row', run, '>=', 2, 'count')
    );
  };
  const opensInside = ({ context, event }: Asked): boolean => {
    const { value } = armedOf(context);
    const { price } = as('periodOpened', event);
    return isAll(
      compare('open of the period', price, '>=', value.val, 'price'),
      compare('open of the period', price, '<=', value.vah, 'price'),
    );
  };
  return {
    closesAbove: ({ context, event }: Asked) => {
      const { close } = as('period', event);
      if (context.value === null || close === null)
        return holds('there is a prior value area and the period traded', false);
      return compare('close of the period', close, '>', context.value.vah, 'price');
    },
    closesBelow: ({ context, event }: Asked) => {
      const { close } = as('period', event);
      if (context.value === null || close === null)
        return holds('there is a prior value area and the period traded', false);
      return compare('close of the period', close, '<', context.value.val, 'price');
    },
    isCrossed: (asked: Asked) =>
      isBeyondFarEdge(asked) && !(isExtended() && isOtherSideFree(asked)),
    isFlipped: (asked: Asked) => isExtended() && isBeyondFarEdge(asked),
    isOutOfValue: ({ context, event }: Asked) => {
      const { value } = armedOf(context);
      return holds(
        'the period is not in value',
        !isPeriodInValue(as('period', event), value, config.trigger),
      );
    },
    isSpentAtClose: (asked: Asked) =>
      hasRun(asked) && holds('the far edge traded before the trigger', asked.context.targetTraded),
    isTriggeredAtClose: (asked: Asked) => isAll(hasRun(asked), isAllowed(config, asked)),
    isSpentAtOpen: (asked: Asked) =>
      opensInside(asked) &&
      holds('the far edge traded before the trigger', asked.context.targetTraded),
    isTriggeredAtOpen: (asked: Asked) => isAll(opensInside(asked), isAllowed(config, asked)),
  };
}

/** The questions asked after the trigger, and those of the calendar. */
function followingGuards(config: Config) {
  return {
    isPocLive: ({ context }: Asked) =>
      holds('the point of control had not traded before the trigger', context.halfBack === false),
    closesBackOut: ({ context, event }: Asked) => {
      const { close } = as('period', event);
      const { value, side } = armedOf(context);
      if (close === null) return holds('the period traded', false);
      return side === 'short'
        ? compare('close of the period', close, '>', value.vah, 'price')
        : compare('close of the period', close, '<', value.val, 'price');
    },
    isOtherSideArmed: (asked: Asked) =>
      config.arming === 'extended' && isBeyondFarEdge(asked) && isOtherSideFree(asked),
    isNewDay: ({ context, event }: Asked) =>
      holds('a new trade date begins', as('phase', event).tradeDate !== context.tradeDate),
    isRegularEnd: ({ event }: Asked) => {
      const { phase } = as('phase', event);
      return holds('the regular session is over', phase === 'post-rth' || phase === 'closed');
    },
  };
}

/** Every guard of the machine; each leaves the numbers it compared. */
export function guardsOf(config: Config) {
  return { ...openGuards(config), ...seekingGuards(config), ...followingGuards(config) };
}
