import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

/** Trades of one regular session, one a second; prices in quarter points around 5000. */
const trades = fc.array(
  fc.record({ ticks: fc.integer({ min: -40, max: 40 }), size: fc.integer({ min: 1, max: 500 }) }),
  {
    minLength: 1,
    maxLength: 40,
  },
);
type Trades = readonly { readonly ticks: number; readonly size: number }[];

const clockOf = (second: number): string => `09:30:${String(second).padStart(2, '0')}`;

function rthRow(list: Trades, shift = 0): Record<string, number> {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  list.forEach(({ ticks, size }, i) => run.trade(clockOf(i), 5000 + (ticks + shift) / 4, size));
  return run.view('bands').find((row) => row['anchor'] === 'rth') as Record<string, number>;
}

describe('VWAP of any session', () => {
  it('equals the sum of price times size over the sum of sizes, and lies between low and high', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const row = rthRow(list);
        const volume = list.reduce((sum, { size }) => sum + size, 0);
        const mean = list.reduce((sum, { ticks, size }) => sum + ticks * size, 0) / volume;
        const variance =
          list.reduce((sum, { ticks, size }) => sum + size * (ticks - mean) ** 2, 0) / volume;
        expect(row['volume']).toBe(volume);
        expect(row['vwap']).toBeCloseTo(5000 + mean / 4, 9);
        expect(row['sdTicks']).toBeCloseTo(Math.sqrt(variance), 6);
        expect(row['vwap']).toBeGreaterThanOrEqual(
          5000 + Math.min(...list.map((t) => t.ticks)) / 4 - 1e-9,
        );
        expect(row['vwap']).toBeLessThanOrEqual(
          5000 + Math.max(...list.map((t) => t.ticks)) / 4 + 1e-9,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('moves all levels by k ticks when all prices move by k ticks, and leaves the spread', () => {
    fc.assert(
      fc.property(trades, fc.integer({ min: -4_000, max: 4_000 }), (list, shift) => {
        const [row, moved] = [rthRow(list), rthRow(list, shift)];
        for (const level of ['vwap', 'up1', 'down2', 'up3'])
          expect(moved[level]! - row[level]!).toBeCloseTo(shift / 4, 8);
        expect(moved['sdTicks']).toBeCloseTo(row['sdTicks']!, 8);
      }),
      { numRuns: 25 },
    );
  });

  it('does not depend on the order of the trades', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const [row, reversed] = [rthRow(list), rthRow([...list].reverse())];
        expect(reversed['vwap']).toBeCloseTo(row['vwap']!, 9);
        expect(reversed['sdTicks']).toBeCloseTo(row['sdTicks']!, 6);
      }),
      { numRuns: 25 },
    );
  });
});
