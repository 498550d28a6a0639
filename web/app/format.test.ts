import { describe, expect, it } from 'vitest';
import type { ClockValue } from '../live/values.ts';
import {
  ageInMs,
  clockText,
  countdown,
  dateText,
  grouped,
  opensAgainAt,
  priceText,
  signed,
  spanText,
} from './format.ts';

const minute = 60_000_000;
/** 2025-11-24 14:30:00 UTC: the open in New York. */
const open = 1_763_994_600_000_000;

const evening: ClockValue = {
  now: 1_000,
  phase: 'closed',
  tradeDate: 20251125,
  open: 5_000,
  close: 9_000,
  rthOpen: null,
  rthEnd: null,
  next: [],
};

describe('the next opening', () => {
  it('is when the next trade day begins, or a halt ends', () => {
    expect(opensAgainAt(evening)).toBe(5_000);
    expect(opensAgainAt({ ...evening, now: 6_000, phase: 'rth-main' })).toBeNull();
    const next = [
      { ts: 7_000, phase: 'post-rth' },
      { ts: 9_000, phase: 'closed' },
    ] as const;
    expect(opensAgainAt({ ...evening, now: 6_000, phase: 'halt', next })).toBe(7_000);
    expect(opensAgainAt({ ...evening, now: 6_000, phase: 'halt' })).toBeNull();
  });

  it('writes ages as short as they are', () => {
    expect([38, 999, 4_200].map(ageInMs)).toEqual(['38 ms', '999 ms', '4.2 s']);
  });
});

describe('text of numbers and times', () => {
  it('writes the clock of a zone, also around the change of summer time', () => {
    expect(clockText('America/New_York', open)).toBe('09:30:00');
    expect(clockText('Europe/London', open)).toBe('14:30:00');
    // 2025-03-10: New York has changed, London has not.
    expect(clockText('America/New_York', 1_741_613_400_000_000)).toBe('09:30:00');
    expect(clockText('Europe/London', 1_741_613_400_000_000)).toBe('13:30:00');
    expect(dateText('America/New_York', open)).toBe('Mon 24 Nov');
  });

  it('writes signs, groups and prices', () => {
    expect([37, -49, 0, -0.2].map((value) => signed(value))).toEqual(['+37', '−49', '0', '0']);
    expect([0, 999, 1_842, -1_234_567].map(grouped)).toEqual(['0', '999', '1,842', '−1,234,567']);
    expect(priceText(6003.5, 2)).toBe('6003.50');
  });

  it('writes how long something lasts and how long it is until the open and the close', () => {
    expect([0, 16, 346, 9_701].map((minutes) => spanText(minutes * minute))).toEqual([
      '0 m',
      '16 m',
      '5 h 46 m',
      '6 d 17 h',
    ]);
    const clock = {
      phase: 'overnight' as const,
      tradeDate: 20251124,
      open: 0,
      close: 0,
      rthOpen: open,
      rthEnd: open + 390 * minute,
      next: [],
    };
    expect(countdown({ ...clock, now: open - 42 * minute })).toBe(', RTH in 42 m');
    expect(countdown({ ...clock, now: open + 44 * minute })).toBe(', 5 h 46 m left');
    expect(countdown({ ...clock, now: open + 400 * minute })).toBe('');
    expect(countdown({ ...clock, rthOpen: null, rthEnd: null, now: open })).toBe('');
  });
});
