import { describe, it } from 'vitest';
import { describePlugin, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const tradeDate = '2025-11-19';
const judged = (condition: string, side: string | null = null): string =>
  `judged tradeDate=${tradeDate} condition=${condition} side=${side} price=20000 cd=500 extremePrice=null extremeCd=null reason=because`;

describe('price and delta as a table', () => {
  it('are what the last judgement says, whatever it was before', () => {
    scenario(
      plugin,
      `
      at        event                                state                                  emits
      09:45:00  ${judged('normal')}                  condition.normal,inventory.none        condition condition=normal side=null
      10:00:00  ${judged('price-lags', 'short')}     condition.priceLags,inventory.none     condition condition=price-lags side=short cd=500
      10:10:00  ${judged('price-ahead', 'long')}     condition.priceAhead,inventory.none    condition condition=price-ahead side=long
      10:20:00  ${judged('overstretched', 'long')}   condition.overstretched,inventory.none  condition condition=overstretched
      10:30:00  ${judged('unknown')}                 condition.unknown,inventory.none       condition condition=unknown reason=because
    `,
    );
  });
});

describe('the side of zero as a table', () => {
  it('is that of the last crossing, and none after the session', () => {
    scenario(
      plugin,
      `
      at        event                                                          state                                 emits
      09:31:00  crossed to=long cd=5                                           condition.unknown,inventory.netLong   -
      09:40:00  crossed to=short cd=-1                                         condition.unknown,inventory.netShort  -
      09:50:00  periodClosed tradeDate=${tradeDate} index=0 day=4 rth=-1 swing=2 close=null  condition.unknown,inventory.netShort  period index=0 rth=-1 close=null
      09:55:00  sessionEnded                                                   condition.unknown,inventory.none      -
    `,
    );
  });
});

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A contract a minute to and fro from 09:31 on; what else happens, by minute of the day. */
function rotation(run: NodeRun, to: string, more: Readonly<Record<string, () => void>>): void {
  const [hour, minute] = to.split(':').map(Number) as [number, number];
  for (let at = 571; at < hour * 60 + minute; at += 1) {
    const time = clock(at);
    run.trade(`${time}:01`, 5000, 10, at % 2 ? 'sell' : 'buy');
    more[time]?.();
  }
  run.to(to);
}

describePlugin(plugin, {
  cases: [
    {
      name: 'price ahead at the high, then lagging at the low, and sides that get lost',
      tradeDate,
      drive: (run) => {
        run.trade('09:30:01', 5010, 100, 'buy');
        rotation(run, '10:58', {
          '10:05': () => run.trade('10:05:02', 5011, 5, 'sell'),
          '10:08': () => run.trade('10:08:02', 5000, 400, 'sell'),
          '10:40': () => run.market((b) => b.trade(run.at('10:40:02'), 20_000, 9_000, 0, 0)),
        });
        run.market((b) => b.trade(run.at('15:00'), 20_000, 9_000, 0, 0));
        run.to('16:00');
      },
    },
    {
      name: 'volume without a side, and a new trade day',
      tradeDate,
      drive: (run) => {
        rotation(run, '09:50', {});
        run.bar('10:00', { open: 5000, high: 5001, low: 4999, close: 5000, volume: 5_000 });
        run.to('16:00');
        run.day('2025-11-20');
        run.trade('18:00:05', 5000, 10, 'buy');
        run.trade('09:35', 5000, 10, 'sell');
        run.to('10:00');
      },
    },
    {
      name: 'delta larger than in five earlier sessions',
      tradeDate: '2025-11-10',
      explain: false,
      drive: (run) => {
        ['10', '11', '12', '13', '14', '17'].forEach((day, i) => {
          run.day(`2025-11-${day}`);
          run.market((batch) => {
            for (let at = 580; at <= 960; at += 10) {
              const size = (i + 1) * (at % 20 ? 60 : -20);
              const [bid, ask] = size > 0 ? [100, 100 + size] : [100 - size, 100];
              const price = 20_000 + (at - 580) / 10;
              const end = run.at(clock(at));
              batch.bar(end, price, price, price, price, bid + ask, bid, ask, Number.NaN);
            }
          });
          run.to('16:00');
        });
      },
    },
  ],
});
