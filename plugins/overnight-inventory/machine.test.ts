import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, type PluginCase } from '#engine/testing.ts';
import {
  closePeriod,
  endSession,
  evenNight,
  longNight,
  phaseAt,
  playNight,
  priorOf,
  shortNight,
  today,
} from './made-night.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

const runOf = (drive: (run: NodeRun) => void, config: Row = {}): NodeRun => {
  const run = driveNode(plugin, { tradeDate: today, config });
  drive(run);
  expect(run.errors).toEqual([]);
  return run;
};
const lastRow = (run: NodeRun): Row =>
  run.emits.filter(({ port }) => port === 'inventory').at(-1)?.payload ?? {};
const emitsOf = (run: NodeRun, port: string): Row[] =>
  run.emits.filter((emitted) => emitted.port === port).map(({ payload }) => payload);

describe('the inventory of a night', () => {
  it('keeps vector V13', () => {
    const run = runOf((r) => playNight(r, longNight));
    expect(lastRow(run)).toMatchObject({
      stage: 'fixed',
      net: 'net-long',
      inventory: 0.6,
      above: 2_000,
      below: 500,
      oneSided: false,
      reference: 5000,
      high: 5002,
      low: 4998,
      missing: null,
    });
    expect(run.state).toBe('inventory.netLong,trap.idle');
  });

  it('is fixed at 09:30: a trade at the open is not overnight', () => {
    const run = runOf((r) => {
      playNight(r, evenNight);
      r.trade('09:30', 5020, 1_000);
    });
    expect(lastRow(run)).toMatchObject({ stage: 'fixed', above: 100, net: 'neutral' });
  });

  it('tells each half hour and each five minutes before the open', () => {
    const run = runOf((r) => {
      r.event('18:00', 'prior', priorOf());
      phaseAt(r, '18:00', 'overnight');
      r.trade('18:01', 5001, 10);
      r.to('09:29');
    });
    const at = emitsOf(run, 'inventory').length;
    // The start, the name at 18:05, 30 half hours up to 09:00, then 09:05 to 09:25.
    expect(at).toBe(1 + 1 + 30 + 5);
  });

  it.each([
    ['no-prior', null, {}],
    ['no-prior', priorOf({ tradeDate: today }), {}],
    ['roll', priorOf(), { rolled: true }],
    ['roll', priorOf({ contract: 'ESU25' }), {}],
    ['holiday', priorOf(), { holiday: true }],
  ])('is unknown: %s', (missing, prior, day) => {
    const run = runOf((r) => playNight(r, longNight, prior, day));
    expect(lastRow(run)).toMatchObject({
      net: 'unknown',
      inventory: null,
      reference: null,
      missing,
    });
  });

  it('is unknown when the night began late, or nothing traded off the close', () => {
    const late = runOf((r) => {
      playNight(r, []);
    });
    expect(lastRow(late)).toMatchObject({ net: 'unknown', missing: 'no-volume' });
    const gap = runOf((r) => {
      r.event('18:00', 'prior', priorOf());
      phaseAt(r, '18:00', 'overnight');
      r.trade('18:31', 5001, 10);
      phaseAt(r, '09:30', 'rth-opening');
    });
    expect(lastRow(gap)).toMatchObject({ net: 'unknown', missing: 'incomplete' });
    const flat = runOf((r) => playNight(r, [[5000, 10]]));
    expect(lastRow(flat)).toMatchObject({ net: 'unknown', missing: 'no-volume' });
  });

  it('calls a night that touches the close from one side one-sided, and one tick across not', () => {
    const touching = runOf((r) =>
      playNight(r, [
        [5000, 5],
        [5002, 5],
      ]),
    );
    expect(lastRow(touching)).toMatchObject({ oneSided: true, inventory: 1 });
    const across = runOf((r) =>
      playNight(r, [
        [4999.75, 1],
        [5002, 5],
      ]),
    );
    expect(lastRow(across)['oneSided']).toBe(false);
  });

  it('weighs bars', () => {
    const run = runOf((r) => {
      r.event('18:00', 'prior', priorOf());
      phaseAt(r, '18:00', 'overnight');
      r.bar('18:05', { open: 5000, high: 5000.5, low: 4999.5, close: 5000, volume: 50 });
      r.bar('18:10', { open: 5001, high: 5002, low: 5001, close: 5002, volume: 40 });
      phaseAt(r, '09:30', 'rth-opening');
    });
    expect(lastRow(run)).toMatchObject({ above: 60, below: 20, inventory: 0.5, approximate: true });
  });
});

describe('how the session answers', () => {
  it.each([
    // The overnight middle is 5000 for both.
    [
      'net-long corrected',
      longNight,
      [
        ['09:30', 5003],
        ['10:29:59', 5000],
      ],
      'corrected',
      { side: 'short', result: 'completed', target: 5000, resultTicks: 12 },
    ],
    [
      'net-long ignored',
      longNight,
      [
        ['09:30', 5003],
        ['10:29', 5000.25],
        ['10:31', 5000],
      ],
      'ignored',
      { side: 'short', result: 'expired', price: 5000.25, resultTicks: 11 },
    ],
    [
      'net-short corrected',
      shortNight,
      [
        ['09:30', 4997],
        ['09:45', 5000.5],
      ],
      'corrected',
      { side: 'long', result: 'completed', price: 5000, resultTicks: 12 },
    ],
  ] as const)('%s', (_name, night, trades, stage, expected) => {
    const run = runOf((r) => {
      playNight(r, night);
      for (const [at, price] of trades) r.trade(at, price, 1);
      endSession(r);
    });
    expect(lastRow(run)['stage']).toBe(stage);
    expect(emitsOf(run, 'outcome')).toMatchObject([{ setup: 'overnight-inventory', ...expected }]);
  });

  it('counts no correction that was made before the open, and none that nobody saw begin', () => {
    const before = runOf((r) => {
      playNight(r, longNight);
      r.trade('09:30', 5000, 1);
      endSession(r);
    });
    expect(lastRow(before)['stage']).toBe('corrected');
    expect(emitsOf(before, 'outcome')).toEqual([]);
    const late = runOf((r) => {
      playNight(r, longNight);
      r.trade('09:36', 5003, 1);
      endSession(r);
    });
    expect(emitsOf(late, 'outcome')).toEqual([]);
    expect(late.state).toBe('inventory.unknown,trap.idle');
  });
});

describe('an open at the edge of value', () => {
  const play = (trades: readonly (readonly [string, number])[], night = longNight) =>
    runOf((r) => {
      playNight(r, night);
      for (const [at, price] of trades) r.trade(at, price, 1);
    });

  it.each([
    [
      'V12b down',
      5009,
      5000.5,
      { side: 'short', price: 5000.5, withInventory: true, target: 4998, invalidation: 5005 },
    ],
    [
      'V12b up',
      5001,
      5009.25,
      { side: 'long', price: 5009.25, withInventory: false, target: 5010 },
    ],
  ])('%s', (_name, open, far, expected) => {
    const run = play([
      ['09:30', open],
      ['10:00', far],
    ]);
    expect(emitsOf(run, 'signal')).toMatchObject([expected]);
  });

  it.each([
    ['V12b near miss', 5009, 5001.25],
    ['V12b open outside', 5012, 4990],
    ['in the middle', 5005, 4990],
  ])('%s gives none', (_name, open, far) => {
    expect(
      emitsOf(
        play([
          ['09:30', open],
          ['10:00', far],
        ]),
        'signal',
      ),
    ).toEqual([]);
  });

  it('counts the travel of the first hour only, and once', () => {
    expect(
      emitsOf(
        play([
          ['09:30', 5009],
          ['10:30', 5000],
        ]),
        'signal',
      ),
    ).toEqual([]);
    const twice = play([
      ['09:30', 5009],
      ['10:00', 5000],
      ['10:10', 5008],
      ['10:20', 4999],
    ]);
    expect(emitsOf(twice, 'signal')).toHaveLength(1);
  });

  it('fires at the close of a bar', () => {
    const run = runOf((r) => {
      playNight(r, longNight);
      r.bar('09:35', { open: 5009, high: 5010, low: 5000, close: 5003, volume: 10 });
      r.bar('09:40', { open: 5003, high: 5003, low: 4998, close: 4999, volume: 10 });
    });
    expect(emitsOf(run, 'signal')).toMatchObject([{ price: 5003, side: 'short', target: 4998 }]);
    expect(emitsOf(run, 'outcome').at(-1)).toMatchObject({
      setup: 'overnight-inventory-80',
      variant: 'with-inventory',
      result: 'completed',
      resultTicks: 20,
    });
  });
});

const play = (
  name: string,
  night: typeof longNight | typeof shortNight | typeof evenNight,
  rest: (run: NodeRun) => void,
  config: Row = {},
): PluginCase => ({
  name,
  tradeDate: today,
  config,
  drive: (run) => {
    playNight(run, night);
    rest(run);
    endSession(run);
  },
});

describePlugin(plugin, {
  cases: [
    play('net long, corrected, trapped and completed', longNight, (run) => {
      run.trade('09:30', 5009, 1);
      run.trade('09:40', 5000.5, 1);
      closePeriod(run, '10:00', 0, 5001);
      run.trade('10:01', 4998, 1);
    }),
    play('net long, corrected at the open', longNight, (run) => run.trade('09:30', 4999, 1)),
    play(
      'net long, ignored, a narrow value area',
      longNight,
      (run) => run.trade('09:30', 5009, 1),
      { minWidthTicks: 60 },
    ),
    play('net long without an open', longNight, () => {}),
    play('net short, corrected, signal rejected', shortNight, (run) => {
      run.trade('09:30', 4997, 1);
      run.trade('09:31', 5000, 1);
    }),
    play('net short, corrected at the open, rejected at a close', shortNight, (run) => {
      run.trade('09:30', 5001, 1);
      run.trade('09:40', 5009, 1);
      closePeriod(run, '10:00', 0, null);
      closePeriod(run, '10:30', 1, 5004.75);
    }),
    play('net short, ignored', shortNight, (run) => run.trade('09:30', 4997, 1)),
    play('net short without an open', shortNight, () => {}),
    play('even, trapped, expired', evenNight, (run) => {
      run.trade('09:30', 5009, 1);
      run.trade('09:40', 5000.5, 1);
    }),
    play('even, no travel', evenNight, (run) => run.trade('09:30', 5009, 1)),
    {
      name: 'a night of nothing, then a second day without a prior',
      tradeDate: today,
      drive: (run) => {
        playNight(run, []);
        endSession(run);
        run.day('2025-11-20');
        playNight(run, longNight, null, { tradeDate: '2025-11-20', rolled: true });
        run.trade('09:30', 5009, 1);
      },
    },
  ],
});
