import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DayNumbers, dayType, dayTypeLimits } from './day-type.ts';
import type { ProfileShape } from './profile-shape.ts';

const framing = { up: true, down: false, upBreaks: 0, downBreaks: 12, steps: 12 };

function day(
  balanceLow: number,
  balanceHigh: number,
  low: number,
  high: number,
  close: number,
  more: Partial<DayNumbers> = {},
): DayNumbers {
  return {
    low: low * 4,
    high: high * 4,
    close: close * 4,
    balance: { low: balanceLow * 4, high: balanceHigh * 4 },
    shape: 'N',
    framing,
    averageRange: 80,
    averageBalance: 40,
    ...more,
  };
}

test.each([
  ['normal', 5000, 5020, 4999, 5021, 5010],
  ['normal-variation', 5000, 5010, 4999, 5018, 5015],
  ['trend', 5000, 5006, 4999, 5030, 5029],
  ['neutral', 5000, 5010, 4993, 5017, 5006],
  ['neutral-extreme', 5000, 5010, 4993, 5017, 5016.5],
] as const)('gives the vectors V21 and V21b: %s', (type, ibl, ibh, low, high, close) => {
  expect(dayType(day(ibl, ibh, low, high, close)).type).toBe(type);
});

test('keeps the numbers it read: V21', () => {
  const trend = dayType(day(5000, 5006, 4999, 5030, 5029));
  expect(trend.up).toBe(4);
  expect(trend.closePosition).toBeCloseTo(0.968, 3);
  const variation = dayType(day(5000, 5010, 4999, 5018, 5015));
  expect([variation.up, variation.down]).toEqual([0.8, 0.1]);
});

test.each([
  ['a close short of the outer fifth', 5023, {}, 'normal-variation', true],
  [
    'framing broken four times',
    5029,
    { framing: { ...framing, upBreaks: 4 } },
    'normal-variation',
    true,
  ],
  ['framing broken three times', 5029, { framing: { ...framing, upBreaks: 3 } }, 'trend', false],
  ['two distributions without a trend', 5023, { shape: 'B' as ProfileShape }, 'double-dist', false],
])('needs all of a trend: %s', (_name, close, more, type, extended) => {
  expect(dayType(day(5000, 5006, 5000, 5030, close, more))).toMatchObject({ type, extended });
});

test('calls a day quiet only when range and initial balance both are', () => {
  const quiet = { averageRange: 100, averageBalance: 80 };
  expect(dayType(day(5000, 5009, 5000, 5010, 5005, quiet)).type).toBe('nontrend');
  expect(dayType(day(5000, 5009, 5000, 5012.5, 5005, quiet)).type).toBe('normal-variation');
  expect(dayType(day(5000, 5009, 5000, 5010, 5005, { ...quiet, averageBalance: 72 })).type).toBe(
    'normal',
  );
});

test('takes a width of nothing for a tick, and a range of one price for its middle', () => {
  expect(dayType(day(5000, 5000, 5000, 5000, 5000, { averageRange: 0 }))).toMatchObject({
    type: 'normal',
    up: 0,
    down: 0,
    closePosition: 0.5,
  });
});

test('the mirrored market has the same day type', () => {
  const tick = fc.integer({ min: 0, max: 60 });
  const shape = fc.constantFrom<ProfileShape>('D', 'B', 'N');
  fc.assert(
    fc.property(tick, tick, tick, tick, tick, shape, (low, below, width, above, place, s) => {
      const balance = { low: low + below, high: low + below + width };
      const high = balance.high + above;
      const close = Math.min(high, low + place);
      const n = {
        low,
        high,
        close,
        balance,
        shape: s,
        framing,
        averageRange: 40,
        averageBalance: 20,
      };
      const mirrored = {
        ...n,
        low: -high,
        high: -low,
        close: -close,
        balance: { low: -balance.high, high: -balance.low },
        framing: { ...framing, upBreaks: framing.downBreaks, downBreaks: framing.upBreaks },
      };
      const [a, b] = [dayType(n), dayType(mirrored)];
      expect([b.type, b.up, b.down]).toEqual([a.type, a.down, a.up]);
    }),
  );
});

test('reads other limits where they are given', () => {
  const typeBy = (limits: Partial<typeof dayTypeLimits>, low = 5000): string =>
    dayType(day(5000, 5006, low, 5030, 5029), { ...dayTypeLimits, ...limits }).type;
  expect([typeBy({}), typeBy({}, 4999)]).toEqual(['trend', 'trend']);
  expect(typeBy({ dayTrendExtension: 5 })).toBe('normal-variation');
  expect(typeBy({ dayOuterShare: 0.02 })).toBe('normal-variation');
  expect(typeBy({ dayOneSided: 0.1 }, 4999)).toBe('neutral-extreme');
  expect(typeBy({ dayOneSided: 0.1, dayExtremeShare: 0.01 }, 4999)).toBe('neutral');
  expect(typeBy({ dayOneSided: 0.1, dayNoExtension: 0.2 }, 4999)).toBe('normal-variation');
  expect(typeBy({ dayQuietShare: 2 })).toBe('nontrend');
  expect(typeBy({ dayTrendExtension: 5, dayNormalExtension: 5 })).toBe('normal');
});
