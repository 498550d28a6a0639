// Nothing looks ahead on a real morning either: what came after a random moment is replaced by noise.
import { expect, it } from 'vitest';
import { lookAheadSeed, lookAheads } from '#engine/testing/look-ahead.ts';
import { describeWithData, driveNode, feedBooks, sharedTrades } from '#engine/testing.ts';
import { plugin as absorption } from './plugins/absorption/plugin.ts';
import { plugin as cumulativeDelta } from './plugins/cumulative-delta/plugin.ts';
import { plugin as footprint } from './plugins/footprint/plugin.ts';
import { plugin as tape } from './plugins/tape/plugin.ts';
import { plugin as volumeProfile } from './plugins/volume-profile/plugin.ts';
import { plugin as vwap } from './plugins/vwap/plugin.ts';

const file = 'trades/ES_20130904_ESU13_tickdata.csv.gz';
const day = { tradeDate: '2013-09-04', explain: false };
/** From 09:25 to 09:40 of that day, UTC microseconds: over the open, into the first bars and windows. */
const [from, to] = [Date.UTC(2013, 8, 4, 13, 25) * 1_000, Date.UTC(2013, 8, 4, 13, 40) * 1_000];

describeWithData('a real morning', [file], () => {
  const trades = sharedTrades(file).filter(({ ts }) => ts >= from && ts < to);
  const seed = lookAheadSeed();

  it('is long enough to say something', () => {
    expect(trades.length).toBeGreaterThan(5_000);
  });

  // Noise is large: it would fill a bar of 2,000 contracts with each trade.
  const bars = { barType: 'time', minutes: 1 };

  it.each([absorption, cumulativeDelta, footprint, tape, volumeProfile, vwap])(
    'tells $id nothing of what comes later',
    (plugin) => {
      const options = { ...day, ...(plugin === footprint ? { config: bars } : {}) };
      const whole = driveNode(plugin, options);
      feedBooks(whole, trades, []);
      expect(whole.errors).toEqual([]);
      const all = lookAheads(plugin, options, whole, seed);
      expect(all).toHaveLength(6);
      for (const { after, expected, was } of all) expect(was, after).toEqual(expected);
    },
  );
});
