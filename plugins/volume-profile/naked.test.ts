import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNaked, type TouchScope } from '#engine';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { ofContract, withNaked, withoutTouched } from './naked-pocs.ts';
import { plugin } from './plugin.ts';

const days = ['2025-11-17', '2025-11-18', '2025-11-19', '2025-11-20', '2025-11-21'];

interface Row {
  readonly asOf: string;
  readonly pocs: readonly { price: number; session: string; age: number }[];
}

const tableOf = (run: NodeRun): Row[] =>
  run.emits.filter((e) => e.port === 'naked').map((e) => e.payload as unknown as Row);
const pricesOf = (row: Row | undefined): number[] => (row?.pocs ?? []).map(({ price }) => price);

/** A session whose point of control is `poc`, with the close a point above it. */
function session(run: NodeRun, date: string, poc: number): void {
  run.day(date);
  run.trade('10:00', poc, 50);
  run.trade('15:59', poc + 1, 1);
  run.to('16:00');
}

/** A session at 5000, a night down to 4999.75 and up to 5006, a session from 5005 to 5020: the vector V27. */
function vector(touchScope: TouchScope): NodeRun {
  const run = driveNode(plugin, { tradeDate: days[0]!, config: { touchScope } });
  session(run, days[0]!, 5000);
  run.day(days[1]!);
  for (const price of [5001, 5000, 4999.75, 5006]) run.trade('03:00', price, 1);
  run.trade('09:30', 5005, 1);
  run.trade('12:00', 5020, 9);
  run.to('16:00');
  return run;
}

it('is touched overnight where all trades count, and stays naked where only the regular session does: V27', () => {
  expect(pricesOf(tableOf(vector('rth')).at(-1))).toEqual([5000, 5020]);
  const all = tableOf(vector('all'));
  expect(all.map(pricesOf)).toEqual([[5000], [], [5020]]);
  expect(all[1]!.asOf).toBe(days[1]);
});

it('counts the age in sessions, and is written when a session ends and when one is touched', () => {
  const run = driveNode(plugin, { tradeDate: days[0]! });
  session(run, days[0]!, 5000);
  session(run, days[1]!, 5010);
  session(run, days[2]!, 5020);
  expect(tableOf(run)).toHaveLength(3);
  expect(tableOf(run).at(-1)).toEqual({
    asOf: days[2],
    pocs: [
      { price: 5000, session: days[0], age: 2 },
      { price: 5010, session: days[1], age: 1 },
      { price: 5020, session: days[2], age: 0 },
    ],
  });
  run.trade('16:10', 5010.25, 1);
  expect(tableOf(run)).toHaveLength(3);
  run.trade('16:11', 5010, 1);
  expect(tableOf(run)).toHaveLength(4);
  expect(pricesOf(tableOf(run).at(-1))).toEqual([5000, 5020]);
});

it('is not touched by a price that jumps over it', () => {
  const run = driveNode(plugin, { tradeDate: days[0]! });
  session(run, days[0]!, 5000);
  run.day(days[1]!);
  run.trade('18:00', 4990, 1);
  run.trade('18:01', 5010, 1);
  run.trade('18:02', 4999.75, 1);
  expect(tableOf(run)).toHaveLength(1);
  run.trade('18:03', 5000, 1);
  expect(tableOf(run).map(pricesOf)).toEqual([[5000], []]);
});

it('is touched by a trade within the tolerance', () => {
  const run = driveNode(plugin, { tradeDate: days[0]!, config: { nakedToleranceTicks: 2 } });
  session(run, days[0]!, 5000);
  run.trade('16:10', 5000.75, 1);
  expect(tableOf(run)).toHaveLength(1);
  run.trade('16:11', 5000.5, 1);
  expect(tableOf(run).map(pricesOf)).toEqual([[5000], []]);
});

it('is touched by the range of a bar, in the hours that count', () => {
  const bar = { open: 5003, high: 5004, low: 4999, close: 5002, volume: 8 };
  const touches = (touchScope: string): number => {
    const run = driveNode(plugin, { tradeDate: days[0]!, config: { touchScope } });
    session(run, days[0]!, 5000);
    run.day(days[1]!);
    run.bar('03:00', { ...bar, volume: 0 });
    expect(tableOf(run)).toHaveLength(1);
    run.bar('03:05', bar);
    return tableOf(run).length - 1;
  };
  expect([touches('all'), touches('rth')]).toEqual([1, 0]);
});

it('keeps the newest, as many as asked for', () => {
  const run = driveNode(plugin, { tradeDate: days[0]!, config: { nakedKept: 2 } });
  days.slice(0, 4).forEach((day, i) => session(run, day, 5000 + i * 10));
  expect(pricesOf(tableOf(run).at(-1))).toEqual([5020, 5030]);
  run.trade('16:10', 5000, 1);
  expect(tableOf(run)).toHaveLength(4);
});

it('begins anew with another contract, from the evening on', () => {
  const run = driveNode(plugin, { tradeDate: '2025-12-12', config: { roll: 'by-date' } });
  session(run, '2025-12-12', 5000);
  run.day('2025-12-15');
  run.to('18:00:01');
  expect(tableOf(run).map((row) => [row.asOf, row.pocs.length])).toEqual([
    ['2025-12-12', 1],
    ['2025-12-15', 0],
  ]);
  session(run, '2025-12-15', 5050);
  session(run, '2025-12-16', 5060);
  expect(pricesOf(tableOf(run).at(-1))).toEqual([5050, 5060]);
});

it('keeps them over a roll in a series without contract ids', () => {
  const run = driveNode(plugin, { tradeDate: '2025-12-12' });
  session(run, '2025-12-12', 5000);
  session(run, '2025-12-15', 5050);
  expect(pricesOf(tableOf(run).at(-1))).toEqual([5000, 5050]);
});

it('has none of a refused holiday', () => {
  const run = driveNode(plugin, { tradeDate: '2025-09-01', config: { holidays: 'none' } });
  run.trade('10:00', 5000, 5);
  run.to('13:00');
  run.day('2025-09-02');
  run.trade('10:00', 5000, 5);
  run.to('16:00');
  expect(tableOf(run).map((row) => row.pocs.map((p) => p.session))).toEqual([['2025-09-02']]);
});

describe('the list', () => {
  const one = withNaked([], { poc: 1, tradeDate: 'a', contract: 'X' }, 2);
  const two = withNaked(one, { poc: 2, tradeDate: 'b', contract: null }, 2);

  it('ages and drops the oldest', () => {
    expect(two.map(({ age }) => age)).toEqual([1, 0]);
    const three = withNaked(two, { poc: 3, tradeDate: 'c', contract: 'Y' }, 2);
    expect(three.map(({ session: date }) => date)).toEqual(['b', 'c']);
  });

  it('drops what was touched, and another contract where both are known', () => {
    expect(withoutTouched(two, ['a', 'z']).map(({ price }) => price)).toEqual([2]);
    expect(ofContract(two, 'Y').map(({ price }) => price)).toEqual([2]);
    expect(ofContract(two, null)).toEqual(two);
  });
});

const night = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });

it('keeps exactly those that no later trade touched, whatever the tape', () => {
  const config = fc.record({
    touchScope: fc.constantFrom<TouchScope>('all', 'rth'),
    nakedToleranceTicks: fc.integer({ min: 0, max: 3 }),
  });
  const tape = fc.array(fc.record({ night, poc: fc.integer({ min: 0, max: 40 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(config, tape, (c, list) => {
      const run = driveNode(plugin, { tradeDate: days[0]!, config: c, explain: false });
      const trades: { tick: number; rth: boolean; day: number }[] = [];
      list.forEach(({ night: ticks, poc }, day) => {
        run.day(days[day]!);
        for (const tick of ticks) run.trade('03:00', 5000 + tick * 0.25, 1);
        run.trade('10:00', 5000 + poc * 0.25, 50);
        run.to('16:00');
        for (const tick of ticks) trades.push({ tick, rth: false, day });
        trades.push({ tick: poc, rth: true, day });
      });
      const expected = list
        .map(({ poc }, day) => ({ poc, day }))
        .filter(({ poc, day }) => {
          const later = trades.filter((trade) => trade.day > day);
          const ranges = later.map(({ tick, rth }) => ({ low: tick, high: tick, rth }));
          return isNaked(poc, ranges, c.touchScope, c.nakedToleranceTicks);
        })
        .map(({ poc }) => 5000 + poc * 0.25);
      expect(pricesOf(tableOf(run).at(-1))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
