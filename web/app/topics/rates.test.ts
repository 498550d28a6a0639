import { expect, it } from 'vitest';
import { ratesOf } from './rates.ts';

const reading = (at: number, end: number) => ({
  at,
  topics: [
    {
      ...{ topic: 'a', way: 'out' as const, kind: null, contract: null, key: null, bytes: null },
      ends: { ES: end },
    },
  ],
});

it('counts over all the readings it has, per second', () => {
  const rates = ratesOf([reading(1_000, 10), reading(2_000, 12), reading(5_000, 18)], 'ES');
  expect(rates.get('a')).toBe('2.0');
});

it('says nothing with one reading, or for another instrument', () => {
  expect(ratesOf([reading(1_000, 10)], 'ES').size).toBe(0);
  expect(ratesOf([reading(1_000, 10), reading(2_000, 12)], 'NQ').size).toBe(0);
});

it('tells a topic that rests from one that is not known', () => {
  expect(ratesOf([reading(0, 5), reading(1_000, 5)], 'ES').get('a')).toBe('0');
});
