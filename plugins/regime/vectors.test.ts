import { describe, expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import { openToday } from './made-session.ts';
import { plugin } from './plugin.ts';

describe('V23: composite 4990 to 5015, median overnight range 24 points', () => {
  it.each([
    [5_020, 5_035, 20, 'trend-up', false, 'long'],
    [4_960, 4_985, 20, 'trend-down', false, 'short'],
    [4_995, 5_010, 20, 'balance', false, 'neutral'],
    [4_995, 5_010, 11, 'breakout-pending', false, 'neutral'],
    [5_005, 5_030, 20, 'balance', true, 'long'],
  ] as const)(
    'prior value %d to %d, night of %d points: %s',
    (val, vah, nightPoints, regime, lowConfidence, bias) => {
      const run = driveNode(plugin, { tradeDate: '2025-11-11' });
      openToday(run, { val, vah, nightPoints });
      expect(run.errors).toEqual([]);
      const rows = run.emits.filter(({ payload }) => payload['tradeDate'] === '2025-11-18');
      expect(rows.map(({ payload }) => payload['stage'])).toEqual(['provisional', 'final']);
      expect(rows.map(({ ts }) => ts)).toEqual([run.at('09:25'), run.at('09:30')]);
      expect(rows[1]!.payload).toMatchObject({
        regime,
        lowConfidence,
        bias,
        missing: [],
        overnightRangeTicks: nightPoints * 4,
        overnightMedianTicks: 96,
      });
    },
  );
});
