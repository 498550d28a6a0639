import { describe, expect, it } from 'vitest';
import { largeLot } from '../testing/large-lot.ts';
import { describePlugin, driveNode, scenario } from '../testing.ts';

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
        run.trade('10:05:01', 6001, 300);
        run.event('10:05:02', 'cancel', { reason: 'test' });
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
      leaves: [
        { text: 'size', left: 100, op: '>', right: 100, margin: 0, unit: 'contract', ok: false },
      ],
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
