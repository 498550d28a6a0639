import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatElapsed,
  formatShare,
  formatShort,
} from './format-number.ts';

describe('numbers for people', () => {
  it('have a comma between thousands', () => {
    expect([0, 12, 999, 1_000, 540_995, 1_750_311].map(formatCount)).toEqual([
      '0',
      '12',
      '999',
      '1,000',
      '540,995',
      '1,750,311',
    ]);
  });

  it('are short in rates', () => {
    expect([870, 1_240, 45_678, 1_924_000, 12_345_678].map(formatShort)).toEqual([
      '870',
      '1.24 k',
      '45.7 k',
      '1.92 M',
      '12.3 M',
    ]);
  });

  it('are bytes in the unit that reads best', () => {
    expect([870, 1_000, 45_678, 4_560_000, 12e9, 5e15].map(formatBytes)).toEqual([
      '870 bytes',
      '1.00 kB',
      '45.7 kB',
      '4.56 MB',
      '12.0 GB',
      '5000 TB',
    ]);
  });

  it('are percent when they are shares', () => {
    expect([0, 0.1234, 1].map(formatShare)).toEqual(['0.0 %', '12.3 %', '100.0 %']);
  });

  it('are a length of time in the unit that reads best', () => {
    expect([850, 12_345, 245_000, 12_000_000, 200_000_000].map(formatElapsed)).toEqual([
      '850 ms',
      '12.3 s',
      '4 min 05 s',
      '3 h 20 min',
      '2 d 7 h',
    ]);
  });
});
