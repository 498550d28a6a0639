import { expect, it } from 'vitest';
import { config } from './config.ts';
import { emptyProfile, madeSession } from './made-session.ts';
import { areasOf, describeSession, meanPrice } from './volume-profile.ts';

const c = config.parse({});
it('gives both value areas of the published vector V1', () => {
  const rows = { low: 101, volumes: [10, 15, 20, 60, 70, 150, 90, 80, 50, 10] };
  expect(areasOf(rows, c)).toEqual({
    poc: 106,
    vah: 108,
    val: 104,
    one: { vah: 108, val: 105 },
    total: 555,
  });
  expect(areasOf(rows, config.parse({ valueAreaRule: 'trim' }))).toMatchObject({
    vah: 108,
    val: 105,
  });
});

it('has no value area without volume', () => {
  expect(areasOf(emptyProfile, c)).toBeNull();
  expect(() => describeSession(madeSession([]), c)).toThrow('a completed session has volume');
});

it.each([
  ['one row', [7], { low: 100, high: 100, poc: 100, vah: 100, val: 100 }],
  [
    'equal rows: the middle is the point of control, growth goes up first',
    [2, 2, 2, 2, 2, 2, 2],
    { poc: 103, vah: 105, val: 101 },
  ],
  ['the point of control at the top', [1, 1, 1, 10], { poc: 103, vah: 103, val: 103 }],
  ['the point of control at the bottom', [4, 2, 2, 1, 1], { poc: 100, vah: 102, val: 100 }],
])('describes a session of %s', (_name, volumes, expected) => {
  expect(describeSession(madeSession(volumes), c)).toMatchObject(expected);
});

it('puts the sides into rows of the whole range', () => {
  const numbers = madeSession([3, 0, 5], {
    sides: [{ low: 100, volumes: [3] }, emptyProfile, { low: 102, volumes: [5] }],
  });
  expect(describeSession(numbers, c)).toMatchObject({
    rows: { low: 100, volumes: [3, 0, 5], bidVolumes: [3, 0, 0], askVolumes: [0, 0, 5] },
    unknownShare: 0,
  });
});

it('has higher TPO rows when told to', () => {
  const numbers = madeSession([1, 1, 1, 1, 1, 1], {
    periods: [
      { low: 100, high: 103 },
      { low: 102, high: 105 },
    ],
  });
  expect(describeSession(numbers, config.parse({ tpoRowTicks: 4 })).tpo).toEqual({
    poc: 100,
    vah: 107,
    val: 100,
    total: 3,
    low: 100,
    rowTicks: 4,
    letters: ['AB', 'B'],
  });
});

it('means the price by volume', () => {
  expect(meanPrice({ low: 100, volumes: [1, 0, 3] }, 4)).toBe(101.5);
});
