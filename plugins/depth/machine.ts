import { emit, setup } from 'xstate';
import { assert, holds, type Payload } from '#engine';
import type { Senses } from './config.ts';

type Named = {
  [K in keyof Senses]: { readonly type: K; readonly ts: number } & Readonly<Payload<Senses[K]>>;
};
type Event = Named[keyof Senses];
type Told = { [K in keyof Senses]: { type: K } & Payload<Senses[K]> }[keyof Senses];
type Lean = Named['lean']['lean'];

function isLean(event: Event, lean: Lean): boolean {
  assert(event.type === 'lean', "the transition is taken for 'lean'", event.type);
  return holds(`the book is ${lean}`, event.lean === lean);
}

/** Hands an event on as it is, without its time. */
function tell({ event }: { readonly event: Event }): Told {
  const { ts: _ts, ...told } = event;
  return told;
}

const kit = setup({
  types: { context: {}, events: {} as Event, emitted: {} as Told },
  guards: {
    isBidHeavy: ({ event }) => isLean(event, 'bid-heavy'),
    isAskHeavy: ({ event }) => isLean(event, 'ask-heavy'),
    isEven: ({ event }) => isLean(event, 'even'),
  },
  actions: { tell: emit((asked) => tell(asked)) },
});

/** Follows the lean of the book; what becomes of walls, orders and flickers is handed on. */
export function machine() {
  return kit.createMachine({
    id: 'depth',
    context: {},
    initial: 'unknown',
    on: {
      lean: [
        { guard: 'isBidHeavy', target: '.bid-heavy', actions: 'tell' },
        { guard: 'isAskHeavy', target: '.ask-heavy', actions: 'tell' },
        { guard: 'isEven', target: '.even', actions: 'tell' },
        { target: '.unknown', actions: 'tell' },
      ],
      wall: { actions: 'tell' },
      pullStack: { actions: 'tell' },
      flicker: { actions: 'tell' },
    },
    states: {
      unknown: { description: 'There is no depth, or too little of it yet.' },
      even: { description: 'Neither side of the book outweighs the other.' },
      'bid-heavy': { description: 'The first five levels hold clearly more bids than asks.' },
      'ask-heavy': { description: 'The first five levels hold clearly more asks than bids.' },
    },
  });
}
