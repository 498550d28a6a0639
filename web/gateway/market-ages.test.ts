import { describe, expect, it } from 'vitest';
import { MarketAges } from './market-ages.ts';

describe('how old the last quote and the last trade are', () => {
  it('is told apart, and not known before one came', () => {
    const ages = new MarketAges();
    ages.note(0, { rows: 9, trades: 4, quoteTs: 5 });
    expect(ages.read(500)).toEqual({ quoteMs: null, tradeMs: null, usualGapMs: 0 });
    ages.note(1_000, { rows: 10, trades: 4, quoteTs: 6 });
    ages.note(2_000, { rows: 11, trades: 5, quoteTs: 6 });
    ages.note(3_000, { rows: 12, trades: 5, quoteTs: 6 });
    expect(ages.read(4_000)).toEqual({ quoteMs: 3_000, tradeMs: 2_000, usualGapMs: 0 });
  });

  it('knows the usual distance of the bars of a source that brings nothing else', () => {
    const ages = new MarketAges();
    for (let second = 0; second <= 180; second += 1)
      ages.note(second * 1_000, { rows: Math.floor(second / 60), trades: 0, quoteTs: 0 });
    expect(ages.read(181_000)).toEqual({ quoteMs: null, tradeMs: null, usualGapMs: 60_000 });
  });
});
