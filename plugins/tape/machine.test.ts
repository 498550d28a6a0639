import { describe, it } from 'vitest';
import { describePlugin, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';
import { clock, levelRow, steady } from './tape-fixture.ts';

const tradeDate = '2025-11-19';
const quiet = 'minute.none,five-minutes.none,speed.usual,run.quiet';
const run = `run direction=down level=20000 z=5 share=0.9 startedAt=1 slot=7 tradeDate=${tradeDate}`;
const pressure = (window: number, to: string): string =>
  `pressure window=${window} pressure=${to} from=none value=0.3 price=20000 tradeDate=${tradeDate}`;

describe('the tape as a table', () => {
  it('has a region for each of its four', () => {
    scenario(
      plugin,
      `
      at        event                           state  emits
      10:00:00  reclaimed at=20000 extreme=1    ${quiet}  -
      10:00:01  ${run}                          ${quiet.replace('run.quiet', 'run.beyond')}  -
      10:00:30  reclaimed at=20000 extreme=19996   ${quiet}  signal side=long invalidation=19995
      10:01:00  ${run}                          ${quiet.replace('run.quiet', 'run.beyond')}  -
      10:02:00  -                               ${quiet}  stopRun outcome=continue
      10:03:00  ${pressure(60, 'sell')}         ${quiet.replace('minute.none', 'minute.sell')}  pressure window=60
      10:03:01  ${pressure(300, 'buy')}         minute.sell,five-minutes.buy,speed.usual,run.quiet  pressure window=300
      `,
      { tradeDate },
    );
  });
});

describePlugin(plugin, {
  cases: [
    {
      name: 'every pressure and speed, a large lot, a run that came back and one that went on',
      tradeDate,
      config: { speedMinContracts: 1, calmSeconds: 3, lotMinOrders: 10 },
      drive: (node) => {
        node.event(clock(0), 'level', levelRow(0, 5001));
        node.event(clock(0), 'level', levelRow(1, 4990));
        node.event(clock(1), 'level', levelRow(1, 4990, false));
        steady(node, 0, 1_200);
        node.trade(clock(1_203), 5000, 25, 'buy');
        node.trade(clock(1_211), 5001.5, 300, 'buy');
        node.trade(clock(1_213), 5001.75, 1, 'buy');
        node.trade(clock(1_220), 5001, 1, 'sell');
        node.trade(clock(1_230), 5000.25, 900, 'sell');
        node.trade(clock(1_240), 5000.25, 1, 'sell');
        node.trade(clock(1_330), 5000.25, 1, 'sell');
        node.trade(clock(1_700), 5000.25, 1, 'sell');
        node.trade(clock(1_710), 5001.5, 300, 'buy');
        node.trade(clock(1_712), 5002, 2, 'buy');
        node.to(clock(1_800));
        node.trade(clock(2_100), 5002, 2, 'buy');
      },
    },
    {
      name: 'two trade days',
      tradeDate,
      drive: (node) => {
        node.trade('09:31:00', 5000, 60, 'sell');
        node.trade('09:31:00', 4999.75, 60, 'sell');
        node.trade('15:00:00', 5000, 60, 'buy');
        node.day('2025-11-20');
        node.trade('18:00:10', 5000, 60, 'buy');
      },
    },
  ],
});
