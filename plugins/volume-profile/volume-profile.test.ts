import { expect, it } from 'vitest';
import { config } from './config.ts';
import { areasOf, describeSession, isThin, meanPrice, sessionShape, type SessionNumbers } from './volume-profile.ts';

const c = config.parse({});
const empty = { low: 0, volumes: [] };

function session(volumes: readonly number[], more: Partial<SessionNumbers> = {}): SessionNumbers {
  const rows = { low: 100, volumes };
  const high = 99 + volumes.length;
  return {
    tradeDate: '2025-11-19',
    open: 100,
    close: high,
    volume: volumes.reduce((sum, v) => sum + v, 0),
    sides: [empty, rows, empty],
    rows,
    periods: [{ low: 100, high }],
    balance: { low: 100, high },
    inferred: 0,
    approximate: false,
    gap: false,
    ...more,
  };
}

it('gives both value areas of the published vector V1', () => {
  const rows = { low: 101, volumes: [10, 15, 20, 60, 70, 150, 90, 80, 50, 10] };
  expect(areasOf(rows, c)).toEqual({ poc: 106, vah: 108, val: 104, one: { vah: 108, val: 105 }, total: 555 });
  expect(areasOf(rows, config.parse({ valueAreaRule: 'trim' }))).toMatchObject({ vah: 108, val: 105 });
});

it('has no value area without volume', () => {
  expect(areasOf(empty, c)).toBeNull();
  expect(() => describeSession(session([]), c)).toThrow('a completed session has volume');
});

it.each([
  ['one row', [7], { low: 100, high: 100, poc: 100, vah: 100, val: 100 }],
  ['equal rows: the middle is the point of control, growth goes up first', [2, 2, 2, 2, 2, 2, 2], { poc: 103, vah: 105, val: 101 }],
  ['the point of control at the top', [1, 1, 1, 10], { poc: 103, vah: 103, val: 103 }],
  ['the point of control at the bottom', [4, 2, 2, 1, 1], { poc: 100, vah: 102, val: 100 }],
])('describes a session of %s', (_name, volumes, expected) => {
  expect(describeSession(session(volumes), c)).toMatchObject(expected);
});

it('puts the sides into rows of the whole range', () => {
  const numbers = session([3, 0, 5], { sides: [{ low: 100, volumes: [3] }, empty, { low: 102, volumes: [5] }] });
  expect(describeSession(numbers, c)).toMatchObject({
    rows: { low: 100, volumes: [3, 0, 5], bidVolumes: [3, 0, 0], askVolumes: [0, 0, 5] },
    unknownShare: 0,
  });
});

it('has higher TPO rows when told to', () => {
  const numbers = session([1, 1, 1, 1, 1, 1], { periods: [{ low: 100, high: 103 }, { low: 102, high: 105 }] });
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

it('calls a profile of little volume insufficient once enough sessions are known', () => {
  const measured = describeSession(session([1, 2, 3, 4, 5, 4, 3, 2, 1]), c);
  expect(sessionShape(measured, [1_000, 1_000, 1_000, 1_000], 5).shape).toBe('D');
  expect(sessionShape(measured, [1_000, 1_000, 1_000, 1_000, 1_000], 5)).toMatchObject({ shape: 'insufficient', features: { rows: 9, pocPosition: 0.5 } });
});

it('needs a range extension and a close at an end for a trend', () => {
  const flat = session([5, 5, 5, 5, 5, 6, 5, 5, 5, 5]);
  const shape = (more: Partial<SessionNumbers>): string => sessionShape(describeSession({ ...flat, ...more }, c), [], 5).shape;
  expect(shape({ balance: { low: 100, high: 102 } })).toBe('TREND');
  expect(shape({ balance: { low: 100, high: 102 }, close: 104 })).not.toBe('TREND');
  expect(shape({})).not.toBe('TREND');
  expect(shape({ balance: null })).toBe('TREND');
});

it('finds a session thin below half the median of enough earlier ones', () => {
  const earlier = [100, 90, 110, 500, 100];
  expect(isThin(49, earlier, 5)).toBe(true);
  expect(isThin(50, earlier, 5)).toBe(false);
  expect(isThin(1, earlier.slice(1), 5)).toBe(false);
});
