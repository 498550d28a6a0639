import { describe, it } from 'vitest';
import { describePlugin, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

describe('the pace of a VWAP', () => {
  it('is unknown at first and then follows the slope, in steps of its limits', () => {
    scenario(
      plugin,
      `
      at     event                                 state              emits
      18:00  anchorPassed anchor=globex            awaitingVolume     -
      18:01  slopeChanged slope=2                  awaitingVolume     -
      18:02  volumeSeen price=20000 complete=true  anchored.settling  -
      18:40  slopeChanged slope=0.49               anchored.flat      -
      19:00  slopeChanged slope=-0.5               anchored.slow      -
      19:10  slopeChanged slope=1                  anchored.normal    -
      19:20  slopeChanged slope=-1.6               anchored.fast      -
      21:00  slopeLost                             anchored.settling  -
      21:30  slopeChanged slope=-0.1               anchored.flat      -
      17:00  anchorEnded vwap=20010.5              frozen             -
      17:00  slopeChanged slope=2                  frozen             -
      17:00  anchorPassed anchor=globex            awaitingVolume     -
    `,
    );
  });
});

/** One trade a minute from `from` to `until` (minutes after 09:00), at the price of the minute. */
function minutes(
  run: NodeRun,
  from: number,
  until: number,
  price: (minute: number) => number,
): void {
  for (let m = from; m < until; m += 1) {
    const time = `${String(9 + Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}:30`;
    run.trade(time, price(m), 100);
  }
}

describePlugin(plugin, {
  cases: [
    {
      name: 'a regular session that rotates, leans, trends and falls silent',
      tradeDate: '2025-11-19',
      config: { follow: 'rth' },
      drive: (run) => {
        const around = (m: number) => (m % 2 === 0 ? 5000 : 5004);
        minutes(run, 20, 75, around);
        minutes(run, 75, 95, (m) => around(m) + 1);
        minutes(run, 95, 110, (m) => around(m) + 2);
        minutes(run, 110, 130, (m) => around(m) + 4);
        minutes(run, 130, 160, (m) => around(m) + 20);
        run.to('12:30');
        minutes(run, 240, 250, around);
        run.to('16:30');
        run.day('2025-11-20');
        run.trade('09:31', 5010, 5);
      },
    },
    {
      name: 'a trade day of bars with its own VWAP, followed from the evening',
      tradeDate: '2025-11-19',
      drive: (run) => {
        run.bar('18:01', { open: 5000, high: 5001, low: 4999, close: 5000, volume: 50 });
        run.bar('18:30', {
          open: 5000,
          high: 5003,
          low: 5000,
          close: 5002,
          volume: 70,
          vwap: 5001.3,
        });
        run.bar('18:45', { open: 5002, high: 5006, low: 5001, close: 5006, volume: 70 });
        run.bar('09:31', { open: 5006, high: 5008, low: 5005, close: 5007, volume: 900 });
        run.to('17:30');
        run.day('2025-11-20');
        run.to('18:30');
      },
    },
    {
      name: 'footprint rows and late prints',
      tradeDate: '2025-11-19',
      drive: (run) => {
        run.trade('09:30:10', 5000, 5, 'buy', 4);
        run.trade('09:30:05', 5000.25, 5, 'sell');
        run.to('09:40');
      },
    },
  ],
});
