import { assign, emit, setup } from 'xstate';
import { assert, holds, type Payload } from '#engine';
import type { Outputs, Senses } from './config.ts';
import type { Condition } from './cumulative-delta.ts';

type Named = {
  [K in keyof Senses]: { readonly type: K; readonly ts: number } & Readonly<Payload<Senses[K]>>;
};
type Event = Named[keyof Senses];

interface Context {
  /** The last judgement, null before the first. */
  readonly reason: string | null;
  /** Delta of the regular session when it last came to its side of zero, in contracts. */
  readonly crossedAt: number | null;
}

function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

function outOf<K extends 'judged' | 'periodClosed'>(type: K, event: Event): Payload<Senses[K]> {
  const { type: _type, ts: _ts, ...payload } = as(type, event);
  return payload as unknown as Payload<Senses[K]>;
}

const isJudged =
  (condition: Condition, text: string) =>
  ({ event }: { readonly event: Event }): boolean =>
    holds(text, as('judged', event).condition === condition);

const kit = setup({
  types: {
    context: {} as Context,
    events: {} as Event,
    emitted: {} as
      | ({ type: 'condition' } & Payload<Outputs['condition']>)
      | ({ type: 'period' } & Payload<Outputs['period']>),
  },
  guards: {
    isPriceAhead: isJudged('price-ahead', 'price is beyond an extreme, delta is not'),
    isPriceLagging: isJudged('price-lags', 'delta is beyond an extreme, price is not'),
    isOverstretched: isJudged('overstretched', 'delta is larger than nearly always'),
    isNormal: isJudged('normal', 'price and delta go together'),
    isLong: ({ event }) =>
      holds('delta of the regular session is above zero', as('crossed', event).to === 'long'),
  },
  actions: {
    keepReason: assign(({ event }) => ({ reason: as('judged', event).reason })),
    keepCrossing: assign(({ event }) => ({ crossedAt: as('crossed', event).cd })),
    forgetCrossing: assign({ crossedAt: null }),
    emitCondition: emit(({ event }) => ({ type: 'condition', ...outOf('judged', event) })),
    emitPeriod: emit(({ event }) => ({ type: 'period', ...outOf('periodClosed', event) })),
  },
});

const actions = ['keepReason', 'emitCondition'] as const;

/** Follows how price and delta stand to each other, and on which side of zero the session's delta is. */
export function machine() {
  return kit.createMachine({
    id: 'cumulative-delta',
    context: { reason: null, crossedAt: null },
    type: 'parallel',
    on: { periodClosed: { actions: 'emitPeriod' } },
    states: {
      condition: {
        description: 'How price and delta stand to each other.',
        initial: 'unknown',
        on: {
          judged: [
            { guard: 'isPriceAhead', target: '.priceAhead', actions },
            { guard: 'isPriceLagging', target: '.priceLags', actions },
            { guard: 'isOverstretched', target: '.overstretched', actions },
            { guard: 'isNormal', target: '.normal', actions },
            { target: '.unknown', actions },
          ],
        },
        states: {
          unknown: {
            description:
              'Outside the regular session, in its first minutes, or too much volume without a known aggressor.',
          },
          normal: { description: 'Price and delta go together.' },
          priceLags: {
            description:
              'Delta went beyond its extreme and stayed there, price did not: absorption over a swing.',
          },
          priceAhead: {
            description:
              'Price went beyond an earlier extreme, delta did not: stops, or nobody taking part.',
          },
          overstretched: {
            description: 'Delta is larger than in nearly all earlier sessions at this time of day.',
          },
        },
      },
      inventory: {
        description: 'On which side of zero the delta of the regular session is.',
        initial: 'none',
        on: {
          crossed: [
            { guard: 'isLong', target: '.netLong', actions: 'keepCrossing' },
            { target: '.netShort', actions: 'keepCrossing' },
          ],
          sessionEnded: { target: '.none', actions: 'forgetCrossing' },
        },
        states: {
          none: { description: 'No regular session, or its delta has been zero so far.' },
          netLong: { description: 'Aggressors have bought more than sold since the open.' },
          netShort: { description: 'Aggressors have sold more than bought since the open.' },
        },
      },
    },
  });
}
