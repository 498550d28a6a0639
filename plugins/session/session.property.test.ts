import fc from 'fast-check';
import { expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const openSecond = 34_200;
const endSecond = 57_600;

function clock(second: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

it('flags a gap exactly when two trades, or a trade and an end of regular hours, lie that far apart', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 60, max: 7_200 }), (distances, gapSeconds) => {
      const run = driveNode(plugin, {
        tradeDate: '2025-11-19',
        explain: false,
        config: { gapSeconds },
      });
      run.trade('09:00', 5000, 1);
      let second = openSecond;
      let longest = 0;
      let volume = 0;
      for (const distance of distances) {
        if (second + distance >= endSecond) break;
        second += distance;
        volume += distance;
        longest = Math.max(longest, distance);
        run.trade(clock(second), 5000, distance);
      }
      run.to('16:30');
      const last = run.emits.at(-1)!.payload;
      expect(last['gap']).toBe(Math.max(longest, endSecond - second) >= gapSeconds);
      expect(run.journal.find((step) => step.event.type === 'rthMeasured')!.event['volume']).toBe(
        volume,
      );
    }),
    { numRuns: 40 },
  );
});
