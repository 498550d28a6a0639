import { expect, test } from 'vitest';
import { extensionLevels, initialBalance, rangeExtension } from './initial-balance.ts';

test('the initial balance is the range of the first hour', () => {
  expect(
    initialBalance([
      { low: 10, high: 20 },
      { low: 5, high: 15 },
    ]),
  ).toEqual({ low: 5, high: 20 });
  expect(initialBalance([null, { low: 5, high: 15 }])).toEqual({ low: 5, high: 15 });
  expect(initialBalance([null])).toBeNull();
  expect(initialBalance([])).toBeNull();
});

test('a break by 0 ticks is no extension', () => {
  expect(rangeExtension({ low: 5, high: 20 }, 5, 20)).toEqual({
    upTicks: 0,
    downTicks: 0,
    up: 0,
    down: 0,
  });
  expect(rangeExtension({ low: 5, high: 20 }, 4, 20).downTicks).toBe(1);
});

test('an initial balance without width counts as one tick', () => {
  expect(rangeExtension({ low: 7, high: 7 }, 5, 10)).toEqual({
    upTicks: 3,
    downTicks: 2,
    up: 3,
    down: 2,
  });
});

test('extensions are projected from both edges in whole ticks', () => {
  expect(extensionLevels({ low: 100, high: 110 }, [0.25, 1, 2])).toEqual([
    { multiple: 0.25, up: 113, down: 97 },
    { multiple: 1, up: 120, down: 90 },
    { multiple: 2, up: 130, down: 80 },
  ]);
  expect(extensionLevels({ low: 100, high: 110 }).map((l) => l.multiple)).toEqual([
    0.25, 0.5, 1, 1.5, 2, 3,
  ]);
});
