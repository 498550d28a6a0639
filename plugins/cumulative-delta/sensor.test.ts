import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { type BarInput, driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
const drive = (config: Row = {}): NodeRun => driveNode(plugin, { tradeDate, config });
const row = (run: NodeRun): Row => {
  expect(run.errors).toEqual([]);
  return run.view('delta')[0]!;
};
const emitted = (run: NodeRun, port: string): Row[] =>
  run.emits.filter((one) => one.port === port).map(({ payload }) => payload);

describe('delta and its anchors', () => {
  it('has its extremes after each trade, not at its start (V11c)', () => {
    const run = drive();
    for (const [size, side] of [
      [5, 'sell'],
      [3, 'sell'],
      [10, 'buy'],
      [4, 'buy'],
      [9, 'sell'],
      [1, 'buy'],
    ] as const)
      run.trade('20:00', 5000, size, side);
    expect(row(run)).toMatchObject({ day: -2, low: -8, high: 6, volume: 32, rth: null });
  });

  it('begins at 18:00 and again at 09:30; outside the regular session the second is not there', () => {
    const run = drive();
    run.trade('09:29:59', 5000, 100, 'buy');
    run.trade('09:30', 5000, 30, 'sell');
    expect(row(run)).toMatchObject({ tradeDate, day: 70, rth: -30, swing: 70 });
    run.to('16:00');
    expect(row(run)).toMatchObject({ day: 70, rth: null });
    run.day('2025-11-20');
    run.to('18:00');
    expect(run.view('delta')).toEqual([]);
    run.trade('18:00', 5000, 4, 'buy');
    expect(row(run)).toMatchObject({ tradeDate: '2025-11-20', day: 4 });
  });

  it('takes what has no side into the volume only; an auction is no shortcoming', () => {
    const run = drive();
    run.market((b) => b.trade(run.at('20:00'), 20_000, 60, 0, tradeFlags.auction));
    run.market((b) => b.trade(run.at('20:00'), 20_000, 10, 0, 0));
    expect(row(run)).toMatchObject({ day: 0, high: 0, low: 0, volume: 70, unknownShare: 1 / 7 });
    run.trade('20:01', 5000.25, 30);
    expect(row(run)).toMatchObject({ day: 30, inferredShare: 0.3 });
  });

  it('is counted from the last confirmed swing, two bars late', () => {
    const run = drive();
    const prices = [5000, 5001, 5004, 5002, 5001];
    prices.slice(0, 5).forEach((price, i) => run.trade(`20:0${i}:30`, price, 10 + i, 'buy'));
    expect(row(run)).toMatchObject({ day: 60, swing: 60 });
    // The bar of 20:02 is a swing high when that of 20:04 is over: 33 contracts had come up to its end.
    run.trade('20:05:30', 5000.5, 15, 'buy');
    expect(row(run)).toMatchObject({ day: 75, swing: 42 });
  });

  it('is told at each half hour, with a close where something traded', () => {
    const run = drive();
    run.trade('09:00', 5000, 100, 'buy');
    run.trade('09:31', 5001, 20, 'sell');
    run.trade('09:59:59', 5002, 5, 'sell');
    run.to('10:30');
    const seen = { tradeDate, day: 75, rth: -25 };
    expect(emitted(run, 'period')).toMatchObject([
      { ...seen, index: 0, close: 5002 },
      { ...seen, index: 1, close: null },
    ]);
    run.to('16:00');
    expect(emitted(run, 'period')).toHaveLength(13);
  });
});

/** A bar of one price; without volume at bid and ask the two are not known. */
function bar(
  close: number,
  bid?: number,
  ask?: number,
  volume = (bid ?? 0) + (ask ?? 0),
): BarInput {
  const prices = { open: close, high: close, low: close, close, volume };
  return bid === undefined || ask === undefined
    ? prices
    : { ...prices, bidVolume: bid, askVolume: ask };
}

describe('bars', () => {
  it('bring the volume at bid and ask', () => {
    const run = drive();
    run.bar('09:31', bar(5000, 40, 100));
    run.bar('09:32', bar(5001, 70, 20));
    expect(row(run)).toMatchObject({ day: 10, rth: 10, high: 60, low: 10, volume: 230 });
  });

  it('without it leave delta unknown', () => {
    const run = drive();
    run.bar('09:31', bar(5000, undefined, undefined, 100));
    run.bar('09:32', bar(5000, 30, 60, 100));
    run.bar('09:33', bar(5000, 0, 0, 0));
    expect(row(run)).toMatchObject({ day: 30, volume: 200, unknownShare: 0.55 });
    run.to('10:00');
    expect(run.state).toBe('condition.unknown,inventory.netLong');
  });

  it('of a footprint have no order within their minute, so extremes are those of its end', () => {
    const run = drive();
    run.trade('09:30:59', 5000, 100, 'sell', tradeFlags.approximate);
    run.trade('09:30:59', 5001, 130, 'buy', tradeFlags.approximate);
    run.to('09:31');
    expect(row(run)).toMatchObject({ day: 30, high: 30, low: 30 });
    run.to('10:00');
    expect(emitted(run, 'period')[0]).toMatchObject({ rth: 30, close: 5000.5 });
  });
});

describe('zero', () => {
  it('is crossed at the end of a minute, not within it', () => {
    const run = drive();
    const inventory = () => run.state.split(',')[1];
    run.trade('09:30:01', 5000, 10, 'buy');
    run.trade('09:30:02', 5000, 30, 'sell');
    expect(inventory()).toBe('inventory.none');
    run.to('09:31');
    expect(inventory()).toBe('inventory.netShort');
    run.trade('09:31:01', 5000, 20, 'buy');
    run.to('09:32');
    expect(inventory()).toBe('inventory.netShort');
    run.trade('09:32:01', 5000, 1, 'buy');
    run.to('09:33');
    expect(inventory()).toBe('inventory.netLong');
    run.to('16:00');
    expect(inventory()).toBe('inventory.none');
  });
});

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A regular session of 5-minute bars whose delta changes by `change` in each on average, and price goes along. */
function session(run: NodeRun, change: number, until = '16:00'): void {
  const [hour, minute] = until.split(':').map(Number) as [number, number];
  const end = hour * 60 + minute;
  for (let at = 575, i = 0; at <= end; at += 5, i += 1) {
    // Half the bars the other way, so that half hours differ.
    const signed = i % 2 === 0 ? change * 3 : -change;
    const [bid, ask] = signed > 0 ? [100, 100 + signed] : [100 - signed, 100];
    run.bar(clock(at), bar(5000 + (Math.sign(change) * i) / 4, bid, ask));
  }
  run.to(until);
}

describe('strength', () => {
  const days = ['10', '11', '12', '13', '14', '17', '18'].map((day) => `2025-11-${day}`);
  const earlier = (count: number, until = '16:00'): NodeRun => {
    const run = driveNode(plugin, { tradeDate: days[0]! });
    days.slice(0, count).forEach((day, i) => {
      run.day(day);
      session(run, 10 * (i + 1), until);
    });
    run.day(tradeDate);
    return run;
  };

  it('is the share of earlier sessions with a smaller delta at this time', () => {
    const run = earlier(5);
    session(run, 35, '12:00');
    expect(row(run)['strength']).toBe(0.6);
    expect(run.state).toBe('condition.normal,inventory.netLong');
  });

  it('of nearly all makes delta overstretched', () => {
    const run = earlier(5);
    session(run, -60, '12:00');
    expect(row(run)).toMatchObject({ strength: 1, side: 'long' });
    expect(emitted(run, 'condition').map((one) => one['condition'])).toContain('overstretched');
    expect(run.probe('strength')).toMatchObject({ value: 1, needed: 0.95 });
  });

  it('is not known with fewer than five, of which half sessions and holes are none', () => {
    const few = earlier(4);
    session(few, 60, '12:00');
    expect(row(few)['strength']).toBeNull();
    const broken = earlier(5, '14:00');
    session(broken, 60, '12:00');
    expect(row(broken)['strength']).toBeNull();
  });

  it('leaves thin sessions and those without sides out', () => {
    const run = earlier(5);
    run.day('2025-11-17');
    for (let at = 575; at <= 960; at += 5) run.bar(clock(at), bar(5000, 2, 3));
    run.to('16:00');
    run.day('2025-11-18');
    for (let at = 575; at <= 960; at += 5) run.bar(clock(at), bar(5000, undefined, undefined, 300));
    run.to('16:00');
    run.day(tradeDate);
    session(run, 35, '12:00');
    expect(row(run)['strength']).toBe(0.6);
  });
});

describe('probes', () => {
  it('tell how far delta was beyond its extreme, and for how long', () => {
    const run = drive();
    run.trade('09:30:01', 5010, 100, 'buy');
    for (let i = 1; i < 40; i += 1)
      run.trade(`${clock(570 + i)}:01`, 5000, 10, i % 2 ? 'sell' : 'buy');
    run.trade('10:11:01', 5000, 500, 'buy');
    for (let i = 42; i < 60; i += 1)
      run.trade(`${clock(570 + i)}:01`, 5000, 10, i % 2 ? 'sell' : 'buy');
    run.to('10:31');
    expect(run.probe('held').value).toBeGreaterThanOrEqual(10);
    expect(run.probe('lead').value).toBeGreaterThan(0.25);
    expect(run.probe('unknownShare')).toMatchObject({ value: 0, needed: 0.15 });
    expect(emitted(run, 'condition').map((one) => [one['condition'], one['side']])).toEqual([
      ['normal', null],
      ['price-lags', 'short'],
    ]);
    expect(row(run)).toMatchObject({ condition: 'price-lags', since: run.at('10:22') });
  });
});
