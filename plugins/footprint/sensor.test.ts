import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
const drive = (config: Row = {}): NodeRun => driveNode(plugin, { tradeDate, config });
const time = (minutes = 1, more: Row = {}): NodeRun => drive({ barType: 'time', minutes, ...more });
const bars = (run: NodeRun): Row[] => {
  expect(run.errors).toEqual([]);
  return run.emits.filter(({ port }) => port === 'bar').map(({ payload }) => payload);
};
const pick = (run: NodeRun, ...names: readonly string[]): unknown[][] =>
  bars(run).map((bar) => names.map((name) => bar[name]));

const v11 = [
  [5000, 40, 0],
  [5000.25, 55, 20],
  [5000.5, 12, 66],
  [5000.75, 10, 37],
  [5001, 8, 31],
  [5001.25, 0, 25],
  [5001.5, 3, 12],
] as const;

function tradeRows(run: NodeRun): void {
  for (const [price, bid, ask] of v11) {
    if (bid > 0) run.trade('10:00:10', price, bid, 'sell');
    if (ask > 0) run.trade('10:00:20', price, ask, 'buy');
  }
  run.to('10:01');
}

describe('the rows of vector V11', () => {
  it('make the bar of the vector', () => {
    const run = time();
    tradeRows(run);
    expect(bars(run)).toEqual([
      {
        tradeDate,
        segment: 'rth',
        barType: 'time',
        start: run.at('10:00'),
        end: run.at('10:01'),
        open: 5000,
        high: 5001.5,
        low: 5000,
        close: 5001.5,
        volume: 319,
        trades: 12,
        delta: 63,
        minDelta: expect.any(Number),
        maxDelta: 63,
        deltaSinceHigh: 0,
        deltaSinceLow: expect.any(Number),
        deltaShare: 63 / 319,
        unknownShare: 0,
        inferredShare: 0,
        poc: 5000.5,
        vah: 5001,
        val: 5000,
        vwap: expect.closeTo(5000.582_288, 6),
        rows: {
          bid: v11.map(([, bid]) => bid),
          ask: v11.map(([, , ask]) => ask),
          unknown: v11.map(() => 0),
        },
        imbalances: { buy: [5000.75, 5001, 5001.25, 5001.5], sell: [] },
        stacks: [{ side: 'buy', low: 5000.75, high: 5001.5, rows: 4 }],
        unfinishedHigh: true,
        unfinishedLow: false,
        zeroHigh: false,
        zeroLow: true,
        trapped: 'none',
        cut: false,
        approximate: false,
      },
    ]);
  });

  it('grow another value area by one row, and a shorter stack without zeros', () => {
    const run = time(1, { valueAreaRule: 'one', zero: 'ignore' });
    tradeRows(run);
    expect(pick(run, 'val', 'vah', 'stacks')).toEqual([
      [5000, 5000.75, [{ side: 'buy', low: 5000.75, high: 5001.25, rows: 3 }]],
    ]);
  });

  it('may be left out of the record: stacks, delta and levels stay', () => {
    const light = time(1, { withRows: false });
    tradeRows(light);
    const whole = time();
    tradeRows(whole);
    expect(bars(light)).toEqual([
      {
        ...bars(whole)[0],
        rows: { bid: [], ask: [], unknown: [] },
        imbalances: { buy: [], sell: [] },
      },
    ]);
  });

  it('show an exact ratio as none (V11b)', () => {
    const buys = (ratio: number): unknown => {
      const run = time(1, { ratio });
      run.trade('10:00', 1, 10, 'sell');
      run.trade('10:00', 1.25, 30, 'buy');
      run.to('10:01');
      return (bars(run)[0]!['imbalances'] as Row)['buy'];
    };
    expect([buys(3), buys(2.99)]).toEqual([[], [1.25]]);
  });
});

describe('the path of delta', () => {
  it('has its extremes after each trade, not at its start (V11c)', () => {
    const run = time();
    for (const [size, side] of [
      [5, 'sell'],
      [3, 'sell'],
      [10, 'buy'],
      [4, 'buy'],
      [9, 'sell'],
      [1, 'buy'],
    ] as const)
      run.trade('10:00:01', 5000, size, side);
    run.to('10:01');
    expect(pick(run, 'minDelta', 'maxDelta', 'delta', 'deltaShare')).toEqual([
      [-8, 6, -2, -0.0625],
    ]);
  });

  it('is counted anew when the high or the low is touched', () => {
    const run = time();
    run.trade('10:00:01', 5000, 10, 'buy');
    run.trade('10:00:02', 5001, 20, 'buy');
    run.trade('10:00:03', 5000.5, 7, 'sell');
    run.trade('10:00:04', 5001, 2, 'buy');
    run.trade('10:00:05', 5000.75, 4, 'sell');
    run.to('10:01');
    expect(pick(run, 'deltaSinceHigh', 'deltaSinceLow')).toEqual([[-4, 11]]);
  });

  it('knows nothing of volume without a side, of which an auction is no shortcoming', () => {
    const run = time();
    run.market((b) => b.trade(run.at('10:00:01'), 20_000, 30, 0, tradeFlags.auction));
    run.market((b) => b.trade(run.at('10:00:02'), 20_000, 10, 0, 0));
    run.to('10:01');
    expect(
      pick(run, 'volume', 'delta', 'minDelta', 'maxDelta', 'unknownShare', 'inferredShare'),
    ).toEqual([[40, 0, 0, 0, 0.25, 0]]);
    run.trade('10:01:01', 5000.25, 10);
    run.trade('10:01:02', 5000.25, 30, 'buy');
    run.to('10:02');
    expect(pick(run, 'inferredShare', 'delta').at(-1)).toEqual([0.25, 40]);
  });
});

describe('time bars', () => {
  it('end with the clock and are not made without a trade', () => {
    const run = time(5);
    run.trade('10:04:59.999999', 5000, 1, 'buy');
    run.trade('10:05', 5001, 2, 'sell');
    run.to('10:20');
    expect(pick(run, 'start', 'end', 'volume', 'cut')).toEqual([
      [run.at('10:00'), run.at('10:05'), 1, false],
      [run.at('10:05'), run.at('10:10'), 2, false],
    ]);
  });

  it('end where the session does, and say so', () => {
    const run = time(60);
    run.trade('09:29:59', 5000, 1, 'buy');
    run.trade('09:30', 5000, 2, 'buy');
    run.trade('15:59', 5000, 3, 'buy');
    run.trade('16:59:59', 5000, 4, 'buy');
    run.to('17:00');
    expect(pick(run, 'start', 'end', 'volume', 'cut')).toEqual([
      [run.at('09:00'), run.at('09:30'), 1, true],
      [run.at('09:30'), run.at('10:00'), 2, true],
      [run.at('15:00'), run.at('16:00'), 3, false],
      [run.at('16:00'), run.at('17:00'), 4, false],
    ]);
  });

  it('take the rows of a footprint, without a path', () => {
    const run = time();
    run.trade('10:00:59.9', 5000, 10, 'sell', tradeFlags.approximate);
    run.trade('10:00:59.9', 5000.25, 30, 'buy', tradeFlags.approximate);
    run.trade('10:00:59.9', 5000.5, 200, 'sell', tradeFlags.approximate);
    run.to('10:01');
    const names = ['open', 'close', 'minDelta', 'maxDelta', 'deltaSinceHigh', 'deltaSinceLow'];
    expect(pick(run, ...names, 'approximate', 'trapped')).toEqual([
      [5000.5, 5000.5, -180, -180, -180, -180, true, 'none'],
    ]);
    run.trade('10:01:01', 5000, 1, 'sell');
    run.to('10:02');
    expect(bars(run).at(-1)?.['approximate']).toBe(false);
  });
});

describe('volume bars', () => {
  it('split the trade that overfills one, its delta with it', () => {
    const run = drive({ volumeContracts: 100 });
    run.trade('10:00:01', 5000, 60, 'sell');
    run.trade('10:00:02', 5000.25, 250, 'buy');
    run.trade('10:00:03', 5000.5, 90, 'sell');
    expect(pick(run, 'volume', 'delta', 'open', 'close', 'trades', 'cut')).toEqual([
      [100, -20, 5000, 5000.25, 2, false],
      [100, 100, 5000.25, 5000.25, 1, false],
      [100, 100, 5000.25, 5000.25, 1, false],
      [100, -80, 5000.25, 5000.5, 2, false],
    ]);
    expect(pick(run, 'start', 'end')[0]).toEqual([run.at('10:00:01'), run.at('10:00:02')]);
    run.trade('15:59', 5000.5, 80, 'sell');
    run.to('16:00');
    expect(pick(run, 'volume', 'cut', 'end').at(-1)).toEqual([80, true, run.at('15:59')]);
  });

  it('end exactly full, and leave the rows of a footprint out', () => {
    const run = drive({ volumeContracts: 100 });
    run.trade('10:00:01', 5000, 100, 'sell');
    run.trade('10:00:02', 5000, 100, 'sell', tradeFlags.approximate);
    run.trade('10:00:03', 5000, 99, 'sell');
    expect(pick(run, 'volume')).toEqual([[100]]);
  });
});

describe('range bars', () => {
  it('end before the trade that would make them too high, without bars in a jump', () => {
    const run = drive({ barType: 'range', rangeTicks: 4 });
    run.trade('10:00:01', 5000, 1, 'buy');
    run.trade('10:00:02', 5001, 2, 'buy');
    run.trade('10:00:03', 5001.25, 3, 'buy');
    run.trade('10:00:04', 4980, 4, 'sell');
    run.trade('10:00:05', 4979, 5, 'sell');
    run.trade('10:00:06', 4978.75, 6, 'sell');
    expect(pick(run, 'low', 'high', 'volume', 'end')).toEqual([
      [5000, 5001, 3, run.at('10:00:02')],
      [5001.25, 5001.25, 3, run.at('10:00:03')],
      [4979, 4980, 9, run.at('10:00:05')],
    ]);
  });
});

describe('traders caught at the end of a bar', () => {
  const caught = (high: number, delta: number, close: number, more: Row = {}): Row | undefined => {
    const run = time(1, { nearLevelTicks: null, ...more });
    run.trade('09:59:01', 5000.5, 1, 'buy');
    run.trade('10:00:01', 5000, 1, 'buy');
    run.trade('10:00:02', high, delta, 'buy');
    run.trade('10:00:03', close, 1, 'sell');
    run.to('10:01');
    return bars(run).at(-1);
  };

  it('are marked when a break failed', () => {
    expect(caught(5001.5, 100, 5000.5)?.['trapped']).toBe('buyers');
  });

  it('are not with less delta, a nearer close, or nothing that failed', () => {
    expect(caught(5001.5, 99, 5000.5)?.['trapped']).toBe('none');
    expect(caught(5001.25, 100, 5000.5)?.['trapped']).toBe('none');
    expect(caught(5000.5, 100, 4999.5)?.['trapped']).toBe('none');
  });

  it('are marked at the low as well, by an unfinished auction', () => {
    const run = time(1, { nearLevelTicks: null });
    run.trade('10:00:02', 5000, 150, 'sell');
    run.trade('10:00:03', 5000, 1, 'buy');
    run.trade('10:00:04', 5001, 1, 'buy');
    run.to('10:01');
    expect(pick(run, 'trapped', 'unfinishedLow', 'unfinishedHigh')).toEqual([
      ['sellers', true, false],
    ]);
    expect(run.probe('caughtDelta')).toMatchObject({ value: 149, needed: 100 });
    expect(run.probe('caughtBack')).toMatchObject({ value: 4, needed: 4 });
  });

  it('are those farther from the close when both ends hold some', () => {
    const run = time(1, { nearLevelTicks: null });
    run.trade('10:00:02', 5000, 150, 'sell');
    run.trade('10:00:03', 5000, 1, 'buy');
    run.trade('10:00:04', 5003, 150, 'buy');
    run.trade('10:00:05', 5003, 1, 'sell');
    run.trade('10:00:06', 5001, 1, 'sell');
    run.to('10:01');
    expect(pick(run, 'trapped')).toEqual([['buyers']]);
  });
});

describe('probes', () => {
  it('show the longest run of imbalances of the minute', () => {
    const run = time(1, { stackRows: 5 });
    tradeRows(run);
    expect(run.probe('stackRows')).toMatchObject({ value: 4, needed: 5, unit: 'row' });
    expect(bars(run)[0]?.['stacks']).toEqual([]);
  });
});
