import { describe, expect, it } from 'vitest';
import { areFading, isInside, nearestLevel } from './exhaustion.ts';

describe('pushes', () => {
  const push = (delta: number, volume: number) => ({ delta, volume });

  it('fade when each has less delta, either way, and less volume', () => {
    expect(areFading([push(300, 500), push(-200, 400), push(120, 300)])).toBe(true);
    expect(areFading([push(300, 500), push(200, 400), push(200, 300)])).toBe(false);
    expect(areFading([push(300, 500), push(200, 400), push(-200, 300)])).toBe(false);
    expect(areFading([push(300, 500), push(200, 400), push(120, 400)])).toBe(false);
  });
});

describe('a close back inside', () => {
  it('is one at the extreme of the bar before, or farther in', () => {
    expect([99, 100, 101].map((close) => isInside(close, 100, 1))).toEqual([true, true, false]);
    expect([99, 100, 101].map((close) => isInside(close, 100, -1))).toEqual([false, true, true]);
  });
});

describe('the level near an extreme', () => {
  const levels = [{ price: 100 }, { price: 108 }];

  it('is the nearest within the distance, the higher of two as near', () => {
    expect(nearestLevel(levels, 103, 4)).toEqual({ price: 100 });
    expect(nearestLevel(levels, 104, 4)).toEqual({ price: 108 });
    expect(nearestLevel(levels.toReversed(), 104, 4)).toEqual({ price: 108 });
    expect(nearestLevel(levels, 104, 3)).toBeNull();
    expect(nearestLevel([], 104, 100)).toBeNull();
  });
});
