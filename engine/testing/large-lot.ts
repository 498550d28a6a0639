import { assign, emit, setup } from 'xstate';
import { z } from 'zod';
import { contracts, price } from '../contracts/units.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { compare } from '../plugin/evidence.ts';

const big = z.object({ price: price(), size: contracts() });

/** A small whole plugin for the engine's own tests: a large lot traded and nothing larger came for a minute. */
export const largeLot = definePlugin({
  id: 'large-lot',
  version: '1.0.0',
  api: 1,
  summary: 'A large lot that nobody answered for a minute',
  config: z.object({ minSize: z.number().default(100), neededSize: z.number().default(200) }),
  in: {
    market: { kind: 'market', takes: ['trade'] },
    cancel: { kind: 'event', schema: z.object({ reason: z.string() }), optional: true },
  },
  senses: { 'lot.traded': { kind: 'event', schema: big } },
  out: {
    signal: { kind: 'event', schema: big },
    last: { kind: 'table', schema: big },
  },
  sensor: {
    slots: ['peak', 'price', 'size'],
    peaks: ['peak'],
    init: (s) => s.f.fill(0),
    trade(s, c, _ts, p, size, _side, _flags, out) {
      if (size > (s.f[0] ?? 0)) s.f[0] = size;
      s.f[1] = p;
      s.f[2] = size;
      if (size >= c.minSize) out('lot.traded', { price: p, size });
    },
    probes: { size: (s, c) => ({ value: s.f[0] ?? 0, needed: c.minSize, unit: 'contract' }) },
    withholds: { size: ['lot.traded', 'signal'] },
    views: {
      last: (s) => ((s.f[1] ?? 0) === 0 ? null : { price: s.f[1] ?? 0, size: s.f[2] ?? 0 }),
    },
  },
  machine: ({ config }) =>
    setup({
      types: {
        context: {} as { price: number; size: number },
        events: {} as
          | { type: 'lot.traded'; price: number; size: number; ts: number }
          | { type: 'cancel'; reason: string; ts: number },
      },
      guards: {
        isLarger: ({ context, event }) =>
          event.type === 'lot.traded' && compare('size', event.size, '>', context.size, 'contract'),
      },
      actions: {
        keep: assign(({ event }) =>
          event.type === 'lot.traded' ? { price: event.price, size: event.size } : {},
        ),
        tell: emit(({ context }) => ({ type: 'signal', price: context.price, size: context.size })),
      },
    }).createMachine({
      id: 'large-lot',
      context: { price: 0, size: config.neededSize - 100 },
      initial: 'quiet',
      states: {
        quiet: {
          description: 'No large lot',
          on: { 'lot.traded': { target: 'waiting', guard: 'isLarger', actions: 'keep' } },
        },
        waiting: {
          description: 'A large lot traded within the last minute',
          on: {
            'lot.traded': { target: 'waiting', guard: 'isLarger', actions: 'keep', reenter: true },
            cancel: 'quiet',
          },
          after: { 60_000: { target: 'quiet', actions: 'tell' } },
        },
      },
    }),
  examples: [],
});
