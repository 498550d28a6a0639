import { expect, test } from 'vitest';
import { isNaked, type LaterRange } from './naked-poc.ts';

const later: LaterRange[] = [
  { low: 4999.75 * 4, high: 5006 * 4, rth: false },
  { low: 5005 * 4, high: 5020 * 4, rth: true },
];

test('a point of control touched overnight is naked only where the regular session counts (V27)', () => {
  expect(isNaked(5000 * 4, later, 'rth')).toBe(true);
  expect(isNaked(5000 * 4, later, 'all')).toBe(false);
  expect(isNaked(5000 * 4, later)).toBe(false);
});

test('a tolerance touches earlier', () => {
  expect(isNaked(4999.5 * 4, later)).toBe(true);
  expect(isNaked(4999.5 * 4, later, 'all', 1)).toBe(false);
  expect(isNaked(5020.25 * 4, later, 'all', 1)).toBe(false);
  expect(isNaked(5000 * 4, [])).toBe(true);
});
