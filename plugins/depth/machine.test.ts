import { describe, it } from 'vitest';
import { describePlugin, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const tradeDate = '2025-11-19';
const lean = (to: string, from: string, mean5: number | null, missing: string | null): string =>
  `lean lean=${to} from=${from} mean5=${mean5} bid=20000 ask=20001 missing=${missing} tradeDate=${tradeDate}`;

describe('the lean as a table', () => {
  it('is the state', () => {
    scenario(
      plugin,
      `
      at        event                                               state      emits
      10:00:10  ${lean('even', 'unknown', 0.1, null)}               even       lean lean=even
      10:00:20  ${lean('bid-heavy', 'even', 0.4, null)}             bid-heavy  lean mean5=0.4
      10:00:30  ${lean('ask-heavy', 'bid-heavy', -0.4, null)}       ask-heavy  lean from=bid-heavy
      10:00:40  ${lean('unknown', 'ask-heavy', null, 'reset')}      unknown    lean missing=reset
      `,
      { tradeDate },
    );
  });
});

type Level = readonly [number, number];
const side = (best: number, way: number, size: number, large = 0, at = -1): Level[] =>
  Array.from({ length: 10 }, (_, i) => [best - way * i * 0.25, i === at ? large : size]);

const clock = (tenths: number): string => {
  const s = Math.floor(tenths / 10);
  return `10:${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}.${tenths % 10}`;
};

/** A book each second: bids of 20 against asks of the size given. */
function books(run: NodeRun, from: number, count: number, ask = 20, bid = 20): void {
  for (let i = 0; i < count; i += 1)
    run.book(clock((from + i) * 10), side(5000, 1, bid), side(5000.25, -1, ask));
}

describePlugin(plugin, {
  cases: [
    {
      name: 'every lean, a wall, pulled orders, flickers, a reset',
      tradeDate,
      drive: (run) => {
        run.trade('09:59:00', 5000, 1, 'buy');
        books(run, 0, 20);
        books(run, 20, 30, 5);
        books(run, 50, 30, 90);
        books(run, 80, 260);
        run.book(clock(3_400), side(5000, 1, 20, 500, 2), side(5000.25, -1, 20));
        run.trade(clock(3_401), 5000, 3, 'sell');
        run.book(clock(3_460), side(5000, 1, 20, 500, 2), side(5000.25, -1, 20));
        run.book(clock(3_470), side(5000, 1, 20), side(5000.25, -1, 20));
        for (let i = 0; i < 4; i += 1) {
          run.book(clock(3_480 + i * 20), side(5000, 1, 20), side(5000.25, -1, 20, 400, 3));
          run.book(clock(3_490 + i * 20), side(5000, 1, 20), side(5000.25, -1, 20));
        }
        run.market((b) => b.depth(run.at(clock(3_600)), 0, -1, 0, 0));
        run.book(clock(3_610), side(5000, 1, 20), side(5000.25, -1, 20));
      },
    },
    {
      name: 'no depth',
      tradeDate,
      drive: (run) => {
        run.trade('10:00:00', 5000, 4, 'sell');
        run.trade('10:01:00', 5000, 4, 'buy');
      },
    },
  ],
});
