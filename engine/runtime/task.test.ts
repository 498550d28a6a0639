import { assign, emit, setup } from 'xstate';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compare, contracts, definePlugin, price } from '#engine';
import { describePlugin, driveNode, scenario } from '#engine/testing.ts';

const big = z.object({ price: price(), size: contracts() });

/** Says when a large lot traded and nothing larger came for a minute. */
const largeLot = definePlugin({
  id: 'large-lot',
  version: '1.0.0',
  api: 1,
  summary: 'A large lot that nobody answered for a minute',
  config: z.object({ minSize: z.number().default(100), neededSize: z.number().default(200) }),
  in: { market: { kind: 'market', takes: ['trade'] } },
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
    views: { last: (s) => ((s.f[1] ?? 0) === 0 ? null : { price: s.f[1] ?? 0, size: s.f[2] ?? 0 }) },
  },
  machine: ({ config }) =>
    setup({
      types: {
        context: {} as { price: number; size: number },
        events: {} as { type: 'lot.traded'; price: number; size: number; ts: number },
      },
      guards: {
        isLarger: ({ context, event }) => compare('size', event.size, '>', context.size, 'contract'),
      },
      actions: {
        keep: assign(({ event }) => ({ price: event.price, size: event.size })),
        tell: emit(({ context }) => ({ type: 'signal', price: context.price, size: context.size })),
      },
    }).createMachine({
      id: 'large-lot',
      context: { price: 0, size: config.neededSize - 100 },
      initial: 'quiet',
      states: {
        quiet: { description: 'No large lot', on: { 'lot.traded': { target: 'waiting', guard: 'isLarger', actions: 'keep' } } },
        waiting: {
          description: 'A large lot traded within the last minute',
          on: { 'lot.traded': { target: 'waiting', guard: 'isLarger', actions: 'keep', reenter: true } },
          after: { 60_000: { target: 'quiet', actions: 'tell' } },
        },
      },
    }),
  examples: [],
});

describePlugin(largeLot, {
  cases: [
    {
      name: 'two lots, then silence',
      tradeDate: '2025-11-19',
      drive(run) {
        run.trade('10:00:00', 6000, 50);
        run.trade('10:00:01', 6000, 120);
        run.trade('10:00:30', 6000.25, 150);
        run.trade('10:00:31', 6000.25, 110);
        run.trade('10:05:00', 6001, 1);
      },
    },
  ],
});

describe('a task', () => {
  it('fires timers at their own deadline, not when the next record comes', () => {
    const run = driveNode(largeLot, { tradeDate: '2025-11-19' });
    run.trade('10:00:01', 6000, 120);
    run.trade('11:00:00', 6000, 1);
    expect(run.emits.filter((e) => e.port === 'signal')).toEqual([
      { ts: run.at('10:01:01'), port: 'signal', payload: { price: 6000, size: 120 } },
    ]);
  });

  it('notes why a guard refused, with both operands and the margin', () => {
    const run = driveNode(largeLot, { tradeDate: '2025-11-19' });
    run.trade('10:00:01', 6000, 100);
    const blocked = run.journal.at(-1);
    expect(blocked?.explain?.[0]).toMatchObject({
      verdict: 'guard-blocked',
      leaves: [{ text: 'size', left: 100, op: '>', right: 100, margin: 0, unit: 'contract', ok: false }],
    });
  });

  it('keeps the largest value of a probe in its window', () => {
    const run = driveNode(largeLot, { tradeDate: '2025-11-19' });
    run.trade('10:00:01', 6000, 90);
    run.trade('10:00:02', 6000, 3);
    run.to('10:04:00');
    expect(run.probe('size')).toMatchObject({ value: 90, needed: 100, unit: 'contract' });
  });

  it('publishes a view once a second, only when it changed', () => {
    const run = driveNode(largeLot, { tradeDate: '2025-11-19' });
    run.trade('10:00:00.1', 6000, 1);
    run.trade('10:00:00.2', 6000.25, 2);
    run.trade('10:00:05', 6000.25, 2);
    run.to('10:00:10');
    expect(run.emits.filter((e) => e.port === 'last')).toEqual([
      { ts: run.at('10:00:01'), port: 'last', payload: { price: 6000.25, size: 2 } },
    ]);
  });

  it('marks a late record and does not let it move time', () => {
    const run = driveNode(largeLot, { tradeDate: '2025-11-19' });
    run.trade('10:00:05', 6000, 1);
    run.trade('10:00:01', 6000, 1);
    expect(run.task.clock.late).toBe(1);
    expect(run.task.now()).toBe(run.at('10:00:05'));
  });

  it('runs a scenario table', () => {
    scenario(
      largeLot,
      `
      at        event                         state    emits
      10:00     lot.traded price=4 size=100   quiet    -
      10:00:10  lot.traded price=4 size=101   waiting  -
      10:01:10  -                             quiet    signal price=4 size=101
    `,
    );
  });
});
