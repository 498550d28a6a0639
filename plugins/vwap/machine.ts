import { assign, setup } from 'xstate';
import { compare, type MachineArguments, type Payload } from '#engine';
import type { Config, Senses } from './config.ts';

type Event = { [K in keyof Senses]: { type: K; ts: number } & Payload<Senses[K]> }[keyof Senses];

interface Context {
  /** First price since the anchor, in ticks. */
  price: number | null;
  /** Data was there from the anchor on. */
  complete: boolean;
  /** Slope at the last change of pace, in standard deviations. */
  slope: number | null;
  /** The VWAP at the end of the anchor's session, in ticks. */
  vwap: number | null;
}

const empty: Context = { price: null, complete: false, slope: null, vwap: null };

/** Follows the pace of one anchored VWAP: no arithmetic here, the sensor has measured. */
export function machine({ config }: MachineArguments<Config>) {
  const isBelow = (event: Event, limit: number): boolean =>
    event.type === 'slopeChanged' &&
    compare('slope over 30 minutes, either way', Math.abs(event.slope), '<', limit, 'sd');
  return setup({
    types: { context: {} as Context, events: {} as Event },
    guards: {
      isFlat: ({ event }) => isBelow(event, config.flatBelow),
      isSlow: ({ event }) => isBelow(event, config.slowBelow),
      isNormal: ({ event }) => isBelow(event, config.normalBelow),
    },
    actions: {
      forget: assign(() => empty),
      keepFirst: assign(({ event }) =>
        event.type === 'volumeSeen' ? { price: event.price, complete: event.complete } : {},
      ),
      keepSlope: assign(({ event }) =>
        event.type === 'slopeChanged' ? { slope: event.slope } : { slope: null },
      ),
      keepVwap: assign(({ event }) => (event.type === 'anchorEnded' ? { vwap: event.vwap } : {})),
    },
  }).createMachine({
    id: 'vwap',
    context: empty,
    initial: 'awaitingVolume',
    on: { anchorPassed: { target: '.awaitingVolume', actions: 'forget' } },
    states: {
      awaitingVolume: {
        description: 'Nothing traded since the anchor: there is no VWAP yet.',
        on: { volumeSeen: { target: 'anchored', actions: 'keepFirst' } },
      },
      anchored: {
        description: 'Every trade since the anchor counts.',
        initial: 'settling',
        on: {
          slopeChanged: [
            { guard: 'isFlat', target: '.flat', actions: 'keepSlope' },
            { guard: 'isSlow', target: '.slow', actions: 'keepSlope' },
            { guard: 'isNormal', target: '.normal', actions: 'keepSlope' },
            { target: '.fast', actions: 'keepSlope' },
          ],
          slopeLost: { target: '.settling', actions: 'keepSlope' },
          anchorEnded: { target: 'frozen', actions: 'keepVwap' },
        },
        states: {
          settling: {
            description:
              'No slope: fewer than 30 minutes since the anchor, or nothing traded in them.',
          },
          flat: { description: 'The last 30 minutes traded around the VWAP: rotation.' },
          slow: { description: 'The last 30 minutes lean to one side of the VWAP.' },
          normal: { description: 'The last 30 minutes traded clearly away from the VWAP.' },
          fast: { description: 'The last 30 minutes traded far from the VWAP: a trend.' },
        },
      },
      frozen: { description: 'The session of the anchor is over; its VWAP stands as it ended.' },
    },
  });
}
