import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';
import { slot } from './slots.ts';

type Row = Readonly<Record<string, unknown>>;
type Level = readonly [number, number];

const tradeDate = '2025-11-19';
const drive = (config: Row = {}): NodeRun => driveNode(plugin, { tradeDate, config });
const row = (run: NodeRun): Row => run.view('book')[0]!;
const told = (run: NodeRun, port: string): Row[] =>
  run.emits.filter((e) => e.port === port).map((e) => e.payload);

/** Ten levels from a price on, all of one size, except for those given. */
function side(
  best: number,
  way: number,
  size: number,
  other: Record<string, number> = {},
): Level[] {
  return Array.from({ length: 10 }, (_, i) => {
    const price = best - way * i * 0.25;
    return [price, other[price] ?? size];
  });
}
const bids = (size: number, other: Record<string, number> = {}): Level[] =>
  side(5000, 1, size, other);
const asks = (size: number, other: Record<string, number> = {}): Level[] =>
  side(5000.25, -1, size, other);

const clock = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const [m, s] = [Math.floor(whole / 60), whole % 60];
  const fraction = String(Math.round((seconds - whole) * 1_000_000)).padStart(6, '0');
  return `10:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}.${fraction}`;
};

describe('without depth', () => {
  it('every number is null with the reason, never 0', () => {
    const run = drive();
    run.trade('10:00:00', 5000, 5, 'sell');
    run.quote('10:00:01', 5000, 10, 5000.25, 12);
    expect(row(run)).toMatchObject({
      missing: 'no depth so far',
      bid: null,
      imbalance1: null,
      mean5: null,
      ofi10: null,
      bullBear: null,
      lean: 'unknown',
    });
    expect(run.state).toBe('unknown');
    expect(told(run, 'lean')).toEqual([]);
  });

  it('that came and stopped is not known either, once trades went on for a minute', () => {
    const run = drive();
    for (let i = 0; i < 120; i += 1) run.book(clock(i / 10), bids(90), asks(10));
    expect(run.state).toBe('bid-heavy');
    run.trade('10:01:11.8', 5000, 1, 'buy');
    expect(row(run)).toMatchObject({ missing: null });
    run.trade('10:01:11.9', 5000, 1, 'buy');
    expect(row(run)).toMatchObject({ missing: 'no depth any more while trades go on', bid: null });
    expect(told(run, 'lean').at(-1)).toMatchObject({ lean: 'unknown', from: 'bid-heavy' });
    run.book('10:02:00', bids(90), asks(10));
    expect(row(run)).toMatchObject({ missing: null, bid: 5000, mean5: null, ofi1: null });
  });
});

describe('the book', () => {
  it('is in the table as it stands (vector V14)', () => {
    const run = drive();
    run.book(
      '10:00:00',
      [15, 40, 55, 60, 70].map((size, i) => [5000 - i * 0.25, size]),
      [12, 35, 50, 90, 45].map((size, i) => [5000.25 + i * 0.25, size]),
    );
    const { imbalance1, imbalance3, imbalance5, imbalanceDecayed, weightedMid } = row(run);
    expect(row(run)['queueImbalance']).toBeCloseTo(0.5556, 4);
    expect(row(run)['mid']).toBe(5000.125);
    expect(imbalance1).toBeCloseTo(0.111111, 6);
    expect(imbalance3).toBeCloseTo(0.062802, 6);
    expect(imbalance5).toBeCloseTo(0.016949, 6);
    expect(imbalanceDecayed).toBeCloseTo(0.028483, 6);
    expect(weightedMid).toBeCloseTo(5000.138889, 6);
  });

  it('sums the order flow of its changes by the mean best size (vector V14)', () => {
    const run = drive();
    const states = [
      [5000, 10, 5000.25, 12],
      [5000, 15, 5000.25, 12],
      [5000, 15, 5000.25, 7],
      [5000.25, 4, 5000.5, 20],
      [5000.25, 4, 5000.5, 26],
      [5000, 9, 5000.25, 3],
    ] as const;
    for (const [i, [bid, bidSize, ask, askSize]] of states.entries())
      run.book(clock(i / 10), [[bid, bidSize]], [[ask, askSize]]);
    expect(row(run)['ofi1']).toBeNull();
    run.depth('10:00:00.95', 'bid', 0, 5000, 9);
    run.depth('10:00:01', 'bid', 0, 5000, 9);
    // Ten frames: the six books above, then four of the last one.
    const best = (22 + 27 + 22 + 24 + 30 + 12 * 5) / 20;
    expect(row(run)['ofi1']).toBeCloseTo(8 / best, 12);
    expect(row(run)['ofi10']).toBeNull();
    // One level only: all levels are the best one.
    expect(row(run)['ofiDeep1']).toBeCloseTo(8 / best, 12);
  });

  it('sums the order flow of all ten levels, each against itself', () => {
    const run = drive();
    run.book(clock(0), bids(10), asks(10));
    // Three contracts more at the fifth bid, four fewer at the tenth ask: 7 in favour of the bid.
    run.book(clock(0.1), bids(10, { 4999: 13 }), asks(10, { 5002.5: 6 }));
    for (let i = 2; i <= 11; i += 1) run.depth(clock(i / 10), 'bid', 0, 5000, 10);
    expect(row(run)).toMatchObject({ ofi1: 0, ofiDeep10: null });
    expect(row(run)['ofiDeep1']).toBeCloseTo(0.7, 12);
    // All bids one tick up: each level is at a better price and adds what it has now.
    run.book(clock(1.2), side(5000.25, 1, 20), side(5000.5, -1, 10));
    for (let i = 13; i <= 22; i += 1) run.depth(clock(i / 10), 'bid', 0, 5000.25, 20);
    const best = (30 * 10) / 20;
    expect(row(run)['ofi1']).toBeCloseTo((20 + 10) / best, 12);
    expect(row(run)['ofiDeep1']).toBeCloseTo((200 + 9 * 10 + 6) / best, 12);
  });

  it('counts a level that is not there any more after a reset as new', () => {
    const run = drive();
    run.book(clock(0), bids(10), asks(10));
    run.market((b) => {
      b.depth(run.at(clock(0.05)), 0, -1, 0, 0);
      b.depth(run.at(clock(0.05)), 1, 0, 20_000, 50);
      b.depth(run.at(clock(0.05)), -1, 0, 20_001, 50);
    });
    run.depth(clock(0.1), 'bid', 1, 4999.75, 5);
    for (let i = 2; i <= 11; i += 1) run.depth(clock(i / 10), 'bid', 0, 5000, 50);
    expect(row(run)['ofi1']).toBe(0);
    expect(row(run)['ofiDeep1']).toBe(0.1);
  });

  it('that is crossed or locked is passed over', () => {
    const run = drive();
    run.book(clock(0), bids(10), asks(10));
    run.book(clock(0.1), side(5001, 1, 10), asks(10));
    expect(row(run)).toMatchObject({ missing: 'the book is crossed or locked', bid: null });
    run.book(clock(0.2), side(5000.25, 1, 10), asks(10));
    run.book(clock(0.3), bids(12), asks(10));
    for (let i = 4; i <= 11; i += 1) run.depth(clock(i / 10), 'bid', 9, 4997.75, 12);
    expect(row(run)['ofi1']).toBeCloseTo(2 / ((20 + 22 * 8) / 18), 1);
  });

  it('without one side says so', () => {
    const run = drive();
    run.book(clock(0), bids(10), []);
    expect(row(run)).toMatchObject({ missing: 'a side of the book is empty', weightedMid: null });
  });

  it('seeds anew after a reset', () => {
    const run = drive();
    for (let i = 0; i < 110; i += 1) run.book(clock(i / 10), bids(90), asks(10));
    expect(run.state).toBe('bid-heavy');
    run.market((b) => {
      const ts = run.at(clock(11.05));
      b.depth(ts, 0, -1, 0, 0);
      b.depth(ts, 1, 0, 20_000, 50);
      b.depth(ts, -1, 0, 20_001, 50);
    });
    expect(run.state).toBe('unknown');
    expect(told(run, 'lean').at(-1)).toMatchObject({ missing: 'the book was reset', mean5: null });
    expect(row(run)).toMatchObject({ missing: null, imbalance10: 0, ofi1: null, bullBear: null });
  });

  it('keeps its levels into a new trade day, not its windows', () => {
    const run = drive();
    for (let i = 0; i < 110; i += 1) run.book(clock(i / 10), bids(90), asks(10));
    run.day('2025-11-20');
    run.trade('18:00:01', 5000, 1, 'buy');
    expect(run.state).toBe('unknown');
    run.depth('18:00:02', 'bid', 0, 5000, 91);
    expect(row(run)).toMatchObject({ bid: 5000, mean5: null, tradeDate: '2025-11-20' });
  });
});

describe('the lean', () => {
  const leanAfter = (sizes: readonly (readonly [number, number, number])[]): string[] => {
    const run = drive();
    let frame = 0;
    for (const [count, bid, ask] of sizes) {
      for (let i = 0; i < count; i += 1) run.book(clock(frame++ / 10), bids(bid), asks(ask));
    }
    return told(run, 'lean').map((e) => String(e['lean']));
  };

  it('begins beyond .30 of the ten-second mean and ends at .15', () => {
    expect(leanAfter([[130, 64, 36]])).toEqual(['even']);
    expect(leanAfter([[130, 66, 34]])).toEqual(['bid-heavy']);
    expect(leanAfter([[130, 34, 66]])).toEqual(['ask-heavy']);
    expect(
      leanAfter([
        [130, 66, 34],
        [130, 58, 42],
      ]),
    ).toEqual(['bid-heavy']);
    expect(
      leanAfter([
        [130, 66, 34],
        [130, 57, 43],
      ]),
    ).toEqual(['bid-heavy', 'even']);
    expect(
      leanAfter([
        [130, 66, 34],
        [260, 30, 70],
      ]),
    ).toEqual(['bid-heavy', 'even', 'ask-heavy']);
  });

  it('needs ten seconds', () => {
    expect(leanAfter([[100, 66, 34]])).toEqual([]);
    expect(leanAfter([[101, 66, 34]])).toEqual(['bid-heavy']);
  });
});

describe('pulled and stacked orders', () => {
  /** Ten seconds of nothing, then the change given and what traded before it. */
  function change(trade: (run: NodeRun) => void, after: readonly [Level[], Level[]]): Row {
    const run = drive();
    run.book(clock(0), bids(100), asks(80));
    run.depth(clock(10), 'bid', 9, 4997.75, 100);
    trade(run);
    run.book(clock(10.05), ...after);
    run.depth(clock(10.1), 'bid', 9, after[0][9]![0], after[0][9]![1]);
    const f = run.task.nodes[0]!.slots!.f;
    return { ...row(run), sums: [...f.subarray(slot.sums, slot.sums + 4)] };
  }

  it('are told by price, with what traded there in between (vector V24)', () => {
    const book = change(
      (run) => {
        run.trade(clock(10.01), 5000, 20, 'sell');
        run.trade(clock(10.02), 5000, 30, 'sell');
        run.trade(clock(10.03), 5000.25, 10, 'buy');
        run.trade(clock(10.03), 5000.25, 10, 'buy', tradeFlags.approximate);
        run.trade(clock(10.03), 5000.25, 10, 'none', tradeFlags.auction);
      },
      [bids(100, { 5000: 70 }), asks(80, { 5000.25: 50 })],
    );
    expect(book['bullBear']).toBe(40);
    // Stacked and pulled: the bid 20 and 0, the ask 0 and 20.
    expect(book['sums']).toEqual([20, 0, 0, 20]);
  });

  it('are not what scrolls out of the ten levels, or in', () => {
    const up = change(() => {}, [side(5000.25, 1, 100), side(5000.5, -1, 80)]);
    // A new bid of 100 stacked, the ask of 80 pulled; the far ends say nothing.
    expect(up['bullBear']).toBe(180);
  });

  it('know a best bid that traded away from one that was withdrawn', () => {
    const down: readonly [Level[], Level[]] = [side(4999.75, 1, 100), asks(80)];
    const traded = change((run) => run.trade(clock(10.01), 5000, 100, 'sell'), down);
    expect(traded['bullBear']).toBe(0);
    expect(change(() => {}, down)['bullBear']).toBe(-100);
  });

  it('begin at the quantile of their sums, after five minutes', () => {
    const run = drive();
    let size = 100;
    for (let i = 0; i < 400; i += 1) {
      if (i % 40 < 20) size = size === 100 ? 101 : 100;
      run.depth(clock(i), 'ask', 0, 5000.25, 50);
      run.depth(clock(i), 'bid', 0, 5000, size);
    }
    const quiet = told(run, 'pullStack').length;
    run.depth(clock(400.2), 'bid', 0, 5000, size + 500);
    run.depth(clock(400.4), 'bid', 0, 5000, size + 500);
    const last = told(run, 'pullStack').slice(quiet);
    expect(last).toMatchObject([{ side: 'bid', what: 'stacking', bid: 5000, ask: 5000.25 }]);
    expect(run.probe('pullStack').value).toBe(500);
  });
});

describe('walls', () => {
  /** Books for five minutes and a bit, so that the quantile of level sizes is known. */
  function known(config: Row = {}): NodeRun {
    const run = drive(config);
    for (let i = 0; i <= 330; i += 1)
      run.book(clock(i), bids(20, { 4998: 20 + (i % 2) }), asks(20));
    return run;
  }
  const wallAt = (run: NodeRun, second: number, size: number, price = 4999.5): void =>
    run.book(clock(second), bids(20, { [price]: size }), asks(20));
  const statuses = (run: NodeRun): unknown[] => told(run, 'wall').map((e) => e['status']);

  it('need three times the median and five seconds', () => {
    const run = known();
    wallAt(run, 331, 59);
    wallAt(run, 340, 59);
    expect(statuses(run)).toEqual([]);
    wallAt(run, 341, 60);
    wallAt(run, 346, 60);
    expect(statuses(run)).toEqual([]);
    wallAt(run, 346.2, 60);
    expect(told(run, 'wall')).toMatchObject([
      { side: 'bid', price: 4999.5, size: 60, needed: 60, status: 'appeared' },
    ]);
    expect(run.probe('wall')).toMatchObject({ value: 60, needed: 60 });
  });

  it('that lost 60 % were pulled, or consumed where enough traded', () => {
    const pulled = known();
    wallAt(pulled, 331, 100);
    wallAt(pulled, 337, 100);
    wallAt(pulled, 338, 41);
    wallAt(pulled, 339, 40);
    wallAt(pulled, 339.2, 40);
    expect(statuses(pulled)).toEqual(['appeared', 'pulled']);

    const consumed = known();
    wallAt(consumed, 331, 100);
    wallAt(consumed, 337, 100);
    consumed.trade(clock(338), 4999.5, 20, 'sell');
    wallAt(consumed, 339, 40);
    wallAt(consumed, 339.2, 40);
    expect(told(consumed, 'wall').at(-1)).toMatchObject({
      status: 'consumed',
      executed: 20,
      peak: 100,
    });
  });

  it('that go far from price are gone, and those that price leaves stand', () => {
    const gone = known();
    wallAt(gone, 331, 100, 4998.75);
    wallAt(gone, 337, 100, 4998.75);
    wallAt(gone, 338, 20, 4998.75);
    wallAt(gone, 339, 20, 4998.75);
    expect(statuses(gone)).toEqual(['appeared', 'gone']);

    const standing = known();
    wallAt(standing, 331, 100);
    wallAt(standing, 337, 100);
    standing.book(clock(338), side(5002.5, 1, 20), side(5002.75, -1, 20));
    standing.book(clock(339), side(5002.5, 1, 20), side(5002.75, -1, 20));
    expect(statuses(standing)).toEqual(['appeared', 'standing']);
  });

  it('that come and go within two seconds three times are a flicker, and their side counts less', () => {
    const run = known();
    for (let i = 0; i < 3; i += 1) {
      wallAt(run, 331 + i * 2, 200, 4999.5 + i * 0.25);
      wallAt(run, 332 + i * 2, 20);
    }
    expect(told(run, 'flicker')).toEqual([]);
    wallAt(run, 337, 20);
    expect(told(run, 'flicker')).toMatchObject([
      { side: 'bid', price: 5000, repeats: 3, size: 180 },
    ]);
    expect(statuses(run)).toEqual([]);
    expect(row(run)['imbalance10']).toBeCloseTo((100 - 200) / 300, 9);
    wallAt(run, 398, 20);
    wallAt(run, 399, 20);
    expect(row(run)['imbalance10']).toBe(0);
  });

  it('that traded, or were cancelled in part, are no flicker', () => {
    const run = known();
    for (let i = 0; i < 3; i += 1) {
      wallAt(run, 331 + i * 2, 200);
      if (i === 2) run.trade(clock(335.5), 4999.5, 10, 'sell');
      wallAt(run, 332 + i * 2, i === 1 ? 57 : 20);
    }
    wallAt(run, 340, 20);
    expect(told(run, 'flicker')).toEqual([]);
    expect(run.probe('flicker').value).toBe(1);
  });
});
