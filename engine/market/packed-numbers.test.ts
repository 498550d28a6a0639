import { expect, it } from 'vitest';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';

it('numbers come back as they were, those that are none too', () => {
  const numbers = [0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53 - 1];
  expect([...unpackNumbers(packNumbers(numbers))]).toEqual(numbers);
  expect(packNumbers([])).toBe('');
  expect(packNumbers([1])).toBe(Buffer.from(Float64Array.of(1).buffer).toString('base64'));
});
