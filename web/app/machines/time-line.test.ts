import { describe, expect, it } from 'vitest';
import { addressAt, stepAddress } from './address-at.ts';
import { endOf } from './time-line.tsx';
import { isWorthAsking } from './use-reload.ts';

const search = new URLSearchParams('tab=log&at=5&before=3');
const keys = { previous: 4, next: 8, previousChange: null, nextChange: null };

describe('where a step leads', () => {
  it('is known of what lies around a moment of the past', () => {
    expect(stepAddress(search, keys, 5, 'previous')).toBe('?tab=log&at=4');
    expect(stepAddress(search, keys, 5, 'next')).toBe('?tab=log&at=8');
    expect(stepAddress(search, keys, 5, 'previousChange')).toBeNull();
  });

  it('is asked when it is made, from now and towards it', () => {
    const now = new URLSearchParams('tab=log');
    expect(stepAddress(now, keys, null, 'previous')).toBe('?tab=log&step=previous');
    expect(stepAddress(now, keys, null, 'next')).toBeNull();
    expect(stepAddress(search, keys, 5, 'nextChange')).toBe('?tab=log&at=5&step=nextChange');
  });

  it('keeps the moment where an address names it by its time', () => {
    const byTime = new URLSearchParams('time=10:04');
    expect(stepAddress(byTime, keys, 7, 'nextChange')).toBe('?at=7&step=nextChange');
    expect(addressAt(new URLSearchParams('step=previous'), 9)).toBe('?at=9');
  });
});

describe('the end of the line', () => {
  const line = { tradeDate: 20251119, open: 100, end: 200, close: 900, changes: [] };

  it('goes with the clock, however old the page is', () => {
    expect(endOf(line, 650)).toBe(650);
    expect(endOf(line, 150)).toBe(200);
  });

  it('is the end of a day that is over', () => {
    expect(endOf({ ...line, end: 900 }, 1_500)).toBe(900);
    expect(endOf(line, null)).toBe(200);
  });
});

describe('asking again', () => {
  it('is worth it for another number, and while there is more to read', () => {
    expect(isWorthAsking(5, 5)).toBe(false);
    expect(isWorthAsking(6, 5)).toBe(true);
    expect(isWorthAsking('reading', 'reading')).toBe(true);
    expect(isWorthAsking(null, 5)).toBe(false);
  });
});
