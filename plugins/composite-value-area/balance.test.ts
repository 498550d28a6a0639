import { expect, it } from 'vitest';
import { type BalanceRun, balanceOf, withBalance } from './balance.ts';
import { config } from './config.ts';

const c = config.parse({});
const rows = [10, 30, 60, 30, 10];

function runOf(...lows: number[]): BalanceRun | null {
  return lows.reduce<BalanceRun | null>(
    (run, low, i) => withBalance(run, `d${i}`, { low, volumes: rows }, {}, c),
    null,
  );
}

it('needs three sessions in a row that share value', () => {
  expect(balanceOf(runOf(), c)).toBeNull();
  expect(balanceOf(runOf(100, 100), c)).toBeNull();
  expect(balanceOf(runOf(100, 100, 101), c)).toEqual({
    from: 'd0',
    sessions: 3,
    low: 100,
    high: 105,
    val: 102,
    vah: 104,
    poc: 102,
    targetUp: 106,
    targetDown: 100,
  });
});

it('ends with a session whose value lies elsewhere, which begins another run', () => {
  const run = runOf(100, 100, 100, 140);
  expect(balanceOf(run, c)).toBeNull();
  expect(run).toMatchObject({ from: 'd3', sessions: 1, low: 140 });
  expect(balanceOf(runOf(100, 140, 140, 141), c)).toMatchObject({ from: 'd1', sessions: 3 });
});
