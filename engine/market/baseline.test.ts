import { expect, it } from 'vitest';
import { meanOf, medianOf, withSession } from './baseline.ts';

it('takes the middle, by number and not by text', () => {
  expect(medianOf([100, 9, 30])).toBe(30);
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  expect(medianOf([7])).toBe(7);
  expect(medianOf([])).toBeNull();
});

it('takes the mean', () => {
  expect(meanOf([1, 2, 6])).toBe(3);
  expect(meanOf([])).toBeNull();
});

it('drops the oldest session and leaves its argument alone', () => {
  const before = [1, 2, 3];
  expect(withSession(before, 4, 3)).toEqual([2, 3, 4]);
  expect(before).toEqual([1, 2, 3]);
});
