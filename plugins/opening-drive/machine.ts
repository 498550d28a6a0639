import { assign, emit, setup } from 'xstate';
import { compare, holds, type MachineArguments, type Payload } from '#engine';
import type { Config } from './config.ts';
import type { Context, Event } from './context.ts';
import * as memory from './context.ts';
import { isDriveContext, isResumed, isRetraced } from './drive-signal.ts';
import {
  isAll,
  isOpenDrive,
  isOpenRejectionReverse,
  isOpenTestDrive,
  type Reading,
} from './opening-drive.ts';
import type { Outputs } from './ports.ts';

type Outcome = Payload<Outputs['outcome']>;
type Emitted =
  | ({ type: 'type' } & Payload<Outputs['type']>)
  | ({ type: 'signal' } & Payload<Outputs['signal']>)
  | ({ type: 'outcome' } & Outcome);
interface Asked {
  readonly context: Context;
  readonly event: Event;
}

function typeGuards(config: Config) {
  const readingOf = ({ event }: Asked): Reading | null => memory.as('assessed', event).reading;
  const is =
    (test: (reading: Reading, rules: Config) => boolean) =>
    (asked: Asked): boolean => {
      const reading = readingOf(asked);
      return reading === null ? holds('the opening is known', false) : test(reading, config);
    };
  return {
    isProvisional: ({ event }: Asked) =>
      holds('15 minutes are over, not 30', memory.as('assessed', event).stage === 'provisional'),
    isUnknown: (asked: Asked) =>
      holds('something is missing to know the opening', readingOf(asked) === null),
    isDrive: is(isOpenDrive),
    isTestDrive: is(isOpenTestDrive),
    isRejectionReverse: is(isOpenRejectionReverse),
    isInRange: is((reading) => holds('the open lies in the prior range', reading.inRange)),
  };
}

function signalGuards(config: Config) {
  const isContext = ({ context }: Asked): boolean =>
    context.drive === null
      ? holds('the opening is known', false)
      : isDriveContext(context.drive, config);
  return {
    isPullbackEntry: (asked: Asked) =>
      isAll(isContext(asked), isResumed(memory.as('fiveMinutes', asked.event), config)),
    isPullingBack: (asked: Asked) =>
      isAll(isContext(asked), isRetraced(memory.as('fiveMinutes', asked.event), config)),
    isBackInValue: ({ event }: Asked) => {
      const { valueEdge, close, direction } = memory.as('fiveMinutes', event);
      if (valueEdge === null) return holds('a half hour of a drive from outside ended', false);
      return direction > 0
        ? compare('close of the period', close, '<=', valueEdge, 'price')
        : compare('close of the period', close, '>=', valueEdge, 'price');
    },
    isExtensionEntry: (asked: Asked) => {
      const { price, vwap, direction } = memory.as('extended', asked.event);
      const beyond = (price - vwap) * direction;
      return isAll(
        isContext(asked),
        compare('price beyond the VWAP of the session', beyond, '>', 0, 'tick'),
      );
    },
    hasSide: ({ context }: Asked) => holds('the opening has a side', context.side !== null),
  };
}

function kitOf(config: Config) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: { ...typeGuards(config), ...signalGuards(config) },
    actions: {
      startDay: assign(({ event }) => ({
        ...memory.emptyContext,
        tradeDate: memory.as('dayBegan', event).tradeDate,
      })),
      keepOpen: assign(({ event }) => ({ open: memory.as('opened', event).price })),
      keepAssessed: assign(({ event }) => memory.keepAssessed(config, event)),
      revoke: assign(({ context, event }) => memory.revoke(context, event)),
      emitType: emit(({ context }) => ({ type: 'type', ...memory.rowOf(context) })),
      enter: assign(({ event }) => memory.enter(event)),
      emitSignal: emit(({ context, event }) => ({
        type: 'signal',
        ...memory.signalOf(config, context, event),
      })),
      emitOutcome: emit(({ context, event }, { result }: { result: Outcome['result'] }) => ({
        type: 'outcome',
        ...memory.signalOutcomeOf(context, event, result),
      })),
      emitTypeOutcome: emit(({ context, event }) => ({
        type: 'outcome',
        ...memory.typeOutcomeOf(context, event),
      })),
    },
  });
}

const ended = (result: Outcome['result']) => ({ type: 'emitOutcome', params: { result } }) as const;
const typed = ['keepAssessed', 'emitType'] as const;
const entered = { target: 'entered', actions: ['enter', 'emitSignal'] } as const;
const lost = { openLost: 'failed', windowEnded: 'expired' } as const;
const revoked = { openTraded: { target: 'revoked', actions: ['revoke', 'emitType'] } } as const;
const seeking = {
  extended: { guard: 'isExtensionEntry', ...entered },
  fiveMinutes: [
    { guard: 'isPullbackEntry', ...entered },
    { guard: 'isBackInValue', target: 'failed' },
    { guard: 'isPullingBack', target: 'pullback' },
  ],
  ...lost,
} as const;

/** How the session opens as a statechart, and the signal of a drive that goes on. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'opening-drive',
    context: memory.emptyContext,
    initial: 'awaitOpen',
    on: {
      dayBegan: { target: '.awaitOpen', actions: 'startDay' },
      rthEnded: { guard: 'hasSide', actions: 'emitTypeOutcome' },
    },
    states: {
      awaitOpen: {
        description: 'Waits for the first trade of the regular session.',
        on: {
          opened: { target: 'observing', actions: 'keepOpen' },
          assessed: { target: 'unknown', actions: typed },
        },
      },
      observing: {
        description: 'The first half hour: after 15 minutes the type is provisional.',
        on: {
          assessed: [
            { guard: 'isProvisional', actions: typed },
            { guard: 'isUnknown', target: 'unknown', actions: typed },
            { guard: 'isDrive', target: 'drive', actions: typed },
            { guard: 'isTestDrive', target: 'testDrive', actions: typed },
            { guard: 'isRejectionReverse', target: 'rejectionReverse', actions: typed },
            { guard: 'isInRange', target: 'auctionIn', actions: typed },
            { target: 'auctionOut', actions: typed },
          ],
        },
      },
      unknown: { description: 'The opening is not known today; the row says what is missing.' },
      drive: {
        description: 'Open-drive: price left the open at once and held.',
        on: { ...seeking, ...revoked },
      },
      testDrive: {
        description: 'Open-test-drive: a reference was tested first, then price left.',
        on: seeking,
      },
      rejectionReverse: {
        description:
          'Open-rejection-reverse: price went far one way and came back through the open.',
      },
      auctionIn: { description: 'Open-auction inside the prior range.' },
      auctionOut: { description: 'Open-auction outside the prior range.' },
      revoked: { description: 'The open of an open-drive traded again before 10:30.' },
      pullback: {
        description: 'A drive away from value has given back enough, and not too much.',
        on: { ...seeking, ...revoked },
      },
      entered: {
        description: 'The signal was given; target and stop are watched.',
        on: {
          targetTouched: { target: 'continued', actions: ended('completed') },
          stopTouched: { target: 'failed', actions: ended('rejected') },
          openTraded: { actions: ['revoke', 'emitType'] },
          rthEnded: { target: 'expired', actions: [ended('expired'), 'emitTypeOutcome'] },
        },
      },
      continued: { description: 'The target traded after the signal.' },
      failed: {
        description: 'The open was lost or value re-entered, or the stop of the signal traded.',
      },
      expired: {
        description: 'No signal until 11:00, or the session ended before target and stop.',
      },
    },
  });
}
