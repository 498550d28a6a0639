import { enqueueActions, setup } from 'xstate';
import { assert, type MachineArguments, type Payload, toTicks } from '#engine';
import type { Config, Outputs } from './config.ts';
import type { Change, Context, Event } from './context.ts';
import * as memory from './context.ts';

const emptyContext: Context = {};

type Emitted = { type: 'level' } & Payload<Outputs['level']>;

/** Builds the kit of one node: each action changes some levels and tells the rows that changed. */
function kitOf(config: Config) {
  const kit = setup({
    types: { context: emptyContext, events: {} as Event, emitted: {} as Emitted },
  });
  const changing = (change: (context: Context, event: Event) => Change) =>
    enqueueActions<Context, Event, undefined, Event, never, never, never, never, Emitted>(
      ({ context, event, enqueue }) => {
        const { patch, rows } = change(context, event);
        enqueue.assign(patch);
        for (const row of rows) enqueue.emit({ type: 'level', ...row });
      },
    );
  return kit.extend({
    actions: {
      place: changing((context, event) => memory.takePlaced(config, context, event)),
      touch: changing((context, event) => memory.takeTouch(config, context, event)),
      open: changing(memory.takeOpen),
      closePeriod: changing(memory.takePeriod),
      endSession: changing(memory.takeEnd),
    },
  });
}

/** Follows the trade day; the levels themselves are in the context, one place each. */
export function machine({ config, instrument }: MachineArguments<Config>) {
  for (const { price } of config.manual) {
    const ticks = toTicks(instrument, price);
    assert(
      ticks === Math.round(price / config.tickSize),
      'tickSize is that of the instrument',
      price,
    );
  }
  return kitOf(config).createMachine({
    id: 'key-levels',
    context: emptyContext,
    initial: 'learning',
    on: {
      placed: { actions: 'place' },
      touched: { actions: 'touch' },
      dayBegan: '.night',
      sessionBegan: '.opening',
      balanceSet: '.regular',
      sessionEnded: { target: '.over', actions: 'endSession' },
    },
    states: {
      learning: { description: 'No trade day was seen yet.' },
      night: { description: 'The night: levels of earlier sessions stand.' },
      opening: {
        description: 'The first hour: the levels of the night and the opening price stand too.',
        on: { opened: { actions: 'open' }, periodClosed: { actions: 'closePeriod' } },
      },
      regular: {
        description: 'The regular session goes on: the initial balance stands too.',
        on: { periodClosed: { actions: 'closePeriod' } },
      },
      over: { description: 'The regular session is over: its own levels are gone.' },
    },
  });
}
