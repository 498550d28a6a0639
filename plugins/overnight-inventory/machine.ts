import { assign, emit, setup } from 'xstate';
import { compare, holds, type MachineArguments, type Payload } from '#engine';
import type { Config, Outputs } from './config.ts';
import * as memory from './context.ts';
import { as, type Context, type Event } from './context.ts';
import { outerTicks } from './overnight-inventory.ts';

type Outcome = Payload<Outputs['outcome']>;
type Emitted =
  | ({ type: 'inventory' } & Payload<Outputs['inventory']>)
  | ({ type: 'signal' } & Payload<Outputs['signal']>)
  | ({ type: 'outcome' } & Outcome);
interface Asked {
  readonly context: Context;
  readonly event: Event;
}

/** The questions about the inventory of the night. */
function inventoryGuards(config: Config) {
  const inventoryAfter = ({ context, event }: Asked): number => {
    const night = { ...context, ...memory.keepNight(event) };
    return memory.inventoryIn(night) ?? 0;
  };
  return {
    hasReference: ({ event }: Asked) =>
      holds('the prior close may be used today', as('nightBegan', event).reference !== null),
    isIncomplete: ({ event }: Asked) =>
      holds('the night has a gap or no volume', as('nightEnded', event).missing !== null),
    isNetLong: (asked: Asked) =>
      compare('overnight inventory', inventoryAfter(asked), '>=', config.netThreshold, 'share'),
    isNetShort: (asked: Asked) =>
      compare('overnight inventory', inventoryAfter(asked), '<=', -config.netThreshold, 'share'),
    isCorrectedAtOpen: ({ context, event }: Asked) =>
      holds(
        'the open lies at or beyond the reference or the overnight middle',
        memory.correctionIn(config, context, as('opened', event).price) === null,
      ),
    hasOpened: ({ context }: Asked) => holds('the open was seen', context.open !== null),
  };
}

/** The questions about the open in the outer part of prior value. */
function trapGuards(config: Config) {
  const isPlaced = ({ context, event }: Asked, side: 'long' | 'short'): boolean => {
    const { value } = context;
    if (value === null) return holds('prior value may be used today', false);
    const what = 'open above the lower edge of prior value';
    const place = as('opened', event).price - value.val;
    const { upper, lower } = outerTicks(value, config.edge);
    return side === 'short'
      ? compare(what, place, '>=', upper, 'tick') &&
          compare(what, place, '<=', value.vah - value.val, 'tick')
      : compare(what, place, '<=', lower, 'tick') && compare(what, place, '>=', 0, 'tick');
  };
  return {
    isNarrow: ({ context }: Asked) => {
      const { value } = context;
      if (value === null) return holds('prior value may not be used today', true);
      const width = value.vah - value.val;
      return compare('width of the prior value area', width, '<', config.minWidthTicks, 'tick');
    },
    opensHigh: (asked: Asked) => isPlaced(asked, 'short'),
    opensLow: (asked: Asked) => isPlaced(asked, 'long'),
    reclaimsMiddle: ({ context, event }: Asked) => {
      const { close } = as('period', event);
      if (close === null) return holds('the period traded', false);
      const middle = memory.valueMiddle(context);
      return memory.trapOf(context).side === 'short'
        ? compare('close of the period', close, '>', middle, 'price')
        : compare('close of the period', close, '<', middle, 'price');
    },
  };
}

function kitOf(config: Config) {
  return setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
    guards: { ...inventoryGuards(config), ...trapGuards(config) },
    actions: {
      keepPrior: assign(({ event }) => memory.keepPrior(event)),
      beginNight: assign(({ context, event }) => memory.beginNight(context, event)),
      keepNight: assign(({ event }) => memory.keepNight(event)),
      fixNight: assign(({ context, event }) => memory.fixNight(context, event)),
      answer: assign(({ event }, { stage }: { stage: Context['stage'] }) =>
        memory.answer(event, stage),
      ),
      keepOpen: assign(({ event }) => memory.keepOpen(event)),
      enterTrap: assign(({ context, event }) => memory.enterTrap(config, context, event)),
      keepClose: assign(({ event }) => memory.keepClose(event)),
      emitInventory: emit(({ context }) => ({
        type: 'inventory',
        ...memory.inventoryRow(config, context),
      })),
      emitCorrection: emit(({ context, event }) => ({
        type: 'outcome',
        ...memory.correctionOutcome(config, context, event),
      })),
      emitSignal: emit(({ context }) => ({ type: 'signal', ...memory.signalOf(config, context) })),
      emitTrap: emit(({ context, event }, { result }: { result: Outcome['result'] }) => ({
        type: 'outcome',
        ...memory.trapOutcome(config, context, event, result),
      })),
    },
  });
}

const fixed = ['fixNight', 'emitInventory'] as const;
const answered = (stage: Context['stage']) =>
  [{ type: 'answer', params: { stage } }, 'emitInventory'] as const;
const ended = (result: Outcome['result']) => ({ type: 'emitTrap', params: { result } }) as const;
const night = [{ guard: 'hasReference', target: '.building' }, { target: '.unknown' }] as const;

/** The inventory is net: the regular session corrects it in the first hour, or ignores it. */
const net = {
  opened: { guard: 'isCorrectedAtOpen', target: 'corrected', actions: answered('corrected') },
  correctionTouched: {
    target: 'corrected',
    actions: ['emitCorrection', ...answered('corrected')],
  },
  timeUp: [
    {
      guard: 'hasOpened',
      target: 'ignored',
      actions: ['emitCorrection', ...answered('ignored')],
    },
    { target: 'unknown' },
  ],
} as const;

/** Two rules on one night: whether its inventory is corrected, and whether an open in the outer part of value is trapped. */
export function machine({ config }: MachineArguments<Config>) {
  return kitOf(config).createMachine({
    id: 'overnight-inventory',
    context: memory.emptyContext,
    type: 'parallel',
    on: { prior: { actions: 'keepPrior' } },
    states: {
      inventory: {
        description: 'Who holds the positions of the night, and how the session answers.',
        initial: 'unknown',
        on: { nightBegan: night },
        states: {
          unknown: {
            description:
              'No inventory: no usable prior close, no whole night or no open; the reason is in the context.',
            on: { nightEnded: { actions: fixed } },
          },
          building: {
            description: 'The night trades: its volume above and below the prior close is weighed.',
            on: {
              measured: { actions: ['keepNight', 'emitInventory'] },
              nightEnded: [
                { guard: 'isIncomplete', target: 'unknown', actions: fixed },
                { guard: 'isNetLong', target: 'netLong', actions: fixed },
                { guard: 'isNetShort', target: 'netShort', actions: fixed },
                { target: 'neutral', actions: fixed },
              ],
            },
          },
          neutral: { description: 'The night was even: nothing is expected of its inventory.' },
          netLong: {
            description: 'The night is net long; the open is tested for a correction downward.',
            on: net,
          },
          netShort: {
            description: 'The night is net short; the open is tested for a correction upward.',
            on: net,
          },
          corrected: {
            description:
              'The regular session came back to the prior close or the overnight middle.',
          },
          ignored: {
            description: 'The first hour went by without a correction: the session goes with it.',
          },
        },
      },
      trap: {
        description: 'An open in the outer part of prior value, and those who are trapped by it.',
        initial: 'idle',
        on: { nightBegan: { target: '.idle', actions: ['beginNight', 'emitInventory'] } },
        states: {
          idle: {
            description: 'Waits for the regular open in the outer part of prior value.',
            on: {
              opened: [
                { guard: 'isNarrow', target: 'notToday', actions: 'keepOpen' },
                { guard: 'opensHigh', target: 'watching', actions: 'keepOpen' },
                { guard: 'opensLow', target: 'watching', actions: 'keepOpen' },
                { target: 'notToday', actions: 'keepOpen' },
              ],
            },
          },
          notToday: {
            description:
              'The open lies elsewhere, prior value is unusable, or price did not travel.',
          },
          watching: {
            description: 'Opened in the outer part of prior value: will price travel most of it?',
            on: {
              travelled: { target: 'triggered', actions: ['enterTrap', 'emitSignal'] },
              timeUp: 'notToday',
            },
          },
          triggered: {
            description: 'Price travelled most of prior value in time: those in it are trapped.',
            on: {
              targetTouched: { target: 'completed', actions: ended('completed') },
              period: [
                {
                  guard: 'reclaimsMiddle',
                  target: 'rejected',
                  actions: ['keepClose', ended('rejected')],
                },
                { actions: 'keepClose' },
              ],
              sessionEnded: { target: 'expired', actions: ended('expired') },
            },
          },
          completed: { description: 'The target traded after the signal.' },
          rejected: { description: 'A period closed back beyond the middle of prior value.' },
          expired: { description: 'The regular session ended first.' },
        },
      },
    },
  });
}
