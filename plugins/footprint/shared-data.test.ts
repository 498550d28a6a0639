import { expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import {
  describeWithData,
  driveNode,
  feedShared,
  type NodeRun,
  readShared,
} from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;
const footprintFile = 'footprint/ES_20260421_RTH_1m_footprint.csv.gz';
const days = ['2013-09-03', '2013-09-04'] as const;
const tradesOf = (day: string): string =>
  `trades/ES_${day.replaceAll('-', '')}_ESU13_tickdata.csv.gz`;

const cellsOf = (file: string): number[][] =>
  readShared(file)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

interface Minute {
  readonly start: number;
  readonly rows: Map<number, readonly [volume: number, bid: number, ask: number]>;
}

/** The minutes of the file, prices in ticks. */
function minutesOf(file: string): Minute[] {
  const minutes = new Map<number, Minute>();
  for (const [stamp, price, volume, bid, ask] of cellsOf(file) as [
    number,
    number,
    number,
    number,
    number,
  ][]) {
    const start = Math.round(stamp / 60e9) * 60_000_000;
    const minute = minutes.get(start) ?? { start, rows: new Map() };
    minutes.set(start, minute);
    minute.rows.set(Math.round(price * 4), [volume, bid, ask]);
  }
  return [...minutes.values()];
}

/** The row with the most volume; of equal ones that nearest the middle of the range, then the higher. */
function pocOf({ rows }: Minute): number {
  const ticks = [...rows.keys()];
  const middle = (Math.min(...ticks) + Math.max(...ticks)) / 2;
  return ticks.toSorted(
    (a, b) =>
      rows.get(b)![0] - rows.get(a)![0] || Math.abs(a - middle) - Math.abs(b - middle) || b - a,
  )[0]!;
}

/** Drives the plugin by the minutes of the file, whose trades have no order inside a minute. */
function driveMinutes(minutes: readonly Minute[]): NodeRun {
  const run = driveNode(plugin, {
    tradeDate: '2026-04-21',
    config: { barType: 'time', minutes: 1 },
    explain: false,
  });
  for (const { start, rows } of minutes) {
    run.market((batch) => {
      for (const [price, [volume, bid, ask]] of rows) {
        const end = start + 59_999_999;
        const sides = [bid, volume - bid - ask, ask];
        sides.forEach((size, i) => {
          if (size > 0) batch.trade(end, price, size, i - 1, tradeFlags.approximate);
        });
      }
    });
  }
  run.to('16:30');
  expect(run.errors).toEqual([]);
  return run;
}

describeWithData('footprint of a real footprint', [footprintFile], () => {
  it('gives back volume, delta, point of control and rows of every minute of the file', () => {
    const minutes = minutesOf(footprintFile);
    const run = driveMinutes(minutes);
    const bars = run.emits.filter(({ port }) => port === 'bar').map(({ payload }) => payload);
    expect(bars).toHaveLength(minutes.length);
    bars.forEach((bar, i) => {
      const minute = minutes[i]!;
      const file = [...minute.rows.values()];
      const { bid, ask } = bar['rows'] as Record<'bid' | 'ask', number[]>;
      const low = (bar['low'] as number) * 4;
      const told = bid
        .map((volume, row) => [low + row, volume, ask[row]!] as const)
        .filter(([, sold, bought]) => sold + bought > 0);
      expect(told).toEqual(
        [...minute.rows].map(([tick, [, sold, bought]]) => [tick, sold, bought]),
      );
      expect(bar).toMatchObject({
        start: minute.start,
        volume: file.reduce((sum, [volume]) => sum + volume, 0),
        delta: file.reduce((sum, [, sold, bought]) => sum + bought - sold, 0),
        poc: pocOf(minute) / 4,
        approximate: true,
        cut: false,
        trapped: 'none',
      });
    });
  });
});

/** Signals of a day anywhere, not at a level, and the number of bars. */
const counted: Readonly<Record<string, readonly number[]>> = {
  '2013-09-03': [1054, 64, 5],
  '2013-09-04': [803, 29, 4],
};

/** Ends of the auction at swings and at the extremes of the session, the slow way. */
function endsOf(minutes: readonly Minute[], way: 1 | -1): Row[] {
  const furthest = (rows: Minute['rows']): number =>
    way > 0 ? Math.max(...rows.keys()) : Math.min(...rows.keys());
  const prices = minutes.map(({ rows }) => furthest(rows));
  const isBeyond = (i: number, k: number): boolean => (prices[i]! - prices[k]!) * way > 0;
  const swings = prices.flatMap((price, i) => {
    if (i < 2 || i > prices.length - 3) return [];
    const isOne =
      [1, 2].every((k) => isBeyond(i, i + k)) && [1, 2].every((k) => !isBeyond(i - k, i));
    const [, bid, ask] = minutes[i]!.rows.get(price)!;
    return isOne && bid > 0 && ask > 0 ? [{ of: 'swing', price: price / 4, bid, ask }] : [];
  });
  const extreme = way > 0 ? Math.max(...prices) : Math.min(...prices);
  const at = minutes.flatMap(({ rows }) => [rows.get(extreme) ?? [0, 0, 0]]);
  const [bid, ask] = [1, 2].map((side) => at.reduce((sum, row) => sum + row[side]!, 0));
  const whole = { of: 'session', price: extreme / 4, bid, ask };
  return bid! > 0 && ask! > 0 ? [...swings, whole] : swings;
}

describeWithData('auctions of a real footprint', [footprintFile], () => {
  it('are unfinished at swings and extremes as counted from the file, and repaired once', () => {
    const minutes = minutesOf(footprintFile);
    const told = driveMinutes(minutes)
      .emits.filter(({ port }) => port === 'auction')
      .map(({ payload }) => payload);
    const of = (status: string, end: string): Row[] =>
      told.filter((one) => one['status'] === status && one['end'] === end);
    for (const [end, way] of [
      ['high', 1],
      ['low', -1],
    ] as const) {
      const wanted = endsOf(minutes, way);
      expect(of('unfinished', end)).toMatchObject(wanted);
      expect(of('unfinished', end)).toHaveLength(wanted.length);
      for (const one of of('repaired', end))
        expect(of('unfinished', end)).toContainEqual({ ...one, status: 'unfinished' });
    }
  });
});

describeWithData('footprint of real trades', days.map(tradesOf), () => {
  const kinds = ({ emits }: ReturnType<typeof driveNode>): number[] => {
    const of = (kind: string): number =>
      emits.filter(({ port, payload }) => port === 'signal' && payload['kind'] === kind).length;
    return [
      emits.filter(({ port }) => port === 'bar').length,
      of('stacked-imbalance'),
      of('trapped'),
    ];
  };

  it.each(days)('holds every contract, and signals as they were counted: %s', (day) => {
    const run = driveNode(plugin, {
      tradeDate: day,
      config: { nearLevelTicks: null },
      explain: false,
    });
    feedShared(run, tradesOf(day));
    expect(run.errors).toEqual([]);
    expect(kinds(run)).toEqual(counted[day]);
    const bars = run.emits.filter(({ port }) => port === 'bar').map(({ payload }) => payload);
    const volume = cellsOf(tradesOf(day)).reduce((sum, [, , size]) => sum + size!, 0);
    const left = volume - bars.reduce((sum, bar) => sum + (bar['volume'] as number), 0);
    // The file ends in a bar that is not full.
    expect([left >= 0, left < 2_000]).toEqual([true, true]);
    const isFull = (bar: Row): boolean => bar['volume'] === 2_000 || bar['cut'] === true;
    expect(bars.every(isFull)).toBe(true);
  });

  it('signals in less than 1 % of the minutes when sizes and sides are dealt out anew', () => {
    const day = '2013-09-04';
    const prints = cellsOf(tradesOf(day)).map(([stamp, price, size]) => ({
      ts: Math.round(stamp! / 1000),
      price: Math.round(price! * 4),
      size: size!,
    }));
    let sign = 0;
    const pairs = prints.map(({ price, size }, i) => {
      const move = price - (prints[i - 1]?.price ?? price);
      if (move !== 0) sign = move > 0 ? 1 : -1;
      return { size, sign };
    });
    // A generator of congruent numbers: the deal is the same in every run.
    let seed = 20_130_904;
    for (let i = pairs.length - 1; i > 0; i -= 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const other = Math.floor((seed / 4_294_967_296) * (i + 1));
      [pairs[i], pairs[other]] = [pairs[other]!, pairs[i]!];
    }
    const config = { nearLevelTicks: null };
    const run = driveNode(plugin, { tradeDate: day, config, explain: false });
    for (let i = 0; i < prints.length; i += 512) {
      run.market((batch) => {
        for (const [k, { ts, price }] of prints.slice(i, i + 512).entries()) {
          const { size, sign: side } = pairs[i + k]!;
          batch.trade(ts, price, size, side, 0);
        }
      });
    }
    const [, stacks, traps] = kinds(run) as [number, number, number];
    expect(stacks + traps).toBeLessThan(0.01 * 1_380);
  });
});
