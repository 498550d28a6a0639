import { describe, expect, it } from 'vitest';
import { findInstrument } from '../market/instrument.ts';
import { formatUtc } from '../market/time.ts';
import { timeBound } from './time-bounds.ts';

const context = {
  zone: 'America/New_York',
  instrument: findInstrument('ES'),
  tradeDate: 20_251_119,
} as const;

describe('timeBound', () => {
  it.each([
    ['10:04', '2025-11-19T15:04:00.000000Z', '2025-11-19T15:04:59.999999Z'],
    ['10:04:10', '2025-11-19T15:04:10.000000Z', '2025-11-19T15:04:10.999999Z'],
    ['10:04:10.25', '2025-11-19T15:04:10.250000Z', '2025-11-19T15:04:10.250000Z'],
    ['18:30', '2025-11-18T23:30:00.000000Z', '2025-11-18T23:30:59.999999Z'],
    ['2025-11-20', '2025-11-19T23:00:00.000000Z', '2025-11-20T22:00:00.000000Z'],
    ['2025-11-20 09:30', '2025-11-20T14:30:00.000000Z', '2025-11-20T14:30:59.999999Z'],
    ['2025-11-20T09:30:00.5', '2025-11-20T14:30:00.500000Z', '2025-11-20T14:30:00.500000Z'],
    ['2025-07-01T09:30:00Z', '2025-07-01T09:30:00.000000Z', '2025-07-01T09:30:00.000000Z'],
    ['2025-07-01T09:30:00-05:00', '2025-07-01T14:30:00.000000Z', '2025-07-01T14:30:00.000000Z'],
  ])('%s begins and ends where a person would expect', (text, from, to) => {
    expect(formatUtc(timeBound(text, 'from', context) ?? 0)).toBe(from);
    expect(formatUtc(timeBound(text, 'to', context) ?? 0)).toBe(to);
  });

  it.each(['', '25:00', '10', 'noon', '2025-13-01', '2025-11-20 9:30', '2025-02-30'])(
    '%j is no time',
    (text) => {
      expect(timeBound(text, 'from', context)).toBeNull();
    },
  );
});
