import { describe, expect, it } from 'vitest';
import { areFading, isInside } from './exhaustion.ts';

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
