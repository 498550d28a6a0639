import { expect, it } from 'vitest';
import { isSwing } from './swing.ts';

/** Indexes of the bars that are a swing, with a ring of `room`. */
function swingsOf(values: readonly number[], k: number, way: 1 | -1, room: number): number[] {
  const ring = new Float64Array(room);
  return values.flatMap((value, i) => {
    ring[i % room] = value;
    return isSwing(ring, i + 1, k, way) ? [i - k] : [];
  });
}

it('is beyond two bars on either side and known two bars late', () => {
  expect(swingsOf([1, 2, 5, 3, 2, 1, 2, 3], 2, 1, 8)).toEqual([2]);
  expect(swingsOf([1, 2, 5, 3, 2, 1, 2, 3], 2, -1, 8)).toEqual([5]);
});

it('is the last of equal extremes', () => {
  expect(swingsOf([1, 5, 5, 3, 2], 2, 1, 5)).toEqual([2]);
  expect(swingsOf([1, 5, 5, 5, 2, 1], 2, 1, 6)).toEqual([3]);
  expect(swingsOf([4, 4, 4, 4, 4], 2, 1, 5)).toEqual([]);
});

it('needs k bars on both sides', () => {
  expect(swingsOf([9, 5, 3, 2], 2, 1, 5)).toEqual([]);
  expect(swingsOf([1, 9, 1], 1, 1, 3)).toEqual([1]);
});

it('is the same from the smallest ring that holds it', () => {
  const values = Array.from({ length: 60 }, (_, i) => (i * 37) % 11);
  for (const way of [1, -1] as const)
    expect(swingsOf(values, 2, way, 5)).toEqual(swingsOf(values, 2, way, 64));
});
