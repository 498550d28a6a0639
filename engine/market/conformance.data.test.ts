import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Ladder } from './ladder.ts';
import { valueArea } from './value-area.ts';
import { addBar, addTrade, emptyVwapSums, vwapOf } from './vwap.ts';

const data = resolve(
  import.meta.dirname,
  '../..',
  process.env['ORDERFLOW_DATA'] ?? '../shared/data',
);
const folder = resolve(data, 'conformance');
const present = existsSync(folder);
if (!present) console.warn(`skipped: published results of other projects, no folder ${folder}`);

function rowsOf(file: string): string[][] {
  const text = readFileSync(resolve(folder, file), 'utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  return text
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}

/** The row of a price in profiles that round closes up to a multiple of 0.05. */
const rowUp = (price: string): number => Math.ceil(Number(price) / 0.05);
const priceOf = (row: number): number => Math.round(row * 5) / 100;

test('the published results are there where everything must run', () => {
  expect(present || process.env['CI'] !== 'true').toBe(true);
});

describe.skipIf(!present)('with their parameters, not ours,', () => {
  test('py-market-profile: closes rounded up, populated rows, past 70 %', () => {
    const ladder = new Ladder();
    for (const row of rowsOf('py-market-profile/google.csv'))
      ladder.add(rowUp(row[1]!), Number(row[5]));
    const area = valueArea(ladder.view(), { rule: 'one', stop: 'more-than', rows: 'populated' })!;
    expect([area.poc, area.val, area.vah, ladder.low, ladder.high].map(priceOf)).toEqual([
      944.5, 944.2, 958.95, 927.75, 959.3,
    ]);
  });

  test.each([
    ['volume', 'lean/vp_datatest.csv', (row: string[]) => Number(row[6])],
    ['time', 'lean/tp_datatest.csv', () => 1],
  ] as const)('LEAN %s profile over three bars', (_, file, weightOf) => {
    const rows = rowsOf(file);
    let compared = 0;
    for (const [i, row] of rows.entries()) {
      if (row[7] === '' || row[7] === undefined) continue;
      const ladder = new Ladder();
      for (const bar of rows.slice(Math.max(0, i - 2), i + 1))
        ladder.add(rowUp(bar[4]!), weightOf(bar));
      const area = valueArea(ladder.view(), { rule: 'one', stop: 'more-than', rows: 'populated' })!;
      const levels = [area.poc, ladder.high, ladder.low, area.vah, area.val].map(priceOf);
      expect(levels, row[0]).toEqual([7, 9, 10, 12, 13].map((column) => Number(row[column])));
      expect(ladder.at(area.poc)).toBe(Number(row[8]));
      expect(area.total * 0.7).toBeCloseTo(Number(row[11]), 6);
      compared += 1;
    }
    expect(compared).toBe(19);
  });

  test('LEAN moving VWAP over 50 days of the mean of open, high, low and close', () => {
    const rows = rowsOf('lean/spy_with_vwap.txt');
    let compared = 0;
    for (const [i, row] of rows.entries()) {
      const expected = Number(row[6]);
      if (!(expected > 0)) continue;
      const sums = emptyVwapSums();
      for (const bar of rows.slice(i - 49, i + 1)) {
        const [open, high, low, close, volume] = bar.slice(1, 6).map(Number) as [
          number,
          number,
          number,
          number,
          number,
        ];
        addTrade(sums, 20_000, ((open + high + low + close) / 4) * 100, volume);
      }
      expect(vwapOf(20_000, sums.v, sums.s1, sums.s2)!.vwapTicks / 100).toBeCloseTo(expected, 3);
      compared += 1;
    }
    expect(compared).toBe(452);
  });

  test('Stock.Indicators VWAP of minute bars, from the open and anchored at 10:00', () => {
    const rows = rowsOf('stock-indicators-vwap/intraday.csv').slice(0, 391);
    const from = (start: number): Map<number, number> => {
      const sums = emptyVwapSums();
      const at = new Map<number, number>();
      for (const [i, row] of rows.entries()) {
        if (i < start) continue;
        const [, high, low, close, volume] = row.slice(1).map((x) => Number(x)) as [
          number,
          number,
          number,
          number,
          number,
        ];
        addBar(sums, 36_700, { high: high * 100, low: low * 100, close: close * 100 }, volume);
        at.set(i, vwapOf(36_700, sums.v, sums.s1, sums.s2)!.vwapTicks / 100);
      }
      return at;
    };
    const session = from(0);
    for (const [i, value] of [
      [0, 367.48],
      [1, 367.4223],
      [369, 367.9494],
      [390, 368.1804],
    ] as const) {
      expect(session.get(i)).toBeCloseTo(value, 4);
    }
    const anchored = from(30);
    expect(rows[30]![0]).toMatch(/10:00$/);
    for (const [i, value] of [
      [30, 366.81],
      [369, 368.0511],
      [390, 368.2908],
    ] as const) {
      expect(anchored.get(i)).toBeCloseTo(value, 4);
    }
  });
});
