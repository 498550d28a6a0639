import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';
import { clock, levelRow, steady } from './tape-fixture.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
const drive = (config: Row = {}): NodeRun => driveNode(plugin, { tradeDate, config });
const told = (run: NodeRun, port: string): Row[] =>
  run.emits.filter((e) => e.port === port).map((e) => e.payload);
const brisk = { speedMinContracts: 1, calmSeconds: 5 };

describe('pressure', () => {
  it('is unknown under 100 contracts, and counts neither unsided nor approximate trades', () => {
    const run = drive();
    run.trade(clock(0), 5000, 99, 'buy');
    run.trade(clock(1), 5000, 500, 'none', tradeFlags.auction);
    run.trade(clock(2), 5000, 500, 'buy', tradeFlags.approximate);
    run.trade(clock(10), 5000, 1, 'sell');
    expect(run.view('state')[0]).toMatchObject({
      pressure60: null,
      pressure: 'unknown',
      volume10: 599,
      volume60: 599,
    });
    run.trade(clock(20), 5000, 1, 'sell');
    expect(run.view('state')[0]).toMatchObject({ pressure60: 0.98, pressure: 'none' });
  });

  it('is told once it lasted, over 60 s sooner than over 5 min', () => {
    const run = drive();
    for (let at = 0; at < 150; at += 10) run.trade(clock(at + 5), 5000, 100, 'buy');
    expect(told(run, 'pressure')).toMatchObject([
      { window: 60, pressure: 'buy', from: 'none', value: 1 },
      { window: 300, pressure: 'buy' },
    ]);
    expect(run.emits.filter((e) => e.port === 'pressure').map((e) => e.ts)).toEqual([
      run.at(clock(55)),
      run.at(clock(135)),
    ]);
  });

  it('is not told when it did not last', () => {
    const run = drive();
    run.trade(clock(0), 5000, 100, 'buy');
    for (let at = 30; at < 300; at += 10) run.trade(clock(at), 5000, 100, 'sell');
    const minute = told(run, 'pressure').filter((e) => e['window'] === 60);
    expect(minute.map((e) => e['pressure'])).toEqual(['sell']);
    expect(run.probe('pressure').value).toBe(1);
  });

  it('turns when the other side lasted and ends when neither pressed for the calm', () => {
    const run = drive({ calmSeconds: 30, minuteHoldSeconds: 10 });
    run.trade(clock(0), 5000, 100, 'buy');
    run.trade(clock(20), 5000, 300, 'sell');
    run.trade(clock(40), 5000, 200, 'buy');
    run.trade(clock(69), 5000, 1, 'buy');
    const minute = (): unknown[] =>
      told(run, 'pressure')
        .filter((e) => e['window'] === 60)
        .map((e) => e['pressure']);
    expect(minute()).toEqual(['buy', 'sell']);
    for (let at = 70; at < 200; at += 10) {
      run.trade(clock(at), 5000, 200, 'buy');
      run.trade(clock(at), 5000, 200, 'sell');
    }
    expect(minute()).toEqual(['buy', 'sell', 'none']);
  });
});

describe('speed', () => {
  it('is not known before there is a baseline of fifteen minutes', () => {
    const run = drive(brisk);
    steady(run, 0, 600);
    run.trade(clock(601), 5000, 900, 'buy');
    run.trade(clock(603), 5000, 1, 'buy');
    expect(told(run, 'speed')).toEqual([]);
    expect(run.view('state')[0]).toMatchObject({
      speedZ: null,
      speed: 'unknown',
      baseline: 'none',
    });
  });

  it('is fast, extreme, and usual again', () => {
    const run = drive(brisk);
    steady(run, 0, 1_200);
    run.trade(clock(1_203), 5000, 25, 'buy');
    run.trade(clock(1_211), 5000, 90, 'buy');
    run.trade(clock(1_213), 5000, 1, 'buy');
    run.trade(clock(1_240), 5000, 1, 'buy');
    expect(told(run, 'speed')).toMatchObject([
      { speed: 'fast', from: 'normal', baseline: 'intraday' },
      { speed: 'extreme', from: 'fast' },
      { speed: 'normal', from: 'extreme' },
    ]);
    const quiet = drive({ ...brisk, speedMinContracts: 200 });
    steady(quiet, 0, 1_200);
    quiet.trade(clock(1_201), 5000, 90, 'buy');
    quiet.trade(clock(1_203), 5000, 1, 'buy');
    expect(told(quiet, 'speed')).toEqual([]);
    expect(quiet.probe('speed').value).toBeGreaterThan(4);
  });
});

describe('large lots', () => {
  const config = { lotMinOrders: 5, lotMin: 50 };
  function known(): NodeRun {
    const run = drive(config);
    for (let i = 0; i < 5; i += 1) run.trade(clock(i), 5000, 2, i % 2 === 0 ? 'buy' : 'sell');
    return run;
  }

  it('are put together from prints of one side, at neighbouring prices, within 5 ms', () => {
    const run = known();
    run.trade(clock(10), 5000, 20, 'buy');
    run.trade(clock(10.001), 5000.25, 20, 'buy');
    run.trade(clock(10.005), 5000.5, 10, 'buy');
    run.trade(clock(10.006), 5000.5, 49, 'buy');
    run.trade(clock(11), 5000, 30, 'sell');
    run.trade(clock(11), 4999.5, 30, 'sell');
    run.trade(clock(12), 5000, 1, 'buy');
    expect(told(run, 'largeLot')).toMatchObject([
      { side: 'buy', size: 50, prints: 3, from: 5000, price: 5000.5, basis: 'intraday' },
    ]);
    expect(run.probe('largeLot')).toMatchObject({ value: 50, needed: 50 });
  });

  it('are not told before there is a quantile, nor smaller ones soon after', () => {
    const early = drive();
    early.trade(clock(0), 5000, 900, 'buy');
    early.trade(clock(1), 5000, 1, 'sell');
    expect(told(early, 'largeLot')).toEqual([]);
    const run = known();
    for (const [at, size] of [
      [10, 60],
      [20, 60],
      [30, 61],
      [95, 55],
    ] as const)
      run.trade(clock(at), 5000, size, 'buy');
    run.trade(clock(100), 5000, 1, 'sell');
    expect(told(run, 'largeLot').map((e) => e['size'])).toEqual([60, 61, 55]);
  });
});

describe('stop runs', () => {
  function ready(): NodeRun {
    const run = drive(brisk);
    run.event(clock(0), 'level', levelRow(3, 5001));
    run.event(clock(0), 'level', levelRow(4, 4990));
    run.event(clock(0), 'level', levelRow(5, 5001.25, false));
    steady(run, 0, 1_200);
    return run;
  }
  function through(run: NodeRun, price: number, other = 0): void {
    run.trade(clock(1_205), price, 100, 'buy');
    if (other > 0) run.trade(clock(1_205), price, other, 'sell');
    run.trade(clock(1_206), price, 1, 'buy');
  }

  it('that come back to the level within a minute are a signal against the run', () => {
    const run = ready();
    through(run, 5001.5);
    run.trade(clock(1_210), 5002, 5, 'buy');
    run.trade(clock(1_220), 5001.25, 5, 'sell');
    expect(told(run, 'signal')).toEqual([]);
    run.trade(clock(1_230), 5001, 5, 'sell');
    expect(told(run, 'stopRun')).toMatchObject([
      {
        id: 'level-3',
        direction: 'up',
        level: 5001,
        outcome: 'reclaim',
        reclaimPrice: 5001,
        beyondTicks: 4,
      },
    ]);
    expect(told(run, 'signal')).toMatchObject([
      { side: 'short', price: 5001, invalidation: 5002.25, level: 5001, id: 'level-3' },
    ]);
  });

  it('that do not come back go on', () => {
    const run = ready();
    through(run, 5001.5);
    run.trade(clock(1_266), 5002, 5, 'buy');
    run.trade(clock(1_267), 5000, 5, 'sell');
    expect(told(run, 'stopRun')).toMatchObject([{ outcome: 'continue', reclaimPrice: null }]);
    expect(told(run, 'signal')).toEqual([]);
  });

  it('need two ticks, one side, and a fast tape', () => {
    const near = ready();
    through(near, 5001.25);
    near.to(clock(1_300));
    const mixed = ready();
    through(mixed, 5001.5, 60);
    mixed.trade(clock(1_290), 5001.5, 1, 'buy');
    const slow = ready();
    slow.trade(clock(1_205), 5001.5, 1, 'buy');
    slow.trade(clock(1_290), 5001.5, 1, 'buy');
    for (const run of [near, mixed, slow]) expect(told(run, 'stopRun')).toEqual([]);
    expect(mixed.probe('stopRun')).toMatchObject({ needed: 3 });
  });
});

describe('a trade day', () => {
  it('starts the windows anew, and a broken one is no baseline', () => {
    const run = drive(brisk);
    steady(run, 0, 1_200);
    run.day('2025-11-20');
    run.trade('18:00:05', 5000, 5, 'buy');
    run.trade('18:00:11', 5000, 5, 'buy');
    expect(run.view('state')[0]).toMatchObject({
      volume60: 5,
      baseline: 'none',
      tradeDate: '2025-11-20',
    });
  });
});
