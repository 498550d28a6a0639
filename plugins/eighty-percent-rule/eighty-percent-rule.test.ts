import { describe, expect, it } from 'vitest';
import {
  entryEdge,
  farEdge,
  gainTicks,
  isInside,
  isPeriodInValue,
  lastTriggerAt,
  runWith,
  sideOf,
} from './eighty-percent-rule.ts';

const value = { val: 100, vah: 140, poc: 120 };
const period = (index: number, low: number, high: number, close: number) => ({
  index,
  low,
  high,
  close,
});

describe('value', () => {
  it('holds its edges', () => {
    expect([99, 100, 140, 141].map((price) => isInside(price, value))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([99, 100, 140, 141].map((price) => sideOf(price, value))).toEqual([-1, 0, 0, 1]);
  });

  it('is entered by one edge and crossed to the other', () => {
    expect([entryEdge('short', value), farEdge('short', value)]).toEqual([140, 100]);
    expect([entryEdge('long', value), farEdge('long', value)]).toEqual([100, 140]);
  });
});

describe('a period in value', () => {
  it('closes inside for close2 and closeOpen', () => {
    expect(isPeriodInValue(period(0, 130, 150, 140), value, 'close2')).toBe(true);
    expect(isPeriodInValue(period(0, 130, 150, 141), value, 'close2')).toBe(false);
    expect(isPeriodInValue(period(0, 130, 150, 141), value, 'closeOpen')).toBe(false);
  });

  it('trades inside for touch2, wherever it closes', () => {
    expect(isPeriodInValue(period(0, 140, 150, 150), value, 'touch2')).toBe(true);
    expect(isPeriodInValue(period(0, 141, 150, 150), value, 'touch2')).toBe(false);
    expect(isPeriodInValue(period(0, 90, 100, 90), value, 'touch2')).toBe(true);
  });

  it('has traded', () => {
    const silent = { index: 3, low: null, high: null, close: null };
    expect(isPeriodInValue(silent, value, 'close2')).toBe(false);
    expect(isPeriodInValue(silent, value, 'touch2')).toBe(false);
  });

  it('continues a run only right after the period before', () => {
    expect(runWith(1, 3, period(4, 0, 0, 0))).toBe(2);
    expect(runWith(1, 3, period(5, 0, 0, 0))).toBe(1);
    expect(runWith(0, null, period(0, 0, 0, 0))).toBe(1);
  });
});

describe('the last trigger', () => {
  it('is at a clock time, on a half day a distance before the end', () => {
    expect(lastTriggerAt(1_000, 5_000, false, 900)).toBe(1_000);
    expect(lastTriggerAt(1_000, 3_000, true, 900)).toBe(2_100);
    expect(lastTriggerAt(1_000, null, true, 900)).toBe(1_000);
  });
});

describe('the result', () => {
  it('is counted in the direction of the trade', () => {
    expect([gainTicks('long', 100, 120), gainTicks('short', 100, 120)]).toEqual([20, -20]);
  });
});
