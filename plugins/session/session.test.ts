import { expect, it } from 'vitest';
import { findInstrument } from '#engine';
import { config } from './config.ts';
import { dayFacts, thinBelow } from './session.ts';

const es = findInstrument('ES');
const hour = 3_600_000_000;

it('gives the facts of an ordinary day, a half day and a holiday', () => {
  const ordinary = dayFacts(es, '2025-11-19', 'by-date');
  expect(ordinary).toMatchObject({
    short: false,
    holiday: false,
    contract: 'ESZ25',
    rolled: false,
  });
  expect(ordinary.rthEnd! - ordinary.rthOpen!).toBe(6.5 * hour);
  const half = dayFacts(es, '2025-11-28', 'by-date');
  expect(half).toMatchObject({ short: true, holiday: false });
  expect(half.rthEnd! - half.rthOpen!).toBe(3.5 * hour);
  expect(dayFacts(es, '2025-09-01', 'by-date')).toMatchObject({ short: true, holiday: true });
});

it('has no regular hours on a date without trading', () => {
  expect(dayFacts(es, '2025-12-25', 'by-date')).toEqual({
    rthOpen: null,
    rthEnd: null,
    short: false,
    holiday: false,
    contract: 'ESH26',
    rolled: false,
  });
});

it('rolls on the first session of a contract, over a weekend too', () => {
  expect(dayFacts(es, '2025-12-15', 'by-date').rolled).toBe(true);
  expect(dayFacts(es, '2025-12-16', 'by-date').rolled).toBe(false);
  expect(dayFacts(findInstrument('SPY'), '2025-12-15', 'by-date')).toMatchObject({
    contract: null,
    rolled: false,
  });
});

it('names no contract for a raw series', () => {
  expect(dayFacts(es, '2025-11-19', 'raw').contract).toBeNull();
  expect(dayFacts(es, '2025-11-19', 'monday').contract).toBe('ESZ25');
});

it('puts the limit of a thin session at half the median, once enough sessions are known', () => {
  expect(thinBelow([10, 30, 20, 40], config.parse({}))).toBeNull();
  expect(thinBelow([10, 30, 20, 40, 50], config.parse({}))).toBe(15);
  expect(thinBelow([10, 30], config.parse({ minSessions: 2, thinShare: 0.25 }))).toBe(5);
});
