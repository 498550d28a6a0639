import fc from 'fast-check';
import { expect, it } from 'vitest';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

interface Trade {
  readonly second: number;
  readonly tick: number;
  readonly size: number;
  readonly side: 'buy' | 'sell' | 'none';
}

interface Profile {
  readonly tradeDate: string;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly poc: number;
  readonly vah: number;
  readonly val: number;
  readonly one: { readonly vah: number; readonly val: number };
  readonly rows: {
    readonly low: number;
    readonly volumes: number[];
    readonly bidVolumes: number[];
    readonly askVolumes: number[];
  };
  readonly tpo: { readonly letters: string[]; readonly total: number };
}

const trades = fc
  .array(
    fc.record({
      second: fc.integer({ min: 34_200, max: 57_599 }),
      tick: fc.integer({ min: 0, max: 60 }),
      size: fc.integer({ min: 1, max: 500 }),
      side: fc.constantFrom('buy', 'sell', 'none'),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((list) => list.sort((a, b) => a.second - b.second) as Trade[]);

function clock(second: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

function runOf(list: readonly Trade[]): NodeRun {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', explain: false });
  for (const { second, tick, size, side } of list)
    run.trade(clock(second), 5000 + tick * 0.25, size, side);
  run.to('16:00');
  return run;
}

const completedOf = (run: NodeRun) =>
  run.emits.find((e) => e.port === 'completed')!.payload as unknown as Profile;
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

it('keeps every contract, holds the fraction in the value area, and the point of control inside it', () => {
  fc.assert(
    fc.property(trades, (list) => {
      const profile = completedOf(runOf(list));
      const { rows, volume, poc, vah, val, one, low, high } = profile;
      const inside = (from: number, to: number): number =>
        sum(
          rows.volumes.filter((_, i) => rows.low + i * 0.25 >= from && rows.low + i * 0.25 <= to),
        );
      expect(sum(rows.volumes)).toBe(volume);
      expect(volume).toBe(sum(list.map((t) => t.size)));
      rows.volumes.forEach((v, i) =>
        expect(rows.bidVolumes[i]! + rows.askVolumes[i]!).toBeLessThanOrEqual(v),
      );
      expect(inside(val, vah) * 100).toBeGreaterThanOrEqual(volume * 70);
      expect(inside(one.val, one.vah) * 100).toBeGreaterThanOrEqual(volume * 70);
      expect(low <= val && val <= poc && poc <= vah && vah <= high).toBe(true);
      expect(Math.max(...rows.volumes)).toBe(rows.volumes[(poc - rows.low) * 4]);
    }),
    { numRuns: 40 },
  );
});

it('ends the developing profile as the completed one', () => {
  fc.assert(
    fc.property(trades, (list) => {
      const run = runOf(list);
      const { tradeDate, high, low, volume, poc, vah, val, one } = completedOf(run);
      expect(run.view('developing')[0]).toMatchObject({
        tradeDate,
        high,
        low,
        volume,
        poc,
        vah,
        val,
        one,
      });
    }),
    { numRuns: 20 },
  );
});

it('counts as many TPOs as its letters, each letter once a row', () => {
  fc.assert(
    fc.property(trades, (list) => {
      const { tpo } = completedOf(runOf(list));
      expect(sum(tpo.letters.map((letters) => letters.length))).toBe(tpo.total);
      for (const letters of tpo.letters)
        expect([...new Set(letters)].sort().join('')).toBe(letters);
    }),
    { numRuns: 20 },
  );
});
